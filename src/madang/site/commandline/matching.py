"""`madang matching`: `evaluate` measures the kernel beside its peers on any set, `propose` an edition's meetings."""

from __future__ import annotations

import argparse
from typing import Any


def add_commands(commands: Any) -> None:
    """Add `madang matching`. Its words are handed on, so that NumPy is loaded only where it is asked for."""
    command = commands.add_parser(
        "matching",
        help="propose an edition's meetings; or measure the matching on any set of interactions",
        add_help=False,
        prefix_chars="\0",  # no argument begins with this: all are handed on
    )
    command.add_argument("rest", nargs="*")
    command.set_defaults(run=run_matching, django=False)


def run_matching(given: argparse.Namespace) -> int:
    """`propose` asks an edition; the kernel's own commands need no Django."""
    if given.rest and given.rest[0] == "propose":
        from madang.site.commandline.propose import run_propose

        return run_propose(given.rest[1:])
    if given.rest in (["--help"], ["-h"]):
        print("madang matching propose EDITION: the meetings that an edition could suggest (madang matching propose --help)\n")
    from madang.kernels.matching.commandline import main

    return main(given.rest)
