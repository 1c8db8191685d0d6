"""A participant's meetings, and what she means to see, as a calendar that her own programme reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language, gettext

from madang.kit.icalendar import Entry, calendar_bytes
from madang.kit.territories import country_name
from madang.meetings.models import Attendee, Change, ChangeKind, Form, Meeting, Part, TimetableState
from madang.meetings.queries.agenda import meetings_of, place_text, sides_at, visits_of, with_place
from madang.meetings.queries.attendees import coming
from madang.people.models import Participant
from madang.programme.models import Visit


def feed_owner(edition_slug: str, key: str) -> Participant | None:
    """Whose feed has this secret; nobody's when her account is closed."""
    open_account = Q(user=None) | Q(user__is_active=True)
    owners = Participant.objects.filter(open_account, edition__slug=edition_slug, feed_key=key)
    return owners.select_related("edition", "user", "company").first()


@dataclass(frozen=True)
class Feed:
    """What stands in a person's calendar. `left`: meetings of which she was and is no more, as a calendar has to be told."""

    owner: Participant
    meetings: list[Meeting]
    people: dict[int, list[Attendee]]
    left: list[Meeting]
    visits: list[Visit]


def feed_of(owner: Participant) -> Feed:
    """Her meetings of the published timetable, cancelled ones included, so that calendars take them out. Four queries."""
    published = Meeting.objects.filter(timetable__edition=owner.edition_id, timetable__state=TimetableState.PUBLISHED)
    meetings = list(meetings_of(published, owner))
    was = Attendee.objects.filter(request=OuterRef("request"), participant=owner, part__in=[Part.REPLACED, Part.DECLINED])
    changed = Change.objects.filter(request=OuterRef("request"), kind=ChangeKind.PEOPLE)
    left = with_place(published.filter(Exists(was), Exists(changed))).order_by("slot__starts_at", "pk")
    people = coming([meeting.request_id for meeting in meetings])
    return Feed(owner, meetings, people, list(left), list(visits_of(owner)))


def feed_bytes(feed: Feed, link: Callable[[Meeting], str], method: str = "") -> bytes:
    """The feed in the active language; `link` gives the address of a meeting's page; `method` as in `calendar_bytes`."""
    edition = feed.owner.edition
    name = gettext("%(edition)s: my meetings") % {"edition": edition}
    entries = [_entry(meeting, feed, link(meeting)) for meeting in feed.meetings]
    entries += [_entry_of_left(meeting) for meeting in feed.left]
    entries += [_entry_of_visit(visit, feed.owner) for visit in feed.visits]
    return calendar_bytes(name, edition.time_zone, entries, (edition.starts_on, edition.ends_on), method)


def _entry(meeting: Meeting, feed: Feed, url: str) -> Entry:
    request, edition = meeting.request, feed.owner.edition
    others, colleagues = sides_at(meeting, feed.people.get(request.pk, []), feed.owner)
    who = ", ".join(_named(person) for person in others) or gettext("Someone")
    title = gettext("Cancelled: meeting with %(who)s") if meeting.is_cancelled else gettext("Meeting with %(who)s")
    place = [place_text(meeting), *([] if request.form == Form.ONLINE else [edition.venue, edition.city])]
    return Entry(
        uid=f"{request.uid}@madang",
        sequence=meeting.sequence,
        changed_at=meeting.changed_at,
        starts_at=meeting.slot.starts_at,
        ends_at=meeting.slot.ends_at,
        summary=title % {"who": who},
        location=", ".join(part for part in place if part),
        description=_description(meeting, others, colleagues, url),
        url=url,
        is_cancelled=meeting.is_cancelled,
    )


def _entry_of_left(meeting: Meeting) -> Entry:
    """A meeting to which she does not come any more: of its people and of what it is about she is told nothing."""
    return Entry(
        uid=f"{meeting.request.uid}@madang",
        sequence=meeting.sequence,
        changed_at=meeting.changed_at,
        starts_at=meeting.slot.starts_at,
        ends_at=meeting.slot.ends_at,
        summary=gettext("Cancelled: you do not come to this meeting any more"),
        is_cancelled=True,
    )


def _entry_of_visit(visit: Visit, owner: Participant) -> Entry:
    event, edition = visit.event, owner.edition
    place = [str(event.hall), edition.venue, edition.city]
    summary = f"{event.get_kind_display()}: {event}"
    return Entry(
        uid=f"event-{edition.slug}-{event.code}-{owner.pk}@madang",
        sequence=event.sequence,
        changed_at=max(visit.created_at, event.moved_at or visit.created_at),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=gettext("Cancelled: %(event)s") % {"event": summary} if event.is_cancelled else summary,
        location=", ".join(part for part in place if part),
        is_cancelled=event.is_cancelled,
    )


def _named(person: Participant) -> str:
    return f"{person.name}, {person.company}" if person.company else person.name


def _description(meeting: Meeting, others: Sequence[Participant], colleagues: Sequence[Participant], url: str) -> str:
    request, lines = meeting.request, [_in_full(person) for person in others]
    if colleagues:
        lines.append(gettext("With you: %(names)s") % {"names": ", ".join(person.name for person in colleagues)})
    if request.form == Form.ONLINE and request.link and not meeting.is_cancelled:
        lines.append(gettext("Join: %(link)s") % {"link": request.link})
    if request.title:
        lines.append(gettext("Title: %(title)s") % {"title": request.title})
    if request.open_mandate:
        lines.append(gettext("Mandate: %(mandate)s") % {"mandate": request.open_mandate})
    return "\n".join([*lines, *([request.reason] if request.reason else []), url])


def _in_full(person: Participant) -> str:
    company = person.company
    country = country_name(person.country or (company.country if company else ""), (get_language() or "en")[:2])
    return ", ".join(str(part) for part in (person.name, person.job_title, company, country) if part)
