"""Which titles of a catalogue are free, as numbers: no object a title, nothing computed ahead of the question.

Each distinct set is held against the question once, then each distinct term; of the lines only those under a term that counts
are touched (inverted lists). By whom titles are held is shared as well: each distinct chain of title is looked at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .avails import Ask
from .boxes import subtract
from .columns import Columns, Who
from .lines import Kind, Party, Scope

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]
NOBODY = "\0"
"""A party that no contract names."""


class Scan:
    """Columns made ready to be asked; to be made anew when the lines change.

    Memory: 4 bytes a line beside the columns' 8, and the distinct terms; more while it is made. Time of a question: the distinct
    sets and terms, and the lines under terms that count; not the lines of the catalogue.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._sets = tuple(_Sets(masks) for masks in columns.sets)
        *self._numbers, self._starts, self._ends, self._whom = (np.ascontiguousarray(part) for part in columns.terms.T)
        self._whose = _Whose(columns.whom)
        kinds = np.array([list(Kind).index(kind) for kind, _ in columns.whom], np.int8)[columns.terms[:, 5]]
        self._kinds = {kind: kinds == n for n, kind in enumerate(Kind)}
        of = {kind: np.flatnonzero(flags[columns.term]) for kind, flags in self._kinds.items()}
        self.lists = {
            kind: Inverted(columns.term[of[kind]], columns.title[of[kind]]) for kind in (Kind.LICENCE, Kind.RESTRICTION)
        }
        self.chains = Chains(columns.term[of[Kind.GRANT]], columns.title[of[Kind.GRANT]], len(columns.titles))

    def free(self, ask: Ask) -> Places:
        """Positions of the titles of which all that is asked is free, rising. Exact."""
        meets, covers = self.hits(ask)
        open_ = ~self._blocked(ask, meets)
        covered = self.chains.any(covers & self._kinds[Kind.GRANT])
        held = self.chains.any(meets & self._kinds[Kind.GRANT])
        doubtful = held & ~covered  # no grant alone, but perhaps several together
        if doubtful.any():
            chains = np.unique(self.chains.of[open_ & doubtful[self.chains.of]])
            covered[chains] = self._together(ask.scope, chains, meets)
        return np.flatnonzero(covered[self.chains.of] & open_)

    def judge(self, ask: Ask) -> tuple[Flags, Flags]:
        """For each title: something of what is asked is held; something stands in the way, be it of a part only."""
        meets, _ = self.hits(ask)
        return self.chains.any(meets & self._kinds[Kind.GRANT])[self.chains.of], self._blocked(ask, meets)

    def hits(self, ask: Ask) -> tuple[Flags, Flags]:
        """Which terms count for who asks and share a cell with what is asked; which of them hold all of it."""
        asked = ask.scope
        counts = self._whose.counting(ask)[self._whom]
        meets = counts & (self._starts < asked.end) & (self._ends > asked.start)
        covers = counts & (self._starts <= asked.start) & (self._ends >= asked.end)
        for sets, numbers, bits in zip(self._sets, self._numbers, asked[:3], strict=True):
            meeting, covering = sets.against(bits)
            meets &= meeting[numbers]
            covers &= covering[numbers]
        return meets, covers

    def _together(self, asked: Scope, chains: Numbers, meets: Flags) -> list[bool]:
        """Whether the grants of each chain hold all that is asked. From one question most chains look alike: each look once."""
        used = np.unique(self.chains.all_of(chains))
        used = used[meets[used]]
        rows = self.columns.terms[used, :5]
        rows[:, 3:] = rows[:, 3:].clip(asked.start, asked.end)
        _, example, row = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        seen = dict(zip(used.tolist(), row.reshape(-1).tolist(), strict=True))
        looks = [frozenset(map(seen.get, self.chains.terms_of(chain).tolist())) - {None} for chain in chains]
        scopes = [self.columns.scope(int(term)) for term in used[example]]
        whole = {look: not subtract([asked], (scopes[n] for n in look if n is not None)) for look in set(looks)}
        return [whole[look] for look in looks]

    def _blocked(self, ask: Ask, meets: Flags) -> Flags:
        blocked = np.zeros(len(self.columns.titles), np.bool_)
        for kind in (Kind.RESTRICTION, *([Kind.LICENCE] if ask.exclusive else [])):
            self.lists[kind].mark(blocked, meets)
        return blocked


class Inverted:
    """Titles by term: those of `terms[i]` are `titles[offsets[i]:offsets[i + 1]]`."""

    def __init__(self, term: Numbers, title: Numbers) -> None:
        order = np.argsort(term, kind="stable")
        self.terms, begins = np.unique(term[order], return_index=True)
        self.offsets = np.append(begins, len(term))
        self.titles = title[order]

    def mark(self, marks: Flags, hits: Flags) -> None:
        """Set the marks of all titles under a term that is hit."""
        lists = np.flatnonzero(hits[self.terms])
        marks[self.titles[_runs(self.offsets[lists], self.offsets[lists + 1])]] = True

    def touched(self, hits: Flags) -> int:
        """How many lines `mark` reads."""
        lists = np.flatnonzero(hits[self.terms])
        return int((self.offsets[lists + 1] - self.offsets[lists]).sum())


class Chains:
    """Distinct sets of grant terms. `of`: the chain of each title; chain n is `terms[offsets[n]:offsets[n + 1]]`."""

    def __init__(self, term: Numbers, title: Numbers, titles: int) -> None:
        order = np.lexsort((term, title))
        term, title = term[order], title[order]
        begins = np.searchsorted(title, np.arange(titles + 1))
        numbers = _numbered(term.astype(np.int64), begins)
        _, example, of = np.unique(numbers, return_index=True, return_inverse=True)
        self.of = of.astype(np.int32)
        self.terms = term[_runs(begins[example], begins[example + 1])]
        self.offsets = np.append(0, np.cumsum(begins[example + 1] - begins[example]))

    def any(self, hits: Flags) -> Flags:
        """Chains with a term that is hit."""
        found = np.append(0, np.cumsum(hits[self.terms]))[self.offsets]
        return np.asarray(found[1:] > found[:-1])

    def all_of(self, chains: Numbers) -> Numbers:
        """The terms of several chains, one after the other."""
        return self.terms[_runs(self.offsets[chains], self.offsets[chains + 1])]

    def terms_of(self, chain: int) -> Numbers:
        """The terms of one chain."""
        return self.terms[self.offsets[chain] : self.offsets[chain + 1]]


class _Sets:
    """Distinct sets as rows of 64-bit words, a word of all sets side by side."""

    def __init__(self, masks: Sequence[int]) -> None:
        self.width = 1 + max((mask.bit_length() for mask in masks), default=0) // 64
        self.words = np.array([self._split(mask) for mask in masks], np.uint64).reshape(-1, self.width).T.copy()

    def _split(self, mask: int) -> NDArray[np.uint64]:
        return np.frombuffer(mask.to_bytes(8 * self.width, "little"), "<u8")

    def against(self, bits: int) -> tuple[Flags, Flags]:
        """Which sets share a leaf with `bits`, and which have all of its leaves."""
        meets = np.zeros(self.words.shape[1], np.bool_)
        known = bits & ((1 << 64 * self.width) - 1)
        covers = np.full(len(meets), known == bits)
        asked = self._split(known)
        for n in np.flatnonzero(asked):
            common = self.words[n] & asked[n]
            meets |= common != 0
            covers &= common == asked[n]
        return meets, covers


class _Whose:
    """Which grants are of whom one buys from, and which licences and restrictions keep out whom."""

    def __init__(self, whom: Sequence[Who]) -> None:
        self.whom = whom
        self.grants = np.array([kind is Kind.GRANT for kind, _ in whom], np.bool_)
        stranger = Ask(Scope(0, 0, 0, 0, 0), buyer=NOBODY)
        self.to_strangers = np.array([_counts(one, stranger) for one in whom], np.bool_)
        self.naming: defaultdict[Party | None, list[int]] = defaultdict(list)
        for n, (kind, who) in enumerate(whom):
            for party in {*who[0], *who[1]} if kind is Kind.RESTRICTION else (who,):
                self.naming[party].append(n)

    def counting(self, ask: Ask) -> Flags:
        """One flag for each of `whom`; only where the asker or the seller is named is it looked at."""
        counts = self.to_strangers.copy()
        if ask.holder is not None:
            counts &= ~self.grants
        for party in {ask.buyer, ask.holder}:
            for n in self.naming.get(party, ()):
                counts[n] = _counts(self.whom[n], ask)
        return counts


def _counts(one: Who, ask: Ask) -> bool:
    kind, who = one
    if kind is Kind.GRANT:
        return ask.holder in (None, who)
    if kind is Kind.LICENCE:
        return bool(who != ask.buyer)
    exempt, only = who
    return ask.buyer in only if only else ask.buyer not in exempt


def _runs(begins: Places, ends: Places) -> Places:
    """The numbers from each begin up to its end, one run after the other."""
    lengths = ends - begins
    after = np.cumsum(lengths)
    return np.repeat(begins - (after - lengths), lengths) + np.arange(after[-1] if len(after) else 0)


def _numbered(term: Places, begins: Places) -> Places:
    """One number for each distinct run of terms: run by run the number so far and the next term, exactly, without hashing."""
    lengths = begins[1:] - begins[:-1]
    numbers, known, terms = np.zeros(len(lengths), np.int64), 1, int(term.max(initial=0)) + 1
    for n in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > n)
        distinct, again = np.unique(numbers[longer] * terms + term[begins[longer] + n], return_inverse=True)
        numbers[longer] = known + again
        known += len(distinct)
    return numbers
