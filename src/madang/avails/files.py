"""Any avails file, whatever its format: read, judged, written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .records import AvailsFile, Finding, Severity
from .windows import touching
from .workbook_reading import read_workbook

BEYOND = ("eidr", "window")
"""Codes of hints that go beyond the format's own rules begin so: check characters, touching windows. They are counted apart."""


@dataclass(slots=True)
class Verdict:
    """What was found in a file. Valid is one without an error."""

    file: AvailsFile
    findings: list[Finding]

    @property
    def is_valid(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> int:
        return sum(finding.severity == Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """By the rules of the format."""
        return sum(finding.severity == Severity.WARNING and not is_beyond(finding) for finding in self.findings)

    @property
    def hints(self) -> int:
        """What goes beyond the rules of the format."""
        return sum(is_beyond(finding) for finding in self.findings)


def is_beyond(finding: Finding) -> bool:
    """Whether a finding goes beyond the format's own rules."""
    return finding.severity != Severity.ERROR and finding.code.startswith(BEYOND)


def read_avails(source: Path | bytes, name: str = "") -> AvailsFile:
    """The records of a file and what was found in reading it. Raises Unreadable."""
    return read_workbook(source, name)


def judge(source: Path | bytes, name: str = "") -> Verdict:
    """Read a file and hold it against the rules of its format; a workbook is judged as the XML that says the same."""
    file = read_avails(source, name)
    return Verdict(file, _in_order([*file.findings, *touching(file.records)]))


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By place; a cell that could not be read is not found fault with twice."""
    every = list(findings)
    unread = {finding.place for finding in every if finding.severity == Severity.ERROR and finding.code.startswith("cell-")}
    kept = [finding for finding in every if finding.code.startswith("cell-") or finding.place not in unread]
    return sorted(kept, key=lambda finding: (finding.place.sheet, finding.place.row, finding.place.line))
