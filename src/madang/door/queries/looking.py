"""What a scanned code opens at an event, at a moment. The phones decide alike without network (static/madang/door-copy.js)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madang.accreditation.models import Badge, BadgeState
from madang.door.codes import keys_in
from madang.door.models import Admission, Device, Outcome
from madang.door.queries.places import free_by_allotment, last_admission, left_for, left_in_hall, release_at, seating_of
from madang.door.rules import allotment_of
from madang.people.models import Participant
from madang.programme.models import Event
from madang.seating.models import Ticket, TicketState


@dataclass(frozen=True, slots=True)
class Finding:
    """What a code opens. `earlier`: who sits there already. ADMITTED without a ticket: one of the free places of `allotment`."""

    outcome: Outcome
    key: str
    ticket: Ticket | None = None
    badge: Badge | None = None
    participant: Participant | None = None
    allotment: str = ""
    country: str = ""
    earlier: Admission | None = None
    reason: str = ""


def look(event: Event, text: str, at: dt.datetime) -> Finding:
    """A ticket, a badge, or a booking's code as somebody typed it; UNKNOWN otherwise."""
    keys = keys_in(text)
    if ticket := ticket_of(event, keys):
        return look_at_ticket(event, ticket, at)
    if holder := holder_of(event, keys):
        return look_at_badge(event, *holder, at)
    return Finding(Outcome.UNKNOWN, keys[0] if keys else "")


def look_elsewhere(device: Device, text: str) -> Finding:
    """What a device opens at an event of a hall that it was not made for: nothing."""
    keys = keys_in(text)
    reason = _("this phone is a door of %(hall)s") % {"hall": device.hall}
    return Finding(Outcome.OTHER_HALL, keys[0] if keys else "", reason=reason)


def ticket_of(event: Event, keys: list[str]) -> Ticket | None:
    """By its own key; by the booking's code the first of its tickets that nobody has used."""
    near = ["booking__participant__company", "place__allotment", "place__seat", "place__seating__event"]
    rows = Ticket.objects.select_related(*near)
    if found := rows.filter(key__in=keys, place__seating__event__edition=event.edition_id).first():
        return found
    codes = [code for key in keys for code in (key, key.upper())]
    booked = rows.filter(booking__code__in=codes, booking__seating__event=event)
    return booked.filter(admissions=None, state=TicketState.VALID).first() or booked.first()


def holder_of(event: Event, keys: list[str]) -> tuple[Participant, Badge | None] | None:
    """Whose badge it is; the badge itself where one was issued."""
    badges = Badge.objects.filter(edition=event.edition_id, key__in=keys).select_related("participant__company")
    if badge := badges.first():
        return badge.participant, badge
    people = Participant.objects.filter(edition=event.edition_id, badge_key__in=keys).select_related("company")
    return (person, None) if (person := people.first()) else None


def look_at_ticket(event: Event, ticket: Ticket, at: dt.datetime) -> Finding:
    """One seat lets one person in; a ticket counts as it stood at that moment."""
    booking, place = ticket.booking, ticket.place
    alone = booking.participant if booking.count == 1 else None
    facts: dict[str, Any] = {
        "key": ticket.key, "ticket": ticket, "participant": alone, "allotment": place.allotment.kind,
        "country": country_of(booking.participant) or booking.country,
    }  # fmt: skip
    if place.seating.event_id != event.pk:
        return Finding(Outcome.OTHER_EVENT, **facts, reason=str(place.seating.event))
    earlier = Admission.objects.filter(event=event, ticket__place=place).select_related("scan__device").first()
    if ticket.state != TicketState.VALID and (ticket.ended_at is None or ticket.ended_at <= at):
        return Finding(Outcome.VOID, **facts, reason=str(ticket.get_state_display()))
    if earlier is not None:
        return Finding(Outcome.TWICE, **facts, earlier=earlier)
    return Finding(Outcome.LATE if at > last_admission(event, place.seating) else Outcome.ADMITTED, **facts)


def look_at_badge(event: Event, person: Participant, badge: Badge | None, at: dt.datetime) -> Finding:
    """Her own ticket, where she has one; else a free place of her allotment."""
    key = badge.key if badge else person.badge_key
    facts: dict[str, Any] = {"key": key, "badge": badge, "participant": person, "country": country_of(person)}
    if reason := void_reason(person, badge, at):
        return Finding(Outcome.VOID, **facts, allotment=allotment_of(person), reason=reason)
    earlier = Admission.objects.filter(event=event, participant=person).select_related("scan__device").first()
    if earlier is not None:
        return Finding(Outcome.TWICE, **facts, allotment=earlier.allotment, earlier=earlier)
    seating = seating_of(event)
    booked = Ticket.objects.filter(place__seating__event=event, booking__participant=person, state=TicketState.VALID)
    ticket = booked.filter(admissions=None).select_related("place__allotment", "place__seat", "booking").first()
    facts |= {"ticket": ticket, "allotment": ticket.place.allotment.kind if ticket else allotment_of(person)}
    if at > last_admission(event, seating):
        return Finding(Outcome.LATE, **facts)
    return Finding(Outcome.ADMITTED if ticket or has_place(event, facts["allotment"], at) else Outcome.NO_PLACE, **facts)


def void_reason(person: Participant, badge: Badge | None, at: dt.datetime) -> str:
    """Why a badge opens nothing at that moment; empty where it does."""
    if badge and badge.state != BadgeState.VALID and (badge.voided_at is None or badge.voided_at <= at):
        return badge.void_reason or str(badge.get_state_display())
    return _("She dropped out") if person.left_at and person.left_at <= at else ""


def has_place(event: Event, kind: str, at: dt.datetime) -> bool:
    """Whether somebody of that allotment finds an empty place."""
    seating = seating_of(event)
    if seating is None:
        left = left_in_hall(event, Admission.objects.filter(event=event).count())
        return left is None or left > 0
    free = free_by_allotment([event.pk], event.edition.now()).get(event.pk)
    return free is not None and left_for(kind, free, is_released=at >= release_at(event, seating)) > 0


def country_of(person: Participant | None) -> str:
    """Where she works, else where she is from."""
    if person is None:
        return ""
    return (person.company.country if person.company else "") or person.country
