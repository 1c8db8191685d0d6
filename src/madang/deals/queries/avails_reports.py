"""What the page of an import shows: counts, titles, findings, as plain values that a run keeps."""

from __future__ import annotations

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


def visible_avails_imports(user: Visitor, edition: Edition) -> QuerySet[AvailsImport]:
    """Those of the user's company."""
    me = dealer_of(user, edition)
    runs = AvailsImport.objects.filter(edition=edition).select_related("asked_by", "company")
    return runs.filter(company=me.company_id) if me else runs.none()


def report_of(verdict: Verdict, found: Examination) -> dict[str, Any]:
    """What stands in the way of loading first, then what the rules of the format say."""
    blocking = [finding for finding in found.findings if finding.severity == Severity.ERROR]
    others = [f for f in (*found.findings, *verdict.findings) if f.severity != Severity.ERROR or f not in blocking]
    seen = list({(f.code, f.place, f.value): f for f in others}.values())
    rows = [finding_row(f, blocks=True) for f in blocking] + [finding_row(f) for f in seen if f.severity != Severity.INFO]
    notes = [finding_row(f) for f in seen if f.severity == Severity.INFO]
    return {
        "format": verdict.file.format,
        "version": verdict.file.version,
        "records": len(verdict.file.records),
        "valid": verdict.is_valid,
        "blocking": len(blocking),
        "found": len(rows) + len(notes),
        "findings": (rows + notes)[:KEPT],
        "counts": found.counts(),
        "titles": titles_touched(found).most_common(200),
        "may_load": found.may_load,
    }


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
        "value": finding.value[:200],
        "message": str(finding.message),
        "mend": str(finding.mend),
    }
