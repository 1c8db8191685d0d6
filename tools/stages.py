"""Runs make targets one after the other and sums up: python3 tools/stages.py [--all] TARGET...

It stops at the first that fails; with --all each is run, two at a time, so that every fault is seen at once.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

AT_ONCE = 2


@dataclass
class Stage:
    """A target that was run: its exit code, its seconds."""

    target: str
    code: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.target:<20} {'FAILED' if self.code else 'passed':<8} {self.seconds:7.1f} s"


def main(targets: list[str]) -> int:
    """Run each target; 0 when all passed."""
    is_all = "--all" in targets
    targets = [target for target in targets if target != "--all"]
    done = list(side_by_side(targets) if is_all else one_by_one(targets))
    lines = [*map(str, done), *(f"{target:<20} not run" for target in targets[len(done) :])]
    print("\n" + "\n".join(lines), flush=True)
    return 1 if any(stage.code for stage in done) else 0


def one_by_one(targets: list[str]) -> Iterator[Stage]:
    """Each shows its words as it says them; the first that fails is the last."""
    for target in targets:
        print(f"\n=== {target} ===", flush=True)
        stage, _words = run(target)
        yield stage
        if stage.code:
            return


def side_by_side(targets: list[str]) -> Iterator[Stage]:
    """Each shows its words when it has ended, in the order of the targets."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for stage, words in pool.map(lambda target: run(target, is_kept=True), targets):
            print(f"\n=== {stage.target} ===\n{words}", end="", flush=True)
            yield stage


def run(target: str, *, is_kept: bool = False) -> tuple[Stage, str]:
    """The stage, and what it said where that was kept."""
    begun, kept = time.monotonic(), subprocess.PIPE if is_kept else None
    done = subprocess.run(
        ["make", "--no-print-directory", target],
        check=False,
        text=True,
        stdout=kept,
        stderr=subprocess.STDOUT if is_kept else None,
    )
    return Stage(target, done.returncode, time.monotonic() - begun), done.stdout or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
