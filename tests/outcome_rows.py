"""Rows for the tests of outcomes: a published timetable with meetings that were held, or not."""

from __future__ import annotations

from factories import CompanyFactory, ParticipantFactory
from hall import Hall, hall

from madang.meetings.models import Attendee, Meeting, TimetableState
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Column, Figure

SURE, ALONE, GUESS = Column.CONFIRMED, Column.ONE_SIDED, Column.ESTIMATE


def market(*places: tuple[int, int, int | None], asks: tuple[tuple[int, int], ...] = (), **facts: object) -> Hall:
    """A hall whose `asks` (buyer, seller) are in the published timetable at `places`; its clock stands after the last slot."""
    yard = hall(**facts)
    for buyer, seller in asks:
        yard.ask(buyer, seller)
    draft = yard.draft(*places)
    draft.state, draft.version = TimetableState.PUBLISHED, 1
    draft.save()
    yard.at(3)
    yard.edition.clock_shift += yard.slots[3].ends_at - yard.slots[3].starts_at
    yard.edition.save()
    return yard


def seen(yard: Hall, number: int, *sides: str) -> None:
    """Somebody of these sides checked in to the meeting of that request."""
    for side in sides:
        seat = Attendee.objects.get(request=yard.requests[number], side=side)
        seat.checked_in_at, seat.checked_in_by = yard.slots[0].starts_at, seat.participant
        seat.save()


def missed(yard: Hall, number: int, side: str, cause: str = "absent") -> None:
    """The other side reports that nobody of this side came."""
    seats = {seat.side: seat for seat in Attendee.objects.filter(request=yard.requests[number])}
    other = seats["receiver" if side == "sender" else "sender"]
    seats[side].absent_cause, seats[side].absent_at, seats[side].absent_by = cause, yard.slots[0].ends_at, other.participant
    seats[side].save()


def figures(edition: object, code: str) -> list[Figure]:
    return list(CATALOGUE[code].compute(edition))


def columns(edition: object, code: str) -> dict[Column, object]:
    """The columns of a measure with one figure."""
    (figure,) = figures(edition, code)
    return dict(figure.columns)


def renamed(person: object, name: str, country: str = "KR") -> None:
    """Her company's name and country."""
    person.company.name, person.company.country = name, country
    person.company.save()


def cancelled(yard: Hall, number: int) -> None:
    Meeting.objects.filter(request=yard.requests[number]).update(is_cancelled=True)


def registered(edition: object, country: str = "KR", **facts: object) -> object:
    """A buyer of a company of that country."""
    return ParticipantFactory(edition=edition, is_buyer=True, company=CompanyFactory(edition=edition, country=country), **facts)
