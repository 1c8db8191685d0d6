"""Measures of who came: companies, buyers, countries, and what is not asked yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import compress
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.accreditation.models import Badge
from madang.door.models import Admission
from madang.kernels.impact import share_bounds
from madang.markets.models import Edition
from madang.meetings.models import Attendee, Part
from madang.meetings.queries.held import PRESENT
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.meetings import firm_of
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, Later, facts, figure_of, once, unknown
from madang.outcomes.models import Level
from madang.people.models import ROLES, CompanySize, Participant

SOURCE = _("Registered participants; badges handed out, meetings checked in to, doors passed")
SMALL = (CompanySize.MICRO, CompanySize.SMALL)
"""Fewer than 50 people (European Commission, Recommendation 2003/361/EC)."""
UNKNOWN_SIZE = "unknown"
OWN_WORD = (Column.ONE_SIDED,)
"""Nobody else confirms it."""


class Person(NamedTuple):
    """A participant who has not dropped out; `seen` names where she was seen."""

    code: str
    company: str
    firm: tuple[str, str] | None
    country: str
    size: str
    roles: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def column(self) -> Column:
        """Seen at the event, or only registered."""
        return Column.CONFIRMED if self.seen else Column.ONE_SIDED


@once
def edition_people(edition: Edition) -> list[Person]:
    """Everybody who has not dropped out, by code; her country is her company's, else her own. Four queries."""
    seen = _seen(edition)
    firm = [f"company__{name}" for name in ("code", "name", "country", "size")]
    fields = ["pk", "code", "country", *firm, *[f"is_{role}" for role in ROLES]]
    rows = Participant.objects.filter(edition=edition, left_at=None).order_by("code").values_list(*fields)
    return [
        Person(
            code, company or "", firm_of(name, seat) if company else None, seat or country or "", size or "",
            tuple(compress(ROLES, roles)), tuple(seen.get(pk, ())),
        )
        for pk, code, country, company, name, seat, size, *roles in rows
    ]  # fmt: skip


def _seen(edition: Edition) -> dict[int, list[str]]:
    """By participant: the signs that she was there."""
    badges = Badge.objects.filter(edition=edition, handed_out_at__isnull=False)
    meetings = Attendee.objects.filter(PRESENT, part=Part.COMING, request__edition=edition)
    doors = Admission.objects.filter(event__edition=edition, participant__isnull=False)
    found: dict[int, list[str]] = defaultdict(list)
    for sign, rows in (("badge", badges), ("meeting", meetings), ("door", doors)):
        for pk in rows.order_by().values_list("participant", flat=True).distinct():
            found[pk].append(sign)
    return found


def buyers(edition: Edition) -> list[Figure]:
    rows = [
        Row("participant", one.code, one.column, facts=Later(partial(_told_of_person, one)))
        for one in edition_people(edition)
        if "buyer" in one.roles
    ]
    return [figure_of("buyers", 1, Unit.COUNT, rows, SAID)]


def _told_of_person(one: Person) -> Mapping[str, str]:
    return facts(country=one.country, company=one.company, seen=" ".join(one.seen))


def companies(edition: Edition) -> list[Figure]:
    return [figure_of("companies", 1, Unit.COUNT, company_rows(edition), SAID)]


def countries(edition: Edition) -> list[Figure]:
    return [figure_of("countries", 1, Unit.COUNT, _grouped(edition, "country"), SAID)]


@once
def company_rows(edition: Edition) -> list[Row]:
    return _grouped(edition, "company")


def _grouped(edition: Edition, kind: str) -> list[Row]:
    """A row a company (two rows of one name and country are one) or a country that anybody comes from."""
    groups: dict[object, list[Person]] = defaultdict(list)
    for one in edition_people(edition):
        key: object = one.firm if kind == "company" else one.country
        if key:
            groups[key].append(one)
    return [_row(kind, found) for _key, found in sorted(groups.items(), key=lambda item: str(item[0]))]


def _row(kind: str, people: Sequence[Person]) -> Row:
    column = Column.CONFIRMED if any(one.seen for one in people) else Column.ONE_SIDED
    first = people[0]
    key = first.company if kind == "company" else first.country
    return Row(kind, key, column, facts=Later(partial(_told, kind, people)))


def _told(kind: str, people: Sequence[Person]) -> Mapping[str, str]:
    size = {"size": next((one.size for one in people if one.size), UNKNOWN_SIZE)} if kind == "company" else {}
    role = " ".join(name for name in ROLES if any(name in one.roles for one in people))
    seen = sum(bool(one.seen) for one in people)
    return facts(country=people[0].country, people=len(people), seen=seen, roles=role, **size)


def small_companies(edition: Edition) -> list[Figure]:
    """Of the companies that say their size; the bounds are those of all companies, whatever the others employ."""
    every = company_rows(edition)
    said = [one for one in every if one.facts["size"] != UNKNOWN_SIZE]
    small = [one for one in said if one.facts["size"] in SMALL]
    if not said:
        return [unknown("small_companies_share", 2, Unit.SHARE, OWN_WORD)]
    low, high = share_bounds(len(small), len(said), len(every)).worst
    rows = [
        one._replace(column=Column.ONE_SIDED, part=part)
        for part, several in ((NUMERATOR, small), (DENOMINATOR, said))
        for one in several
    ]
    figure = figure_of(
        "small_companies_share", 2, Unit.SHARE, rows, OWN_WORD, of=Column.ONE_SIDED,
        low=Decimal(str(round(low, 6))), high=Decimal(str(round(high, 6))), level=Decimal(1),
        facts=facts(asked=len(every), answered=len(said), bounds="worst"),
    )  # fmt: skip
    return [figure]


def nobody(edition: Edition) -> str | Promise:
    has_people = Participant.objects.filter(edition=edition, left_at=None).exists()
    return "" if has_people else _("Nobody is registered yet.")


def no_sizes(edition: Edition) -> str | Promise:
    people = Participant.objects.filter(edition=edition, left_at=None)
    return "" if people.filter(company__isnull=False).exclude(company__size="").exists() else _("No company has said its size.")


MEASURES = (
    Measure(
        "companies", 1, _("Companies"),
        _("Companies with somebody who is registered and has not dropped out. Confirmed: one of them was seen there (badge handed"
          " out, checked in to a meeting, let in at a door). One-sided: only registered. Two of one name and country are one."),
        Unit.COUNT, SOURCE, companies, Level.INPUT, ("country", "size"), is_missing=nobody,
    ),
    Measure(
        "buyers", 1, _("Buyers"),
        _("People registered as buyers who have not dropped out, by the country of their company. Confirmed: seen there."
          " One-sided: only registered."),
        Unit.COUNT, SOURCE, buyers, Level.INPUT, ("country",), is_missing=nobody,
    ),
    Measure(
        "countries", 1, pgettext_lazy("visitors", "Countries"),
        _("Countries of the companies (else of the people) that are registered. Confirmed: somebody from there was seen there."),
        Unit.COUNT, SOURCE, countries, Level.INPUT, is_missing=nobody,
    ),
    Measure(
        "small_companies_share", 2, _("Share of small companies"),
        _("Companies that employ fewer than 50 people, divided by those that say how many they employ; each says it of itself."
          " Bounds: for all companies, if all or none of the others were small. Two of one name and country are one."),
        Unit.SHARE, _("What companies say of their size: in applications for badges, or in the workbook"), small_companies,
        Level.INPUT, ("country", "size"), is_missing=no_sizes,
    ),
)  # fmt: skip
