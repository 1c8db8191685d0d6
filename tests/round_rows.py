"""An edition after its event with held meetings, for the tests of what came of it: one call each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from factories import CompanyFactory, EditionFactory, MeetingRequestFactory, ParticipantFactory, SlotFactory, UserFactory

from madang.markets.models import Edition, Stage
from madang.meetings.models import Attendee, Meeting, MeetingRequest, Timetable, TimetableState
from madang.outcomes.actions.rounds import plan_rounds
from madang.outcomes.models import Round
from madang.people.models import Participant

LAST = dt.date(2025, 5, 30)


def at(edition: Edition, day: str) -> dt.datetime:
    """Set the edition's clock to noon at the venue on that day; gives the moment."""
    moment = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), edition.zone)
    edition.clock_shift = moment - timezone.now()
    edition.save()
    return moment


class After:
    """A seller and `buyers` buyers who met her, each a company of its own; the organiser has planned the usual rounds."""

    def __init__(self, buyers: int = 1, day: str = "2025-06-02", *, plan: bool = True, **facts: Any) -> None:
        self.edition = EditionFactory(stage=Stage.AFTER, **facts)
        at(self.edition, day)
        self.organiser = UserFactory(name="Oh")
        self.edition.market.organisers.add(self.organiser)
        self.timetable = Timetable.objects.create(edition=self.edition, state=TimetableState.PUBLISHED, version=1)
        self.seller = self.person("Haneul", is_seller=True)
        self.buyers = [self.person(f"Buyer {number}", is_buyer=True) for number in range(buyers)]
        self.requests = [self.met(buyer, self.seller) for buyer in self.buyers]
        if plan:
            plan_rounds(self.organiser, self.edition)

    @classmethod
    def of(cls, at_table: Any) -> After:
        """The same around an edition, seller and buyer that are there."""
        after = cls.__new__(cls)
        after.edition, after.seller, after.buyers = at_table.edition, at_table.seller, [at_table.buyer]
        after.timetable = Timetable.objects.create(edition=after.edition, state=TimetableState.PUBLISHED, version=1)
        return after

    def person(self, name: str, **facts: Any) -> Participant:
        company = CompanyFactory(edition=self.edition, name=f"Company of {name}")
        return ParticipantFactory(
            **{"edition": self.edition, "company": company, "given_name": name, "family_name": "Kim"} | facts
        )

    def met(self, sender: Participant, receiver: Participant, *, held: bool = True) -> MeetingRequest:
        """A meeting of the published timetable, in which both sides checked in or nobody did."""
        request = MeetingRequestFactory(edition=self.edition, sender=sender, receiver=receiver)
        first = dt.datetime.combine(self.edition.ends_on, dt.time(9), self.edition.zone)
        starts_at = first + dt.timedelta(minutes=30 * self.edition.slots.count())
        slot = SlotFactory(edition=self.edition, starts_at=starts_at, ends_at=starts_at + dt.timedelta(minutes=25))
        Meeting.objects.create(timetable=self.timetable, request=request, slot=slot)
        if held:
            Attendee.objects.filter(request=request).update(checked_in_at=slot.starts_at)
        return request

    def round(self, months: int = 3) -> Round:
        return Round.objects.select_related("edition").get(edition=self.edition, months=months)
