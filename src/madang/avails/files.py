"""Any avails file, whatever its format: read, judged, written."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext

from .columns import PAIRED
from .levels import NOT_IN_XML
from .records import AvailsFile, Finding, Record, Severity, Unreadable
from .validation import OWN, counted, is_valid, validate_tree
from .windows import touching
from .workbook_reading import read_workbook
from .workbook_writing import is_ours, write_rights, write_workbook
from .xml_reading import read_tree
from .xml_tree import parse
from .xml_writing import WRITTEN, to_bytes, write_tree

WORKBOOKS = (".xlsx", ".xlsm", ".csv", ".tsv", ".zip")
WRITABLE = ("2.2.2", "2.3", "2.4", "2.5", "2.6", "2.6.1", "2.7")
BEGINNINGS = {b"PK": "xlsx", bytes.fromhex("d0cf11e0"): "xlsx"}


@dataclass(slots=True)
class Verdict:
    """What was found in a file. Valid is one without an error."""

    file: AvailsFile
    findings: list[Finding]

    @property
    def is_valid(self) -> bool:
        return is_valid(self.findings)

    @property
    def errors(self) -> int:
        return counted(self.findings)[0]

    @property
    def warnings(self) -> int:
        """By the rules of the format, as the reference validator counts them."""
        return counted(self.findings)[1]

    @property
    def hints(self) -> int:
        """What goes beyond the rules of the format: check characters of EIDRs, windows that share a day."""
        return sum(finding.severity == Severity.WARNING and finding.code.startswith(OWN) for finding in self.findings)


def read_avails(source: Path | bytes, name: str = "") -> AvailsFile:
    """The records of a file and what was found in reading it. Raises Unreadable."""
    return _read(source, name)[0]


def judge(source: Path | bytes, name: str = "") -> Verdict:
    """Read a file and hold it against the rules of its format; a workbook is judged as the XML that says the same."""
    file, findings = _read(source, name)
    if file.format == "xlsx" and file.version in PAIRED:
        findings = validate_tree(write_tree(file.records, PAIRED[file.version]))
    unread = {finding.place for finding in file.findings if finding.severity == Severity.ERROR}
    others = [finding for finding in (*findings, *touching(file.records)) if finding.place not in unread]
    return Verdict(file, sorted([*file.findings, *others], key=_position))


def _position(finding: Finding) -> tuple[str, int, int]:
    return finding.place.sheet, finding.place.row, finding.place.line


def _read(source: Path | bytes, name: str) -> tuple[AvailsFile, list[Finding]]:
    name = name or (source.name if isinstance(source, Path) else "")
    if isinstance(source, Path) and not source.is_file():
        raise Unreadable(gettext("There is no such file. Look at its name and place."))
    if _is_workbook(source, name):
        return read_workbook(source, name), []
    tree = parse(source)
    return read_tree(tree), validate_tree(tree)


def _is_workbook(source: Path | bytes, name: str) -> bool:
    """By what the file begins with; a text is a workbook's only where it is called so."""
    begins = source[:4] if isinstance(source, bytes) else _beginning(source)
    return any(begins.startswith(sign) for sign in BEGINNINGS) or (
        name.lower().endswith(WORKBOOKS) and not begins.lstrip().startswith(b"<")
    )


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


class Target(StrEnum):
    """What can be written."""

    WORKBOOK = "xlsx"
    XML = "xml"
    RIGHTS = "rights"


def not_carried(records: Iterable[Record], target: Target) -> Counter[str]:
    """Columns with values that a file of this format has no element for, and in how many rows."""
    if target is not Target.XML:
        return Counter()
    return Counter(column for record in records for column in NOT_IN_XML if record.get(column))


def written(records: Iterable[Record], target: Target, xml_version: str = WRITTEN) -> tuple[bytes, int]:
    """The file as bytes, and how many records it could not carry: media that Avails has no word for, or those it has one for."""
    every = list(records)
    carried = [record for record in every if is_ours(record) == (target is Target.RIGHTS)]
    if target is Target.XML:
        return to_bytes(write_tree(carried, xml_version)), len(every) - len(carried)
    file = io.BytesIO()
    write_rights(carried, file) if target is Target.RIGHTS else write_workbook(carried, file)
    return file.getvalue(), len(every) - len(carried)
