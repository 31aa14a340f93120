"""
The node as a WSGI application, with its clock beside it.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tegenbeeld.server.jobs.clock import Clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tegenbeeld.server.conf.settings")

application = get_wsgi_application()

Clock(
    publish_every_seconds=settings.PUBLISH_EVERY_SECONDS, mix_seconds=settings.MIX_SECONDS
).start()
