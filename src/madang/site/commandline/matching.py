"""`madang matching evaluate`: the matching kernel measured beside its peers on any set of interactions."""

from __future__ import annotations

import argparse
from typing import Any


def add_commands(commands: Any) -> None:
    """Add `madang matching`. Its words are handed on, so that NumPy is loaded only where it is asked for."""
    command = commands.add_parser(
        "matching",
        help="measure the matching of buyers and titles on any set of interactions",
        add_help=False,
        prefix_chars="\0",  # no argument begins with this: all are handed on
    )
    command.add_argument("rest", nargs="*")
    command.set_defaults(run=run_matching, django=False)


def run_matching(given: argparse.Namespace) -> int:
    """The kernel's own commands; they need no Django."""
    from madang.kernels.matching.commandline import main

    return main(given.rest)
