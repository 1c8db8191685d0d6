"""MiniZinc data files of the B2B meeting scheduling problem (B2BSOP), as published with JAIR 74 (2022)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .faults import ProblemError, ensure_sound
from .problem import Goal, Participant, Problem, Request, Slot, Table

Value = int | list["Value"] | frozenset[int]

_NAMES = {
    "people": ("nBusiness", "nEmpreses"),
    "meetings": ("nMeetings", "nReunions"),
    "tables": ("nTables", "nTaules"),
    "slots": ("nTotalSlots", "nFrangesTotal", "nFranges"),
    "morning": ("nMorningSlots", "nFrangesMati"),
    "requested": ("requested", "demanades", "reunions"),
    "forbidden": ("forbidden", "prohibides"),
    "fixed": ("fixed", "fixat", "fixades"),
    "precedences": ("precedences", "precedencies"),
}
_OPTIONAL = ("forbidden", "fixed", "precedences")
_TOKEN = re.compile(r"(?P<space>\s+|%[^\n]*)|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\.\.|\[\||\|\]|[\[\]{}()|,;=])")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Entry:
    value: Value
    line: int


def read_dzn(text: str, *, homogeneity: int | None = 2) -> Problem:
    """A B2BSOP instance from the text of its .dzn file (English or Catalan keys).

    Ids of participants, requests (their row) and tables are 1-based numbers. Raises `ProblemError` with the line.
    """
    entries = _Parser(list(_tokens(text))).entries()
    data = {role: _find(entries, role) for role in _NAMES}
    people, meetings, tables, total, morning = (
        _number(data[role], role) for role in ("people", "meetings", "tables", "slots", "morning")
    )
    rows = _rows(data["requested"], meetings, people)
    forbidden = _sets(data["forbidden"], "forbidden", people, total)
    fixed = _fixed(data["fixed"], meetings, total)
    before = _sets(data["precedences"], "precedences", meetings, meetings)
    problem = Problem(
        slots=tuple(Slot(day=1, session=1 if s <= morning else 2) for s in range(1, total + 1)),
        participants=tuple(Participant(id=p + 1, forbidden=forbidden[p]) for p in range(people)),
        tables=tuple(Table(id=t + 1) for t in range(tables)),
        requests=tuple(
            Request(
                id=m + 1,
                participants=(a, b),
                session=session if session in (1, 2) else None,
                fixed_slot=fixed[m],
                after=tuple(sorted(before[m])),
            )
            for m, (a, b, session) in enumerate(rows)
        ),
        goal=Goal.BREAKS,
        homogeneity=homogeneity,
        breaks_over_forbidden=True,
    )
    ensure_sound(problem)
    return problem


def _tokens(text: str) -> Iterator[_Token]:
    place, line = 0, 1
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ProblemError(f"line {line}: {text[place]!r} does not belong in a .dzn file")
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match.group(), line)
        line += match.group().count("\n")
        place = match.end()


class _Parser:
    """Recursive descent over `name = value;`: integers, ranges, sets, arrays, [| rows |] and array2d(.., .., [..])."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def entries(self) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        while self.place < len(self.tokens):
            name = self.take("name")
            self.expect("=")
            found[name.text] = _Entry(self.value(), name.line)
            if self.place < len(self.tokens):
                self.expect(";")
        return found

    def peek(self) -> _Token:
        if self.place < len(self.tokens):
            return self.tokens[self.place]
        return _Token("end", "the end of the file", self.tokens[-1].line if self.tokens else 1)

    def take(self, kind: str) -> _Token:
        token = self.peek()
        if token.kind != kind:
            raise ProblemError(f"line {token.line}: a {kind} was expected, not {token.text}")
        self.place += 1
        return token

    def expect(self, sign: str) -> None:
        token = self.peek()
        if token.text != sign:
            raise ProblemError(f"line {token.line}: {sign!r} was expected, not {token.text}")
        self.place += 1

    def value(self) -> Value:
        token = self.peek()
        if token.text == "[|":
            return self.matrix()
        if token.text == "[":
            return self.series("[", "]")
        if token.text == "{":
            return self.set_of(token, self.series("{", "}"))
        if token.kind == "name":
            return self.reshaped(token)
        return self.number_or_range()

    def set_of(self, token: _Token, members: list[Value]) -> frozenset[int]:
        if any(not isinstance(m, int) for m in members):
            raise ProblemError(f"line {token.line}: a set holds whole numbers only")
        return frozenset(m for m in members if isinstance(m, int))

    def number_or_range(self) -> Value:
        first = int(self.take("number").text)
        if self.peek().text != "..":
            return first
        self.expect("..")
        last = self.take("number")
        if int(last.text) - first > 1_000_000:
            raise ProblemError(f"line {last.line}: the range {first}..{last.text} is too long")
        return frozenset(range(first, int(last.text) + 1))

    def series(self, opening: str, closing: str) -> list[Value]:
        self.expect(opening)
        found: list[Value] = []
        while self.peek().text != closing:
            found.append(self.value())
            if self.peek().text != closing:
                self.expect(",")
        self.expect(closing)
        return found

    def matrix(self) -> list[Value]:
        self.expect("[|")
        rows: list[Value] = []
        row: list[Value] = []
        while self.peek().text != "|]":
            if self.peek().text == "|":
                self.expect("|")
                rows.append(row)
                row = []
                continue
            row.append(self.value())
            if self.peek().text not in ("|", "|]"):
                self.expect(",")
        self.expect("|]")
        return [*rows, row] if row else rows

    def reshaped(self, token: _Token) -> Value:
        if token.text not in ("array1d", "array2d", "set2array"):
            raise ProblemError(f"line {token.line}: {token.text} is not a value that is understood here")
        self.take("name")
        *_, body = self.series("(", ")") or [0]
        if token.text == "array2d" and isinstance(body, list):
            return [body[i : i + 3] for i in range(0, len(body), 3)]
        return body


def _find(entries: dict[str, _Entry], role: str) -> _Entry | None:
    for name in _NAMES[role]:
        if name in entries:
            return entries[name]
    if role in _OPTIONAL:
        return None
    raise ProblemError(f"the file does not say {' or '.join(_NAMES[role])}")


def _number(entry: _Entry | None, role: str) -> int:
    if entry is None or not isinstance(entry.value, int) or not 0 <= entry.value <= 1_000_000:
        raise ProblemError(f"line {entry.line if entry else 1}: {_NAMES[role][0]} must be a whole number, 0 or more")
    return entry.value


def _rows(entry: _Entry | None, meetings: int, people: int) -> list[tuple[int, int, int]]:
    if entry is None:
        return []
    if not isinstance(entry.value, list) or len(entry.value) != meetings:
        raise ProblemError(f"line {entry.line}: requested must have {meetings} rows, one for each meeting")
    rows: list[tuple[int, int, int]] = []
    for number, row in enumerate(entry.value, start=1):
        if not isinstance(row, list) or len(row) != 3 or not all(isinstance(v, int) for v in row):
            raise ProblemError(f"line {entry.line}: row {number} of requested needs participant, participant, session")
        a, b, session = (v for v in row if isinstance(v, int))
        if not (1 <= a <= people and 1 <= b <= people and a != b) or session not in (1, 2, 3):
            raise ProblemError(f"line {entry.line}: row {number} of requested ({a}, {b}, {session}) makes no sense")
        rows.append((a, b, session))
    return rows


def _sets(entry: _Entry | None, name: str, count: int, largest: int) -> list[frozenset[int]]:
    """One set for each of `count`; a 0 in a set means nothing, as in the published files."""
    if entry is None:
        return [frozenset()] * count
    if not isinstance(entry.value, list) or len(entry.value) != count or not all(isinstance(v, frozenset) for v in entry.value):
        raise ProblemError(f"line {entry.line}: {name} must have {count} sets")
    found = [v - {0} for v in entry.value if isinstance(v, frozenset)]
    for number, members in enumerate(found, start=1):
        if any(not 1 <= m <= largest for m in members):
            raise ProblemError(f"line {entry.line}: set {number} of {name} goes outside 1 to {largest}")
    return found


def _fixed(entry: _Entry | None, meetings: int, total: int) -> list[int | None]:
    if entry is None:
        return [None] * meetings
    if not isinstance(entry.value, list) or len(entry.value) != meetings:
        raise ProblemError(f"line {entry.line}: fixed must have {meetings} numbers")
    for number, slot in enumerate(entry.value, start=1):
        if not isinstance(slot, int) or not 0 <= slot <= total:
            raise ProblemError(f"line {entry.line}: number {number} of fixed is not a slot of 0 to {total}")
    return [slot if isinstance(slot, int) and slot else None for slot in entry.value]
