"""All lines of a catalogue, by title; a season's lines hold for its episodes, a series' for its seasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .faults import RightsError
from .lines import CLEARANCES, Event, Kind, Line, Party, Scope, Standing, TitleId, surest, widest

Exemption = tuple[frozenset[Party], frozenset[Party]]


class Hard(NamedTuple):
    """What holds of a title for certain, with where it lies: what an answer is computed from. Nothing empty, nothing twice.

    `grants` and `licences` with their party, `restrictions` with (exempt, only); each in the order of their first days.
    """

    grants: list[tuple[Party | None, Scope]]
    licences: list[tuple[Party | None, Scope]]
    restrictions: list[tuple[Exemption, Scope]]

    def all(self) -> Iterator[tuple[Kind, Any, Scope]]:
        """Everything with its kind."""
        yield from ((Kind.GRANT, party, scope) for party, scope in self.grants)
        yield from ((Kind.LICENCE, party, scope) for party, scope in self.licences)
        yield from ((Kind.RESTRICTION, exemption, scope) for exemption, scope in self.restrictions)


class Book:
    """Lines by title, the events that dates hang on, and which title is part of which (`parents`: part -> whole).

    Raises RightsError where parts go round in a circle.
    """

    def __init__(
        self,
        lines: Iterable[Line],
        events: Mapping[str, Event] | None = None,
        parents: Mapping[TitleId, TitleId] | None = None,
    ) -> None:
        self.events: Mapping[str, Event] = events or {}
        self.parents: Mapping[TitleId, TitleId] = parents or {}
        self.parts: defaultdict[TitleId, list[TitleId]] = defaultdict(list)
        for part, whole in self.parents.items():
            self.parts[whole].append(part)
        self.lines: defaultdict[TitleId, list[Line]] = defaultdict(list)
        for line in lines:
            self.lines[line.title].append(line)
        self._placed: dict[TitleId, list[tuple[Line, Scope]]] = {}
        self._hard: dict[TitleId, Hard] = {}
        for title in self.parents:
            list(self.wholes(title))

    def wholes(self, title: TitleId) -> Iterator[TitleId]:
        """The title and what it is part of, upwards."""
        seen: set[TitleId] = set()
        at: TitleId | None = title
        while at is not None:
            if at in seen:
                raise RightsError(f"Title {at!r} is part of itself: an episode belongs to a season, a season to a series.")
            seen.add(at)
            yield at
            at = self.parents.get(at)

    def of(self, title: TitleId) -> list[Line]:
        """Lines that hold for the title: its own and those of what it is part of."""
        if title not in self.parents:
            return self.lines.get(title, [])
        return [line for whole in self.wholes(title) for line in self.lines.get(whole, ())]

    def placed(self, title: TitleId) -> list[tuple[Line, Scope]]:
        """`of`, each line with where it lies: what gives at its narrowest, what blocks at its widest. Dates are resolved once."""
        found = self._placed.get(title)
        if found is None:
            narrow_or_wide = ((line, surest if line.kind is Kind.GRANT else widest) for line in self.of(title))
            found = self._placed[title] = [(line, bounds(line, self.events)) for line, bounds in narrow_or_wide]
        return found

    def hard(self, title: TitleId) -> Hard:
        """Of `placed`, what holds for certain: signed, and with dates."""
        found = self._hard.get(title)
        if found is None:
            kinds: dict[Kind, dict[tuple[Any, Scope], None]] = {kind: {} for kind in Kind}
            for line, scope in self.placed(title):
                if line.standing is Standing.SIGNED and scope.start < scope.end and not line.is_open:
                    if line.kind is not Kind.RESTRICTION:
                        kinds[line.kind][line.party, scope] = None
                    elif line.reason not in CLEARANCES:
                        kinds[line.kind][(line.exempt, line.only), scope] = None
            in_order = {kind: sorted(found, key=lambda one: one[1].start) for kind, found in kinds.items()}
            found = self._hard[title] = Hard(in_order[Kind.GRANT], in_order[Kind.LICENCE], in_order[Kind.RESTRICTION])
        return found

    def around(self, title: TitleId) -> list[tuple[Line, Scope]]:
        """As `placed`, with the lines of the title's parts: all that a deal about it can meet."""
        below, found = [*self.parts.get(title, ())], self.placed(title)
        while below:
            part = below.pop()
            found = [*found, *(pair for pair in self.placed(part) if pair[0].title == part)]
            below += self.parts.get(part, ())
        return found
