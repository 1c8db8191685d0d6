"""What somebody writes of a statement, before and after it is a row: the same for the form, the workbook and the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from madang.catalogue.models import Title
from madang.deals.models import Document, DocumentKind, Line, LineKind, Milestone
from madang.deals.queries.book import book_of, kernel_lines
from madang.deals.queries.checks import loose_sets
from madang.deals.sets import read_sets
from madang.kernels import rights as kernel
from madang.people.models import Company

SAID = ("territories", "media", "languages")
PLAIN = (
    "kind",
    "reason",
    "start",
    "start_open",
    "start_after",
    "start_lag",
    "end",
    "end_open",
    "end_after",
    "end_lag",
    "party",
    "exclusive",
    "only_party",
    "runs",
    "clause",
)
LINKS = ("exempt", "only", "subject_to", "ended_early_by")


@dataclass(frozen=True, slots=True)
class Entry:
    """Lines of a statement, alike for each of `titles`; the fields are those of Line, the sets as written."""

    titles: tuple[Title, ...]
    kind: str
    territories: str
    media: str
    languages: str = ""
    reason: str = ""
    start: dt.date | None = None
    start_open: str = ""
    start_after: Milestone | None = None
    start_lag: int = 0
    end: dt.date | None = None
    end_open: str = ""
    end_after: Milestone | None = None
    end_lag: int = 0
    party: Company | None = None
    exclusive: bool = False
    only_party: bool = False
    runs: int | None = None
    clause: str = ""
    exempt: tuple[Company, ...] = ()
    only: tuple[Company, ...] = ()
    subject_to: tuple[Document, ...] = ()
    ended_early_by: tuple[Milestone, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The plain fields of a line's row, without its title, its sets and its lists."""
        return {f"{name}_said": getattr(self, name) for name in SAID} | {name: getattr(self, name) for name in PLAIN}

    def links(self) -> dict[str, tuple[Any, ...]]:
        """The lists of a line's row."""
        return {name: getattr(self, name) for name in LINKS}


def entry_of(line: Line) -> Entry:
    """What a row says, as it would be written again."""
    facts: dict[str, Any] = {name: getattr(line, f"{name}_said") for name in SAID}
    facts |= {name: getattr(line, name) for name in PLAIN}
    facts |= {name: tuple(getattr(line, name).all()) for name in LINKS}
    return Entry(titles=(line.title,), **facts)


def check_entry(document: Document, entry: Entry) -> list[kernel.Finding]:
    """What an entry would run into if it stood on this document, saved or not; nothing is written.

    Raises RightsError where a set cannot be read.
    """
    if document.kind == DocumentKind.HOLDING:
        return []
    lines = tuple(line for title in entry.titles for line in _loose(document, title, entry))
    return kernel.conflicts(book_of(entry.titles), kernel.Deal(document.company_id, lines))


def _loose(document: Document, title: Title, entry: Entry) -> Iterable[kernel.Line]:
    sets = loose_sets(read_sets(entry.territories, entry.media, entry.languages))
    row = Line(document=document, title=title, number=title.pk, **sets, **entry.facts())
    for line in kernel_lines(row):
        line = replace(
            line,
            subject_to=frozenset(paper.pk for paper in entry.subject_to),
            event_end=tuple(kernel.After(str(milestone.pk)) for milestone in entry.ended_early_by),
        )
        if entry.kind == LineKind.RESTRICTION:
            line = replace(line, exempt=frozenset(company.pk for company in entry.exempt))
            line = line if entry.only_party else replace(line, only=frozenset(company.pk for company in entry.only))
        yield line
