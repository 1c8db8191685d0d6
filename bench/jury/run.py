"""The jury kernel at the size of a large call, beside what juries do without it; ends with 1 where a target is missed.

    python bench/jury/run.py [--entries 2000] [--jurors 60] [--readers 3]

Assignment: beside a careful round robin (each entry to the least loaded jurors who may read it) and CP-SAT given the same model
and ten times the seconds. Severity: beside raw means and scores standardised juror by juror.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

import numpy as np
from scipy.stats import spearmanr

from madang.kernels.jury import assignment, severity
from madang.kernels.jury.assignment import Conflict, Entry, Juror, Pair, Problem, check, linking, repair, solve
from madang.kernels.jury.assignment.referee import price

LANDS = {"KR": "ko", "FR": "fr", "JP": "ja", "US": "en", "CN": "zh", "DE": "de", "ES": "es", "BR": "pt", "IN": "hi", "GB": "en"}


def call(entries: int, jurors: int, readers: int, seed: int = 1) -> Problem:
    """Entries of ten countries with English subtitles, a third of them Korean; jurors with one to three languages."""
    chance = random.Random(seed)
    shares = [12, 4, 4, 4, 4, 2, 2, 2, 2, 2]
    works, people = [], []
    for number in range(entries):
        land = chance.choices(list(LANDS), shares)[0]
        works.append(Entry(number, frozenset({LANDS[land], "en"}), (land,)))
    for number in range(jurors):
        land = list(LANDS)[number % len(LANDS)]
        tongues = frozenset({LANDS[land]} | ({"en"} if number % 12 else set()) | ({"ko"} if number % 3 == 0 else set()))
        own = frozenset({LANDS[land]} if number % 2 else ())
        people.append(Juror(f"j{number}", tongues, land, own, 0, entries * readers * 2 // jurors))
    barred = {(chance.randrange(entries), f"j{chance.randrange(jurors)}") for _ in range(entries // 4)}
    return Problem(
        tuple(works), tuple(people), readers, tuple(Conflict(*p, "declared") for p in sorted(barred)), most_compatriots=1
    )


def round_robin(problem: Problem) -> list[Pair]:
    """Each entry to those of the least loaded who may read it; what a careful person does in a spreadsheet."""
    barred = {(c.entry, c.juror) for c in problem.conflicts}
    loads: Counter[assignment.Id] = Counter()
    pairs = []
    for entry in problem.entries:
        own = 0
        for juror in sorted(problem.jurors, key=lambda j: loads[j.id]):
            at_home = juror.country in entry.countries
            fits = entry.languages & juror.languages and (entry.id, juror.id) not in barred and not (at_home and own)
            if fits and sum(p.entry == entry.id for p in pairs[-problem.readers :]) < problem.readers:
                pairs.append(Pair(entry.id, juror.id))
                loads[juror.id] += 1
                own += at_home
    return pairs


def cp_sat(problem: Problem, seconds: float) -> tuple[int | None, float]:
    """(price, proven bound) of the same model: loads within one of even, the same points."""
    from ortools.sat.python import cp_model

    model, barred = cp_model.CpModel(), {(c.entry, c.juror) for c in problem.conflicts}
    cells = {
        (e.id, j.id): model.new_bool_var("")
        for e in problem.entries
        for j in problem.jurors
        if e.languages & j.languages and (e.id, j.id) not in barred
    }
    jurors, cost = {j.id: j for j in problem.jurors}, []
    even = len(problem.entries) * problem.readers / len(jurors)
    for entry in problem.entries:
        mine = {j: cells[entry.id, j] for j in jurors if (entry.id, j) in cells}
        model.add(sum(mine.values()) == problem.readers)
        own = [x for j, x in mine.items() if jurors[j].country in entry.countries]
        model.add(sum(own) <= 1)
        cost += [problem.aims.compatriot * x for x in own]
        likes = {j: jurors[j].prefers & jurors[j].languages for j in mine}
        cost += [problem.aims.language * x for j, x in mine.items() if likes[j] and not likes[j] & entry.languages]
        for land in {jurors[j].country for j in mine}:
            same = [x for j, x in mine.items() if jurors[j].country == land]
            for nth in range(1, min(len(same), problem.readers)):
                over = model.new_int_var(0, problem.readers, "")
                model.add(over >= sum(same) - nth)
                cost.append(problem.aims.same_country * over)
    sizes = Counter(e.countries[0] for e in problem.entries)
    for juror in problem.jurors:
        hers = [(e, cells[e.id, juror.id]) for e in problem.entries if (e.id, juror.id) in cells]
        model.add_linear_constraint(sum(x for _, x in hers), int(even), int(np.ceil(even)))
        for land, size in sizes.items():
            fair = max(1, int(np.ceil(2 * size * problem.readers / len(jurors) - 1e-9)))
            for step in (fair, 2 * fair):
                over = model.new_int_var(0, len(hers), "")
                model.add(over >= sum(x for e, x in hers if e.countries[0] == land) - step)
                cost.append(problem.aims.lopsided * over)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    status = solver.solve(model)
    found = int(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return found, solver.best_objective_bound


def assign(args: argparse.Namespace) -> bool:
    problem = call(args.entries, args.jurors, args.readers)
    started = time.perf_counter()
    plan = solve(problem)
    took = time.perf_counter() - started
    link, spread = linking(problem, plan), sorted(Counter(p.juror for p in plan.pairs).values())
    print(
        f"assignment  {took:.2f} s {plan.status.value}  price {plan.price}  bound {plan.bound}  loads {spread[0]} to {spread[-1]}"
    )
    print(f"            linked {plan.linked}, worst difference of severity known to {link.error:.2f} of a reading's noise")
    by_turn = round_robin(problem)
    loads = sorted(Counter(p.juror for p in by_turn).values())
    missing = args.entries * args.readers - len(by_turn)
    print(f"round robin price {price(problem, by_turn)}  loads {loads[0]} to {loads[-1]}  missing {missing}")
    found, bound = cp_sat(problem, max(20.0, 10 * took))
    print(f"CP-SAT      {max(20.0, 10 * took):.0f} s  price {found}  bound {bound:.0f}")
    gone = problem.jurors[7].id
    left = Problem(
        problem.entries,
        tuple(j for j in problem.jurors if j.id != gone),
        problem.readers,
        tuple(c for c in problem.conflicts if c.juror != gone),
        most_compatriots=1,
    )
    started = time.perf_counter()
    mended = repair(left, plan)
    hers = sum(p.juror == gone for p in plan.pairs)
    print(f"repair      {time.perf_counter() - started:.2f} s  given up {len(mended.given_up)} (she read {hers})")
    clean = not check(problem, plan) and not check(left, mended.plan)
    return clean and plan.price == plan.bound and took < 10 and len(mended.given_up) == hers


def judge(args: argparse.Namespace) -> bool:
    chance, rows, truth, axes = np.random.default_rng(3), [], {}, ("authorship", "audience")
    for axis in axes:
        good, hard = chance.normal(6, 1, args.entries), chance.normal(0, 0.8, args.jurors)
        truth[axis] = good - hard.mean()
        for entry in range(args.entries):
            for juror in chance.choice(args.jurors, args.readers, replace=False).tolist():
                score = float(np.clip(np.round(good[entry] - hard[juror] + chance.normal(0, 1)), 1, 10))
                rows.append(severity.Rating(entry, juror, axis, score))
    problem = severity.Problem(tuple(rows), axes)
    started, processor = time.perf_counter(), time.process_time()
    result = severity.solve(problem)
    print(f"severity    {time.perf_counter() - started:.2f} s, {time.process_time() - processor:.2f} s of processor")
    ended = True
    for axis in result.axes:
        true = [truth[axis.name][s.entry] for s in axis.scores]
        inside = np.mean([s.low <= t <= s.high for s, t in zip(axis.scores, true, strict=True)])
        fair, raw = (spearmanr([getattr(s, name) for s in axis.scores], true).statistic for name in ("score", "raw"))
        standard = _standardised(rows, axis.name)
        plain = spearmanr([standard[s.entry] for s in axis.scores], true).statistic
        print(
            f"        {axis.name}: rank correlation fair {fair:.3f}, standardised {plain:.3f}, raw {raw:.3f}; held {inside:.3f}"
        )
        ended = ended and fair > raw and 0.87 <= inside <= 0.93
    return ended and not severity.check(problem, result)


def _standardised(rows: list[severity.Rating], axis: str) -> dict[severity.Id, float]:
    """Mean of scores standardised juror by juror."""
    mine = [r for r in rows if r.axis == axis and r.score is not None]
    by_juror: dict[severity.Id, list[float]] = {}
    for rating in mine:
        by_juror.setdefault(rating.juror, []).append(rating.score or 0.0)
    found: dict[severity.Id, list[float]] = {}
    for rating in mine:
        own = by_juror[rating.juror]
        found.setdefault(rating.entry, []).append(((rating.score or 0.0) - np.mean(own)) / (np.std(own) or 1))
    return {entry: float(np.mean(scores)) for entry, scores in found.items()}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--jurors", type=int, default=60)
    parser.add_argument("--readers", type=int, default=3)
    args = parser.parse_args(words)
    return 0 if all([assign(args), judge(args)]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
