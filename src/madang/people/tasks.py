"""Work of this app that nobody waits for."""

from __future__ import annotations

from django_tasks import task

from madang.people.letters import mail_letters


@task()
def mail_notices(site: str = "") -> int:
    """Mail what is new, without calendars; see `meetings.tasks.mail_notices`."""
    return mail_letters(site)
