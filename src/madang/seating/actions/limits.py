"""Nobody keeps an event from others by holds that are never booked: how many may stand at once for one reader, one network."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.conf import settings
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from madang.seating.actions.claiming import Reader
from madang.seating.actions.refusals import TooManyHolds
from madang.seating.models import Booking, BookingState

HOLDS_A_READER = 5
"""So many holds of one e-mail address that are not booked yet, at all events together."""
REMEMBERED = dt.timedelta(hours=1)
"""So long a booking's origin is kept."""


def origin_of(address: str | None) -> str:
    """A name for the network that tells nothing about it; empty where it is not known, or is the machine itself (a proxy's)."""
    try:
        is_own = ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return ""
    return "" if is_own else salted_hmac("madang.seating.origin", address or "").hexdigest()[:16]


def ensure_moderate(reader: Reader, now: dt.datetime, instead: Booking | None = None) -> None:
    """Raises TooManyHolds. Participants have one booking an event, and are not counted.

    Several who press at the very same moment may pass together: it keeps crowds of holds away, it does not count seats.
    """
    if reader.participant is not None:
        return
    standing = Booking.objects.filter(state=BookingState.HELD, held_until__gt=now, participant=None)
    standing = standing.exclude(pk=instead.pk) if instead else standing
    same = Q(email=reader.fields["email"])
    found = standing.aggregate(own=Count("pk", filter=same), near=Count("pk", filter=Q(origin=reader.origin)))
    if found["own"] >= HOLDS_A_READER:
        raise TooManyHolds(_("You hold places at several events: book them or give them up first. Nothing was taken."))
    if reader.origin and 0 < settings.HOLDS_AN_ADDRESS <= found["near"] + waits_of(reader.origin, now):
        raise TooManyHolds(
            _("Very many places are held from your network at this moment. Nothing was taken; please try again in some minutes.")
        )


def waits_of(origin: str, now: dt.datetime) -> int:
    """Those who have begun to wait from there within the hour."""
    return Booking.objects.filter(origin=origin, state=BookingState.WAITING, created_at__gt=now - REMEMBERED).count()


def forget_origins(now: dt.datetime) -> int:
    """Of bookings that are older than an hour nobody needs to know any more that they came from one network."""
    return Booking.objects.exclude(origin="").filter(created_at__lte=now - REMEMBERED).update(origin="")
