"""Addresses of the design system: preferences of this browser and the style guide."""

from django.urls import path

from quell.kernel.ui.preferences import preferences
from quell.kernel.ui.styleguide import sample, styleguide

app_name = "ui"
urlpatterns = [
    path("preferences", preferences, name="preferences"),
    path("styleguide", styleguide, name="styleguide"),
    path("styleguide/<slug:name>", sample, name="sample"),
]
