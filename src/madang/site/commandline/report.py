"""`madang report`: the files of a report, as they may be handed out. It freezes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault

if TYPE_CHECKING:
    from madang.outcomes.models import Report

LANGUAGES = ("en", "ko", "fr")


def add_commands(commands: Any) -> None:
    """Add `madang report`."""
    report = commands.add_parser(
        "report",
        help="write a report as HTML, PDF, Excel and open data",
        description="Public measures only, small groups hidden, rows without names. A report is frozen on the organiser's desk.",
    )
    report.add_argument("edition", help="the edition's code")
    report.add_argument("--lang", choices=LANGUAGES, default="en", help="of its words (default: en)")
    report.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
    report.add_argument("--report", type=int, metavar="N", help="its number (default: the newest that is published)")
    report.add_argument("--force", action="store_true", help="write over files that are there")
    report.set_defaults(run=run_report)


def run_report(given: argparse.Namespace) -> int:
    """Check the snapshot against its digest, then write its files."""
    from madang.outcomes.queries.reports import recompute
    from madang.outcomes.reports.files import files_of

    report = _report(given)
    if not recompute(report).is_same:
        raise Fault(f"report {report.number} is not what was frozen: its rows and its SHA-256 differ. Nothing was written.")
    bar = Bar("Report")
    files = files_of(report, given.lang, lambda what, done, total: bar.show(done, total, what))
    there = [path for path in files if (given.out / path).exists()]
    if there and not given.force:
        raise Fault(f"{given.out / there[0]} is there already; choose another folder, or add --force.")
    for path, data in files.items():
        (given.out / path).parent.mkdir(parents=True, exist_ok=True)
        (given.out / path).write_bytes(data)
    bar.end(f"{len(files)} files in {given.out}")
    print(f"Report {report.number} of {given.edition}, SHA-256 {report.digest}")
    return 0


def _report(given: argparse.Namespace) -> Report:
    from madang.markets.models import Edition
    from madang.outcomes.models import Report
    from madang.outcomes.queries.reports import newest_published

    edition = Edition.objects.filter(slug=given.edition).first()
    if edition is None:
        raise Fault(f"there is no edition {given.edition!r}.")
    if given.report is None:
        newest = newest_published(edition)
        if newest is None:
            raise Fault(f"no report of {given.edition} is published; name one with --report N.")
        return newest
    report = Report.objects.filter(edition=edition, number=given.report).select_related("edition", "replaces").first()
    if report is None:
        known = ", ".join(str(number) for number in Report.objects.filter(edition=edition).values_list("number", flat=True))
        raise Fault(f"{given.edition} has no report {given.report}; there is: {known or 'none'}.")
    if report.corrections.filter(reason="").exists():
        raise Fault(f"report {report.number} has corrections without a reason; say why on the organiser's desk first.")
    return report
