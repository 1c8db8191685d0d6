"""`timetable solve FILE` and `timetable check FILE plan.json`, for this package alone and for the site's own command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from .contradictions import contradictions
from .faults import ProblemError
from .problem import Plan, Problem, Progress, Status
from .reading import Reader, plan_from_json, plan_to_json, read_file
from .referee import check
from .solve import solve

FOUND, NOTHING, UNREADABLE = 0, 1, 2
Run = Callable[[argparse.Namespace], int]
Readers = Mapping[str, Reader] | None
Commands = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns


def add_commands(commands: Commands[argparse.ArgumentParser], readers: Readers = None) -> None:
    """Add `solve` and `check`; `readers` reads further kinds of files by suffix: {".xlsx": function of a path}.

    The chosen command stands in the parsed arguments as `run`, a function of them that returns the exit code.
    """
    solving = commands.add_parser("solve", help="make a timetable for a .dzn, .json or other problem file")
    solving.add_argument("file", type=Path)
    solving.add_argument("--limit", type=_seconds, default=60.0, metavar="S", help="seconds at most (60)")
    solving.add_argument("--seed", type=int, default=0, metavar="N", help="repeats a run (0)")
    solving.add_argument(
        "--homogeneity", type=_count, metavar="D", help="breaks of two people differ by at most D (.dzn: 2, else as in the file)"
    )
    solving.add_argument("--out", type=Path, metavar="PLAN", help="write the plan there instead of to the screen")
    solving.set_defaults(run=lambda options: _guarded(_solve, options, readers))
    checking = commands.add_parser("check", help="referee a plan: every broken rule on a line")
    checking.add_argument("file", type=Path)
    checking.add_argument("plan", type=Path)
    checking.add_argument("--homogeneity", type=_count, metavar="D", help="as for solve")
    checking.set_defaults(run=lambda options: _guarded(_check, options, readers))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="timetable", description="Meeting timetables: solve and check.")
    add_commands(parser.add_subparsers(required=True, metavar="solve | check"))
    options = parser.parse_args(arguments)
    run: Run = options.run
    return run(options)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e7:
        raise argparse.ArgumentTypeError("must be above 0")
    return seconds


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return count


def _guarded(work: Callable[[argparse.Namespace, Readers], int], options: argparse.Namespace, readers: Readers) -> int:
    try:
        return work(options, readers)
    except (ProblemError, OSError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return UNREADABLE


def _read(options: argparse.Namespace, readers: Readers) -> Problem:
    problem = read_file(options.file, readers)
    return problem if options.homogeneity is None else replace(problem, homogeneity=options.homogeneity)


def _solve(options: argparse.Namespace, readers: Readers) -> int:
    problem = _read(options, readers)
    line = _Line(sys.stderr)
    plan = solve(problem, seed=options.seed, limit=options.limit, progress=line.show)
    line.end()
    text = plan_to_json(plan)
    if options.out is None:
        print(text)
    else:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(_verdict(problem, plan), file=sys.stderr)
    for contradiction in contradictions(problem, limit=1.0, most=1) if plan.status is Status.INFEASIBLE else ():
        for fact in contradiction.facts:
            print(f"because {fact.text}", file=sys.stderr)
    wrong = check(problem, plan)
    for violation in wrong:
        print(f"{violation.rule}: {violation.text}", file=sys.stderr)
    return NOTHING if wrong or plan.status is Status.UNKNOWN else FOUND


def _verdict(problem: Problem, plan: Plan) -> str:
    if plan.status is Status.INFEASIBLE:
        return f"infeasible: no timetable keeps all the rules (proven in {plan.seconds:.1f} s)"
    if plan.status is Status.UNKNOWN:
        return f"unknown: no timetable was found in {plan.seconds:.1f} s; a longer --limit may find one"
    goal = f"{problem.goal.value} {plan.objective}" + ("" if plan.bound is None else f" (bound {plan.bound:g})")
    placed = f"{len(plan.meetings)} of {len(problem.requests)} placed"
    return f"{plan.status.value}: {placed}, {goal}, {plan.breaks} breaks, {plan.seconds:.1f} s"


def _check(options: argparse.Namespace, readers: Readers) -> int:
    problem = _read(options, readers)
    try:
        plan = plan_from_json(options.plan.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ProblemError(f"{options.plan} is not text in UTF-8") from error
    except ProblemError as error:
        raise ProblemError(f"{options.plan}: {error}") from error
    wrong = check(problem, plan)
    for violation in wrong:
        print(f"{violation.rule}: {violation.text}")
    if not wrong:
        print(f"clean: {len(plan.meetings)} meetings keep every rule", file=sys.stderr)
    return NOTHING if wrong else FOUND


class _Line:
    """One line that is written over, on a terminal only."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.shown = False

    def show(self, progress: Progress) -> None:
        if not self.stream.isatty():
            return
        bound = "" if progress.bound is None else f", bound {progress.bound:g}"
        best = "looking for a timetable" if progress.objective is None else f"best {progress.objective}"
        text = f"{progress.seconds:6.1f} s  {progress.placed} of {progress.possible} placed, {best}{bound}"
        self.stream.write("\r\x1b[K" + text)
        self.stream.flush()
        self.shown = True

    def end(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
