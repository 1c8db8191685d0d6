"""A participant's meetings as a calendar that her own programme reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import get_language, gettext

from madang.kit.icalendar import Entry, calendar_bytes
from madang.kit.territories import country_name
from madang.meetings.models import Meeting, TimetableState
from madang.meetings.queries.agenda import meetings_of, other_side, place_text
from madang.people.models import Participant


def feed_owner(edition_slug: str, key: str) -> Participant | None:
    """Whose feed has this secret; nobody's when her account is closed."""
    open_account = Q(user=None) | Q(user__is_active=True)
    owners = Participant.objects.filter(open_account, edition__slug=edition_slug, feed_key=key)
    return owners.select_related("edition", "user", "company").first()


def feed_meetings(owner: Participant) -> list[Meeting]:
    """Her meetings of the published timetable, cancelled ones included, so that calendars take them out."""
    published = Meeting.objects.filter(timetable__edition=owner.edition_id, timetable__state=TimetableState.PUBLISHED)
    return list(meetings_of(published, owner))


def feed_bytes(owner: Participant, meetings: list[Meeting], link: Callable[[Meeting], str]) -> bytes:
    """The feed in the active language; `link` gives the address of a meeting's page."""
    edition = owner.edition
    name = gettext("%(edition)s: my meetings") % {"edition": edition}
    entries = [_entry(meeting, owner, link(meeting)) for meeting in meetings]
    return calendar_bytes(name, edition.time_zone, entries, (edition.starts_on, edition.ends_on))


def last_change(meetings: list[Meeting]) -> dt.datetime | None:
    return max((meeting.changed_at for meeting in meetings), default=None)


def _entry(meeting: Meeting, owner: Participant, url: str) -> Entry:
    other, edition = other_side(meeting, owner), owner.edition
    who = f"{other.name}, {other.company}" if other.company else other.name
    title = gettext("Cancelled: meeting with %(who)s") if meeting.is_cancelled else gettext("Meeting with %(who)s")
    place = [place_text(meeting), edition.venue, edition.city]
    return Entry(
        uid=f"{meeting.request.uid}@madang",
        sequence=meeting.sequence,
        changed_at=meeting.changed_at,
        starts_at=meeting.slot.starts_at,
        ends_at=meeting.slot.ends_at,
        summary=title % {"who": who},
        location=", ".join(part for part in place if part),
        description=_description(meeting, other, url),
        url=url,
        is_cancelled=meeting.is_cancelled,
    )


def _description(meeting: Meeting, other: Participant, url: str) -> str:
    request, company = meeting.request, other.company
    country = country_name(other.country or (company.country if company else ""), (get_language() or "en")[:2])
    who = ", ".join(str(part) for part in (other.name, other.job_title, company, country) if part)
    lines = [who]
    if request.title:
        lines.append(gettext("Title: %(title)s") % {"title": request.title})
    if request.mandate:
        lines.append(gettext("Mandate: %(mandate)s") % {"mandate": request.mandate})
    return "\n".join([*lines, *([request.reason] if request.reason else []), url])
