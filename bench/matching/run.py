"""The matching kernel beside its peers; ends with 1 where a target is missed.

    python bench/matching/run.py quality     ml-latest-small: random, by time, titles nobody took yet
    python bench/matching/run.py meetings    proposed meetings: what a floor costs, and how long large markets take
    python bench/matching/run.py pairs       3,000 buyers x 30,000 titles, beside the bare matrix product

Without a word all three; then `--write` puts the tables of that run into docs/develop/matching.md. The data is looked for in
MADANG_SHARED, or in `shared` beside the checkout.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait for each other count as work

import numpy as np

from madang.kernels.matching import (
    Options,
    Split,
    evaluate,
    features,
    fit,
    packed,
    read_interactions,
    read_items,
    top,
)
from madang.kernels.matching.assignment import Market, check, floor_prices, solve
from madang.kernels.matching.commandline import as_table
from madang.kernels.matching.evaluate import Line
from madang.kernels.matching.likes import core, without_doubles
from madang.kernels.matching.splits import parts

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
RATINGS = SHARED / "data" / "ratings"
RECORD = Path(__file__).resolve().parents[2] / "docs" / "develop" / "matching.md"
MARKS = "<!-- record -->", "<!-- end of record -->"
SECONDS = 15.0
"""Work on settings, a fit."""
missed: list[str] = []
Tables = list[tuple[str, str]]
"""What each table shows, and the table."""


def must(held: bool, what: str) -> None:
    """Say a target and whether it is held."""
    print(f"{'held' if held else 'MISSED'}: {what}", flush=True)
    if not held:
        missed.append(what)


def quality() -> Tables:
    """The three splits, every way in the same run."""
    rows, table = read_interactions(RATINGS / "ratings.csv"), read_items([RATINGS / "movies.csv"])
    tables = []
    for split in Split:
        report = evaluate(rows, table, Options(split, draws=2 if split is Split.COLD else 1, seconds=SECONDS))
        head, _, lines = as_table(report).partition("\n\n")
        tables.append((f"`ml-latest-small`, {head}:", lines))
        print("\n" + as_table(report) + "\n", flush=True)
        held({line.way: line for line in report.lines}, split)
    return tables


def held(found: dict[str, Line], split: Split) -> None:
    """The targets of a split."""
    ours = found["Madang"]
    if split is Split.COLD:
        must(ours.ndcg >= 5 * found["random"].ndcg, f"cold {ours.ndcg:.4f} is 5 times random {found['random'].ndcg:.4f}")
        return
    for peer in ("item-kNN", "implicit ALS"):
        must(ours.ndcg > found[peer].ndcg, f"{split}: NDCG@10 {ours.ndcg:.4f} is above {peer} {found[peer].ndcg:.4f}")
    must(ours.coverage >= 1.3 * found["EASE"].coverage, f"{split}: coverage {ours.coverage:.3f} of {found['EASE'].coverage:.3f}")


def meetings() -> Tables:
    """A market of real chances with its truth, then large ones of made chances."""
    real, truth = real_market()
    lines = [
        "| floor | meetings | expected hits | lost | hits that came | titles met | lacking |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for line in floor_prices(real):
        came = sum(int(truth[m.buyer, m.title]) for m in line.plan.meetings)
        counts = f"{line.expected:.1f} | {100 * line.lost:.1f} % | {came} | {line.titles_met} | {line.titles_lacking}"
        lines.append(f"| {line.floor} | {len(line.plan.meetings)} | {counts} |")
        if line.floor == 2:
            must(line.lost <= 0.03 and line.titles_lacking == 0, f"floor 2 loses {100 * line.lost:.2f} % and no title lacks any")
    made = made_markets()
    print("\n".join(["", *lines, "", *made]), flush=True)
    what = (
        "Proposed meetings of 150 buyers and 240 of these titles (80 of each third by likes; 8 and 20 meetings at most; 30 % of"
    )
    what += "\nthe pairs barred), by chances that never saw the fifth set apart; hits that came are likes in it:"
    made_what = (
        "Made markets; *lost* beside floor 0, *at least*: what any plan with these floors loses, by the linear programme's bound:"
    )
    return [(what, "\n".join(lines)), (made_what, "\n".join(made))]


def made_markets() -> list[str]:
    """Large ones: seconds, what floor 2 loses, and what the bound says that any plan loses."""
    lines = ["| buyers × titles | floor | meetings | expected hits | lost | at least | seconds | of processor |"]
    lines.append("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for buyers, titles, room, seconds in ((1_500, 3_000, 8, 10), (3_000, 10_000, 16, 15)):
        free = 0.0
        for floor in (0, 2):
            market = made_market(buyers, titles, room, floor)
            start, spent = time.perf_counter(), time.process_time()
            plan = solve(market)
            took, spent = time.perf_counter() - start, time.process_time() - spent
            free = free or plan.expected
            lost, least = (100 * (1 - hits / free) for hits in (plan.expected, max(plan.expected, plan.bound)))
            size = f"{buyers:,} × {titles:,} | {floor} | {len(plan.meetings):,} | {plan.expected:,.1f}"
            lines.append(f"| {size} | {lost:.2f} % | {max(0.0, least):.2f} % | {took:.1f} | {spent:.1f} |")
            sound = not check(market, plan) and plan.status == "optimal"
            must(sound and spent < seconds, f"{size}: {plan.status}, {took:.1f} s ({spent:.1f} s of processor)")
    return lines


def real_market() -> tuple[Market, np.ndarray]:
    """150 buyers, 240 titles (80 of each third by likes), 30 % of the pairs barred; chances learned without the truth."""
    rows = core(without_doubles(read_interactions(RATINGS / "ratings.csv")), 4.0, 5)
    part = next(iter(parts(rows, 4.0, Split.RANDOM, 0, 1)))
    about = features(part.known.items, read_items([RATINGS / "movies.csv"]))
    model = fit(part.known, about, seconds=SECONDS)
    likes = part.known.likes
    chances = model.chances(model.scores(likes, part.known.against), likes, model.known).middle
    draw = np.random.default_rng(0)
    thirds = np.array_split(np.argsort(model.known, kind="stable"), 3)
    titles = np.concatenate([draw.choice(third, 80, replace=False) for third in thirds])
    buyers = draw.choice(len(part.known.users), 150, replace=False)
    open_ = (draw.random((150, 240)) < 0.7) & (likes[buyers][:, titles].toarray() == 0)
    names = tuple(part.known.users[n] for n in buyers), tuple(part.known.items[n] for n in titles)
    table = chances[np.ix_(buyers, titles)].astype(np.float32)
    return Market(*names, table, open_, np.full(150, 8), np.full(240, 20)), part.wanted[np.ix_(buyers, titles)]


def made_market(buyers: int, titles: int, room: int, floor: int) -> Market:
    """Tastes of 16 parts, titles wanted very unequally, 30 % of the pairs barred."""
    draw = np.random.default_rng(0)
    left, right = (draw.normal(size=(count, 16)).astype(np.float32) for count in (buyers, titles))
    wanted = draw.gumbel(size=titles).astype(np.float32) - 4.5
    chances = 1 / (1 + np.exp(-0.375 * (left @ right.T) - wanted))
    gates = draw.random((buyers, titles), dtype=np.float32) > 0.3
    names = tuple(map(str, range(buyers))), tuple(map(str, range(titles)))
    return Market(*names, chances.astype(np.float32), gates, np.full(buyers, room), np.full(titles, 20), floor)


def pairs() -> Tables:
    """The median of three rounds, in each of which both are asked."""
    draw, buyers, titles = np.random.default_rng(0), 3_000, 30_000
    gates = packed(draw.random((buyers, titles), dtype=np.float32) > 0.3)
    lines = ["| width of the factors | `top` | bare product | times |", "|--:|--:|--:|--:|"]
    for width in (64, 128, 256):
        left, right = (draw.normal(size=(count, width)).astype(np.float32) for count in (buyers, titles))
        top(left[:10], right, gates[:10], 50)
        rounds = []
        for _ in range(3):
            ours = _processor(lambda left=left, right=right: top(left, right, gates, 50))
            rounds.append((ours, _processor(lambda left=left, right=right: left @ right.T)))
        ours, bare = (float(np.median([one[side] for one in rounds])) for side in (0, 1))
        times = float(np.median([one / other for one, other in rounds]))
        lines.append(f"| {width} | {ours:.2f} | {bare:.2f} | {times:.2f} |")
        must(times <= 1.5, f"width {width}: {ours:.2f} s of processor, the bare product {bare:.2f} s, {times:.2f} times")
    what = "3,000 buyers × 30,000 titles, 70 % of the pairs open, top 50 each, seconds of processor beside the bare product,"
    return [(what + "\nmedians of three rounds:", "\n".join(lines))]


def _processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def record(tables: Tables, took: float) -> None:
    """The tables of this run between the marks of the page."""
    text = RECORD.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    load = os.getloadavg()[2]
    head = f"One run of {took / 60:.0f} minutes, on one thread of two cores with a load of {load:.0f}: compare, do not time."
    parts = [head, *(f"{what}\n\n{table}" for what, table in tables)]
    RECORD.write_text(f"{before}{MARKS[0]}\n" + "\n\n".join(parts) + f"\n{MARKS[1]}{after}", encoding="utf-8")


def main(words: list[str]) -> int:
    ways = {"quality": quality, "meetings": meetings, "pairs": pairs}
    asked = [word for word in words if word != "--write"]
    if any(word not in ways for word in asked) or (asked and "--write" in words):
        print(__doc__, file=sys.stderr)
        return 2
    start = time.perf_counter()
    tables = [table for word in asked or ways for table in ways[word]()]
    if "--write" in words:
        record(tables, time.perf_counter() - start)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
