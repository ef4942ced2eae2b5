"""Every address of the product: workspaces for people, the API for programs, health for operators."""

from __future__ import annotations

from django.urls import include, path

from quell.kernel.api.health import healthz, readyz

from .api import api
from .attachments import attachment

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("attachments/<int:attachment_id>", attachment, name="attachment"),
    path("", include("quell.kernel.ui.urls")),
    path("", include("quell.workspaces.portal.urls")),
    path("", include("quell.workspaces.desk.urls")),
    path("", include("quell.workspaces.board.urls")),
    path("", include("quell.workspaces.administration.urls")),
]

handler400 = "quell.kernel.ui.errors.bad_request"
handler403 = "quell.kernel.ui.errors.permission_denied"
handler404 = "quell.kernel.ui.errors.page_not_found"
handler500 = "quell.kernel.ui.errors.server_error"
