"""Coverage, false alarms, power and error of the kernel's intervals, beside what is usually done.

    python bench/impact/coverage.py --write

Two processes, seeded: the same table every time. `--write` puts it into docs/develop/impact-coverage.md. Ends with 1 where a bar
of the kernel is missed, or where a naive way passes that is said to fail.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trials

PAGE = Path(__file__).resolve().parents[2] / "docs" / "develop" / "impact-coverage.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
CHUNK = 50
"""Replications by one generator: the table does not depend on the number of processes."""


@dataclass(frozen=True)
class Row:
    """One way in one world: what was noted, by fact, an array over replications."""

    world: str
    way: str
    facts: dict[str, np.ndarray]
    bar: trials.Bar | None

    @property
    def cover(self) -> float:
        return float(self.facts["inside"].mean())

    @property
    def alarms(self) -> float | None:
        return float(self.facts["shows1"].mean()) if "shows1" in self.facts else None

    @property
    def holds(self) -> bool:
        """Whether it keeps its bar."""
        assert self.bar is not None
        return self.bar.low <= self.cover <= self.bar.high and (self.alarms or 0) <= self.bar.alarms

    @property
    def verdict(self) -> str:
        """What stands in the table's last column."""
        if self.bar is None:
            return ""
        return (
            ("fails, as said" if self.bar.naive else "**missed**")
            if not self.holds
            else "**passes**"
            if self.bar.naive
            else "holds"
        )


def main() -> int:
    own = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own.add_argument("--replications", type=int, default=1_000, help="of each world (default: 1,000)")
    own.add_argument("--processes", type=int, default=2)
    own.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    given = own.parse_args()
    begun = time.monotonic()
    with multiprocessing.Pool(given.processes) as pool:
        rows = [row for world in trials.WORLDS for row in measured(world, given.replications, pool.starmap)]
    missed = [f"{row.way} ({row.world})" for row in rows if "**" in row.verdict]
    text = "\n".join(table(rows))
    text += f"\n\n{given.replications:,} replications of each world, {time.monotonic() - begun:.0f} s. "
    text += "Missed: " + "; ".join(missed) + "." if missed else "Every bar holds, and every naive way that must fail fails."
    print(text)
    if given.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{rest.partition(END)[2]}")
    return 1 if missed else 0


def measured(world: trials.World, replications: int, starmap: Callable[..., list]) -> Iterator[Row]:
    """The rows of one world: its chunks, put together."""
    if world.needs_data and trials.worlds.real_counts() is None:
        print(f"{world.name}: the data is not there, left out", file=sys.stderr)
        return
    chunks = -(-replications // CHUNK)
    parts = starmap(trials.chunk, [(world.name, index, CHUNK) for index in range(chunks)])
    together: dict[str, dict[str, list]] = {}
    for part in parts:
        for way, facts in part.items():
            for fact, values in facts.items():
                together.setdefault(way, {}).setdefault(fact, []).extend(values)
    for way, facts in together.items():
        arrays = {fact: np.array(values) for fact, values in facts.items()}
        yield Row(world.name, way, arrays, world.bars.get(way))


def table(rows: list[Row]) -> Iterator[str]:
    """The one table, in Markdown."""
    yield "| world | way | covers (90 %) | RMSE | width | false alarms (5 %) | shows +30 % | shows a doubling | bar |"
    yield "|---|---|---|---|---|---|---|---|---|"
    before = ""
    for row in rows:
        shown = [f"{row.facts[name].mean():.1%}" if name in row.facts else "" for name in ("shows1", "shows1.3", "shows2")]
        error = np.sqrt(np.mean(row.facts["error"] ** 2))
        figures = [f"{row.cover:.3f}", f"{error:.3g}", f"{np.median(row.facts['width']):.3g}", *shown]
        yield "| " + " | ".join([row.world if row.world != before else "", row.way, *figures, row.verdict]) + " |"
        before = row.world


if __name__ == "__main__":
    sys.exit(main())
