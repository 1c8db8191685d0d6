"""Open data of a report: CSV files and their data dictionary as a Frictionless Data Package (specification v1).

Whoever has it can compute the figures anew: `rows.csv` has everything that they follow from, without a name. Rows are known by
a keyed digest that is the same within a report and another in the next; what is withheld has no rows here. What stands in the
CSV files is the same in every language, but for `dictionary.csv`.
"""

from __future__ import annotations

import codecs
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from madang.kit.tables import csv_bytes
from madang.outcomes.measures.face import Row
from madang.outcomes.models import Correction, Report
from madang.outcomes.reports.dictionary import RESOURCES, Field, Resource
from madang.outcomes.reports.lines import canonical, moment
from madang.outcomes.reports.snapshot import Snap, read_snaps

LANGUAGES = ("en", "ko", "fr")
PSEUDONYM = 20
"""Hexadecimal digits of a row's name: 80 bits."""
Line = Sequence[str | int | Decimal | None]


def package_files(report: Report) -> dict[str, bytes]:
    """Name of the file -> its bytes, `datapackage.json` first; titles in the active language. `report` with its edition."""
    made = _Tables(report)
    data = {name: _csv(RESOURCES[name], getattr(made, name)()) for name in RESOURCES}
    described = [_described(name, resource, data[name]) for name, resource in RESOURCES.items()]
    head = json.dumps(_package(report, described), ensure_ascii=False, indent=1) + "\n"
    return {"datapackage.json": head.encode(), **{f"{name}.csv": content for name, content in data.items()}}


class _Tables:
    """The lines of each file; a method has the file's name."""

    def __init__(self, report: Report) -> None:
        self.report, self.inputs = report, report.inputs
        self.snaps = list(read_snaps(report, public_only=True))
        self.private = set(self.inputs["private"])

    def published(self, snap: Snap) -> dict[str, Any]:
        found: dict[str, Any] = self.inputs["published"].get(str(snap.position), {"withheld": {}, "by": {}})
        return found

    def measures(self) -> Iterator[Line]:
        first = {snap.measure: snap for snap in reversed(self.snaps)}
        for code in dict.fromkeys(snap.measure for snap in self.snaps):
            words = self.inputs["words"].get(code, {})
            texts = [words.get(lang, {}).get(what, "") for what in ("name", "definition", "source") for lang in LANGUAGES]
            yield [code, first[code].version, first[code].unit, *texts]

    def figures(self) -> Iterator[Line]:
        for snap in self.snaps:
            withheld, counts = self.published(snap)["withheld"], Counter(str(row.column) for row in snap.rows)
            for column in snap.known:
                if column in withheld:
                    yield [snap.measure, snap.currency, column, None, withheld[column], *[None] * 6]
                else:
                    facts = [_whole(snap.facts.get(name)) for name in ("asked", "answered")]
                    number = _number(snap.columns[column])
                    yield [snap.measure, snap.currency, column, number, "", counts[column], *_interval(snap, column), *facts]

    def rows(self) -> Iterator[Line]:
        key = bytes.fromhex(self.inputs["secret"])
        for snap in self.snaps:
            withheld = self.published(snap)["withheld"]
            shown = [row for row in snap.rows if str(row.column) not in withheld]
            lines = [(str(row.column), row.part, row.kind, pseudonym(key, row), row.amount) for row in shown]
            for column, part, kind, name, amount in sorted(lines):
                yield [snap.measure, snap.currency, column, part, kind, name, amount]

    def cells(self) -> Iterator[Line]:
        for snap in self.snaps:
            for by, columns in sorted(self.published(snap)["by"].items()):
                for column, cells in sorted(columns.items()):
                    for value, number in sorted(cells.items()):
                        yield [snap.measure, snap.currency, column, by, value, _number(number)]

    def goals(self) -> Iterator[Line]:
        for one in self.inputs["goals"]:
            yield [one[name] for name in ("code", "parent", "name", "name_ko", "name_fr")]

    def targets(self) -> Iterator[Line]:
        for one in self.inputs["targets"]:
            if one["measure"] not in self.private:
                texts = [one[name] for name in ("goal", "measure", "version", "currency", "comparison")]
                yield [*texts, Decimal(one["amount"]), one["due_on"], one["source"]]

    def changes(self) -> Iterator[Line]:
        for one in self.inputs["changes"]:
            if one["measure"] not in self.private:
                yield [one["at"], one["goal"], one["measure"], _object(one["before"]), _object(one["after"]), one["reason"]]

    def corrections(self) -> Iterator[Line]:
        before = self.report.replaces
        private = self.private | set(before.inputs["private"] if before else ())
        hidden = hidden_columns(self.report)
        for one in Correction.objects.filter(report=self.report):
            if one.measure not in private:
                kept = [
                    _object(without(side, hidden.get((one.measure, one.currency), set()))) for side in (one.before, one.after)
                ]
                yield [one.measure, one.currency, *kept, one.reason]

    def rates(self) -> Iterator[Line]:
        for one in self.inputs["rates"]:
            yield [one["currency"], one["on"], Decimal(one["rate"]), one["source"]]

    def dictionary(self) -> Iterator[Line]:
        for name, resource in RESOURCES.items():
            yield [f"{name}.csv", "", "", str(resource.about)]
            for field in resource.fields:
                yield [f"{name}.csv", field.name, field.type, str(field.about)]


def pseudonym(key: bytes, row: Row) -> str:
    """The name of a row outside: nobody without the report's key can tell what it is."""
    return hmac.new(key, f"{row.kind}:{row.key}".encode(), hashlib.sha256).hexdigest()[:PSEUDONYM]


def hidden_columns(report: Report) -> dict[tuple[str, str], set[str]]:
    """(measure, currency) -> columns that this report or the one that it replaces withholds."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in (report, report.replaces):
        for figure in one.figures.all() if one else ():
            withheld = one.inputs["published"].get(str(figure.position), {}).get("withheld", {}) if one else {}
            found.setdefault((figure.measure, figure.currency), set()).update(withheld)
    return found


def without(side: Mapping[str, Any] | None, hidden: set[str]) -> dict[str, Any] | None:
    """A side of a correction without columns that are withheld; an interval goes with them."""
    if side is None:
        return None
    gone = hidden | ({"low", "high"} if hidden else set())
    return {**side, "columns": {name: text for name, text in side["columns"].items() if name not in gone}}


def _interval(snap: Snap, column: str) -> list[Decimal | None]:
    if snap.facts.get("interval_of") != column:
        return [None, None, None]
    return [_number(text) for text in (snap.columns.get("low"), snap.columns.get("high"), snap.facts.get("interval_level"))]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _object(facts: Mapping[str, Any] | None) -> str:
    return "" if facts is None else canonical(facts)


def _csv(resource: Resource, lines: Iterator[Line]) -> bytes:
    """UTF-8 without a mark, as the Table Schema has it."""
    return csv_bytes([field.name for field in resource.fields], lines).removeprefix(codecs.BOM_UTF8)


def _described(name: str, resource: Resource, data: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(field) for field in resource.fields], "missingValues": [""]}
    if resource.key:
        schema["primaryKey"] = list(resource.key)
    if resource.measure_is_listed:
        schema["foreignKeys"] = [{"fields": "measure", "reference": {"resource": "measures", "fields": "code"}}]
    return {
        "profile": "tabular-data-resource", "name": name, "path": f"{name}.csv", "description": str(resource.about),
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "schema": schema,
    }  # fmt: skip


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    if field.one_of:
        constraints["enum"] = list(field.one_of)
    return {"name": field.name, "type": field.type, "description": str(field.about)} | (
        {"constraints": constraints} if constraints else {}
    )


def _package(report: Report, resources: list[dict[str, Any]]) -> dict[str, Any]:
    edition = report.inputs["edition"]
    about = _("Figures of %(edition)s with the rows that they follow from. Rows have no names; small groups are hidden.")
    return {
        "profile": "tabular-data-package", "name": f"madang-{edition['slug'].lower()}-report-{report.number}",
        "title": str(report), "description": about % {"edition": edition["name"]}, "version": str(report.number),
        "created": moment(report.frozen_at), "keywords": ["content market", "outcomes"],
        "madang": {
            "edition": edition["slug"], "report": report.number, "digest": report.digest,
            "replaces": report.replaces.number if report.replaces else None, "least_cell": report.inputs["least_cell"],
            "currency": report.inputs["currency"], "is_fictional": edition["is_fictional"],
        },
        "resources": resources,
    }  # fmt: skip
