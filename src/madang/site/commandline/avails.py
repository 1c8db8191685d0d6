"""`madang avails`: check, convert, import and export the files in which the trade says what is free."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault

if TYPE_CHECKING:
    from madang.avails.files import Target, Verdict
    from madang.avails.records import Finding
    from madang.markets.models import Edition
    from madang.people.models import Company

GOOD, BAD, UNREADABLE = 0, 1, 2
MATCHING = ("any", "eidr", "id", "name")
XML_VERSIONS = ("2.2.2", "2.3", "2.4", "2.5", "2.6", "2.6.1", "2.7")


def add_commands(commands: Any) -> None:
    """Add `avails` with its four commands."""
    avails = commands.add_parser("avails", help="check, convert, import and export avails workbooks and XML")
    inner = avails.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = inner.add_parser(
        "validate",
        help="hold a file against the rules of its format",
        description="Excel 1.5 to 1.9, XML 2.2 to 2.7. Ends with 0 when valid, 1 when not, 2 when it cannot be read.",
    )
    check.add_argument("file", type=Path, help="an avails workbook (.xlsx, .csv) or XML file")
    check.add_argument("--json", action="store_true", help="write the verdict and every finding as JSON")
    check.set_defaults(run=run_validate)
    _add_convert(inner)
    _add_import(inner)
    _add_export(inner)


def _add_convert(inner: Any) -> None:
    convert = inner.add_parser(
        "convert",
        help="write a file in the other format",
        description="The ending of OUT says the format: .xlsx (Excel 1.9) or .xml. What Avails has no word for needs --rights.",
    )
    convert.add_argument("source", metavar="IN", type=Path, help="the file to read")
    convert.add_argument("target", metavar="OUT", type=Path, help="the file to write")
    _add_written(convert)
    convert.set_defaults(run=run_convert)


def _add_import(inner: Any) -> None:
    load = inner.add_parser(
        "import",
        help="make a file a company's rights",
        description="Replaces by EntryType, whole or not at all. Ends with 0 when loaded, 1 with faults, 2 when not readable.",
    )
    load.add_argument("file", type=Path, help="the avails file")
    _add_whose(load)
    load.add_argument("--title-match", choices=MATCHING, default="any", help="how titles are found (default: any)")
    load.add_argument("--create-parts", action="store_true", help="make seasons and episodes of series that are known")
    load.add_argument("--dry-run", action="store_true", help="only say what it would do")
    load.set_defaults(run=run_import)


def _add_export(inner: Any) -> None:
    export = inner.add_parser("export", help="write what a company holds")
    export.add_argument("target", metavar="OUT", type=Path, help="the file to write: .xlsx or .xml")
    _add_whose(export)
    _add_written(export)
    export.set_defaults(run=run_export)


def _add_whose(command: Any) -> None:
    command.add_argument("--edition", required=True, metavar="CODE", help="the edition's code")
    command.add_argument("--company", required=True, metavar="CODE", help="the company's code")


def _add_written(command: Any) -> None:
    command.add_argument("--xml-version", choices=XML_VERSIONS, default="2.7", help="of the XML (default: 2.7)")
    command.add_argument("--rights", action="store_true", help="write our own workbook with what Avails has no word for")
    command.add_argument("--force", action="store_true", help="write over a file that is there")


def run_validate(given: argparse.Namespace) -> int:
    """Say the verdict, and every finding with its place and its mend."""
    verdict = _judged(given.file)
    if verdict is None:
        return UNREADABLE
    if given.json:
        print(json.dumps(_as_json(given.file, verdict), ensure_ascii=False, indent=1))
    else:
        _tell(verdict.findings, sys.stdout)
        word = "valid" if verdict.is_valid else "not valid"
        counts = f"{verdict.errors} errors, {verdict.warnings} warnings, {verdict.hints} hints of ours"
        kind = f"{verdict.file.format} {verdict.file.version}, {len(verdict.file.records)} rows"
        print(f"{given.file.name}: {word}. {kind}: {counts}.")
    return GOOD if verdict.is_valid else BAD


def run_convert(given: argparse.Namespace) -> int:
    """Read one format and write the other."""
    target = _target(given)
    verdict = _judged(given.source)
    if verdict is None:
        return UNREADABLE
    _tell(finding for finding in verdict.file.findings if finding.severity == "error")
    if any(finding.severity == "error" for finding in verdict.file.findings):
        return BAD
    _write(given, target, verdict.file.records)
    return GOOD


def run_import(given: argparse.Namespace) -> int:
    """Compare a file with what the company holds, and load it."""
    from madang.avails.files import read_avails
    from madang.avails.records import Unreadable
    from madang.deals.actions.avails import NotLoaded, load_avails
    from madang.deals.queries.avails_plan import examine
    from madang.deals.queries.avails_titles import Matching

    company = _company(given)
    matching, bar = Matching(given.title_match), Bar("Rights")
    try:
        file = read_avails(given.file)
    except Unreadable as fault:
        print(f"{given.file}: {fault}", file=sys.stderr)
        return UNREADABLE
    options = {"create_parts": given.create_parts, "tell": lambda what, done, total: bar.show(done, total, what)}
    try:
        found = (
            examine(file, company.edition, company, matching, **options)
            if given.dry_run
            else load_avails(None, company.edition, company, file, matching, **options)
        )
    except NotLoaded as refusal:
        _tell(refusal.findings)
        print(f"{len(refusal.findings)} errors. Nothing was loaded.", file=sys.stderr)
        return BAD
    bar.end(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.counts().items()))
    _tell(found.findings)
    return GOOD if found.may_load else BAD


def run_export(given: argparse.Namespace) -> int:
    """Write what a company holds."""
    from madang.deals.queries.avails_records import company_records

    target = _target(given)
    _write(given, target, company_records(_company(given)))
    return GOOD


def _judged(file: Path) -> Verdict | None:
    from madang.avails.files import judge
    from madang.avails.records import Unreadable

    try:
        return judge(file)
    except Unreadable as fault:
        print(f"{file}: {fault}", file=sys.stderr)
        return None


def _target(given: argparse.Namespace) -> Target:
    """What the ending of the file to write says."""
    from madang.avails.files import Target

    if given.target.exists() and not given.force:
        raise Fault(f"{given.target} is there already; choose another name, or add --force.")
    ending = given.target.suffix.lower()
    if ending not in (".xlsx", ".xml"):
        raise Fault(f"{given.target}: the name of the file to write must end with .xlsx or .xml.")
    if given.rights and ending == ".xml":
        raise Fault("the workbook of rights is a .xlsx file.")
    return Target.RIGHTS if given.rights else Target(ending[1:])


def _write(given: argparse.Namespace, target: Target, records: Iterable[Any]) -> None:
    from madang.avails.files import not_carried, written

    every = list(records)
    data, left = written(every, target, given.xml_version)
    given.target.write_bytes(data)
    print(f"{given.target}: {len(every) - left} rows.")
    if left and not given.rights:
        print(f"{left} rows are of media that Avails has no word for; write them with --rights.", file=sys.stderr)
    for column, rows in sorted(not_carried(every, target).items()):
        print(f"{column}: Avails XML has no element for it, so the values of {rows} rows are left out.", file=sys.stderr)


def _tell(findings: Iterable[Finding], to: TextIO | None = None) -> None:
    for finding in findings:
        value = f" [{finding.value}]" if finding.value else ""
        mend = f" {finding.mend}" if finding.mend else ""
        print(f"{_place(finding)}: {finding.severity} {finding.code}: {finding.message}{value}{mend}", file=to or sys.stderr)


def _place(finding: Finding) -> str:
    place = finding.place
    if place.sheet:
        return ", ".join(part for part in (place.sheet, f"row {place.row}" if place.row else "", place.column) if part)
    return f"line {place.line}" if place.line else "the file"


def _as_json(file: Path, verdict: Verdict) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": verdict.file.format,
        "version": verdict.file.version,
        "rows": len(verdict.file.records),
        "valid": verdict.is_valid,
        "errors": verdict.errors,
        "warnings": verdict.warnings,
        "hints": verdict.hints,
        "findings": [finding_json(finding) for finding in verdict.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain values; what does not apply to its format is left out."""
    place = finding.place
    where = {"sheet": place.sheet, "row": place.row, "column": place.column, "line": place.line, "path": place.path}
    return {name: found for name, found in where.items() if found} | {
        "severity": str(finding.severity),
        "code": finding.code,
        "value": finding.value,
        "message": str(finding.message),
        "mend": str(finding.mend),
    }


def _company(given: argparse.Namespace) -> Company:
    from madang.people.models import Company

    edition = _edition(given.edition)
    company = Company.objects.filter(edition=edition, code=given.company).select_related("edition").first()
    if company is None:
        raise Fault(f"the edition {given.edition} has no company with the code {given.company!r}.")
    return company


def _edition(code: str) -> Edition:
    from madang.markets.models import Edition

    edition = Edition.objects.filter(slug=code).first()
    if edition is None:
        raise Fault(f"there is no edition {code!r}.")
    return edition
