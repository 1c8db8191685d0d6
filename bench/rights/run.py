"""The rights kernel beside SQL on SQLite, PostgreSQL and DuckDB: python bench/rights/run.py --write

Every answer is asserted equal. `--write` puts the tables into docs/develop/rights-measured.md. Ends with 1 where a target is
missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import catalogues
import compiled
import deep
import growth
from generate import questions
from measure import Took, bandwidth

PAGE = Path(__file__).resolve().parents[2] / "docs" / "develop" / "rights-measured.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
SCAN_LIMIT = 10.0
"""Milliseconds for 100,000 titles; and the kernel takes at most 1/50 of PostgreSQL's time."""
RATIO = 50
TIMES = {1_000: 20, 10_000: 4}
"""How often a question is asked in SQL; five times as often of the kernel."""


def main() -> int:
    own = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own.add_argument("--sizes", type=int, nargs="*", default=list(catalogues.SIZES), help="titles (default: all three)")
    own.add_argument("--no-growth", action="store_true", help="leave out 10 and 100 million lines")
    own.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    given = own.parse_args()
    begun = time.monotonic()
    parts, missed = [*one_title()], list(MISSED)
    with catalogues.server() as url:
        if url is None:
            missed.append("PostgreSQL is missing, so it was not measured")
        for titles in given.sizes:
            parts += catalogue(titles, url)
    parts += [] if given.no_growth else grown()
    missed = [*dict.fromkeys([*missed, *MISSED])]
    parts += [
        f"The run took {time.monotonic() - begun:.0f} s. "
        + ("Missed: " + "; ".join(missed) if missed else "No target was missed.")
    ]
    text = "\n\n".join(parts)
    print(text)
    if given.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{rest.partition(END)[2]}")
    return 1 if missed else 0


MISSED: list[str] = []


def hold(holds: bool, words: str) -> None:
    """A target: written down and told at once where it is missed."""
    if not holds:
        MISSED.append(words)
        print(f"missed: {words}", file=sys.stderr, flush=True)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def ms(took: Iterable[Took], *, worst: bool = False) -> str:
    """The median (or worst) question: by the wall, and of the processor."""
    found = list(took)
    pick = max if worst else statistics.median
    return f"{pick(one.wall for one in found):,.3g} ({pick(one.processor for one in found):,.3g})"


def one_title() -> list[str]:
    rows = []
    for lines in deep.SIZES:
        told = deep.measure(lines)
        if told.universe is None or told.check is None:
            raise SystemExit("not everything was measured")
        slowest = max([*told.questions, told.universe], key=lambda one: one.processor)
        if lines in deep.LIMITS:
            hold(slowest.processor < deep.LIMITS[lines], f"avails of one title with {lines} lines: {slowest.processor:.3g} ms")
        plain = "" if told.plain is None else f"{told.plain.processor / told.universe.processor:,.0f}"
        rows.append([f"{lines:,}", ms(told.questions), ms(told.questions, worst=True), ms(told.first), ms([told.universe]),
                     f"{told.boxes:,}", plain, ms([told.check]), ms(told.frees)])  # fmt: skip
        print(f"one title, {lines} lines: done", file=sys.stderr, flush=True)
    head = ["lines", "a question", "slowest of twelve", "with dates resolved first", "everything there is", "boxes",
            "plain algebra, times", "check of a deal", "when free"]  # fmt: skip
    return ["## One title", table(head, rows)]


def catalogue(titles: int, url: str | None) -> list[str]:
    size, scan = catalogues.measure(titles, url, times=TIMES.get(titles, 1))
    print(f"{titles:,} titles: done", file=sys.stderr, flush=True)
    ours = size.took["kernel"]
    rows = []
    for name, took in size.took.items():
        ratios = [other.processor / own.processor for own, other in zip(ours, took, strict=True)]
        rows.append([name, ms(took), ms(took, worst=True), f"{statistics.median(ratios):,.0f}", f"{min(ratios):,.0f}"])
    if titles >= 100_000:
        hold(max(one.processor for one in ours) <= SCAN_LIMIT, f"scan of {titles:,} titles: {ms(ours, worst=True)} ms")
        peers = [took for name, took in size.took.items() if name.startswith("PostgreSQL")]
        best = statistics.median(min(one.wall for one in row) for row in zip(*peers, strict=True)) if peers else 0
        share = best / statistics.median(one.wall for one in ours)
        hold(share >= RATIO, f"scan of {titles:,} titles: 1/{share:.0f} of PostgreSQL's time")
    speed = bandwidth()
    limits = [1000 * bytes_read / speed for bytes_read in size.bytes_read]
    plain, fast = compiled.compare(scan, questions(), 20)
    words = (
        f"{size.lines:,} lines, {size.terms:,} terms, {size.chains:,} chains of title; made ready in {size.build:.2f} processor "
        f"seconds. Free: {min(size.free):,} to {max(size.free):,} titles. Lines touched: {min(size.touched):,} to "
        f"{max(size.touched):,}. One thread reads {speed / 1e9:.1f} GB/s here: what a question must read would take "
        f"{statistics.median(limits):.2g} ms (worst {max(limits):.2g}); the kernel takes "
        f"{statistics.median(o.processor / limit for o, limit in zip(ours, limits, strict=True)):.0f} times that. Marking what "
        f"stands in the way: {ms(plain)} ms with NumPy, {ms(fast)} compiled by Numba."
    )
    head = ["", "median of twelve questions, ms", "slowest", "times the kernel's processor time", "at least"]
    return [f"## {titles:,} titles", words, table(head, rows)]


def grown() -> list[str]:
    told = growth.measure(2)
    head = ["", "lines", "median of the questions, ms", "slowest"]
    rows = [["kernel, in memory", f"{told.lines:,}", ms(told.scan), ms(told.scan, worst=True)],
            ["DuckDB over Parquet", f"{told.all_lines:,}", ms(told.duck), ms(told.duck, worst=True)]]  # fmt: skip
    return [
        "## 10 and 100 million lines",
        f"The scan of {told.lines:,} lines was made ready in {told.build:.1f} processor seconds. Parquet: "
        f"{told.parquet / 1e6:,.0f} MB with zstd, written in {told.write:.0f} s.",
        table(head, rows),
    ]


if __name__ == "__main__":
    sys.exit(main())
