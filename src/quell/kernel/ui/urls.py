"""Addresses every visitor needs: sign-in and sign-out, preferences of this browser, and the style guide."""

from django.urls import path

from quell.kernel.ui import live, set_up_card, tours
from quell.kernel.ui.palette import palette
from quell.kernel.ui.password_reset import NewPassword, forgot
from quell.kernel.ui.preferences import preferences
from quell.kernel.ui.shortcuts import shortcuts
from quell.kernel.ui.sign_in import sign_in, sign_out
from quell.kernel.ui.styleguide import sample, styleguide
from quell.kernel.ui.viewing import back

app_name = "ui"
urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/forgot", forgot, name="forgot"),
    path("sign-in/new-password/<str:uidb64>/<str:token>", NewPassword.as_view(), name="new_password"),
    path("sign-out", sign_out, name="sign_out"),
    path("preferences", preferences, name="preferences"),
    path("tour/end", tours.end, name="tour_end"),
    path("set-up-card", set_up_card.show, name="set_up_card"),
    path("view/back", back, name="view_back"),
    path("live", live.stream, name="live"),
    path("live/changes", live.since, name="live_changes"),
    path("live/here", live.here, name="live_here"),
    path("live/people", live.lookers, name="live_people"),
    path("palette", palette, name="palette"),
    path("shortcuts", shortcuts, name="shortcuts"),
    path("styleguide", styleguide, name="styleguide"),
    path("styleguide/<slug:name>", sample, name="sample"),
]
