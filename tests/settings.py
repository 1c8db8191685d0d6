"""The site's settings for tests: quick passwords, mail kept in memory, tasks run at once, everything in a temporary folder."""

import atexit
import os
import shutil
import tempfile

if "MADANG_DATA" not in os.environ:
    os.environ["MADANG_DATA"] = tempfile.mkdtemp(prefix="madang-test-")
    atexit.register(shutil.rmtree, os.environ["MADANG_DATA"], ignore_errors=True)
os.environ.setdefault("MADANG_SECRET_KEY", "for tests alone")

from madang.site.settings import *  # noqa: F403 - the environment above comes first
from madang.site.settings import CACHES, DATA, DATABASES

# Each parallel worker has rows with the same ids: what is stored under an id needs a folder per worker.
OWN = DATA / "tests" / os.environ.get("PYTEST_XDIST_WORKER", "main")
OWN.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": OWN / "test.sqlite3"}  # a file: tests with threads see real locks
    DATABASES["default"]["OPTIONS"]["timeout"] = 600  # seconds; on a busy machine threads wait long for each other
CACHES["sessions"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "sessions",
    "OPTIONS": {"MAX_ENTRIES": 10**6},
}
CACHES["progress"]["LOCATION"] = OWN / "progress"
CACHES["prepared"]["LOCATION"] = OWN / "prepared"
MEDIA_ROOT = OWN / "files"
STATIC_ROOT = OWN / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # journeys write accounts for the site itself
]
SESSION_ENGINE, SESSION_CACHE_ALIAS = "django.contrib.sessions.backends.cache", "sessions"  # signing in takes no queries
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
