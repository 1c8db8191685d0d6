"""What every method answers, as one line of JSON: status, value, bound, slots, and the seconds from the file to the answer."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Answer:
    """`status`: optimal, feasible, infeasible or unknown; `slots`: of each meeting, in the order of the file."""

    status: str
    value: int | None = None
    bound: float | None = None
    slots: list[int] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0


def answer_of(solve: Callable[[Path, int, float], Answer], words: list[str]) -> None:
    """FILE D LIMIT from the command line; imports are not counted, for nobody."""
    begun, worked = time.monotonic(), _processor()
    answer = solve(Path(words[1]), int(words[2]), float(words[3]))
    answer.seconds, answer.processor = time.monotonic() - begun, _processor() - worked
    print(json.dumps(asdict(answer)))


def _processor() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in both)
