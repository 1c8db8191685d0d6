"""The page of one meeting: who comes, when, where, about what, and what can be done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from madang.catalogue.rules import visible_titles
from madang.door.queries.queues import HeldUp, held_up
from madang.meetings.models import Form, Meeting, MeetingRequest, Part, RequestStatus
from madang.meetings.queries.agenda import place_text, placed_meeting
from madang.meetings.queries.attendees import SideOfMeeting, sides_of
from madang.meetings.queries.held import held_panel
from madang.meetings.queries.live import live_panel
from madang.meetings.queries.requests import with_people
from madang.meetings.queries.results import joined
from madang.meetings.rules import may_name_people, may_set_place, visible_requests
from madang.people.pages import SignedInRequest, signed_in_page


@require_safe
@signed_in_page
def meeting(request: SignedInRequest, code: str) -> HttpResponse:
    """One meeting, from the request that was sent to what came of it."""
    found = found_request(request, code)
    if found.status == RequestStatus.DRAFT:
        return redirect("meetings:request", request.edition.slug, found.code)
    return meeting_page(request, found)


def found_request(request: SignedInRequest, code: str) -> MeetingRequest:
    """The request with this code, if the user sees it; 404 otherwise."""
    return get_object_or_404(with_people(visible_requests(request.user, request.edition)), code=code)


def meeting_page(request: SignedInRequest, found: MeetingRequest, status: int = 200, refusal: str = "") -> HttpResponse:
    """The page itself; `status` is 422 where something was refused, and `refusal` says why."""
    placed = placed_meeting(request.user, found)
    sides = sides_of(request.user, found, placed.slot.starts_at if placed and found.form == Form.ONLINE else None)
    has_begun = placed is not None and not placed.is_cancelled and placed.slot.starts_at <= request.edition.now()
    for side in sides:
        side.may_name = not has_begun and may_name_people(request.user, found, side.side)
    about = {title.pk: title for title in [found.title, *found.also_about.all()] if title is not None}
    seen = set(visible_titles(request.user, request.edition).filter(pk__in=about).values_list("pk", flat=True))
    mine = _my_part(sides)
    is_inside = mine in ("", Part.COMING)  # an organiser, or somebody who comes
    knows_all = not any(side.unnamed for side in sides)
    context: dict[str, Any] = {
        "found": found,
        "meeting": placed,
        "sides": sides,
        "place": place_text(placed) if placed else "",
        "is_online": found.form == Form.ONLINE,
        "is_inside": is_inside,
        "knows_all": knows_all,
        "my_part": mine,
        "refusal": refusal,
        "may_set_place": not has_begun and may_set_place(request.user, found),
        "is_guest": not has_begun and _is_guest(sides),
        "is_of_request": not mine or request.user.pk in (found.sender.user_id, found.receiver.user_id),
        "names": [_names(side) for side in sides] if knows_all else [],
        "queues": queues_at(placed, sides) if is_inside else [],
        "minutes": round((placed.slot.ends_at - placed.slot.starts_at).total_seconds() / 60) if placed else 0,
        "titles": [(title, title.pk in seen) for title in about.values()],
    }
    if is_inside:
        context |= live_panel(request.user, found, placed) | held_panel(request.user, placed)
    return render(request, "meetings/meeting.html", context, status=status)


def queues_at(placed: Meeting | None, sides: list[SideOfMeeting]) -> list[HeldUp]:
    """Queues in which people of the meeting stood around its time, each once; of whom, it does not say."""
    if placed is None:
        return []
    people = [person.participant.pk for side in sides for person in side.coming]
    return list({row.event.pk: row for row in held_up(people, placed.slot.starts_at)}.values())


def _names(side: SideOfMeeting) -> str:
    return joined([person.participant.name for person in side.coming])


def _is_guest(sides: list[SideOfMeeting]) -> bool:
    """Whether the reader comes without having asked or been asked: she may leave."""
    return any(person.is_me and not person.attendee.is_principal for side in sides for person in side.coming)


def _my_part(sides: list[SideOfMeeting]) -> str:
    """What the reader is of the meeting; empty for an organiser."""
    people = [person for side in sides for person in (*side.coming, *side.invited, *side.gone)]
    return next((person.attendee.part for person in people if person.is_me), "")
