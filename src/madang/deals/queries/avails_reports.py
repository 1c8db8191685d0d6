"""What the page of an import shows: counts, titles, findings, as plain values that a run keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from madang.avails.files import Verdict
from madang.avails.records import Finding, Severity
from madang.deals.models import AvailsImport
from madang.deals.queries.avails_plan import Examination, titles_touched
from madang.deals.rules import dealer_of
from madang.markets.models import Edition
from madang.markets.rules import Visitor

KEPT = 500
"""Findings that a report keeps; the rest is counted."""
ORDER = [str(severity) for severity in Severity]


def visible_avails_imports(user: Visitor, edition: Edition) -> QuerySet[AvailsImport]:
    """Those of the user's company."""
    me = dealer_of(user, edition)
    runs = AvailsImport.objects.filter(edition=edition).select_related("asked_by", "company")
    return runs.filter(company=me.company_id) if me else runs.none()


def report_of(verdict: Verdict, found: Examination) -> dict[str, Any]:
    """What stands in the way of loading first, then what the rules of the format say; the same of many rows once."""
    blocking = [finding for finding in found.findings if finding.severity == Severity.ERROR]
    taken = {finding.place for finding in blocking}
    others = [f for f in (*found.findings, *verdict.findings) if f.place not in taken]
    others = list({(f.code, f.place, f.value): f for f in others}.values())
    rows = _gathered(sorted(blocking, key=_position), blocks=True) + _gathered(sorted(others, key=_position))
    rows.sort(key=lambda row: (not row["blocks"], ORDER.index(row["severity"])))
    return {
        "format": verdict.file.format,
        "version": verdict.file.version,
        "records": len(verdict.file.records),
        "valid": verdict.is_valid,
        "blocking": len(blocking),
        "found": len(rows),
        "findings": rows[:KEPT],
        "counts": found.counts(),
        "titles": titles_touched(found).most_common(200),
        "may_load": found.may_load,
    }


def _position(finding: Finding) -> tuple[str, int, int]:
    return finding.place.sheet, finding.place.row, finding.place.line


def _gathered(findings: Iterable[Finding], *, blocks: bool = False) -> list[dict[str, Any]]:
    """One row for the same word about the same value in the same column; `more`: how many other rows of the file it is in."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for finding in findings:
        row = finding_row(finding, blocks=blocks)
        key = tuple(row[name] for name in ("severity", "code", "sheet", "column", "value", "message"))
        if key in rows:
            rows[key]["more"] += 1
        else:
            rows[key] = row
    return list(rows.values())


def finding_row(finding: Finding, *, blocks: bool = False) -> dict[str, Any]:
    """A finding in the active language."""
    return {
        "severity": str(finding.severity),
        "blocks": blocks,
        "code": finding.code,
        "sheet": finding.place.sheet,
        "row": finding.place.row,
        "column": finding.place.column,
        "line": finding.place.line,
        "more": 0,
        "value": finding.value[:200],
        "message": str(finding.message),
        "mend": str(finding.mend),
    }
