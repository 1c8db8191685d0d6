"""The matching kernel beside its peers; ends with 1 where a target is missed.

    python bench/matching/run.py quality     ml-latest-small: random, by time, titles nobody took yet
    python bench/matching/run.py meetings    proposed meetings: what a floor costs, and how long large markets take
    python bench/matching/run.py pairs       3,000 buyers x 30,000 titles, beside the bare matrix product

Without a word all three. The data is looked for in MADANG_SHARED, or in `shared` beside the checkout.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
from madang.kernels.matching.likes import core, without_doubles
from madang.kernels.matching.splits import parts

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
RATINGS = SHARED / "data" / "ratings"
missed: list[str] = []


def must(held: bool, what: str) -> None:
    """Say a target and whether it is held."""
    print(f"{'held' if held else 'MISSED'}: {what}", flush=True)
    if not held:
        missed.append(what)


def quality() -> None:
    """The three splits, every way in the same run."""
    rows, table = read_interactions(RATINGS / "ratings.csv"), read_items([RATINGS / "movies.csv"])
    for split in Split:
        report = evaluate(rows, table, Options(split, draws=2 if split is Split.COLD else 1))
        print("\n" + as_table(report) + "\n")
        found = {line.way: line for line in report.lines}
        ours = found["Madang"]
        if split is Split.COLD:
            must(ours.ndcg >= 5 * found["random"].ndcg, f"cold {ours.ndcg:.4f} is 5 times random {found['random'].ndcg:.4f}")
            continue
        for peer in ("item-kNN", "implicit ALS"):
            must(ours.ndcg > found[peer].ndcg, f"{split}: NDCG@10 {ours.ndcg:.4f} is above {peer} {found[peer].ndcg:.4f}")
        must(
            ours.coverage >= 1.3 * found["EASE"].coverage,
            f"{split}: coverage {ours.coverage:.3f} of {found['EASE'].coverage:.3f}",
        )


def meetings() -> None:
    """A market of real chances with its truth, then large ones of made chances."""
    real, truth = real_market()
    print("\n| floor | meetings | expected hits | lost | hits that came | titles met | lacking |\n|--:|--:|--:|--:|--:|--:|--:|")
    for line in floor_prices(real):
        came = sum(int(truth[m.buyer, m.title]) for m in line.plan.meetings)
        counts = f"{line.expected:.1f} | {100 * line.lost:.1f} % | {came} | {line.titles_met} | {line.titles_lacking}"
        print(f"| {line.floor} | {len(line.plan.meetings)} | {counts} |")
        if line.floor == 2:
            must(line.lost <= 0.03 and line.titles_lacking == 0, f"floor 2 loses {100 * line.lost:.2f} % and no title lacks any")
    for buyers, titles, room, seconds in ((1_500, 3_000, 8, 10), (3_000, 10_000, 16, 15)):
        for floor in (0, 2):
            market = made_market(buyers, titles, room, floor)
            start, spent = time.perf_counter(), time.process_time()
            plan = solve(market)
            took, spent = time.perf_counter() - start, time.process_time() - spent
            sound = not check(market, plan)
            what = f"{buyers} x {titles}, floor {floor}: {plan.status}, {len(plan.meetings)} meetings"
            what += f", {took:.1f} s ({spent:.1f} s of processor)"
            must(sound and plan.status == "optimal" and spent < seconds, what)


def real_market() -> tuple[Market, np.ndarray]:
    """150 buyers, 240 titles (80 of each third by likes), 30 % of the pairs barred; chances learned without the truth."""
    rows = core(without_doubles(read_interactions(RATINGS / "ratings.csv")), 4.0, 5)
    part = next(iter(parts(rows, 4.0, Split.RANDOM, 0, 1)))
    about = features(part.known.items, read_items([RATINGS / "movies.csv"]))
    model = fit(part.known, about, seconds=120)
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


def pairs() -> None:
    """The best of three runs each, and the memory of the process beyond its tables."""
    draw, buyers, titles = np.random.default_rng(0), 3_000, 30_000
    gates = packed(draw.random((buyers, titles), dtype=np.float32) > 0.3)
    for width in (128, 256, 512):
        left, right = (draw.normal(size=(count, width)).astype(np.float32) for count in (buyers, titles))
        top(left[:10], right, gates[:10], 50)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours = min(_processor(lambda left=left, right=right: top(left, right, gates, 50)) for _ in range(3))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        bare = min(_processor(lambda left=left, right=right: left @ right.T) for _ in range(3))
        text = f"width {width}: {ours:.2f} s of processor, the bare product {bare:.2f} s, {ours / bare:.2f} times"
        must(ours <= 1.5 * bare, f"{text}; {grown:.0f} MB more")


def _processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(words: list[str]) -> int:
    ways = {"quality": quality, "meetings": meetings, "pairs": pairs}
    if any(word not in ways for word in words):
        print(__doc__, file=sys.stderr)
        return 2
    for word in words or ways:
        ways[word]()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
