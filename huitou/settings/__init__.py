"""Django's settings, made from the environment. Imported by nobody but Django."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from huitou.platform.embedded import layout
from huitou.settings import env as environment

ENV = environment.read()
HOME = ENV.home
PACKAGE = Path(__file__).resolve().parent.parent

try:
    SECRET_KEY = layout.secret(HOME, "web-key")
except OSError as error:
    problem = (
        f"the data folder {HOME} cannot be used ({error.strerror}): choose another with HUITOU_HOME"
    )
    raise environment.EnvironmentInvalid([problem]) from None
DEBUG = ENV.debug
ALLOWED_HOSTS = [*ENV.allowed_hosts, "localhost", "127.0.0.1", "[::1]"]


def _database(url: str) -> dict[str, Any]:
    """The parts of a URL; after its question mark may stand ``host=/socket``, ``sslmode=…``."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "OPTIONS": options,
    }


def _embedded(role: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": layout.DATABASE,
        "USER": role,
        "PASSWORD": layout.secret(HOME, role),
        "HOST": str(layout.socket_folder(HOME)),
        "PORT": str(layout.PORT),
    }


if ENV.database_url:
    DATABASES = {
        "default": _database(ENV.database_url),
        "owner": _database(ENV.owner_database_url or ENV.database_url),
    }
else:
    DATABASES = {"default": _embedded(layout.APP_ROLE), "owner": _embedded(layout.OWNER_ROLE)}
for database in DATABASES.values():
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "server_side_binding": False}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "huitou.platform",
    "huitou.staff",
    "huitou.customers",
    "huitou.orders",
    "huitou.audiences",
    "huitou.points",
    "huitou.programmes",
    "huitou.voice",
    "huitou.campaigns",
    "huitou.insights",
    "huitou.flows",
    "huitou.ui",
    "huitou.console",
    "huitou.portal",
    "huitou.api",
]
MIDDLEWARE = [
    "huitou.api.door.door",  # requests of other systems go no further
    "huitou.console.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huitou.console.middleware.request_identity",
    "huitou.console.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "huitou.console.middleware.Failures",
]
ROOT_URLCONF = "huitou.urls"
WSGI_APPLICATION = "huitou.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "huitou.console.shell.shell",
                "huitou.portal.page.portal",
            ]
        },
    }
]
AUTH_USER_MODEL = "staff.User"
LOGIN_URL = "/sign-in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = None  # served straight from the package
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {20: "info", 25: "ok", 30: "warn", 40: "bad"}
FILE_UPLOAD_HANDLERS = [
    "huitou.console.upload_limit.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "huitou.urls.csrf_failed"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
# With a proxy in front that speaks TLS: cookies travel only encrypted, browsers remember to ask for
# it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
SECURE_HSTS_SECONDS = 180 * 24 * 3600 if ENV.https else 0
SECURE_SSL_REDIRECT = False

# Tasks are imported by the worker, by name: a command that only looks should not load them all.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "huitou.platform.tasks",
    "huitou.insights.tasks",
    "huitou.points.tasks",
    "huitou.flows.tasks",
    "huitou.flows.nightly",
    "huitou.flows.campaign_tasks",
    "huitou.flows.sending_tasks",
    "huitou.flows.mailbox_tasks",
]

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ENV.allowed_hosts if ENV.https]
SECURE_CONTENT_TYPE_NOSNIFF = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "huitou.platform.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "huitou": {"level": ENV.log_level.upper()},
        # Django writes the address of a refused request, which can hold what someone searched for.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}

# Flows know files only by a protocol; this is who reads them.
ROW_SOURCE = "huitou.connectors.files.source.FileSource"
# Channels are known to the sender by a protocol; these are ours, plug-ins add theirs by an entry
# point of the group huitou.channels.
CHANNELS = ["huitou.connectors.smtp.Smtp", "huitou.connectors.file_channel.FileChannel"]
MAILBOX = "huitou.connectors.imap.Imap"
SMTP_URL = ENV.smtp_url
IMAP_URL = ENV.imap_url
PUBLIC_URL = ENV.public_url
SURROUNDINGS = environment.given()  # for the page of settings: set or not, never what
