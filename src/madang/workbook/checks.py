"""Checks between rows and sheets, against the file itself and the edition as it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from madang.workbook.columns import SHEETS, Kind, spec_of
from madang.workbook.faults import Fault, fault_at
from madang.workbook.places import fault_in
from madang.workbook.records import Contents, Record, Records, Values, merged
from madang.workbook.wanted import check_requests

SUGGESTIONS = 40
"""Look for what was meant in so many unknown codes; a file with more has another trouble."""


@dataclass(slots=True)
class Ground:
    """What a check stands on: the file, and the edition as it would be."""

    records: Records
    after: Contents
    suggested: dict[str, int] = field(default_factory=dict)

    def rows(self, sheet: str) -> dict[str, Values]:
        return self.after.get(sheet, {})

    @property
    def edition(self) -> Values:
        return next(iter(self.rows("Edition").values()), {})


def check(records: Records, current: Contents) -> list[Fault]:
    """Every fault between rows and sheets."""
    ground = Ground(records, merged(records, current))
    return [
        *_edition(ground, current),
        *_references(ground),
        *_places(ground),
        *_slots(ground),
        *_people(ground),
        *_mandates(ground),
        *_amounts(ground),
        *_families(ground),
        *check_requests(records, ground.after),
    ]


def _edition(ground: Ground, current: Contents) -> Iterator[Fault]:
    record = ground.records.edition
    if record is None:
        if not current.get("Edition") and ground.records.names and not ground.records.faulty.get("Edition"):
            yield fault_at("Edition", 0, 0, "", "", "no_edition")
        return
    first, last = record.values.get("starts_on"), record.values.get("ends_on")
    if first and last and last < first:
        yield fault_in(ground.records, record, "ends_on", "days_reversed")


def _references(ground: Ground) -> Iterator[Fault]:
    """Codes that lead nowhere, with the code that was probably meant."""
    for spec in SHEETS:
        references = [column for column in spec.columns if column.kind in (Kind.REF, Kind.REFS)]
        for record in ground.records.of(spec.key):
            for column in references:
                value = record.values.get(column.key)
                for code in value if isinstance(value, tuple) else (value,):
                    if code and code not in ground.rows(column.to) and code not in ground.records.faulty.get(column.to, ()):
                        yield _unknown(ground, record, column.key, column.to, code)


def _unknown(ground: Ground, record: Record, key: str, sheet: str, code: str) -> Fault:
    target = ground.records.names.get(sheet, sheet)
    near = _near(ground, sheet, code)
    if near:
        return fault_in(ground.records, record, key, "unknown_code_near", target=target, near=near)
    return fault_in(ground.records, record, key, "unknown_code", target=target)


def _near(ground: Ground, sheet: str, code: str) -> str:
    ground.suggested[sheet] = ground.suggested.get(sheet, 0) + 1
    if ground.suggested[sheet] > SUGGESTIONS:
        return ""
    known = ground.rows(sheet)
    same = next((other for other in known if _loose(other) == _loose(code)), "")
    return same or next(iter(get_close_matches(code, known, n=1, cutoff=0.7)), "")


def _loose(code: str) -> str:
    """Without case, spaces, hyphens, and zeros before numbers: "p 3" is "P03"."""
    return re.sub(r"[\W_]|(?<!\d)0+(?=\d)", "", code.casefold())


def _places(ground: Ground) -> Iterator[Fault]:
    halls: dict[str, tuple[str, int]] = {}
    booths: dict[str, str] = {}
    for code, table in ground.rows("Tables").items():
        for company in table.get("companies") or ():
            booths.setdefault(company, code)
    for record in ground.records.of("Tables"):
        hall, name = record.values.get("hall"), record.values.get("hall_name")
        if hall and name and halls.setdefault(hall, (name, record.row))[0] != name:
            yield fault_in(ground.records, record, "hall_name", "hall_names_differ", hall=hall, other=halls[hall][1])
        table = ground.rows("Tables")[record.code]
        if table.get("companies") and not table.get("is_booth"):
            yield fault_in(ground.records, record, "companies", "not_a_booth")
        for company in record.values.get("companies") or ():
            if booths[company] != record.code:
                yield fault_in(ground.records, record, "companies", "two_booths", company=company, other=booths[company])


def _slots(ground: Ground) -> Iterator[Fault]:
    own = {record.code: record for record in ground.records.of("Slots") if "starts_at" in record.values}
    edition = ground.edition
    first, last = edition.get("starts_on"), edition.get("ends_on")
    zone = ZoneInfo(edition.get("time_zone") or "UTC")
    if first and last:
        for record in own.values():
            if not first <= record.values["starts_at"].astimezone(zone).date() <= last:
                yield fault_in(ground.records, record, "start", "slot_outside", first=first, last=last)
    timed = [(slot["starts_at"], slot["ends_at"], code) for code, slot in ground.rows("Slots").items() if "starts_at" in slot]
    latest: tuple[dt.datetime, str] | None = None
    for start, end, code in sorted(timed):
        if latest and start < latest[0] and (code in own or latest[1] in own):
            place, other = (code, latest[1]) if code in own else (latest[1], code)
            yield fault_in(ground.records, own[place], "start", "slot_overlap", other=other)
        if latest is None or end > latest[0]:
            latest = (end, code)


def _people(ground: Ground) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    own = {record.code for record in ground.records.of("People")}
    for code, person in ground.rows("People").items():
        if person.get("email") and code not in own:
            owners[person["email"].casefold()] = code
    for record in ground.records.of("People"):
        person = ground.rows("People")[record.code]
        email = (person.get("email") or "").casefold()
        if email and owners.setdefault(email, record.code) != record.code:
            yield fault_in(ground.records, record, "email", "doubled_email", other=owners[email])
        if not person.get("roles"):
            yield fault_in(ground.records, record, "roles", "no_role", warning=True)


def _families(ground: Ground) -> Iterator[Fault]:
    """Parts are seasons and episodes, and no title is part of itself."""
    titles = ground.rows("Titles")
    for record in ground.records.of("Titles"):
        title = titles[record.code]
        if not title.get("part_of"):
            continue
        if title.get("level") not in ("season", "episode"):
            yield fault_in(ground.records, record, "level", "part_without_level")
        way = [record.code]
        while (above := titles.get(way[-1], {}).get("part_of")) and above not in way:
            way.append(above)
        if above == record.code:
            yield fault_in(ground.records, record, "part_of", "part_of_itself", circle=" → ".join([*way, above]))


def _mandates(ground: Ground) -> Iterator[Fault]:
    people = ground.rows("People")
    for record in ground.records.of("Mandates"):
        buyer: Any = people.get(record.values.get("buyer", ""))
        if buyer and "buyer" not in (buyer.get("roles") or ()):
            yield fault_in(ground.records, record, "buyer", "not_a_buyer", warning=True, person=record.values["buyer"])


RANGES = (("minutes_from", "minutes_to"), ("window_from", "window_to"), ("budget_from", "budget_to"))
AMOUNTS = {"Titles": (("asks",), "asks_currency"), "Mandates": (("budget_from", "budget_to"), "budget_currency")}


def _amounts(ground: Ground) -> Iterator[Fault]:
    """Ranges lie the right way round, and amounts have their currency."""
    for record in ground.records.of("Mandates"):
        row = ground.rows("Mandates")[record.code]
        for low, high in RANGES:
            if row.get(low) is not None and row.get(high) is not None and row[low] > row[high]:
                place, other = (high, low) if high in record.values else (low, high)
                yield fault_in(ground.records, record, place, "range_reversed", other=spec_of("Mandates").column(other).header.en)
    for sheet, (amounts, currency) in AMOUNTS.items():
        for record in ground.records.of(sheet):
            row = ground.rows(sheet)[record.code]
            if any(row.get(name) is not None for name in amounts) and not row.get(currency) and amounts[-1] in record.values:
                yield fault_in(ground.records, record, currency if currency in record.values else amounts[-1], "no_currency")
