"""Judges a plan of a market from the two JSON files alone: its own reading of the rules, nothing of the kernel."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Verdict:
    """What is wrong (empty: nothing), and the figures counted anew."""

    wrong: list[str]
    weight: int
    placed: int
    breaks: int
    worst_day: int
    fairness: float


def read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return json.load(stream)


def judge(market: Any, meetings: list[tuple[int, int]]) -> Verdict:
    """`meetings`: (id of the request, slot), with no regard to tables by name: only their number is given."""
    requests = {r["id"]: r for r in market["requests"]}
    people = {p["id"]: p for p in market["participants"]}
    day_of = {s: (s - 1) // market["slots_per_day"] for s in range(1, market["slots"] + 1)}
    wrong = [f"{i} placed twice" for i, n in Counter(i for i, _ in meetings).items() if n > 1]
    at: dict[int, list[int]] = defaultdict(list)
    tables: Counter[int] = Counter()
    for number, slot in meetings:
        row = requests[number]
        if row["fixed_slot"] not in (None, slot):
            wrong.append(f"{number} stands in slot {slot}, not {row['fixed_slot']}")
        tables[slot] += bool(row["needs_table"])
        for person in (row["buyer"], row["seller"]):
            at[person].append(slot)
    placed = {i for i, _ in meetings}
    wrong += [f"{i} must be placed" for i, r in requests.items() if r["fixed_slot"] is not None and i not in placed]
    wrong += [f"slot {s} has {n} meetings at tables" for s, n in tables.items() if n > market["tables_per_slot"][s - 1]]
    breaks, worst = 0, 0
    for person, slots in at.items():
        wrong += _wrong_for(people[person], slots, day_of)
        by_day = Counter({d: _breaks(people[person], sorted(s for s in slots if day_of[s] == d)) for d in set(day_of.values())})
        breaks, worst = breaks + by_day.total(), max(worst, *by_day.values())
    weight = sum(requests[i]["weight"] for i in placed)
    return Verdict(wrong, weight, len(placed), breaks, worst, _fairness(market, placed))


def _wrong_for(person: Any, slots: list[int], day_of: dict[int, int]) -> list[str]:
    found = []
    if len(set(slots)) < len(slots):
        found.append(f"{person['id']} is at two places")
    if not set(slots) <= set(person["available"]):
        found.append(f"{person['id']} is away")
    if max(Counter(day_of[s] for s in slots).values()) > person["max_per_day"]:
        found.append(f"{person['id']} has too much on a day")
    return found


def _breaks(person: Any, slots: list[int]) -> int:
    """Runs of idle slots between the first and the last meeting of a day; slots in which she is away end a run."""
    if len(slots) < 2:
        return 0
    there = set(person["available"])
    line = "".join("m" if s in slots else "i" if s in there else "a" for s in range(slots[0], slots[-1]))
    return len([run for run in line.replace("m", " ").replace("a", " ").split() if run])


def _fairness(market: Any, placed: set[int]) -> float:
    asked: Counter[int] = Counter()
    got: Counter[int] = Counter()
    for row in market["requests"]:
        for person in (row["buyer"], row["seller"]):
            asked[person] += row["weight"]
            got[person] += row["weight"] if row["id"] in placed else 0
    shares = [got[p] / asked[p] for p in asked]
    return sum(shares) ** 2 / (len(shares) * sum(s * s for s in shares))
