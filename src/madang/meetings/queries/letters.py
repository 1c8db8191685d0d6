"""The calendar entries that go with a letter about meetings: those of the feed, for what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils import translation

from madang.meetings.models import Meeting
from madang.meetings.queries.feed import feed_bytes, feed_of
from madang.people.mail import language_of, site_address
from madang.people.models import Letter, Notice

ABOUT_MEETINGS = "meeting_"
"""The kinds of notices that tell of a meeting's time, place or people begin so."""


def calendar_of(letter: Letter, notices: Sequence[Notice], site: str) -> bytes | None:
    """Entries with the feed's own UIDs and SEQUENCE, cancelled ones too; None where she wants none or no meeting changed."""
    reader = letter.recipient
    changed = {notice.data.get("request") for notice in notices if notice.kind.startswith(ABOUT_MEETINGS)}
    if reader is None or not reader.mails_calendar or not changed:
        return None
    feed = feed_of(reader)
    meetings = [meeting for meeting in feed.meetings if meeting.request.code in changed]
    left = [meeting for meeting in feed.left if meeting.request.code in changed]
    if not meetings and not left:
        return None
    base = site_address(site)

    def link(meeting: Meeting) -> str:
        return base + reverse("meetings:meeting", args=[reader.edition.slug, meeting.request.code]) if base else ""

    with translation.override(language_of(reader)):
        return feed_bytes(replace(feed, meetings=meetings, left=left, visits=[]), link, "PUBLISH")
