"""Who may have how many places, which ones, and how a booking gets hold of them: the first to change a place's row has it."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from madang.markets.rules import Visitor
from madang.people.models import Participant
from madang.seating.actions.refusals import NotOpen, TooMany, full
from madang.seating.models import Allotment, Booking, Place, SeatingMode, SeatKind
from madang.seating.queries.places import free_places, free_spots, is_free
from madang.seating.queries.times import closes_at, has_flowed, opens_at
from madang.seating.rules import may_book
from madang.seating.together import Party, best_together

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Those that nobody mixes up when a code is read out."""


@dataclass(frozen=True)
class Reader:
    """Who books: an e-mail address, or a participant. What she is told is in `language`; `origin`: see `actions.limits`."""

    email: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    participant: Participant | None = None
    origin: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        address = "" if self.participant else self.email.strip().lower()
        return {
            "email": address,
            "name": self.participant.name if self.participant else self.name,
            "language": self.language,
            "country": self.participant.country if self.participant else self.country,
            "participant": self.participant,
            "origin": self.origin,
        }

    @property
    def rows(self) -> dict[str, Any]:
        """How her other bookings are found."""
        if self.participant:
            return {"participant": self.participant}
        return {"participant": None, "email": self.email.strip().lower()}


class Lost(Exception):
    """Somebody else was quicker; try other places."""


def ensure_bookable(actor: Visitor, allotment: Allotment, party: Party) -> None:
    """Permission first, then the hours, then the number of places."""
    if not may_book(actor, allotment):
        raise PermissionDenied
    seating = allotment.seating
    now, opens = seating.event.edition.now(), opens_at(allotment)
    if seating.event.is_cancelled:
        raise NotOpen(_("This event is cancelled."))
    if opens is not None and now < opens:
        raise NotOpen(_("Booking has not begun yet."))
    if now >= closes_at(seating):
        raise NotOpen(_("Booking is closed."))
    if has_flowed(allotment, now):
        raise NotOpen(_("The places that were left here have gone to others: %(kind)s.") % {"kind": allotment.flows_to})
    if not 1 <= party.count <= seating.most or not party.is_possible:
        raise TooMany(_("One booking has from 1 to %(most)s places.") % {"most": seating.most})


def find_places(
    allotment: Allotment,
    party: Party,
    now: dt.datetime,
    numbers: Sequence[int] = (),
    attempt: int = 0,
    dice: random.Random | None = None,
) -> list[int]:
    """Ids of places that are free and fit. Raises Full where they are not there, Lost where somebody has them in hand."""
    rows = free_places(allotment, now)
    if numbers:
        found = list(rows.filter(number__in=numbers).values_list("pk", "seat__kind"))
        if len(found) < party.count:
            raise Lost
        ensure_seats_suit(party, [kind for _pk, kind in found])
        return [pk for pk, _kind in found]
    if allotment.seating.mode == SeatingMode.RESERVED:
        spots = best_together(free_spots(allotment, now), party, attempt, dice)
        if not spots:
            raise full()
        return [spot.place for spot in spots]
    pks = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[: party.count])
    if len(pks) < party.count:
        raise Lost if rows.count() >= party.count else full()
    return pks


def ensure_seats_suit(party: Party, kinds: Sequence[str | None]) -> None:
    """Wheelchair places are for wheelchairs; a companion's seat goes with one."""
    wheels = sum(kind == SeatKind.WHEELCHAIR for kind in kinds)
    beside = sum(kind == SeatKind.COMPANION for kind in kinds)
    if len(kinds) != party.count:
        raise TooMany(_("Choose as many seats as you book places."))
    if wheels > party.wheelchairs or (beside and not wheels):
        raise TooMany(_("Wheelchair places and the seats beside them are kept for those who need them."))
    if wheels < party.wheelchairs:
        raise TooMany(_("Choose as many wheelchair places as you need."))


def take(booking: Booking, places: Sequence[int], now: dt.datetime) -> None:
    """Give these places to the booking if all of them are free still. Raises Lost; call it inside a transaction."""
    free = Place.objects.filter(is_free(now), pk__in=places, allotment=booking.allotment_id)
    in_hand = list(free.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    if len(in_hand) < booking.count or free.update(booking=booking, held_until=booking.held_until) != booking.count:
        raise Lost


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(8))
