"""What the people of a meeting are told when others come to it, or no longer do."""

from __future__ import annotations

from typing import Any

from madang.accounts.models import User
from madang.meetings.models import Attendee, Meeting, MeetingRequest
from madang.meetings.queries.attendees import coming
from madang.meetings.queries.places import where_facts
from madang.people.actions import Telling, notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts
from madang.people.rules import participant_of


def tell_people(
    actor: User,
    request: MeetingRequest,
    meeting: Meeting | None,
    *,
    new: Participant | None = None,
    gone: Participant | None = None,
    invited: Participant | None = None,
    declined: Participant | None = None,
) -> None:
    """Everybody concerned but the actor: the new one, the one who is gone, and those who come. Call it when all is written."""
    seats = coming([request.pk]).get(request.pk, [])
    facts, told = _facts(request, meeting), list[tuple[Participant, str, Participant | None]]()
    about = new or gone or declined
    for seat in seats:
        if seat.participant_id == (new.pk if new else 0):
            told.append((seat.participant, "colleague_named", _other(seats, seat)))
        elif about is not None:
            told.append((seat.participant, _kind(new, gone), about))
    if gone is not None:
        told.append((gone, "colleague_replaced" if new else "taken_off", new or _other_than(seats, gone)))
    if invited is not None:
        told.append((invited, "guest_invited", participant_of(actor, request.edition) or request.sender))
    stamp = f"{request.code}/{int(request.edition.now().timestamp())}"
    rows = []
    for person, kind, who in told:
        if person.user_id == actor.pk:
            continue
        person.edition = request.edition
        rows.append(Telling(person, kind, f"{stamp}/{who.code if who else ''}", facts | (person_facts(who) if who else {})))
    notify_many(rows)


def _kind(new: Participant | None, gone: Participant | None) -> str:
    if new is not None:
        return "person_joins"
    return "person_leaves" if gone is not None else "guest_declines"


def _facts(request: MeetingRequest, meeting: Meeting | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"request": request.code}
    if meeting is None or meeting.is_cancelled:
        return facts
    when = {"starts_at": meeting.slot.starts_at.isoformat(), "zone": request.edition.time_zone}
    return facts | when | where_facts(request, meeting.table)


def _other(seats: list[Attendee], seat: Attendee) -> Participant | None:
    return next((one.participant for one in seats if one.side != seat.side), None)


def _other_than(seats: list[Attendee], gone: Participant) -> Participant | None:
    """Whom the one who is gone was to meet."""
    hers = Attendee.objects.filter(request__in=[seat.request_id for seat in seats], participant=gone)
    side = hers.values_list("side", flat=True).first()
    return next((one.participant for one in seats if one.side != side), None)


def tell_of_place(actor: User, request: MeetingRequest, meeting: Meeting | None) -> None:
    """Everybody who comes, but the actor, reads where the meeting now is."""
    seats, facts = coming([request.pk]).get(request.pk, []), _facts(request, meeting)
    key = f"{request.code}/{int(request.edition.now().timestamp())}"
    rows = []
    for seat in seats:
        if seat.participant.user_id != actor.pk:
            seat.participant.edition = request.edition
            other = _other(seats, seat)
            data = facts | where_facts(request, meeting.table if meeting else None) | (person_facts(other) if other else {})
            rows.append(Telling(seat.participant, "place_changed", key, data))
    notify_many(rows)
