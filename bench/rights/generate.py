"""Catalogues as a market has them, as arrays: titles bought and sold in packages of about 30, 20 lines each; and deep titles.

A title has two grants, six exclusive licences (a licence and a restriction each), four plain licences, a holdback and a
blackout. Nothing here is taken from a real catalogue; the shape is what counts: how many lines share a term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from madang.kernels.rights import Ask, Columns, Kind, Line, Reason, Scope, day, language_table, media_table, territory_table
from madang.kernels.rights.columns import Who

T, M, L = territory_table(), media_table(), language_table()
PACKAGE = 30
BUYERS = 800
BEGIN, END = day("2015-01-01"), day("2032-01-01")
SHAPE = [*["exclusive"] * 6, *["plain"] * 4, "holdback", "blackout"]
LINES = 20
HELD = [
    ["World"],
    ["World"],
    ["World"],
    ["Europe", "World excl. Europe"],
    ["Europe"],
    ["Asia"],
    ["World excl. US, CA"],
    ["Americas"],
]
GROUPS = ["Benelux", "GSA", "Nordics", "MENA", "LatAm", "CIS", "Europe", "Asia", "Africa", "Americas", "Oceania", "EU", "World",
          "World excl. US, CA", "World excl. KR, JP, CN", "BE-VLG", "CH-DE", "CA-QC"]  # fmt: skip
MEDIA = ["SVOD", "AVOD", "FAST", "FREE", "PAY1", "THEA", "SVOD, AVOD, FAST", "FREE, PAY1", "STREAMING", "ALL", "SVOD, PAY1"]
LANGUAGES = ["any", "any", "any", "any:subdub", "ko", "en", "fr", "de:dub", "es:subdub", "any:sub", "ja, ko, zh"]


LARGE = ["US", "DE", "FR", "GB", "JP", "KR", "CN", "IT", "ES", "CA", "AU", "BR", "IN", "MX", "NL", "SE", "PL", "TR", "TH", "ID"]


@dataclass(frozen=True)
class Pools:
    """Sets as contracts use them."""

    territories: list[int]
    media: list[int]
    languages: list[int]


def pools() -> Pools:
    """Groups (a fifth of the deals), and countries alone, the large ones as often as all others together."""
    large = LARGE * (len(T.countries) // len(LARGE))
    places = [T.read(text).mask for text in GROUPS] + [T.read(code).mask for code in (*large, *T.countries)]
    return Pools(places, [M.read(text) for text in MEDIA], [L.read(text) for text in LANGUAGES])


class Making:
    """Terms and lines as they come; `rows` of a kind of deal are given to titles by packages."""

    def __init__(self, titles: int, seed: int) -> None:
        self.titles, self.dice, self.pools = titles, np.random.default_rng(seed), pools()
        self.sets: tuple[dict[int, int], ...] = ({}, {}, {})
        self.whom: dict[Who, int] = {}
        self.terms: dict[tuple[int, ...], int] = {}
        self.lines: list[tuple[np.ndarray, np.ndarray]] = []

    def term(self, who: Who, scope: Scope) -> int:
        numbers = [known.setdefault(bits, len(known)) for known, bits in zip(self.sets, scope[:3], strict=True)]
        row = (*numbers, scope.start, scope.end, self.whom.setdefault(who, len(self.whom)))
        return self.terms.setdefault(row, len(self.terms))

    def scope(self) -> Scope:
        """One to ten years from the first of a month; mostly a country, sometimes a group."""
        dice, sets = self.dice, self.pools
        wide = dice.random() < 0.2
        places = sets.territories[: len(GROUPS)] if wide else sets.territories[len(GROUPS) :]
        place, media, tongue = (each[int(dice.integers(len(each)))] for each in (places, sets.media, sets.languages))
        start = BEGIN + 30 * int(dice.integers(0, (END - BEGIN) // 30))
        return Scope(place, media, tongue, start, start + 365 * int(dice.integers(1, 11)))

    def package(self, draw: Callable[[], list[int]]) -> None:
        """All titles in packages of about 30, each with the terms that are drawn for it."""
        order = self.dice.permutation(self.titles).astype(np.int32)
        drawn = np.array([draw() for _ in range(-(-self.titles // PACKAGE))], np.int32)
        for column in drawn.T:
            self.lines.append((order, np.repeat(column, PACKAGE)[: self.titles]))

    def columns(self) -> Columns:
        title = np.concatenate([one for one, _ in self.lines])
        term = np.concatenate([one for _, one in self.lines])
        sets = (list(self.sets[0]), list(self.sets[1]), list(self.sets[2]))
        return Columns(range(self.titles), sets, list(self.whom), np.array(list(self.terms), np.int64), title, term)


def catalogue(titles: int, seed: int = 1) -> Columns:
    """So many titles with 20 lines each."""
    made = Making(titles, seed)
    made.package(lambda: held(made))
    for kind in SHAPE:
        made.package(lambda kind=kind: [made.term(*one) for one in deal(made, kind)])
    return made.columns()


def held(made: Making) -> list[int]:
    """Two grants: the world or a region; some chains are of two halves, and some of two windows that meet."""
    places = [T.read(text).mask for text in HELD[int(made.dice.integers(len(HELD)))]]
    seller = (Kind.GRANT, f"seller{int(made.dice.integers(200))}")
    middle = BEGIN + 365 * int(made.dice.integers(4, 14))
    late = bool(made.dice.random() < 0.2)
    if len(places) == 1 and late:
        windows = [(places[0], BEGIN - 3650, middle), (places[0], middle, END + 7300)]
    else:
        windows = [(places[0], BEGIN - 3650, END + 7300), (places[-1], BEGIN - 3650, END + 3650)]
    return [made.term(seller, Scope(place, M.all, L.all, start, end)) for place, start, end in windows]


def deal(made: Making, kind: str) -> list[tuple[Who, Scope]]:
    """The lines of one contract."""
    scope, buyer = made.scope(), f"buyer{int(made.dice.integers(BUYERS))}"
    nobody: frozenset[str] = frozenset()
    if kind == "holdback":
        return [((Kind.RESTRICTION, (frozenset({buyer}), nobody)), scope._replace(end=scope.start + 365))]
    if kind == "blackout":
        return [((Kind.RESTRICTION, (nobody, nobody)), scope._replace(end=scope.start + 60))]
    licence: tuple[Who, Scope] = ((Kind.LICENCE, buyer), scope)
    return [licence, ((Kind.RESTRICTION, (frozenset({buyer}), nobody)), scope)] if kind == "exclusive" else [licence]


def deep(lines: int, seed: int = 1) -> list[Line]:
    """One title with so many lines, in the same proportions."""
    made = Making(PACKAGE, seed)
    rows: list[tuple[Who, Scope]] = [((Kind.GRANT, "seller0"), Scope(T.all, M.all, L.all, BEGIN - 3650, END + 7300))]
    while len(rows) < lines:
        rows += deal(made, SHAPE[int(made.dice.integers(len(SHAPE)))])
    return [line(n, "deep", who, scope) for n, (who, scope) in enumerate(rows[:lines])]


def line(number: int, title: int | str, who: Who, scope: Scope) -> Line:
    """A row as the kernel's line."""
    kind, party = who
    if kind is not Kind.RESTRICTION:
        return Line(number, title, kind, *scope, party=party, contract=f"c{number}")
    exempt, only = party
    return Line(number, title, kind, *scope, exempt=exempt, only=only, reason=Reason.EXCLUSIVITY, contract=f"c{number}")


def lines_of(columns: Columns, titles: range) -> list[Line]:
    """Lines as objects, of these positions."""
    chosen = np.flatnonzero((columns.title >= titles.start) & (columns.title < titles.stop))
    found = []
    for n in chosen.tolist():
        term = int(columns.term[n])
        found.append(line(n, int(columns.title[n]), columns.whom[int(columns.terms[term, 5])], columns.scope(term)))
    return found


def questions() -> list[Ask]:
    """Twelve questions of buyers, from one country and one medium to the world and everything."""
    asked = [
        ("DE", "SVOD", "de:subdub", "2027-01-01", "2029-01-01", None, False),
        ("KR", "SVOD, AVOD", "ko", "2027-03-01", "2028-03-01", "buyer7", False),
        ("FR", "FREE", "fr", "2027-01-01", "2030-01-01", "buyer7", True),
        ("Benelux", "SVOD", "any", "2027-01-01", "2028-01-01", None, False),
        ("GSA", "FREE, PAY1", "de:dub", "2026-06-01", "2027-06-01", "buyer3", False),
        ("US", "FAST", "en", "2027-01-01", "2029-01-01", None, False),
        ("JP", "THEA", "ja:sub", "2027-01-01", "2027-07-01", None, True),
        ("Europe", "SVOD", "any", "2028-01-01", "2029-01-01", None, False),
        ("World", "SVOD", "any", "2029-01-01", "2030-01-01", None, False),
        ("World", "ALL", "any", "2027-01-01", "2032-01-01", None, False),
        ("LatAm", "AVOD", "es:subdub", "2027-01-01", "2028-01-01", "buyer11", False),
        ("BE-VLG", "FREE", "any:sub", "2035-01-01", "2036-01-01", None, False),
    ]
    return [
        Ask(Scope(T.read(place).mask, M.read(media), L.read(tongue), day(start), day(end)), buyer=buyer, exclusive=exclusive)
        for place, media, tongue, start, end, buyer, exclusive in asked
    ]
