"""Why somebody gets no place; the text of each is a sentence for the reader."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from madang.seating.models import Booking

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 4
"""So often a database that is busy is asked again."""


class SeatsRefused(Exception):
    """Something that cannot be done with places; the text says why."""


class NotOpen(SeatsRefused):
    """Booking has not begun, or is over."""


class TooMany(SeatsRefused):
    """More places than one booking may have, or none."""


class TooManyHolds(SeatsRefused):
    """One reader, or one network, holds too much that is not booked."""


class Full(SeatsRefused):
    """There are not that many places; she may wait."""


class Taken(SeatsRefused):
    """Somebody else was quicker to get the chosen seats."""


class HoldOver(SeatsRefused):
    """The time in which the places were held is over."""


class Known(SeatsRefused):
    """The reader has a booking here already."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(_("There is a booking of this address here already. Its letter has the link to change it."))
        self.booking = booking


class Busy(SeatsRefused):
    """Too many at once; nothing was taken."""

    def __init__(self, *facts: Any) -> None:
        super().__init__(_("Very many people are booking at this moment. Nothing was taken; please try again."))


def full() -> Full:
    return Full(_("There are not that many places left."))


def patiently(action: Callable[P, R]) -> Callable[P, R]:
    """Try again where the database is locked or away, or two got into each other's way; after some tries say that it is busy."""

    @functools.wraps(action)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            try:
                return action(*args, **kwargs)
            except (OperationalError, InterfaceError) as fault:
                if connection.in_atomic_block:
                    raise  # whoever opened the transaction begins it again
                if attempt == TRIES:
                    raise Busy from fault
                connection.close_if_unusable_or_obsolete()  # one that broke stays broken
                time.sleep(0.05 * attempt)
        raise Busy

    return tried
