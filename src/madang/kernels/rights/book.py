"""All lines of a catalogue, by title; a season's lines hold for its episodes, a series' for its seasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .faults import RightsError
from .lines import Event, Line, TitleId


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

    def around(self, title: TitleId) -> list[Line]:
        """Lines that a deal about the title can meet: those that hold for it and those of its parts."""
        below, found = [*self.parts.get(title, ())], self.of(title)
        while below:
            part = below.pop()
            found = [*found, *self.lines.get(part, ())]
            below += self.parts.get(part, ())
        return found
