"""
The node as a WSGI application, with its clock, and its mail carrier, beside it.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tegenbeeld.server.jobs.carrier import Carrier, Office
from tegenbeeld.server.jobs.clock import Clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tegenbeeld.server.conf.settings")

application = get_wsgi_application()

Clock(
    publish_every_seconds=settings.PUBLISH_EVERY_SECONDS,
    mix_seconds=settings.MIX_SECONDS,
    mail_hours=settings.MAIL_HOURS,
).start()

if settings.MAIL_SERVER is not None:
    Carrier(
        Office(
            server=settings.MAIL_SERVER,
            sender=settings.MAIL_FROM,
            site=settings.PUBLIC_URL,
            hours=settings.MAIL_HOURS,
            lock=settings.DATA / "mail.lock",
        )
    ).start()
