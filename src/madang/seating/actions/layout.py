"""The organiser draws a hall, lays out the places of an event, shares them out, books for groups and moves people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Hall
from madang.programme.models import Event
from madang.seating.actions.refusals import SeatsRefused, patiently
from madang.seating.actions.waiting import offer_places
from madang.seating.drawing import Drawn
from madang.seating.models import Allotment, AllotmentKind, Booking, Place, Seat, Seating, SeatingMode, Ticket
from madang.seating.queries.places import is_free
from madang.seating.rules import may_seat

ASIDE = 10_000
"""Rows of seats are moved so far away while they change places: no two may be on one spot for a moment."""
MOST_PLACES = 20_000


@dataclass(frozen=True)
class Share:
    """What an allotment gets: `count` places (free seating), or the seats of the `rows` (reserved; none: whatever is left)."""

    kind: str
    count: int = 0
    rows: tuple[str, ...] = ()
    opens_at: datetime | None = None
    flows_to: str = ""
    flows_at: datetime | None = None


@transaction.atomic
def draw_hall(actor: User, hall: Hall, drawn: Sequence[Drawn]) -> int:
    """Make the hall's seats what is drawn; seats of the same name stay the same. Gives how many there are.

    Raises SeatsRefused where a seat would go that an event has places for.
    """
    _guard(actor, hall.edition)
    known = {(seat.block, seat.row, seat.number): seat for seat in Seat.objects.filter(hall=hall)}
    wanted = {(seat.block, seat.row, seat.number): seat for seat in drawn}
    gone = [seat.pk for name, seat in known.items() if name not in wanted]
    if used := Place.objects.filter(seat__in=gone).values_list("seat__row", "seat__number")[:5]:
        names = ", ".join(f"{row} {number}" for row, number in used)
        raise SeatsRefused(_("Events have places on seats that are not in the drawing: %(seats)s …") % {"seats": names})
    Seat.objects.filter(pk__in=gone).delete()
    Seat.objects.filter(hall=hall).update(y=F("y") + ASIDE)
    _save_seats(hall, known, wanted)
    record(hall.edition, actor, "draw_hall", hall.code, seats=len(wanted))
    return len(wanted)


def _save_seats(hall: Hall, known: Mapping[tuple[str, str, str], Seat], wanted: Mapping[tuple[str, str, str], Drawn]) -> None:
    rows = {name: known.get(name) or Seat(hall=hall, block=name[0], row=name[1], number=name[2]) for name in wanted}
    for name, seat in rows.items():
        place = wanted[name]
        seat.x, seat.y, seat.kind, seat.is_closed = place.x, place.y, place.kind, place.is_closed
        seat.companion_of = None
    Seat.objects.bulk_create([seat for seat in rows.values() if seat.pk is None], batch_size=500)
    on_spot = {(seat.x, seat.y): seat for seat in rows.values()}
    for name, seat in rows.items():
        if (spot := wanted[name].beside) is not None:
            seat.companion_of = on_spot[spot]
    fields = ["x", "y", "kind", "is_closed", "companion_of"]
    Seat.objects.bulk_update(rows.values(), fields, batch_size=200)


@transaction.atomic
def lay_out(actor: User, event: Event, settings: Mapping[str, Any], shares: Sequence[Share]) -> Seating:
    """How the event is seated, and what each allotment gets. Places that somebody has stay hers.

    Raises SeatsRefused where there are too few seats, or fewer places would be left than are booked.
    """
    _guard(actor, event.edition)
    seating, _new = Seating.objects.update_or_create(event=event, defaults=dict(settings))
    seating.event = event
    allotments = _save_allotments(seating, shares)
    if seating.mode == SeatingMode.RESERVED:
        _share_seats(seating, shares, allotments)
    else:
        _share_numbers(seating, shares, allotments)
    for allotment in allotments.values():
        offer_places(allotment, event.edition.now())
    record(event.edition, actor, "lay_out_seats", event.code, places=seating.places.count())
    return seating


def _save_allotments(seating: Seating, shares: Sequence[Share]) -> dict[str, Allotment]:
    """An allotment that is not shared out any more goes, if nobody ever booked in it."""
    made = {}
    for share in shares:
        facts = {"opens_at": share.opens_at, "flows_at": share.flows_at, "flows_to": None}
        made[share.kind], _new = Allotment.objects.update_or_create(seating=seating, kind=share.kind, defaults=facts)
        made[share.kind].seating = seating
    for share in shares:
        if share.flows_to:
            _ensure_flows_end(share.kind, shares)
            Allotment.objects.filter(pk=made[share.kind].pk).update(flows_to=made[share.flows_to])
    others = Allotment.objects.filter(seating=seating).exclude(kind__in=made)
    booked = Exists(Booking.objects.filter(allotment=OuterRef("pk")))
    others.update(flows_to=None)
    Place.objects.filter(allotment__in=others).update(allotment=made[shares[-1].kind])
    others.exclude(booked).delete()
    return made


def _ensure_flows_end(kind: str, shares: Sequence[Share]) -> None:
    onward, seen = {share.kind: share.flows_to for share in shares}, set()
    while kind:
        if kind in seen:
            raise SeatsRefused(_("What is left over goes round in a circle: %(kind)s.") % {"kind": AllotmentKind(kind).label})
        seen.add(kind)
        kind = onward.get(kind, "")


def _share_seats(seating: Seating, shares: Sequence[Share], allotments: Mapping[str, Allotment]) -> None:
    """A place for each seat in use; the rows say whose it is."""
    seats = list(Seat.objects.filter(hall=seating.event.hall_id).order_by("y", "x"))
    if not seats:
        raise SeatsRefused(_("This hall has no seats yet: draw it first."))
    owner = {row: share.kind for share in shares for row in share.rows}
    last = shares[-1].kind
    known = {place.seat_id: place for place in seating.places.all()}
    _drop([place for seat, place in known.items() if seat not in {one.pk for one in seats if not one.is_closed}])
    fresh, moved, highest = [], [], max((place.number for place in known.values()), default=0)
    for number, seat in enumerate((seat for seat in seats if not seat.is_closed), highest + 1):
        allotment, place = allotments[owner.get(seat.row, last)], known.get(seat.pk)
        if place is None:
            fresh.append(Place(seating=seating, number=number, seat=seat, allotment=allotment))
        elif place.booking_id is None and place.allotment_id != allotment.pk:
            place.allotment = allotment
            moved.append(place)
    Place.objects.bulk_create(fresh, batch_size=500)
    Place.objects.bulk_update(moved, ["allotment"], batch_size=500)


def _share_numbers(seating: Seating, shares: Sequence[Share], allotments: Mapping[str, Allotment]) -> None:
    """As many places as each allotment has a right to."""
    if sum(share.count for share in shares) > MOST_PLACES:
        raise SeatsRefused(_("At most %(most)s places.") % {"most": MOST_PLACES})
    _drop(list(seating.places.exclude(seat=None)))
    highest = max(seating.places.values_list("number", flat=True), default=0)
    for share in shares:
        rows = seating.places.filter(allotment=allotments[share.kind])
        mine = list(rows.annotate(had=Exists(Ticket.objects.filter(place=OuterRef("pk")))).order_by("had", "-number"))
        free = [place for place in mine if place.booking_id is None]
        if (over := len(mine) - share.count) > 0:
            _drop(free[:over])
            if over > len(free):
                raise _too_few(over - len(free))
        fresh = [
            Place(seating=seating, number=highest + n, allotment=allotments[share.kind])
            for n in range(1, share.count - len(mine) + 1)
        ]
        highest += len(fresh)
        Place.objects.bulk_create(fresh, batch_size=500)


def _drop(places: Sequence[Place]) -> None:
    """Take places away that nobody has or ever had."""
    pks = [place.pk for place in places]
    if taken := Place.objects.filter(pk__in=pks, booking__isnull=False).count():
        raise _too_few(taken)
    Place.objects.filter(pk__in=pks, tickets=None, booking=None).delete()
    if left := Place.objects.filter(pk__in=pks).count():
        raise SeatsRefused(_("%(number)s of these places had tickets before and cannot go.") % {"number": left})


def _too_few(missing: int) -> SeatsRefused:
    words = ngettext(
        "%(number)s place that would go is booked: give it back or move it first.",
        "%(number)s places that would go are booked: give them back or move them first.",
        missing,
    )
    return SeatsRefused(words % {"number": missing})


@patiently
def share_places(actor: User, seating: Seating, numbers: Sequence[int], allotment: Allotment) -> int:
    """Give free places of the event to an allotment by hand; how many there were."""
    _guard(actor, seating.event.edition)
    now = seating.event.edition.now()
    with transaction.atomic():
        free = Place.objects.filter(is_free(now), seating=seating, number__in=numbers).exclude(allotment=allotment)
        moved = free.update(allotment=allotment, booking=None, held_until=None)
        allotment.seating = seating
        offer_places(allotment, now)
        record(seating.event.edition, actor, "share_places", seating.event.code, places=moved, target=allotment.kind)
    return moved


def _guard(actor: User, edition: Any) -> None:
    if not may_seat(actor, edition):
        raise PermissionDenied
