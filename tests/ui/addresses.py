"""The design system alone on a site: its own addresses and the product's error pages."""

from django.urls import include, path

urlpatterns = [path("", include("quell.kernel.ui.urls"))]
handler400 = "quell.kernel.ui.errors.bad_request"
handler403 = "quell.kernel.ui.errors.permission_denied"
handler404 = "quell.kernel.ui.errors.page_not_found"
handler500 = "quell.kernel.ui.errors.server_error"
