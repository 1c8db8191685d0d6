"""A small market hall for the timetable's tests: four slots on two days, two tables, buyers and sellers, accepted requests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone
from factories import (
    EditionFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    UserFactory,
)

from madang.accounts.models import User
from madang.markets.models import Edition, Slot, Table
from madang.meetings.actions.drafts import new_draft, refresh_figures
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.actions.refusals import Situation
from madang.meetings.models import Attendance, Meeting, MeetingRequest, Timetable, Unplaced
from madang.meetings.queries.timetable import plan_of, timetable_problem
from madang.people.models import Participant

EVE = dt.datetime(2025, 5, 27, 1, 0, tzinfo=dt.UTC)


@dataclass
class Hall:
    edition: Edition
    organiser: User
    slots: list[Slot]
    tables: list[Table]
    buyers: list[Participant]
    sellers: list[Participant]
    requests: list[MeetingRequest] = field(default_factory=list)

    def ask(self, buyer: int, seller: int, **fields: object) -> MeetingRequest:
        """An accepted request of a buyer to a seller."""
        request = MeetingRequestFactory(edition=self.edition, sender=self.buyers[buyer], receiver=self.sellers[seller], **fields)
        self.requests.append(request)
        return request

    def at(self, slot: int) -> None:
        """Set the edition's clock to one minute after the begin of a slot."""
        self.edition.clock_shift = self.slots[slot].starts_at + dt.timedelta(minutes=1) - timezone.now()
        self.edition.save(update_fields=["clock_shift"])

    def publish(self, *places: tuple[int, int, int | None]) -> Timetable:
        """A published version with the requests of these numbers in these slots at these tables."""
        draft = self.draft(*places)
        return publish_timetable(self.organiser, self.edition, draft.revision)[0]

    def draft(self, *places: tuple[int, int, int | None]) -> Timetable:
        """A draft with the requests of these numbers in these slots at these tables; the others have no place."""
        draft = new_draft(self.edition, {"bound": 100})
        for number, slot, table in places:
            request = self.requests[number]
            meeting = Meeting.objects.create(
                timetable=draft,
                request=request,
                slot=self.slots[slot],
                table=None if table is None else self.tables[table],
            )
            for person in (request.sender, request.receiver):
                Attendance.objects.create(timetable=draft, slot=meeting.slot, meeting=meeting, participant=person)
        placed = {number for number, _slot, _table in places}
        for number, request in enumerate(self.requests):
            if number not in placed:
                Unplaced.objects.create(timetable=draft, request=request, code="no_common_slot")
        problem, maps = timetable_problem(self.edition)
        refresh_figures(draft, Situation(problem, plan_of(draft, maps)[0], maps))
        draft.save()
        return draft


def hall(people: int = 3, tables: int = 2, **fields: object) -> Hall:
    """Slots at 10:00 and 10:30 in Busan on 28 and 29 May, which is tomorrow; `people` buyers and sellers, each of her company."""
    edition = EditionFactory(**({"clock_shift": EVE - timezone.now()} | fields))
    organiser = UserFactory(name="Organiser")
    edition.market.organisers.add(organiser)
    ten = dt.datetime(2025, 5, 28, 1, 0, tzinfo=dt.UTC)
    starts = [ten + dt.timedelta(days=day, minutes=30 * half) for day in range(2) for half in range(2)]
    slots = [SlotFactory(edition=edition, code=f"S{n}", starts_at=start) for n, start in enumerate(starts)]
    return Hall(
        edition,
        organiser,
        slots,
        [TableFactory(edition=edition, code=f"T{n}", position=n) for n in range(tables)],
        [ParticipantFactory(edition=edition, is_buyer=True, given_name="Buyer", family_name=f"B{n}") for n in range(people)],
        [ParticipantFactory(edition=edition, is_seller=True, given_name="Seller", family_name=f"S{n}") for n in range(people)],
    )
