"""Measures of who came: companies, buyers, countries, and what is not asked yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.accreditation.models import Badge
from madang.door.models import Admission
from madang.markets.models import Edition
from madang.meetings.models import Attendee, Part
from madang.meetings.queries.held import PRESENT
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.meetings import firm_of
from madang.outcomes.measures.sums import SAID, facts, figure_of, once, unknown
from madang.outcomes.models import Level
from madang.people.models import ROLES, Participant

SOURCE = _("Registered participants; badges handed out, meetings checked in to, doors passed")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant who has not dropped out; `seen` names where she was seen."""

    code: str
    company: str
    firm: tuple[str, str] | None
    country: str
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
    fields = ["pk", "code", "country", "company__code", "company__name", "company__country", *[f"is_{role}" for role in ROLES]]
    rows = Participant.objects.filter(edition=edition, left_at=None).order_by("code").values_list(*fields)
    return [
        Person(
            code, company or "", firm_of(name, seat) if company else None, seat or country or "",
            tuple(role for role, has in zip(ROLES, roles, strict=True) if has), tuple(seen.get(pk, ())),
        )
        for pk, code, country, company, name, seat, *roles in rows
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
        Row("participant", one.code, one.column, facts=facts(country=one.country, company=one.company, seen=" ".join(one.seen)))
        for one in edition_people(edition)
        if "buyer" in one.roles
    ]
    return [figure_of("buyers", 1, Unit.COUNT, rows, SAID)]


def companies(edition: Edition) -> list[Figure]:
    return [figure_of("companies", 1, Unit.COUNT, _grouped(edition, "company"), SAID)]


def countries(edition: Edition) -> list[Figure]:
    return [figure_of("countries", 1, Unit.COUNT, _grouped(edition, "country"), SAID)]


def _grouped(edition: Edition, kind: str) -> list[Row]:
    """A row a company (two rows of one name and country are one) or a country that anybody comes from."""
    groups: dict[object, list[Person]] = defaultdict(list)
    for one in edition_people(edition):
        key: object = one.firm if kind == "company" else one.country
        if key:
            groups[key].append(one)
    return [_row(kind, found) for _key, found in sorted(groups.items(), key=lambda item: str(item[0]))]


def _row(kind: str, found: Iterable[Person]) -> Row:
    people = list(found)
    column = Column.CONFIRMED if any(one.seen for one in people) else Column.ONE_SIDED
    first = people[0]
    role = " ".join(name for name in ROLES if any(name in one.roles for one in people))
    told = facts(country=first.country, people=len(people), seen=sum(bool(one.seen) for one in people), roles=role)
    return Row(kind, first.company if kind == "company" else first.country, column, facts=told)


def small_companies(_edition: Edition) -> list[Figure]:
    return [unknown("small_companies_share", 1, Unit.SHARE, SAID)]


def nobody(edition: Edition) -> str | Promise:
    has_people = Participant.objects.filter(edition=edition, left_at=None).exists()
    return "" if has_people else _("Nobody is registered yet.")


def not_asked(_edition: Edition) -> str | Promise:
    return _("Companies are not asked for their size yet.")


MEASURES = (
    Measure(
        "companies", 1, _("Companies"),
        _("Companies with somebody who is registered and has not dropped out. Confirmed: one of them was seen there (badge handed"
          " out, checked in to a meeting, let in at a door). One-sided: only registered. Two of one name and country are one."),
        Unit.COUNT, SOURCE, companies, Level.INPUT, ("country",), is_missing=nobody,
    ),
    Measure(
        "buyers", 1, _("Buyers"),
        _("People registered as buyers who have not dropped out, by the country of their company. Confirmed: seen there."
          " One-sided: only registered."),
        Unit.COUNT, SOURCE, buyers, Level.INPUT, ("country",), is_missing=nobody,
    ),
    Measure(
        "countries", 1, _("Countries"),
        _("Countries of the companies (else of the people) that are registered. Confirmed: somebody from there was seen there."),
        Unit.COUNT, SOURCE, countries, Level.INPUT, is_missing=nobody,
    ),
    Measure(
        "small_companies_share", 1, _("Share of small companies"),
        _("Companies with fewer than 50 people, divided by all companies."),
        Unit.SHARE, _("What companies say of their size"), small_companies, Level.INPUT, is_missing=not_asked,
    ),
)  # fmt: skip
