"""`madang template`, `import` and `export`: an edition as a workbook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault

if TYPE_CHECKING:
    from madang.accounts.models import User
    from madang.markets.models import Edition
    from madang.workbook.comparing import Examination

LANGUAGES = ("en", "ko", "fr")
LOADED, FAULTY, UNREADABLE = 0, 1, 2


def add_commands(commands: Any) -> None:
    """Add the three commands."""
    template = commands.add_parser("template", help="write the workbook to fill in, with an example edition in it")
    template.add_argument("file", type=Path, help="the workbook to write, e.g. edition.xlsx")
    template.add_argument("--language", choices=LANGUAGES, default="en", help="of its headers and help (default: en)")
    template.add_argument("--force", action="store_true", help="write over a file that is there")
    template.set_defaults(run=run_template, django=False)
    load = commands.add_parser(
        "import",
        help="load an edition from its workbook (.xlsx, or CSV files in a folder or .zip)",
        description="Loads all of it or nothing. Ends with 0 when loaded, 1 with faults (one a line), 2 when it cannot be read.",
    )
    load.add_argument("file", type=Path, help="the workbook, .zip file or folder")
    load.add_argument("--as", dest="actor", metavar="EMAIL", help="whose act it is in the log; becomes organiser of a new market")
    load.add_argument("--market", default="", metavar="SLUG", help="the market of a new edition")
    load.add_argument("--edition", default="", metavar="CODE", help="for a file without the sheet Edition")
    load.add_argument("--dry-run", action="store_true", help="only say what it would do")
    load.set_defaults(run=run_import)
    export = commands.add_parser("export", help="write an edition as the workbook that import reads")
    export.add_argument("edition", help="the edition's code")
    export.add_argument("file", type=Path, help="the workbook to write")
    export.add_argument("--language", choices=LANGUAGES, default="en", help="of its headers (default: en)")
    export.add_argument("--force", action="store_true", help="write over a file that is there")
    export.set_defaults(run=run_export)


def run_template(given: argparse.Namespace) -> int:
    """Write the template."""
    from madang.workbook.template import write_template

    _must_be_free(given)
    write_template(given.file, given.language)
    print(f"{given.file}: fill it in, then: madang import {given.file}")
    return LOADED


def run_export(given: argparse.Namespace) -> int:
    """Write an edition as it stands."""
    from madang.workbook.exporting import export_edition

    _must_be_free(given)
    export_edition(_edition(given.edition), given.file, given.language)
    print(f"{given.file}: the edition {given.edition} as it stands.")
    return LOADED


def run_import(given: argparse.Namespace) -> int:
    """Examine the workbook, say every fault, load it."""
    from madang.kit.sheets import UnreadableFile, open_book
    from madang.workbook.comparing import examine

    actor, page = _actor(given.actor), _edition(given.edition) if given.edition else None
    bar = Bar("Reading")
    try:
        book = open_book(given.file)
        found = examine(
            actor, page, book, market=given.market, progress=lambda what, done, total: bar.show(0, 0, f"{what} {done}")
        )
    except UnreadableFile as fault:
        print(f"{given.file}: {fault}", file=sys.stderr)
        return UNREADABLE
    bar.end(f"{found.records.total} rows")
    _tell_faults(found)
    if not found.may_load:
        return FAULTY
    _tell_differences(found)
    return LOADED if given.dry_run else _load(actor, page, found, given.market)


def _load(actor: User | None, page: Edition | None, found: Examination, market: str) -> int:
    from madang.search.actions.refreshing import refresh
    from madang.workbook.actions import NotLoaded, load_workbook

    bar = Bar("Loading")
    try:
        outcome = load_workbook(actor, page, found, bar_progress(bar), market=market)
    except NotLoaded as refusal:
        for fault in refusal.faults:
            print(f"{fault.place}: {fault.message()} {fault.mend()}", file=sys.stderr)
        if not refusal.faults:
            print("Somebody else wrote at the same time. Nothing was changed; try again.", file=sys.stderr)
        return FAULTY
    refresh(outcome.edition)
    bar.end(f"into {outcome.edition.slug}{' (new)' if outcome.is_new else ''}")
    return LOADED


def bar_progress(bar: Bar) -> Any:
    return lambda what, done, total: bar.show(done, total, what)


def _tell_faults(found: Examination) -> None:
    from madang.workbook.faults import errors

    for fault in found.faults:
        mark = "" if fault.severity == "error" else "warning: "
        value = f" [{fault.value}]" if fault.value else ""
        print(f"{fault.place}: {mark}{fault.message()}{value} {fault.mend()}", file=sys.stderr)
    wrong = len(errors(found.faults))
    if wrong:
        print(f"{wrong} fault{'s' if wrong > 1 else ''}. Nothing was loaded.", file=sys.stderr)
    elif not found.records.total:
        print("There are no rows in it. Nothing was loaded.", file=sys.stderr)


def _tell_differences(found: Examination) -> None:
    for sheet, difference in found.differences.items():
        counts = difference.counts()
        print(f"{sheet:<12} {counts['created']:>6} new {counts['changed']:>6} changed {counts['unchanged']:>6} as they were")


def _actor(email: str | None) -> User | None:
    """Whose act it is; without a name, whoever may use this command line."""
    from madang.accounts.models import User

    if not email:
        return None
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Fault(f"no account has the address {email}; make one with `madang createadmin`.")
    return user


def _edition(code: str) -> Edition:
    from madang.markets.models import Edition

    edition = Edition.objects.filter(slug=code).select_related("market").first()
    if edition is None:
        known = ", ".join(Edition.objects.values_list("slug", flat=True)[:10])
        raise Fault(f"there is no edition {code!r}. {'There is: ' + known + '.' if known else 'There is none yet.'}")
    return edition


def _must_be_free(given: argparse.Namespace) -> None:
    if given.file.exists() and not given.force:
        raise Fault(f"{given.file} is there already; choose another name, or add --force.")
