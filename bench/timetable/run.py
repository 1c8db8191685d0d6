"""The benches of the timetable kernel, each with its own --help; ends with 1 where a target is missed.

    python bench/timetable/run.py events     real events of 2012 to 2014, beside RC2, CP-SAT and Gecode
    python bench/timetable/run.py oracle     random small events against every timetable there is
    python bench/timetable/run.py markets    markets of thousands of people, beside what is usual
    python bench/timetable/run.py life       lengths, halls, pauses, teams
    python bench/timetable/run.py repair     the smallest change of a large market, reasons, contradictions

The data is looked for in MADANG_SHARED, or in `shared` beside the checkout.
"""

from __future__ import annotations

import importlib
import sys

BENCHES = ("events", "oracle", "markets", "life", "repair")


def main(words: list[str]) -> int:
    if not words or words[0] not in BENCHES:
        print(__doc__, file=sys.stderr)
        return 2
    bench = importlib.import_module(words[0])
    ended: int = bench.main(words[1:])
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
