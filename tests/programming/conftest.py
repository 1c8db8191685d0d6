"""A small programme: two halls of the edition's three days, and items as one needs them."""

from __future__ import annotations

import datetime as dt

import pytest
from factories import EditionFactory, HallFactory, ParticipantFactory, UserFactory

from madang.programming.models import Item, ItemGuest

DAY = dt.datetime(2025, 5, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))
"""Midnight in Busan on the last day of the edition: its clock stands on the morning before."""


class Table:
    """The edition, its organiser, its halls, and short words for making things."""

    def __init__(self) -> None:
        self.edition = EditionFactory(venue="BEXCO", city="Busan")
        self.organiser = UserFactory(name="Oh Organiser", email="oh@organiser.example")
        self.edition.market.organisers.add(self.organiser)
        self.big = HallFactory(edition=self.edition, code="BIG", name="Auditorium", capacity=300, changeover=15, equipment="DCP")
        self.small = HallFactory(edition=self.edition, code="SMALL", name="Talk room", capacity=50, changeover=15)

    def at(self, clock: str, day: int = 0) -> dt.datetime:
        """A moment of the day in Busan: "14:30"."""
        hours, minutes = map(int, clock.split(":"))
        return DAY + dt.timedelta(days=day, hours=hours, minutes=minutes)

    def item(self, code: str, clock: str = "", hall=None, *, guests=(), day: int = 0, **facts) -> Item:
        """An hour's screening, placed where a clock is given."""
        place = {"hall": hall or self.big, "starts_at": self.at(clock, day)} if clock else {}
        row = Item.objects.create(
            edition=self.edition, code=code, **{"kind": "screening", "name": code.title(), "minutes": 60} | place | facts
        )
        ItemGuest.objects.bulk_create([ItemGuest(item=row, participant=person) for person in guests])
        return row

    def person(self, **facts):
        return ParticipantFactory(edition=self.edition, **facts)


@pytest.fixture
def table(db) -> Table:
    return Table()
