"""Markets of any size from a seed, in the shape and the format of `shared/data/market` (README there).

python bench/timetable/generate.py 10000 120000 60 FILE.json.gz [--seed 1]
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

DAYS = 4
ONE_SIDED, MUTUAL = ((2, 9), (5, 7)), ((9, 3), (10, 3), (12, 4), (15, 2), (17, 2), (20, 1), (25, 1))
Row = dict[str, Any]


def generate(people: int, requests: int, slots: int, seed: int) -> Row:
    """Two buyers to three sellers, patchy availability, sought-after people, nine tenths of the tables that it could use."""
    chance = random.Random(seed)
    a_day = slots // DAYS
    participants = [_participant(chance, n, people, slots, a_day) for n in range(1, people + 1)]
    buyers, sellers = participants[: people * 2 // 5], participants[people * 2 // 5 :]
    booths = {p["id"] for p in sellers if chance.random() < 0.33}
    rows = [
        {
            "id": number,
            "buyer": buyer,
            "seller": seller,
            "weight": _weight(chance),
            "needs_table": seller not in booths,
            "fixed_slot": None,
        }
        for number, (buyer, seller) in enumerate(_pairs(chance, buyers, sellers, requests), start=1)
    ]
    tables = max(1, round(0.9 * _could_meet(participants, rows) / slots))
    _fix(chance, participants, rows, tables, a_day)
    return {
        "slots": slots,
        "slots_per_day": a_day,
        "tables_per_slot": [tables] * slots,
        "participants": participants,
        "requests": rows,
    }


def _participant(chance: random.Random, number: int, people: int, slots: int, a_day: int) -> Row:
    buyer = number <= people * 2 // 5
    days = range(DAYS) if chance.random() < 0.75 else chance.sample(range(DAYS), DAYS - 1)
    there = [s for s in range(1, slots + 1) if (s - 1) // a_day in days and chance.random() < 0.83]
    most = a_day // 2 if chance.random() < 0.15 else a_day - (2 if buyer and a_day > 5 else 1)
    return {"id": number, "side": "buyer" if buyer else "seller", "available": there, "max_per_day": most}


def _pairs(chance: random.Random, buyers: list[Row], sellers: list[Row], wanted: int) -> list[tuple[int, int]]:
    """Different (buyer, seller) pairs; who stands further to the front of a shuffled list is asked for more often."""
    chance.shuffle(buyers)
    chance.shuffle(sellers)
    found: dict[tuple[int, int], None] = {}
    while len(found) < wanted:
        buyer = buyers[int(len(buyers) * chance.random() ** 1.4)]["id"]
        seller = sellers[int(len(sellers) * chance.random() ** 1.9)]["id"]
        found[buyer, seller] = None
    return list(found)


def _weight(chance: random.Random) -> int:
    kinds = ONE_SIDED if chance.random() < 0.55 else MUTUAL
    return chance.choices([w for w, _ in kinds], [n for _, n in kinds])[0]


def _could_meet(participants: list[Row], rows: list[Row]) -> int:
    """Meetings at shared tables of a greedy matching that looks at how much time people have, not at which."""
    room = {p["id"]: min(len(p["available"]), DAYS * p["max_per_day"]) for p in participants}
    count = 0
    for row in sorted(rows, key=lambda r: -r["weight"]):
        if room[row["buyer"]] and room[row["seller"]]:
            room[row["buyer"]] -= 1
            room[row["seller"]] -= 1
            count += row["needs_table"]
    return count


def _fix(chance: random.Random, participants: list[Row], rows: list[Row], tables: int, a_day: int) -> None:
    """Three requests in a hundred stand already, in slots where they can."""
    there = {p["id"]: set(p["available"]) for p in participants}
    most = {p["id"]: p["max_per_day"] for p in participants}
    held: dict[tuple[int, int], int] = defaultdict(int)
    used: dict[int, int] = defaultdict(int)
    for row in chance.sample(rows, len(rows) * 3 // 100):
        pair = (row["buyer"], row["seller"])
        common = sorted(there[pair[0]] & there[pair[1]])
        slot = chance.choice(common) if common else 0
        day = (slot - 1) // a_day
        if slot and all(held[p, day] < most[p] for p in pair) and used[slot] < tables:
            row["fixed_slot"] = slot
            used[slot] += row["needs_table"]
            for person in pair:
                there[person].discard(slot)
                held[person, day] += 1


def write(market: Row, path: Path) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        json.dump(market, stream)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", type=int)
    parser.add_argument("requests", type=int)
    parser.add_argument("slots", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(generate(options.people, options.requests, options.slots, options.seed), options.file)


if __name__ == "__main__":
    main()
