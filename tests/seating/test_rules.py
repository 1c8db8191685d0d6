"""Who books out of which allotment, and who keeps a booking, as tables."""

from __future__ import annotations

import pytest
from factories import EditionFactory, ParticipantFactory, UserFactory
from seating_rows import NOBODY, book, event_at, free_seating, organiser_of, public_of

from madang.seating.actions.layout import Share
from madang.seating.models import AllotmentKind
from madang.seating.rules import kinds_of, may_book, may_keep_booking, may_seat, visible_bookings, visible_seatings

pytestmark = pytest.mark.django_db
KINDS = list(AllotmentKind.values)
ROLES = {
    "visitor": {"public"},
    "stranger": {"public"},
    "buyer": {"industry", "public"},
    "seller": {"industry", "public"},
    "creator": {"industry", "public"},
    "juror": {"guests", "public"},
    "press": {"press", "public"},
    "guest": {"guests", "public"},
}
"""Role -> allotments of a public event; of an industry event, participants have the same and others none."""


def user_of(role, edition):
    if role == "visitor":
        return NOBODY
    if role == "stranger":
        return UserFactory()
    return ParticipantFactory(edition=edition, **{f"is_{role}": True}).user


@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize("role", ROLES)
def test_who_books_out_of_which_allotment(role, is_public):
    edition = EditionFactory()
    seating = free_seating(event=event_at(edition, is_public=is_public), shares=[Share(kind, 1) for kind in KINDS])
    user = user_of(role, edition)
    wanted = ROLES[role] if is_public or role not in ("visitor", "stranger") else set()
    assert {kind for kind in KINDS if may_book(user, public_of(seating, kind))} == wanted
    assert visible_seatings(user, edition).exists() == (is_public or bool(wanted))


def test_who_left_is_one_of_the_public():
    person = ParticipantFactory(is_buyer=True)
    person.left_at = person.edition.now()
    assert kinds_of(person) == ["public"]


@pytest.mark.parametrize(
    ("who", "sees", "keeps", "seats"),
    [
        ("nobody", 0, False, False),
        ("stranger", 0, False, False),
        ("organiser", 1, True, True),
        ("other organiser", 0, False, False),
    ],
)
def test_who_keeps_a_booking(who, sees, keeps, seats):
    seating = free_seating(1)
    booking, edition = book(seating, 1), seating.event.edition
    users = {"nobody": NOBODY, "stranger": UserFactory(), "organiser": organiser_of(edition)}
    user = users.get(who) or organiser_of(EditionFactory())
    found = (visible_bookings(user, edition).count(), may_keep_booking(user, booking), may_seat(user, edition))
    assert found == (sees, keeps, seats)
    assert may_keep_booking(user, booking, booking.key) is True
    assert may_keep_booking(user, booking, "Ångström") is keeps
