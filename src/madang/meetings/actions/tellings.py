"""What the people of meetings are told when these are placed, moved or cancelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from madang.accounts.models import User
from madang.meetings.models import Attendee, Change, ChangeKind, Form, Meeting, MeetingRequest, Part, Timetable
from madang.meetings.queries.places import booth_of, online_facts, place_facts
from madang.people.actions import Telling
from madang.people.models import Participant
from madang.people.notices import person_facts

KINDS = {
    ChangeKind.PLACED: "meeting_placed",
    ChangeKind.MOVED: "meeting_moved",
    ChangeKind.CANCELLED: "meeting_cancelled",
}
"""What happened to a meeting -> the kind of notice."""


def meeting_tellings(
    timetable: Timetable, changed: Sequence[tuple[Change, Meeting | None]], *, but: User | None
) -> list[Telling]:
    """Notices of changes of the published timetable, for everybody who comes, `but` for who did it."""
    told = {row.request_id: (KINDS[ChangeKind(row.kind)], meeting) for row, meeting in changed if meeting is not None}
    words = {row.request_id: row.words for row, _meeting in changed}
    number = f"v{timetable.version}.{timetable.revision}"
    return tellings(timetable, told, number, words=words, but=but)


def tellings(
    timetable: Timetable,
    changed: Mapping[int, tuple[str, Meeting]],
    number: str,
    *,
    words: Mapping[int, str] | None = None,
    but: User | None = None,
) -> list[Telling]:
    """For each request of `changed` (id -> kind of notice, meeting) a telling to each who comes. Four queries, however many.

    `number` names the state of the timetable in the notices' keys. `words`: what the other side reads of it.
    """
    edition = timetable.edition
    slots = {slot.pk: slot for slot in edition.slots.all()}
    tables, online = {table.pk: place_facts(table) for table in edition.tables.all()}, online_facts()
    coming = coming_of(timetable, set(changed))
    found = []
    for request in _requests(timetable, set(changed)):
        kind, meeting = changed[request.pk]
        when = {"starts_at": slots[meeting.slot_id].starts_at.isoformat(), "zone": edition.time_zone}
        booth = booth_of(request)
        where = online if request.form == Form.ONLINE else tables.get(meeting.table_id or (booth.pk if booth else 0), {})
        said = {"answer": words[request.pk]} if words and words.get(request.pk) else {}
        for attendee in coming[request.pk]:
            person = attendee.participant
            if person.left_at is not None or (but is not None and person.user_id == but.pk):
                continue
            person.edition = edition
            other = other_of(attendee, coming[request.pk])
            data: dict[str, Any] = {"request": request.code, "version": timetable.version, **when, **where, **said}
            found.append(Telling(person, kind, f"{number}/{request.code}", data | (person_facts(other) if other else {})))
    return found


def coming_of(timetable: Timetable, wanted: set[int]) -> dict[int, list[Attendee]]:
    """Who comes to each of these requests, principals first; all of the edition are read where that is most of them."""
    rows = Attendee.objects.filter(request__edition=timetable.edition_id, part=Part.COMING)
    if len(wanted) < 1000:
        rows = rows.filter(request__in=wanted)
    found: defaultdict[int, list[Attendee]] = defaultdict(list)
    for row in rows.select_related("participant__company__booth"):
        if row.request_id in wanted:
            found[row.request_id].append(row)
    return found


def other_of(attendee: Attendee, everybody: Sequence[Attendee]) -> Participant | None:
    """The first person of the other side."""
    return next((one.participant for one in everybody if one.side != attendee.side), None)


def _requests(timetable: Timetable, wanted: set[int]) -> list[MeetingRequest]:
    rows = MeetingRequest.objects.filter(edition=timetable.edition_id)
    rows = rows.select_related("sender__company__booth", "receiver__company__booth")
    if len(wanted) < 1000:
        rows = rows.filter(pk__in=wanted)
    return [request for request in rows.order_by("pk") if request.pk in wanted]
