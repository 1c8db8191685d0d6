"""A second referee for events, from the words of the data's README alone: it shares no code with the kernel.

An event is a file of MiniZinc data, English or Catalan keys; an answer is the slot of each meeting, in the order of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

KEYS = {
    "people": ("nBusiness", "nEmpreses"),
    "tables": ("nTables", "nTaules"),
    "slots": ("nTotalSlots", "nFrangesTotal"),
    "morning": ("nMorningSlots", "nFrangesMati"),
    "requested": ("requested", "demanades"),
    "forbidden": ("forbidden", "prohibides"),
    "fixed": ("fixed", "fixat"),
    "before": ("precedences", "precedencies"),
}


@dataclass(frozen=True)
class Event:
    """Numbers from 1, as in the file; `meetings` rows: person, person, session (1 morning, 2 afternoon, 3 any)."""

    people: int
    tables: int
    slots: int
    morning: int
    meetings: list[tuple[int, ...]]
    forbidden: list[set[int]]
    fixed: list[int]
    before: list[set[int]]


def read_event(path: Path) -> Event:
    text = re.sub(r"%.*", "", path.read_text(encoding="utf-8", errors="replace"))
    found = dict(re.findall(r"(\w+)\s*=\s*(.*?);", text, re.DOTALL))
    field = {name: next((found[k] for k in keys if k in found), "") for name, keys in KEYS.items()}
    rows = [_numbers(row) for row in field["requested"].strip(" []\n|").split("|")]
    meetings = [tuple(row) for row in rows if row]
    people = int(field["people"])
    return Event(
        people=people,
        tables=int(field["tables"]),
        slots=int(field["slots"]),
        morning=int(field["morning"]),
        meetings=meetings,
        forbidden=_sets(field["forbidden"]) or [set() for _ in range(people)],
        fixed=_numbers(field["fixed"]) or [0] * len(meetings),
        before=_sets(field["before"]) or [set() for _ in meetings],
    )


def breaks_of(event: Event, slots: list[int]) -> list[int]:
    """Breaks of each person: gaps between one meeting and her next."""
    total = []
    for person in range(1, event.people + 1):
        hers = sorted(slot for (a, b, *_), slot in zip(event.meetings, slots, strict=True) if person in (a, b))
        total.append(sum(1 for k in range(1, len(hers)) if hers[k] - hers[k - 1] > 1))
    return total


def faults_of(event: Event, slots: list[int], homogeneity: int) -> list[str]:
    """Every rule that the timetable breaks, in words."""
    if len(slots) != len(event.meetings):
        return [f"{len(slots)} of {len(event.meetings)} meetings are placed"]
    wrong = []
    seen: set[tuple[int, int]] = set()
    for number, ((a, b, session), slot) in enumerate(zip(event.meetings, slots, strict=True), start=1):
        first, last = {1: (1, event.morning), 2: (event.morning + 1, event.slots)}.get(session, (1, event.slots))
        if not first <= slot <= last:
            wrong.append(f"meeting {number} is outside its session")
        if event.fixed[number - 1] not in (0, slot):
            wrong.append(f"meeting {number} is not in its fixed slot")
        for person in (a, b):
            if slot in event.forbidden[person - 1]:
                wrong.append(f"person {person} is away in slot {slot}")
            if (person, slot) in seen:
                wrong.append(f"person {person} meets twice in slot {slot}")
            seen.add((person, slot))
        wrong += [f"meeting {e} is not before {number}" for e in event.before[number - 1] - {0} if slots[e - 1] >= slot]
    wrong += [f"too few tables in slot {s}" for s in range(1, event.slots + 1) if slots.count(s) > event.tables]
    counts = breaks_of(event, slots)
    if max(counts) - min(counts) > homogeneity:
        wrong.append(f"breaks between {min(counts)} and {max(counts)}")
    return wrong


def _numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"-?\d+", text)]


def _sets(text: str) -> list[set[int]]:
    return [
        set(range(int(low), int(high) + 1)) if high else set(_numbers(inside))
        for inside, low, high in re.findall(r"(\{[^}]*\}|(\d+)\s*\.\.\s*(\d+))", text)
    ]
