"""Every setting, from the environment, safe by default.

The embedded default (SQLite, Celery's file broker, the simulator) needs no service at all; production sets
DATABASE_URL, CELERY_BROKER_URL, QBO_ENVIRONMENT and the keys. docs/configuration.md lists them.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env("SMMWARE_VAR_DIR", default=str(BASE_DIR / "var")))

# Keys and hosts: no default on purpose, a forgotten one must not start.
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SALT_KEY = env.list("TOKEN_ENCRYPTION_KEYS")  # the first encrypts, all decrypt: a new one is put in front
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "smmware.office.refusals.csrf_failure"
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "smmware.office.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "django_tomselect",
    "auditlog",
    "axes",
    "csp",
    "smmware.core",
    "associates",
    "organizations",
    "clients",
    "hours",
    "invoices",
    "qbo_sync",
    "smmware.office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smmware.office.refusals.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "smmware.core.middleware.CompanyMiddleware",
    "smmware.core.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "smmware.urls"
WSGI_APPLICATION = "smmware.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smmware.core.context.house",
            ],
        },
    }
]
FORM_RENDERER = "smmware.core.rendering.OfficeRenderer"
DJANGO_TABLES2_TEMPLATE = "core/table.html"

# Data
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'smmware.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The embedded default has a web process and a worker on one file: WAL lets them read while one writes, and
    # IMMEDIATE makes a writer wait for its turn instead of failing in the middle. FULL: what is written down before it
    # is sent to QuickBooks must still be there after a power cut, or it would be sent a second time.
    SQLITE_SYNCHRONOUS = env("SQLITE_SYNCHRONOUS", default="FULL")
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SQLITE_SYNCHRONOUS}; PRAGMA busy_timeout=20000;"
        ),
    }
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # a view may speak HTTP: never inside a transaction
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Who did what: django-auditlog compares, our own table keeps (docs/decisions/0010)
AUDITLOG_LOGENTRY_MODEL = "core.Change"
AUDITLOG_STORE_JSON_CHANGES = True
MIGRATION_MODULES = {"auditlog": None}  # its own table stands empty beside ours: it is not made

# People
AUTH_USER_MODEL = "associates.Associate"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=10)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True

# Language and time: the company's own time zone is activated by core.middleware
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["smmware.core.formats"]

# Files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("manual", BASE_DIR / "docs" / "pictures")]
MEDIA_ROOT = VAR_DIR / "media"  # receipts: never served as files, only through a view that asks who may see them
# Names with a hash of the content let browsers keep files for ever; they exist only after `collectstatic`.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=not DEBUG)
STATIC_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_MANIFEST
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nobody asks for the others: they would be compressed and kept for nothing

# Which QuickBooks
QBO_ENVIRONMENT = env("QBO_ENVIRONMENT", default="simulator")  # simulator | sandbox | production
QBO_SIMULATOR_URL = env("QBO_SIMULATOR_URL", default="http://127.0.0.1:8001")

# Safety
HTTPS = env.bool("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
# “Connect to QuickBooks” is a form whose answer leads to Intuit's sign-in, from host to host there: browsers hold
# form-action against every one of them.
QBO_SIGN_IN = {"simulator": QBO_SIMULATOR_URL}.get(QBO_ENVIRONMENT, "https://*.intuit.com")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, QBO_SIGN_IN],
        "object-src": [NONE],
    }
}

# Mail
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=20.0)  # seconds for a mail server to answer
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="office@localhost")

# Background work. The file broker forgets a message when it is read, so the sweep recovers, not the acknowledgement.
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    BROKER_DIR = VAR_DIR / "broker"
    for folder in ("messages", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "smmware.embedded_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_DEFAULT_QUEUE = env("CELERY_QUEUE", default="smmware")  # apart from others on the same broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# QuickBooks Online (design.md §4, §5)
QBO_CLIENT_ID = env("QBO_CLIENT_ID", default="simulator-client" if QBO_ENVIRONMENT == "simulator" else "")
QBO_CLIENT_SECRET = env("QBO_CLIENT_SECRET", default="simulator-secret" if QBO_ENVIRONMENT == "simulator" else "")
QBO_REDIRECT_URI = env("QBO_REDIRECT_URI", default=f"{SITE_URL}/quickbooks/connect/callback/")
QBO_TIMEOUT_SECONDS = env.float("QBO_TIMEOUT_SECONDS", default=125.0)  # just above Intuit's own 120 s
QBO_SENDERS = env.int("QBO_SENDERS", default=4)
QBO_REQUESTS_PER_MINUTE = env.int("QBO_REQUESTS_PER_MINUTE", default=500)
QBO_REQUESTS_PER_SECOND = env.int("QBO_REQUESTS_PER_SECOND", default=10)
QBO_BATCHES_PER_MINUTE = env.int("QBO_BATCHES_PER_MINUTE", default=40)
QBO_THROTTLE_STORAGE = env(
    "QBO_THROTTLE_STORAGE", default=CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else "memory://"
)
QBO_LEASE_SECONDS = env.float("QBO_LEASE_SECONDS", default=30.0)
QBO_HEARTBEAT_SECONDS = env.float("QBO_HEARTBEAT_SECONDS", default=5.0)
QBO_SWEEP_SECONDS = env.float("QBO_SWEEP_SECONDS", default=20.0)
QBO_DOORBELL_SECONDS = env.float("QBO_DOORBELL_SECONDS", default=60.0)
QBO_SETTLE_SECONDS = env.float("QBO_SETTLE_SECONDS", default=120.0)  # Intuit gives up on a request after 120 s
QBO_TRIES = env.int("QBO_TRIES", default=4)
QBO_RETRY_SECONDS = env.float("QBO_RETRY_SECONDS", default=5.0)
QBO_PLAN_EXPIRES_SECONDS = env.float("QBO_PLAN_EXPIRES_SECONDS", default=3600.0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "urllib3": {"level": "INFO"},  # its DEBUG lines and those of oauthlib would carry addresses and tokens
        "requests_oauthlib": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        "axes": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},  # it tells each step of a PDF, and of what only a browser's page needs
    },
}
