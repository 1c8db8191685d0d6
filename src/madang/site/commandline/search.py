"""`madang search rebuild`: the search index of an edition, made anew."""

from __future__ import annotations

import argparse
from typing import Any

from madang.site.commandline.faults import Fault


def add_commands(commands: Any) -> None:
    """Add `madang search`."""
    search = commands.add_parser("search", help="the search index of an edition")
    kinds = search.add_subparsers(title="commands", metavar="COMMAND", required=True)
    rebuild = kinds.add_parser("rebuild", help="throw the index of an edition away and make it anew")
    rebuild.add_argument("edition", help="the edition's code")
    rebuild.set_defaults(run=run_rebuild, django=True)


def run_rebuild(given: argparse.Namespace) -> int:
    """Rebuild, and say how much there is."""
    from madang.markets.models import Edition
    from madang.search.actions.refreshing import rebuild

    edition = Edition.objects.filter(slug=given.edition).first()
    if edition is None:
        raise Fault(f"there is no edition {given.edition!r}.")
    print(f"{given.edition}: {rebuild(edition).written} entries.")
    return 0
