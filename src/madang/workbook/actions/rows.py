"""Rows of each sheet -> the database, many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from madang.accounts.models import User
from madang.catalogue.models import Identifier, Profile, Scheme, Title
from madang.kit.search import fill_all
from madang.mandates.models import Mandate
from madang.mandates.versions import keep_versions
from madang.markets.models import Edition, Hall, Slot, Table
from madang.meetings.models import MeetingRequest
from madang.people.models import ROLES, Company, Participant
from madang.workbook.current import MANDATE_FIELDS, PROFILE_FIELDS
from madang.workbook.differing import Difference, stated
from madang.workbook.records import Values

BATCH = 500
MODELS: dict[str, type[models.Model]] = {
    "Halls": Hall,
    "Tables": Table,
    "Slots": Slot,
    "Companies": Company,
    "People": Participant,
    "Titles": Title,
    "Mandates": Mandate,
    "Requests": MeetingRequest,
}
ASIDE = dt.timedelta(days=400 * 365)
"""Where slots stand while they change places: no two may share a start, not even for a moment."""


class Codes:
    """Ids of an edition's rows by code, fetched once for each kind."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._ids: dict[str, dict[str, int]] = {}

    def of(self, kind: str) -> dict[str, int]:
        if kind not in self._ids:
            rows = MODELS[kind]._default_manager.filter(edition=self._edition)
            self._ids[kind] = dict(rows.values_list("code", "pk"))
        return self._ids[kind]

    def find(self, kind: str, code: str) -> int | None:
        """The row's id; None for no code. A code that is not there is a fault that was to be found before."""
        return self.of(kind)[code] if code else None

    def forget(self, kind: str) -> None:
        self._ids.pop(kind, None)


def write_plain(edition: Edition, difference: Difference, codes: Codes, kind: str, fields: Any) -> None:
    """Create and change rows; `fields` turns a record's values into the model's attributes."""
    model = MODELS[kind]
    made = [model(edition=edition, code=record.code, **fields(stated(record), codes)) for record in difference.created]
    model._default_manager.bulk_create(made, batch_size=BATCH)
    codes.forget(kind)
    changed = list(changed_rows(edition, difference, codes, kind, fields))
    update_rows(model, changed)


def changed_rows(
    edition: Edition, difference: Difference, codes: Codes, kind: str, fields: Any
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each row that changes, with its new attributes set, and those attributes."""
    asked = {change.record.code: {key: new for key, (_, new) in change.fields.items()} for change in difference.changed}
    for row in rows_of(MODELS[kind], edition, asked):
        attributes = fields(asked[row.code], codes)
        for name, value in attributes.items():
            setattr(row, name, value)
        if attributes:
            yield row, attributes


def rows_of(model: type[models.Model], edition: Edition, codes: Iterable[str]) -> Iterator[Any]:
    """The edition's rows with these codes, some hundreds at a time."""
    wanted = list(codes)
    for start in range(0, len(wanted), BATCH):
        yield from model._default_manager.filter(edition=edition, code__in=wanted[start : start + BATCH])


def update_rows(model: type[models.Model], changed: list[tuple[Any, dict[str, Any]]]) -> None:
    """Store the changed attributes; rows that change the same ones go together."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    for row, attributes in changed:
        names = tuple(sorted(name.removesuffix("_id") if name.endswith("_id") else name for name in attributes))
        groups.setdefault(names, []).append(row)
    for names, rows in groups.items():
        fill_all(rows)
        model._default_manager.bulk_update(rows, names, batch_size=BATCH)


def only(values: Values, names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def linked(values: Values, links: dict[str, str], codes: Codes) -> dict[str, Any]:
    """{"company": "Companies"}: the code under "company" -> {"company_id": id}."""
    return {f"{name}_id": codes.find(kind, values[name]) for name, kind in links.items() if name in values}


def write_companies(edition: Edition, difference: Difference, codes: Codes) -> None:
    names = ("name", "name_ko", "country", "kind", "size", "website", "about")
    write_plain(edition, difference, codes, "Companies", lambda values, codes: only(values, names))


def write_tables(edition: Edition, difference: Difference, codes: Codes) -> None:
    """Halls first, then tables, then whose booths they are."""
    stated_rows = [stated(record) for record in difference.created]
    stated_rows += [record_change.record.values for record_change in difference.changed]
    _write_halls(edition, stated_rows, codes)

    def fields(values: Values, codes: Codes) -> dict[str, Any]:
        return only(values, ("name", "is_booth", "position")) | linked(values, {"hall": "Halls"}, codes)

    write_plain(edition, difference, codes, "Tables", fields)
    _write_booths(edition, difference, codes)


def _write_halls(edition: Edition, rows: list[Values], codes: Codes) -> None:
    names: dict[str, dict[str, Any]] = {}
    for values in rows:
        if hall := values.get("hall"):
            given = {"name": values.get("hall_name"), "name_ko": values.get("hall_name_ko")}
            names.setdefault(hall, {}).update({key: name for key, name in given.items() if name})
    known = set(codes.of("Halls"))
    made = [Hall(edition=edition, code=code, **{"name": code, **given}) for code, given in names.items() if code not in known]
    Hall.objects.bulk_create(made)
    codes.forget("Halls")
    for code, given in names.items():
        if code in known and given:
            Hall.objects.filter(edition=edition, code=code).update(**given)


def _write_booths(edition: Edition, difference: Difference, codes: Codes) -> None:
    booths = {record.code: record.values["companies"] for record in difference.created if "companies" in record.values}
    changed = {change.record.code: change.fields["companies"][1] for change in difference.changed if "companies" in change.fields}
    left = [codes.of("Tables")[code] for code in changed]
    Company.objects.filter(edition=edition, booth__in=left).update(booth=None)
    for table, companies in (booths | changed).items():
        if companies:
            Company.objects.filter(edition=edition, code__in=companies).update(booth=codes.of("Tables")[table])


def write_slots(edition: Edition, difference: Difference, codes: Codes) -> None:
    def fields(values: Values, codes: Codes) -> dict[str, Any]:
        return only(values, ("starts_at", "ends_at", "session"))

    moving = [change.record.code for change in difference.changed if {"starts_at", "ends_at"} & change.fields.keys()]
    aside = list(rows_of(Slot, edition, moving))
    for slot in aside:
        slot.starts_at, slot.ends_at = slot.starts_at + ASIDE, slot.ends_at + ASIDE
    Slot.objects.bulk_update(aside, ["starts_at", "ends_at"], batch_size=BATCH)
    whole = {change.record.code: change.record.values for change in difference.changed}
    for slot, attributes in changed_rows(edition, difference, codes, "Slots", fields):
        slot.starts_at, slot.ends_at = whole[slot.code]["starts_at"], whole[slot.code]["ends_at"]
        slot.save(update_fields=sorted({*attributes, "starts_at", "ends_at"}))
    made = [Slot(edition=edition, code=record.code, **fields(record.values, codes)) for record in difference.created]
    Slot.objects.bulk_create(made, batch_size=BATCH)
    codes.forget("Slots")


def write_people(edition: Edition, difference: Difference, codes: Codes) -> None:
    names = ("family_name", "given_name", "native_name", "family_first", "email", "job_title", "country", "language",
             "time_zone", "max_meetings_per_day", "seen_by")  # fmt: skip

    def fields(values: Values, codes: Codes) -> dict[str, Any]:
        roles = {f"is_{role}": role in values["roles"] for role in ROLES} if "roles" in values else {}
        return only(values, names) | linked(values, {"company": "Companies"}, codes) | roles

    write_plain(edition, difference, codes, "People", fields)


def write_titles(edition: Edition, difference: Difference, codes: Codes) -> None:
    def fields(values: Values, codes: Codes) -> dict[str, Any]:
        others = ("code", "company", "part_of", "eidr", *PROFILE_FIELDS)
        own = {name: value for name, value in values.items() if name not in others}
        return own | linked(values, {"company": "Companies"}, codes)

    said = [stated(record) | {"code": record.code} for record in difference.created]
    said += [
        {key: new for key, (_, new) in change.fields.items()} | {"code": change.record.code} for change in difference.changed
    ]
    leaving = [row["code"] for row in said if "part_of" in row]
    Title.objects.filter(edition=edition, code__in=leaving, part_of__isnull=False).update(part_of=None)
    write_plain(edition, difference, codes, "Titles", fields)
    _write_families(edition, said, codes)
    _write_profiles(edition, said, codes)


def _write_profiles(edition: Edition, said: list[Values], codes: Codes) -> None:
    """A title's side of matches, where its row says anything of it that is not there."""
    rows = {row["code"]: only(row, PROFILE_FIELDS) for row in said}
    ids = codes.of("Titles")
    there = {profile.title_id: profile for profile in Profile.objects.filter(title__edition=edition)}
    made: list[Profile] = []
    changed: list[Profile] = []
    for code, facts in rows.items():
        known = there.get(ids[code])
        profile = known or Profile(title_id=ids[code])
        if all(getattr(profile, name) == value for name, value in facts.items()):
            continue
        for name, value in facts.items():
            setattr(profile, name, value)
        profile.saved_at = edition.now()
        (changed if known else made).append(profile)
    Profile.objects.bulk_create(made, batch_size=BATCH)
    Profile.objects.bulk_update(changed, [*PROFILE_FIELDS, "saved_at"], batch_size=BATCH)


def _write_families(edition: Edition, said: list[Values], codes: Codes) -> None:
    """What each title is part of, once all of them are there; and their EIDR numbers."""
    parents = {row["code"]: row["part_of"] for row in said if row.get("part_of")}
    parts = list(rows_of(Title, edition, parents))
    for part in parts:
        part.part_of_id = codes.find("Titles", parents[part.code])
    Title.objects.bulk_update(parts, ["part_of"], batch_size=BATCH)
    numbers = {row["code"]: row["eidr"] for row in said if "eidr" in row}
    Identifier.objects.filter(title__edition=edition, title__code__in=list(numbers), scheme=Scheme.EIDR).delete()
    made = [
        Identifier(title_id=codes.of("Titles")[code], scheme=Scheme.EIDR, value=value) for code, value in numbers.items() if value
    ]
    Identifier.objects.bulk_create(made, batch_size=BATCH)


def write_mandates(edition: Edition, difference: Difference, codes: Codes) -> None:
    """Create and change mandates; `keep_written` writes their versions."""

    def fields(values: Values, codes: Codes) -> dict[str, Any]:
        return only(values, MANDATE_FIELDS) | linked(values, {"buyer": "People"}, codes)

    keep_versions(rows_of(Mandate, edition, [change.record.code for change in difference.changed]), None)
    write_plain(edition, difference, codes, "Mandates", fields)


def keep_written(actor: User | None, edition: Edition, difference: Difference) -> None:
    """A version of each mandate that the file wrote."""
    written = [record.code for record in difference.created] + [change.record.code for change in difference.changed]
    keep_versions(rows_of(Mandate, edition, written), actor, edition.now())
