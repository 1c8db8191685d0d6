"""`matching evaluate`, for the site's own command line and for this package alone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .evaluate import Line, Options, Report, evaluate
from .faults import MatchingError
from .reading import read_interactions, read_items
from .splits import Split

GOOD, UNREADABLE = 0, 2


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `evaluate`."""
    measuring = commands.add_parser(
        "evaluate",
        help="measure the matching on any set of (user, item, value, time)",
        description="This kernel's figures beside those of its peers. The files are described in docs/develop/matching.md.",
    )
    measuring.add_argument("--interactions", type=Path, required=True, metavar="FILE", help="user, item, value, time")
    measuring.add_argument("--items", type=Path, nargs="+", default=[], metavar="FILE", help="item, title, anything said of it")
    measuring.add_argument(
        "--split", choices=[str(split) for split in Split], default="random", help="what is set apart (random)"
    )
    measuring.add_argument("--like-from", type=float, metavar="V", help="a value from here on is a like (80 %% of the scale)")
    measuring.add_argument("--at-least", type=int, default=5, metavar="N", help="likes that a user and an item need to stay (5)")
    measuring.add_argument("--draws", type=int, metavar="N", help="how often a part is set apart (1; cold: 4)")
    measuring.add_argument("--seed", type=int, default=0, metavar="N", help="repeats a run (0)")
    measuring.add_argument("--seconds", type=float, default=300.0, metavar="S", help="for choosing settings, a draw (300)")
    measuring.add_argument("--no-peers", action="store_true", help="leave out item-kNN, ALS and EASE")
    measuring.add_argument("--json", action="store_true", help="write the report as JSON")
    measuring.set_defaults(run=run_evaluate)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="madang matching", description="Which buyer for which title.")
    add_commands(parser.add_subparsers(required=True, metavar="evaluate"))
    options = parser.parse_args(arguments)
    ended: int = options.run(options)
    return ended


def run_evaluate(given: argparse.Namespace) -> int:
    """Read, measure, print."""
    try:
        rows = read_interactions(given.interactions)
        table = read_items(given.items) if given.items else None
        options = Options(
            Split(given.split), given.like_from, given.at_least, given.draws, given.seed, given.seconds, not given.no_peers
        )
        report = evaluate(rows, table, options, said=_show if sys.stderr.isatty() else None)
    except (MatchingError, OSError) as error:
        print(f"matching: {error}", file=sys.stderr)
        return UNREADABLE
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    print(json.dumps(report.to_json(), indent=1) if given.json else as_table(report))
    return GOOD


def as_table(report: Report) -> str:
    """The report as a table of Markdown."""
    about = (
        f"{report.users} users, {report.items} items ({report.described} described: {', '.join(report.families) or 'nothing'}), "
        f"{report.likes} likes (from {report.liked_from:g}); split {report.split}, draws {report.draws}"
    )
    head = (
        "| way | NDCG@10 | Recall@20 | coverage@10 | Gini | tail | ECE | of promised | in 90 % | fit s | score s |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    return "\n".join([about, "", head, *map(_row, report.lines)])


def _row(line: Line) -> str:
    cells = [
        line.way,
        f"{line.ndcg:.4f} ± {line.ndcg_width:.4f}",
        f"{line.recall:.4f} ± {line.recall_width:.4f}",
        f"{line.coverage:.3f}",
        f"{line.gini:.3f}",
        f"{line.tail:.4f}",
        "" if line.calibration is None else f"{line.calibration:.4f}",
        "" if line.off is None else f"{line.off:.2f}",
        "" if line.inside is None else f"{line.inside:.2f}",
        f"{line.fit_seconds:.1f}",
        f"{line.score_seconds:.2f}",
    ]
    return "| " + " | ".join(cells) + " |"


def _show(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
