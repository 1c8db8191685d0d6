"""`madang across`: the files that questions over many editions are answered from, made now rather than at night."""

from __future__ import annotations

import argparse
from typing import Any

from madang.site.commandline.bar import Bar
from madang.site.commandline.faults import Fault


def add_commands(commands: Any) -> None:
    """Add `madang across export`."""
    across = commands.add_parser("across", help="files of editions, to ask many of them at once")
    kinds = across.add_subparsers(title="commands", metavar="COMMAND", required=True)
    export = kinds.add_parser(
        "export",
        help="bring the Parquet files of editions up to date",
        description="What has changed since it was last made is made anew, as the clock does each night. No names are in it.",
    )
    export.add_argument("editions", nargs="*", metavar="EDITION", help="the editions' codes (default: all)")
    export.set_defaults(run=run_export)


def run_export(given: argparse.Namespace) -> int:
    """Say where the files are, and of how many editions they were made."""
    from madang.markets.models import Edition
    from madang.outcomes.across.marks import root
    from madang.outcomes.actions.across import bring_up_to_date

    editions = Edition.objects.order_by("pk")
    if given.editions:
        editions = editions.filter(slug__in=given.editions)
        unknown = set(given.editions) - {edition.slug for edition in editions}
        if unknown:
            raise Fault(f"there is no edition {sorted(unknown)[0]!r}.")
    bar = Bar("Files")
    made = list(bring_up_to_date(editions, tell=lambda what, done, total: bar.show(done, total, what)))
    bar.end(f"{sum(made)} of {len(made)} editions made anew in {root()}")
    return 0
