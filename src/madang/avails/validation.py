"""All rules over one file, and which of their findings the reference validator makes too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .ratings import check_ratings
from .records import Finding, Place, Severity
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
    return sorted(_once(report.findings), key=lambda finding: (finding.place.sheet, finding.place.row, finding.place.line))


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """Two elements may come from one cell: what is wrong with it is said once."""
    seen: set[tuple[str, Place, str]] = set()
    for finding in findings:
        key = (finding.code, finding.place, finding.value)
        if not finding.place.sheet or key not in seen:
            yield finding
        seen.add(key)


def is_valid(findings: Iterable[Finding]) -> bool:
    """A file is valid when nothing that was found is an error."""
    return all(finding.severity != Severity.ERROR for finding in findings)


def counted(findings: Iterable[Finding]) -> tuple[int, int]:
    """Errors and warnings as the reference counts them: without notes and without our own rules (`eidr...`, `own...`)."""
    severities = [finding.severity for finding in findings if not finding.code.startswith(OWN)]
    return severities.count(Severity.ERROR), severities.count(Severity.WARNING)
