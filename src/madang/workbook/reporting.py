"""What an import would do, as JSON for the run's `report`, and back again for the page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from madang.kit.sheets import UnreadableFile
from madang.kit.sheets.values import shown
from madang.workbook.comparing import Examination
from madang.workbook.faults import ERROR, Fault, errors
from madang.workbook.records import Records

MOST_FAULTS = 5_000
"""Faults kept for the page; beyond them the number is told."""
MOST_CHANGES = 300


def refusal_report(fault: UnreadableFile) -> dict[str, Any]:
    """A file that cannot be read at all."""
    return {"may_load": False, "refusal": {"code": fault.code, "params": fault.params}}


def report_of(found: Examination) -> dict[str, Any]:
    """Figures, faults and the first changes."""
    faults = found.faults
    wrong = errors(faults)
    record = found.records.edition
    return {
        "may_load": found.may_load,
        "rows": found.records.total,
        "errors": len(wrong),
        "warnings": len(faults) - len(wrong),
        "faults": [fault.as_json() for fault in sorted(faults, key=lambda fault: fault.severity != ERROR)[:MOST_FAULTS]],
        "sheets": _sheets(found, wrong),
        "changes": _changes(found),
        "new_edition": record.code if record and not found.target.edition and not found.target.faults else "",
    }


def _sheets(found: Examination, wrong: list[Fault]) -> list[dict[str, Any]]:
    refused = defaultdict(set)
    for fault in wrong:
        if fault.row:
            refused[fault.sheet].add(fault.row)
    rows = []
    for key, difference in found.differences.items():
        name = found.records.names[key]
        rows.append({"key": key, "name": name, **difference.counts(), "refused": len(refused[name])})
    return rows


def _changes(found: Examination) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for key, difference in found.differences.items():
        for change in difference.changed:
            for column, (old, new) in change.fields.items():
                if len(rows) >= MOST_CHANGES:
                    return rows
                header = _header(found.records, key, column)
                rows.append({"sheet": found.records.names[key], "code": change.record.code, "column": header,
                             "old": _text(old, found.records), "new": _text(new, found.records)})  # fmt: skip
    return rows


def _header(records: Records, sheet: str, column: str) -> str:
    own = {"starts_at": "start", "ends_at": "end"}.get(column, column)
    return records.headers.get(sheet, {}).get(own, column)


def _text(value: Any, records: Records) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(ZoneInfo(records.zone or 'UTC')):%Y-%m-%d %H:%M %Z}"
    if isinstance(value, tuple):
        return shown(", ".join(value))
    return shown(value)


def faults_of(report: dict[str, Any], name: str = "faults") -> list[Fault]:
    """The report's faults as they were found."""
    return [Fault(**fault) for fault in report.get(name, [])]
