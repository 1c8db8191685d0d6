"""All rules over one file, and which of their findings the reference validator makes too."""

from __future__ import annotations

from collections.abc import Iterable

from .ratings import check_ratings
from .records import Finding, Severity
from .report import Report
from .schema import check_schema
from .structure import check_structure
from .vocabulary import check_values
from .xml_tree import Tree

OWN = ("eidr", "own")


def validate_tree(tree: Tree) -> list[Finding]:
    """What is wrong with an Avails document, in the order of the file: schema, values, ratings, structure."""
    report = Report()
    check_schema(tree, report)
    check_values(tree, report)
    check_ratings(tree, report)
    check_structure(tree, report)
    return sorted(report.findings, key=lambda finding: (finding.place.sheet, finding.place.row, finding.place.line))


def is_valid(findings: Iterable[Finding]) -> bool:
    """A file is valid when nothing that was found is an error."""
    return all(finding.severity != Severity.ERROR for finding in findings)


def counted(findings: Iterable[Finding]) -> tuple[int, int]:
    """Errors and warnings as the reference counts them: without notes and without our own rules (`eidr...`, `own...`)."""
    severities = [finding.severity for finding in findings if not finding.code.startswith(OWN)]
    return severities.count(Severity.ERROR), severities.count(Severity.WARNING)
