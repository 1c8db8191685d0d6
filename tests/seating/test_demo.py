"""The demo's seats, before and during the market."""

from __future__ import annotations

import pytest
from factories import ParticipantFactory
from seating_rows import audit, organiser_of

from madang.markets.models import Stage
from madang.programme.models import Visit
from madang.seating.models import Booking, Place, Seat, Seating
from madang.site.demo.build import dice, set_clock
from madang.site.demo.places import make_edition, make_halls
from madang.site.demo.seating import FULL, WAITING, make_seats
from madang.site.demo.showcase import make_programme, make_showcase
from madang.site.demo.sizes import MOMENTS, SEED

# Places of participants, of the public, and who waits.
BOOKED = {
    Stage.MEETINGS: (True, False, 0),
    Stage.LIVE: (True, True, WAITING),
}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", BOOKED)
def test_the_demo_has_seats_and_bookings_as_its_moment_asks(stage):
    edition = make_edition(stage)
    set_clock(edition)
    events = make_programme(edition, make_halls(edition), make_showcase(edition), [])
    person = ParticipantFactory(edition=edition, is_buyer=True, country="FR")
    screening = next(event for event in events if event.code == FULL)
    Visit.objects.create(event=screening, participant=person)
    make_seats(dice(SEED, "seats"), edition, organiser_of(edition), MOMENTS[stage])
    full = Seating.objects.get(event=screening)
    waiting = full.bookings.filter(state="waiting").count()
    booked = Booking.objects.filter(state="booked")
    assert (booked.filter(participant=person).exists(), booked.filter(participant=None).exists(), waiting) == BOOKED[stage]
    assert (Seat.objects.filter(kind="wheelchair").count(), full.places.count(), audit()) == (7, 388, [])
    if waiting:
        assert not Place.objects.filter(seating=full, booking=None, allotment__kind="public").exists()
        assert booked.count() > 600
