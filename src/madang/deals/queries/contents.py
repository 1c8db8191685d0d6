"""What a document of a deal says, apart from its rows: as a form gives it, as an older version is taken over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from madang.catalogue.models import Title
from madang.deals.models import Document, Instalment, Line, LineKind, Milestone, Term


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line of rights as it is written; the fields of `Line`. The last day counts in."""

    title: Title
    territories: str
    media: str
    languages: str = ""
    kind: str = LineKind.LICENCE
    reason: str = ""
    start: dt.date | None = None
    start_open: str = ""
    start_after: Milestone | None = None
    start_lag: int = 0
    end: dt.date | None = None
    end_open: str = ""
    end_after: Milestone | None = None
    end_lag: int = 0
    exclusive: bool = False
    runs: int | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class InstalmentWords:
    """A part of a term's amount."""

    amount: Decimal
    due: str
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class TermWords:
    """What is paid: an amount with its currency, or per cent of a base."""

    kind: str
    amount: Decimal | None = None
    currency: str = ""
    percent: Decimal | None = None
    base: str = ""
    note: str = ""
    instalments: tuple[InstalmentWords, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliverableWords:
    """A material and the day until which it is handed over."""

    what: str
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that a document says."""

    lines: tuple[LineWords, ...]
    terms: tuple[TermWords, ...] = ()
    deliverables: tuple[DeliverableWords, ...] = ()
    conditions: str = ""
    note: str = ""
    expires_at: dt.datetime | None = None
    holds_until: dt.datetime | None = None


def content_of(document: Document) -> Content:
    """What a document's rows say; five queries."""
    return Content(
        tuple(_line(line) for line in whole_lines(document)),
        tuple(_term(term) for term in document.terms.prefetch_related("instalments")),
        tuple(DeliverableWords(row.what, row.due_on) for row in document.deliverables.all()),
        document.conditions,
        document.note,
        document.expires_at,
        document.holds_until,
    )


def whole_lines(document: Document) -> QuerySet[Line]:
    """A document's lines with all that words and checks need."""
    lines = document.lines.select_related(
        "title__part_of__part_of", "start_after", "end_after", "territories", "media", "languages", "document__edition"
    )
    return lines.prefetch_related("exempt", "only", "subject_to", "ended_early_by")


def _line(line: Line) -> LineWords:
    return LineWords(
        line.title, line.territories_said, line.media_said, line.languages_said, line.kind, line.reason,
        line.start, line.start_open, line.start_after, line.start_lag, line.end, line.end_open, line.end_after, line.end_lag,
        line.exclusive, line.runs, line.clause,
    )  # fmt: skip


def _term(term: Term) -> TermWords:
    parts: list[Instalment] = list(term.instalments.all())
    words = tuple(InstalmentWords(part.amount, part.due, part.due_on) for part in parts)
    return TermWords(term.kind, term.amount, term.currency, term.percent, term.base, term.note, words)
