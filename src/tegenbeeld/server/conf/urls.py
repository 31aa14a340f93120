"""
Every address of the node: its doors side by side.
"""

from django.urls import include, path

from tegenbeeld.server.conf import health
from tegenbeeld.server.exchange import urls as exchange
from tegenbeeld.server.portal import urls as portal

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include(exchange)),
    path("", include(portal)),
]

handler400 = health.bad_request
handler404 = health.not_found
handler500 = health.failed
