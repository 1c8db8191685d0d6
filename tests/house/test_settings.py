"""The tests run under the settings that they should run under."""

from pathlib import Path

from django.conf import settings


def test_nothing_is_written_into_the_checkout():
    root = Path(__file__).parents[2]
    places = [settings.DATA, settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.CACHES["progress"]["LOCATION"]]
    assert [place for place in places if Path(place).is_relative_to(root)] == []


def test_tasks_run_at_once_and_mail_stays_in_memory():
    assert settings.TASKS["default"]["BACKEND"] == "django_tasks.backends.immediate.ImmediateBackend"
    assert settings.EMAIL_BACKEND == "django.core.mail.backends.locmem.EmailBackend"
