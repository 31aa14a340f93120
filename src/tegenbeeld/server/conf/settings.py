"""
Settings of the node. What an operator may choose comes from the environment:

    DATA         folder of the database and the keys; ./var
    HOST, PORT   where the node listens; 127.0.0.1, 8000
    PUBLIC_URL   the address that people and partners use; http://HOST:PORT
    SITE_NAME    what people read as the name of the site; it should say nothing about pictures
    EXIT_URL     where "leave this page" leads
    PUBLISH_EVERY_SECONDS   how often the log is written; 3
    MIX_SECONDS  how long each request waits on average before that, at random; 0
    SMTP_URL     the mail server, like smtps://user:password@mail.example.org; none: no mails
    MAIL_FROM    who mails come from; people who look over a shoulder see it
    MAIL_HOURS   hours of the day, UTC, at which mails go out; 8-20
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import tegenbeeld
from tegenbeeld.errors import BadSetting
from tegenbeeld.server.conf import environment
from tegenbeeld.server.keyring import subkey

PACKAGE = Path(tegenbeeld.__file__).parent

DATA = Path(os.environ.get("DATA", "var")).absolute()
KEY_FILE = DATA / "keys" / "node.key"
DATABASE_FILE = DATA / "node.sqlite3"
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = environment.port("PORT", 8000)
PUBLIC_URL = environment.address("PUBLIC_URL", f"http://{HOST}:{PORT}")
SITE_NAME = os.environ.get("SITE_NAME", "Help page")
EXIT_URL = os.environ.get("EXIT_URL", "https://www.meteo.be/")
PUBLISH_EVERY_SECONDS = environment.seconds("PUBLISH_EVERY_SECONDS", 3, longest=86_400)
MIX_SECONDS = environment.seconds("MIX_SECONDS", 0, longest=7 * 86_400)
MAIL_SERVER = environment.mail_server("SMTP_URL")
MAIL_HOURS = environment.hours("MAIL_HOURS", "8-20")
MAIL_FROM = environment.mail_address("MAIL_FROM") if MAIL_SERVER else ""

DEBUG = False
IS_HTTPS = urlsplit(PUBLIC_URL).scheme == "https"
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or "", HOST, "localhost", "127.0.0.1"]
ROOT_URLCONF = "tegenbeeld.server.conf.urls"
WSGI_APPLICATION = "tegenbeeld.server.conf.wsgi.application"

# No sessions, no accounts, no cookies: nothing recognises a person but her code.
INSTALLED_APPS = [
    "tegenbeeld.server.records.apps.RecordsConfig",
    "tegenbeeld.server.portal.apps.PortalConfig",
]
MIDDLEWARE = [
    "tegenbeeld.server.conf.middleware.protective_headers",
    "tegenbeeld.server.conf.middleware.compression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tegenbeeld.server.conf.middleware.body_limit",
    "tegenbeeld.server.conf.middleware.PlainRefusals",
    "tegenbeeld.server.conf.middleware.language_of_the_path",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["tegenbeeld.server.conf.context.site"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATABASE_FILE,
        "OPTIONS": {
            # IMMEDIATE: a transaction that will write waits at its start instead of failing
            # half-way. FULL: what was acknowledged survives a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
            ),
        },
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Signs page tokens. From the node's key file; a node without one is not running yet.
SECRET_KEY = subkey(KEY_FILE, "django").hex() if KEY_FILE.exists() else "not set up"

# The first that a path begins with is its limit, in bytes. A video of an hour has 173 kB of frames.
BODY_LIMITS = {
    "/case/protect": 8 * 1024 * 1024,
    "/case/": 64 * 1024,
    "/": 1024 * 1024,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = max(BODY_LIMITS.values())

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "server" / "locale"]

# In a checkout the browser code lies at the top; in an installed package, inside it.
WEB_ROOT = next(
    (web for web in (PACKAGE.parents[1] / "web", PACKAGE / "web") if (web / "vendor").is_dir()),
    None,
)
if WEB_ROOT is None:
    raise BadSetting(
        "The code for browsers is missing, so no node can run from this installation. "
        "In a checkout, run: make setup"
    )
STATIC_URL = "/static/"
STATIC_ROOT = WEB_ROOT
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}
# No other site has a use for our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "plain": {"class": "logging.StreamHandler"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "tegenbeeld": {"handlers": ["plain"], "level": "INFO"},
        # It would write down each request that fails, with its address.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
    },
}
