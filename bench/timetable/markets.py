"""Markets: this kernel beside other ways, the independent referee over all of them, targets, growth; writes the page's tables.

    python bench/timetable/markets.py [--quick] [--only growth|record]

Exits with 1 where a target is missed. The tables go between the marks of docs/develop/timetable-markets.md, the plot beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import generate
import market_referee

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("MADANG_SHARED", HERE.parents[2] / "shared")) / "data" / "market"
PAGE = HERE.parents[1] / "docs" / "develop" / "timetable-markets.md"
SIZES = ((200, 1_000, 20), (1_000, 8_000, 40), (3_000, 30_000, 60), (10_000, 120_000, 60), (20_000, 240_000, 60))
PEERS = ("first_come", "first_shared", "per_slot", "cpsat")
HEAD = (
    "| market | way | limit | weight | share of the bound | placed | breaks | worst day | Jain | seconds | processor | MB |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass
class Run:
    market: str
    way: str
    limit: float
    verdict: market_referee.Verdict
    seconds: float
    processor: float
    memory: float
    bound: float | None = None
    status: str = ""
    first: float | None = None

    def line(self, bound: float | None) -> str:
        v, share = self.verdict, f"{100 * self.verdict.weight / bound:.3f} %" if bound else "-"
        return (
            f"| {self.market} | {self.way} | {self.limit:g} | {v.weight} | {share} | {v.placed} | {v.breaks} | {v.worst_day} "
            f"| {v.fairness:.3f} | {self.seconds:.1f} | {self.processor:.1f} | {self.memory:.0f} |"
        )

    @property
    def share(self) -> float:
        return self.verdict.weight / self.bound if self.bound else 0.0


def run(path: Path, way: str, limit: float) -> Run:
    """One way in a process of its own, refereed twice where it is ours."""
    words = [sys.executable, str(HERE / "market_peers.py"), str(path), way, str(limit)]
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(words, stdout=out)
        _, code, usage = os.wait4(child.pid, 0)
        if code:
            raise SystemExit(f"{way} ended with {code} on {path.name}")
        out.seek(0)
        answer: dict[str, Any] = json.load(out)
    verdict = market_referee.judge(market_referee.read(path), [(i, s) for i, s in answer["meetings"]])
    wrong = [*verdict.wrong, *answer.get("wrong", ())]
    if wrong:
        raise SystemExit(f"a referee refuses {way} on {path.name}: {wrong[:3]}")
    name = path.name.split(".")[0]
    known = {key: answer.get(key) for key in ("bound", "first")}
    memory = usage.ru_maxrss / 1024
    return Run(
        name, way, limit, verdict, answer["seconds"], answer["processor"], memory, status=answer.get("status", ""), **known
    )


def record(quick: bool) -> tuple[list[str], list[str]]:
    """Rows of the table and the targets missed, on the three shared markets; the last limit is one that no clock cuts."""
    lines, missed = [], []
    for letter, limits in (("A", (60,)), ("B", (10, 120)), ("C", (10, 20, 120))):
        path = SHARED / f"market-{letter}0.json.gz"
        ours = [run(path, "here", limit) for limit in limits]
        missed += [f"{r.market} at {r.limit:g} s: {text}" for r in ours for text in _missed(letter, r)]
        peers = [] if quick else [run(path, way, limits[0]) for way in PEERS]
        lines += [r.line(ours[0].bound) for r in (*ours, *peers)]
        print("\n".join(lines[-len(ours) - len(peers) :]), flush=True)
    return lines, missed


def _missed(letter: str, got: Run) -> list[str]:
    tests = {
        "A": [("not proven optimal", got.status == "optimal")],
        "B": [("under 99.97 %", got.share >= 0.9997), ("bound above 53,111", (got.bound or 1e9) <= 53_111)],
        "C": [("under 99.97 %", got.share >= 0.9997), ("bound above 201,950", (got.bound or 1e9) <= 201_950)],
    }[letter]
    if letter == "C" and got.limit == 20:
        tests += [("more than 6,000 breaks", got.verdict.breaks <= 6_000), ("a day of 5 breaks", got.verdict.worst_day <= 4)]
    tests.append(("over the limit", got.seconds <= got.limit + 0.5))
    return [text for text, kept in tests if not kept]


def growth(quick: bool) -> tuple[list[Run], list[str]]:
    """Generated markets of 200 to 20,000 people, 60 seconds each."""
    runs, missed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for people, requests, slots in SIZES[: 3 if quick else None]:
            path = Path(folder) / f"{people}-people.json.gz"
            generate.write(generate.generate(people, requests, slots, 1), path)
            runs.append(run(path, "here", 60))
            print(runs[-1].line(runs[-1].bound), f"first {runs[-1].first}", flush=True)
            if people == 10_000 and runs[-1].share < 0.999:
                missed.append(f"{people} people: under 99.9 %")
            if runs[-1].seconds > 60.5:
                missed.append(f"{people} people: over the limit")
    return runs, missed


def growth_table(runs: list[Run]) -> str:
    rows = [
        f"| {r.market.split('-')[0]} | {r.verdict.weight} | {100 * (1 - r.share):.4f} % | {r.verdict.breaks} | {r.first:.1f} "
        f"| {r.seconds:.1f} | {r.processor:.1f} | {r.memory:.0f} |"
        for r in runs
    ]
    head = (
        "| people | weight | gap | breaks | first timetable (s) | seconds | processor | MB |\n|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    return "\n".join([head, *rows])


def plot(runs: list[Run]) -> str:
    """Processor seconds and gap over people, both axes by powers of ten, as SVG."""
    import math

    def across(people: float) -> float:
        return 60 + 400 * (math.log10(people) - 2) / 2.5

    def up(value: float) -> float:
        return 260 - 200 * (math.log10(max(value, 1e-3)) + 3) / 5

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 300" font-family="sans-serif" font-size="12">']
    parts.append('<rect width="560" height="300" fill="white"/>')
    for power in range(-3, 3):
        y = up(10**power)
        parts.append(f'<line x1="60" x2="460" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="52" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>')
    names = [int(r.market.split("-")[0]) for r in runs]
    parts += [f'<text x="{across(n):.0f}" y="280" text-anchor="middle">{n:,}</text>' for n in names]
    series = (
        ("processor seconds", "#1f5fa8", [r.processor for r in runs]),
        ("gap in %", "#b3401f", [100 * (1 - r.share) for r in runs]),
    )
    for label, colour, values in series:
        points = " ".join(f"{across(n):.1f},{up(v):.1f}" for n, v in zip(names, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="464" y="{up(values[-1]) + 4:.0f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>\n"])


def put(mark: str, text: str) -> None:
    """The text between two marks of the page."""
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    before, after = page.split(begin)[0], page.split(end)[1]
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the small markets, without the other ways, nothing written")
    parser.add_argument("--only", choices=["record", "growth"])
    options = parser.parse_args(words)
    missed: list[str] = []
    when = f"Measured {time.strftime('%Y-%m-%d')}, load of the machine {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores."
    if options.only != "growth":
        lines, some = record(options.quick)
        missed += some
        if not options.quick:
            put("record", "\n".join([when, "", HEAD, *lines, "", *[f"Missed: {m}" for m in some]]).strip())
    if options.only != "record":
        runs, some = growth(options.quick)
        missed += some
        if not options.quick:
            put("growth", "\n".join([when, "", growth_table(runs), "", *[f"Missed: {m}" for m in some]]).strip())
            (PAGE.parent / "timetable-growth.svg").write_text(plot(runs), encoding="utf-8")
    print("\n".join(f"missed: {m}" for m in missed) or "every target met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
