"""Who sees seats and bookings, and who may do what with them."""

from __future__ import annotations

from secrets import compare_digest

from django.db.models import QuerySet

from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.models import Participant
from madang.people.rules import is_professional, participant_of
from madang.programme.rules import visible_events
from madang.seating.models import Allotment, AllotmentKind, Booking, Seating


def visible_seatings(user: Visitor, edition: Edition) -> QuerySet[Seating]:
    """Those of the events that the user sees."""
    seen = visible_events(user, edition).order_by().values("pk")
    return Seating.objects.filter(event__in=seen).select_related("event__edition", "event__hall", "event__title")


def visible_bookings(user: Visitor, edition: Edition) -> QuerySet[Booking]:
    """All for organisers, a participant's own for her; others come by the key in their letter."""
    bookings = Booking.objects.filter(seating__event__edition=edition).select_related(*WITH)
    if may_organise(user, edition):
        return bookings
    return bookings.filter(participant__user=user) if user.is_authenticated else bookings.none()


def bookings_by_key(edition: Edition, key: str) -> QuerySet[Booking]:
    """Whoever has the key of a booking, keeps it."""
    return Booking.objects.filter(seating__event__edition=edition, key=key).select_related(*WITH)


WITH = ("seating__event__edition", "seating__event__hall", "seating__event__title", "allotment", "participant__user")


def kinds_of(participant: Participant | None) -> list[str]:
    """Out of which allotments somebody may book: by her roles, and always as one of the public."""
    if participant is None or participant.left_at:
        return [AllotmentKind.PUBLIC]
    held = [
        (AllotmentKind.PRESS, participant.is_press),
        (AllotmentKind.GUESTS, participant.is_guest or participant.is_juror),
        (AllotmentKind.INDUSTRY, is_professional(participant)),
        (AllotmentKind.PUBLIC, True),
    ]
    return [kind for kind, has in held if has]


def may_book(user: Visitor, allotment: Allotment) -> bool:
    """Out of one's own allotments, at events that one sees."""
    event = allotment.seating.event
    if allotment.kind == AllotmentKind.PUBLIC and event.is_public:
        return True
    if not visible_events(user, event.edition).filter(pk=event.pk).exists():
        return False
    return allotment.kind in kinds_of(participant_of(user, event.edition))


def may_keep_booking(user: Visitor, booking: Booking, key: str = "") -> bool:
    """Whoever shows its key; the participant herself; an organiser."""
    if key and compare_digest(key.encode(), booking.key.encode()):
        return True
    return visible_bookings(user, booking.seating.event.edition).filter(pk=booking.pk).exists()


def may_seat(user: Visitor, edition: Edition) -> bool:
    """Draw halls, lay out events, book for groups, move and release: organisers."""
    return may_organise(user, edition)
