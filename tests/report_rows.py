"""An edition with what a small report needs, and two measures of the tests' own."""

from __future__ import annotations

from decimal import Decimal

from factories import CompanyFactory, EditionFactory, MeetingRequestFactory, UserFactory

from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.measures.face import Column, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, SURE, figure_of
from madang.outcomes.models import Accounts, Level

COUNTRIES = ("KR", "KR", "KR", "KR", "KR", "KR", "FR", "FR")


def asked(edition):
    """A row a request: those that were accepted are confirmed, by the sender's country."""
    columns = {RequestStatus.ACCEPTED: Column.CONFIRMED, RequestStatus.SENT: Column.ONE_SIDED}
    found = MeetingRequest.objects.filter(edition=edition).select_related("sender__company")
    rows = [Row("meeting", one.code, columns[one.status], facts={"country": one.sender.company.country}) for one in found]
    return [figure_of("asked", 1, Unit.COUNT, rows, SAID, facts={"asked": "20", "answered": "8"})]


def accepted(edition):
    """The share of requests that were accepted, with an interval."""
    found = MeetingRequest.objects.filter(edition=edition)
    rows = [Row("meeting", one.code, Column.CONFIRMED, part=DENOMINATOR) for one in found]
    rows += [Row("meeting", one.code, Column.CONFIRMED, part=NUMERATOR) for one in found if one.status == RequestStatus.ACCEPTED]
    edges = {"low": Decimal("0.25"), "high": Decimal("0.9")}
    return [figure_of("accepted", 2, Unit.SHARE, rows, SURE, **edges)]


def of_mandates(edition):
    """Nothing that is public."""
    return [figure_of("hidden", 1, Unit.COUNT, [Row("mandate", "M-1", Column.CONFIRMED)], SURE)]


MEASURES = (
    Measure("asked", 1, "Requests", "Requests that were sent.", Unit.COUNT, "Requests", asked, Level.INPUT),
    Measure("accepted", 2, "Accepted", "Those accepted, of all.", Unit.SHARE, "Requests", accepted, Level.REACTION),
    Measure("hidden", 1, "Hidden", "Not public.", Unit.COUNT, "Mandates", of_mandates, Level.INPUT, is_public=False),
)
SUMS = {"name": "The figures of 2025", "name_ko": "2025년 성과", "name_fr": "Les chiffres de 2025"}


def small_edition(**facts):
    """Eight requests from two countries, six of them accepted, and an organiser. Gives (edition, organiser)."""
    edition = EditionFactory(name_fr="Marché Yard 2025", **facts)
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    Accounts.objects.create(edition=edition, currency="EUR", least_cell=3)
    for number, country in enumerate(COUNTRIES):
        status = RequestStatus.ACCEPTED if number % 4 else RequestStatus.SENT
        company = CompanyFactory(edition=edition, country=country)
        MeetingRequestFactory(edition=edition, code=f"R-{number}", sender__company=company, status=status)
    return edition, organiser
