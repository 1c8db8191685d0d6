"""Which facts of a problem that cannot be contradict each other: smallest sets first.

A smallest set is found as a hitting set of what must be given up (Ignatiev, Previti, Liffiton and Marques-Silva, 2015), from
a set that is made minimal by leaving out one fact after the other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .faults import ensure_sound
from .problem import Id, Problem

if TYPE_CHECKING:
    from .assumptions import Questions
    from .crowding import Rule


ORDER = ("required", "fixed", "session", "after", "away", "asleep", "one_place", "cap", "tables", "closed", "one_meeting")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the problem says. `kind` is a code of docs/develop/timetable-repair.md, `text` plain English."""

    kind: str
    ids: tuple[Id, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that cannot all be true; without any one of them the others can. `smallest`: proven that no fewer contradict."""

    facts: tuple[Fact, ...]
    smallest: bool


def contradictions(problem: Problem, *, limit: float = 10.0, most: int = 3) -> tuple[Contradiction, ...]:
    """At most `most` contradictions that share no fact, the smallest first; empty where there is none, or none was proven.

    Looked at are the requests that must be placed, their slots, sessions, order, people, caps and tables. Homogeneity, teams,
    pauses, rest and ways are not: a problem that cannot be for one of these alone has no contradiction here.
    `limit`: seconds at most. Raises `ProblemError` for a problem that makes no sense.
    """
    ensure_sound(problem)
    from .assumptions import Questions, facts_of, switched  # here: OR-Tools takes half a second to import
    from .crowding import crowded  # here: as above, SciPy

    model, started = switched(problem), time.monotonic()
    questions = Questions(model)
    left, rules = set(facts_of(model)), facts_of(model)
    found: list[Contradiction] = []
    while len(found) < most:
        share = 1.0 if len(found) == most - 1 else 1 - 0.5 ** (len(found) + 1)
        questions.until, questions.unsure = started + limit * share, False
        known = crowded(model.ground, model.musts, left)
        if known is None:
            core = questions.contradict(left)
            if core is None:
                break
            known = _minimal(questions, core)
        facts, proven = _smallest(questions, left, known)
        left -= set(facts)
        found.append(Contradiction(_worded(questions, facts, rules), proven))
    return tuple(sorted(found, key=lambda contradiction: len(contradiction.facts)))


def _minimal(questions: Questions, core: list[Rule]) -> list[Rule]:
    """Of facts that contradict each other so many that none can be left out."""
    kept = list(core)
    for fact in core:
        if fact in kept and not questions.over:
            fewer = questions.contradict([f for f in kept if f != fact])
            kept = kept if fewer is None else fewer
    return kept


def _smallest(questions: Questions, facts: set[Rule], known: list[Rule]) -> tuple[list[Rule], bool]:
    """The fewest of `facts` that contradict each other, starting from a minimal set; whether that is proven."""
    from .assumptions import fewest_hits  # here: as above

    given_up: list[set[Rule]] = []
    while not questions.over:
        hit = fewest_hits(given_up) if given_up else set()
        if len(hit) >= len(known):
            return known, True
        if questions.contradict(hit) is not None:
            return sorted(hit, key=repr), True
        kept = questions.largest(hit, facts)
        if kept is None:
            break
        given_up.append(facts - kept)
    return known, False


def _worded(questions: Questions, facts: list[Rule], rules: dict[Rule, list[Rule]]) -> tuple[Fact, ...]:
    """Facts in words, with only those slots of a person or table that matter."""
    needed = [rule for fact in facts for rule in rules[fact]]
    for rule in list(needed):
        if rule[0] in ("away", "asleep", "closed") and not questions.over:
            fewer = [r for r in needed if r != rule]
            needed = needed if questions.contradict(fewer) is None else fewer
    worded = []
    for kind, ids in sorted(facts, key=lambda fact: (ORDER.index(fact[0]), isinstance(fact[1][0], str), fact[1])):
        mine = [r for r in needed if r[0] == kind and r[1][: len(ids)] == ids]
        extra = tuple(r[1][1] for r in mine) if mine and len(mine[0][1]) > len(ids) else ()
        worded.append(_in_words(questions, kind, (*ids, *extra)))
    return tuple(worded)


def _in_words(questions: Questions, kind: str, ids: tuple[Id, ...]) -> Fact:
    first, *rest = ids
    slots = f"slot{'s' if len(rest) > 1 else ''} {' and '.join(map(str, rest))}"
    second = rest[0] if rest else ""
    texts = {
        "required": f"request {first!r} must be placed",
        "fixed": f"request {first!r} is fixed in slot {second}",
        "session": f"request {first!r} is to be in session {second}",
        "after": f"request {first!r} comes after request {second!r}",
        "away": f"{first!r} is away in {slots}",
        "asleep": f"{first!r} is asleep in {slots}",
        "cap": f"{first!r} takes at most {second} meeting{'' if second == 1 else 's'} a day",
        "one_place": f"{first!r} can be in one meeting at a time",
        "tables": f"{second} shared table{' is' if second == 1 else 's are'} open in slot {first}",
        "closed": f"table {first!r} is closed in {slots}",
        "one_meeting": f"table {first!r} serves one meeting at a time",
    }
    return Fact(kind, ids, texts[kind])
