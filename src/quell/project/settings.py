"""Django settings, from the few environment variables of the contract. Everything else is an option in the database."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from quell.project import catalogues
from quell.project.database_url import django_database

SOURCE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("QUELL_DATA", "var")).resolve()


def _secret_key() -> str:
    """From the environment, else the file that `quell up` makes and keeps in the state directory."""
    if key := os.environ.get("QUELL_SECRET_KEY"):
        return key
    kept = DATA / "secret-key"
    return kept.read_text().strip() if kept.exists() else ""


SECRET_KEY = _secret_key() or os.urandom(32).hex()
DEBUG = False
HOST = os.environ.get("QUELL_HOST", "127.0.0.1")
PORT = int(os.environ.get("QUELL_PORT", "8000"))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", HOST]
ALLOWED_HOSTS += [host for host in os.environ.get("QUELL_ALLOWED_HOSTS", "").split(",") if host]
BEHIND_TLS = os.environ.get("QUELL_TLS", "") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "ninja",
    "procrastinate.contrib.django",
    "quell.kernel.config",
    "quell.kernel.people",
    "quell.kernel.journal",
    "quell.kernel.jobs",
    "quell.kernel.live",
    "quell.kernel.items",
    "quell.kernel.notify",
    "quell.kernel.search",
    "quell.kernel.files",
    "quell.kernel.records",
    "quell.kernel.actions",
    "quell.kernel.ui",
    "quell.kernel.api",
    "quell.practices.calendars",
    "quell.practices.services",
    "quell.practices.agreements",
    "quell.practices.clocks",
    "quell.practices.tasks",
    "quell.practices.worklog",
    "quell.practices.communications",
    "quell.practices.incidents",
    "quell.practices.intake",
    "quell.practices.servicedesk",
    "quell.practices.workforce",
    "quell.workspaces.desk",
    "quell.workspaces.portal",
    "quell.workspaces.board",
    "quell.workspaces.administration",
    "quell.project",
]

MIDDLEWARE = [
    "quell.kernel.api.middleware.RequestFrame",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quell.kernel.ui.packing.Packed",
    "quell.kernel.ui.middleware.Pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "quell.kernel.access.sessions.Authentication",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quell.kernel.ui.middleware.Persona",
    "quell.kernel.ui.viewing.Eyes",
]

ROOT_URLCONF = "quell.project.urls"
ROOT_API = "quell.project.api"
WSGI_APPLICATION = "quell.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "quell.kernel.ui.jinja.Templates",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "quell.kernel.ui.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "quell.kernel.ui.context.frame",
            ],
        },
    },
    # For what packages bring along (allauth's mails); the product's own templates are all Jinja2.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

DATABASES = {"default": django_database(os.environ.get("DATABASE_URL", ""))}
# Only the hand-written statements of `kernel.config.sql` are prepared. Joining ten small tables takes longer to plan
# than to do, so each is planned once a connection; statements whose plan depends on the values say prepare=False.
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# A pooler that hands out connections by transaction cannot keep prepared statements: QUELL_PREPARE=0 behind one.
_OPTIONS["prepare_threshold"] = None if os.environ.get("QUELL_PREPARE") == "0" else 5
_OPTIONS["options"] = f"{_OPTIONS.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "config_cache"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",
    "change_password": "5/5m/user",
    "reset_password": "20/m/ip,3/10m/key",
}
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True

SESSION_ENGINE = "quell.kernel.access.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_NAME = "__Host-quell-session" if BEHIND_TLS else f"quell-session-{PORT}"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_NAME = "__Host-quell-csrf" if BEHIND_TLS else f"quell-csrf-{PORT}"
CSRF_FAILURE_VIEW = "quell.kernel.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
X_FRAME_OPTIONS = "DENY"

USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("da", _("Danish")),
]
FORMAT_MODULE_PATH = ["quell.project.formats"]
LOCALE_PATHS = [catalogues.compiled(catalogues.LOCALE, DATA / "locale")]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "quell.project.static_storage.CollectedStaticFiles"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024
# A form carries several files and its texts. A file that is too large must still arrive, or the answer could not
# give back what was typed beside it.
MAX_REQUEST_BYTES = 4 * MAX_ATTACHMENT_BYTES + 1024 * 1024
# clamd:/run/clamav/clamd.ctl, or command:/path/to/scanner; empty scans nothing (kernel/files/scan.py).
VIRUS_SCANNER = os.environ.get("QUELL_VIRUS_SCANNER", "")
# Where browsers let themselves be called: these hosts and what is below them, and nothing else (kernel/outbound).
_PUSH_SERVICES = "fcm.googleapis.com,jmt17.google.com,push.services.mozilla.com,web.push.apple.com,notify.windows.com"
PUSH_SERVICES = [host for host in os.environ.get("QUELL_PUSH_SERVICES", _PUSH_SERVICES).lower().split(",") if host]
# Places (host:port) in one's own network that may be called all the same, also without https.
OUTBOUND_OPEN = [place for place in os.environ.get("QUELL_OUTBOUND_OPEN", "").lower().split(",") if place]
MAX_JSON_BYTES = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_HOST = os.environ.get("QUELL_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("QUELL_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("QUELL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QUELL_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("QUELL_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.console.EmailBackend"
)
DEFAULT_FROM_EMAIL = os.environ.get("QUELL_MAIL_FROM", "Quell <quell@localhost>")
PUBLIC_URL = os.environ.get("QUELL_URL", f"http://{HOST}:{PORT}")
# The address people are told is one the instance answers to.
ALLOWED_HOSTS += [name for name in (urlsplit(PUBLIC_URL).hostname,) if name and name not in ALLOWED_HOSTS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("QUELL_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "quell": {"level": "INFO"},
    },
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "quell.kernel.jobs.app.equip"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
