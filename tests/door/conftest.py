"""Rows for the doors: an evening with a seating, its tickets, badges, and phones that were paired."""

from __future__ import annotations

import pytest
from door_rows import event_in, paired
from factories import EditionFactory, HallFactory, UserFactory

from madang.seating.models import Allotment, Place, Seating


@pytest.fixture
def organiser():
    return UserFactory()


@pytest.fixture
def edition(organiser):
    edition = EditionFactory()
    edition.market.organisers.add(organiser)
    return edition


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, code="BIG", name="Auditorium", capacity=400)


@pytest.fixture
def event(edition, hall):
    """Begins in twenty minutes and has no seating."""
    return event_in(hall, 20)


@pytest.fixture
def seated(event):
    """Three places for industry, two for the public."""
    seating = Seating.objects.create(event=event, mode="free")
    for kind, count in (("industry", 3), ("public", 2)):
        allotment = Allotment.objects.create(seating=seating, kind=kind)
        start = seating.places.count()
        Place.objects.bulk_create(Place(seating=seating, number=start + n, allotment=allotment) for n in range(1, count + 1))
    return event


@pytest.fixture
def door(edition, organiser, hall):
    return paired(organiser, edition, "Left", hall)


@pytest.fixture
def other_door(edition, organiser, hall):
    return paired(organiser, edition, "Right", hall)
