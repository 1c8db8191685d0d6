"""Rows of contracts -> the kernel's book. Companies are parties by their id; somebody outside Madang is `document:<id>`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.catalogue.models import Title
from madang.deals.models import DealStage, DocumentKind, DocumentState, Line, LineKind, Milestone, StatedStanding
from madang.deals.models import Document as Paper
from madang.deals.sets import masks_of
from madang.kernels import rights as kernel
from madang.markets.models import Edition

ONE_DAY = dt.timedelta(days=1)
STATED = {
    StatedStanding.SIGNED: kernel.Standing.SIGNED,
    StatedStanding.OPTION: kernel.Standing.OPTION,
    StatedStanding.PENDING: kernel.Standing.PENDING,
}
IN_PLAY = [DocumentState.STATED, DocumentState.SENT, DocumentState.ACCEPTED, DocumentState.SIGNED]
"""States in which a document's lines count for others."""


def book_of(titles: Iterable[Title] | QuerySet[Title], *, besides: Iterable[Line] = ()) -> kernel.Book:
    """All that counts for these titles, their wholes and their parts; a constant number of queries.

    `besides`: unsaved or draft lines that are looked at as if they counted.
    """
    parents = family_of(titles)
    everyone = {int(pk) for pk in ({title.pk for title in titles} | set(parents) | set(parents.values()))}
    lines = counting_lines().filter(title__in=everyone)
    milestones = {m.pk: m for m in Milestone.objects.filter(title__in=everyone)}
    found = [one for line in [*lines, *besides] for one in kernel_lines(line)]
    return kernel.Book(found, {str(pk): event_of(m) for pk, m in milestones.items()}, parents)


def book_of_edition(edition: Edition) -> kernel.Book:
    """As `book_of`, for the whole catalogue."""
    return book_of(Title.objects.filter(edition=edition).only("pk", "part_of", "edition"))


def counting_lines() -> QuerySet[Line]:
    """Lines of documents that count, with what the kernel needs to know of them.

    Of a deal's accepted and signed documents the newest counts alone: a licence replaces its memo, an amendment its licence.
    A deal that ended unsigned leaves nothing.
    """
    settled = Q(state__in=[DocumentState.ACCEPTED, DocumentState.SIGNED])
    newer = Paper.objects.filter(settled, deal=OuterRef("document__deal"), number__gt=OuterRef("document__number"))
    left = Q(document__deal__stage=DealStage.ENDED) & ~Q(document__state=DocumentState.SIGNED)
    lines = Line.objects.filter(~Exists(newer), document__state__in=IN_PLAY).exclude(left)
    return lines.select_related("document", "territories", "media", "languages").prefetch_related(
        "exempt", "only", "subject_to", "ended_early_by"
    )


def family_of(titles: Iterable[Title] | QuerySet[Title]) -> dict[kernel.TitleId, kernel.TitleId]:
    """Part -> whole, for these titles, what they are part of and their parts (series, season, episode: two steps each way)."""
    ids = [title.pk for title in titles]
    up = Q(pk__in=ids) | Q(parts__in=ids) | Q(parts__parts__in=ids)
    down = Q(part_of__in=ids) | Q(part_of__part_of__in=ids)
    rows = Title.objects.filter(up | down, part_of__isnull=False).order_by().values_list("pk", "part_of").distinct()
    return {part: whole for part, whole in rows if whole is not None}


def kernel_lines(line: Line) -> list[kernel.Line]:
    """A row as the kernel's lines: an exclusive licence is a licence and a restriction that exempts who has it."""
    territories, media, languages = masks_of(line)
    document = line.document
    party = line.party_id or f"document:{document.pk}"
    saved = line.pk is not None
    one = kernel.Line(
        id=line.pk or f"new:{line.number}",
        title=line.title_id,
        kind=kernel.Kind(line.kind),
        territories=territories,
        media=media,
        languages=languages,
        start=_when(line.start, line.start_open, line.start_after_id, line.start_lag),
        end=_when(line.end + ONE_DAY if line.end else None, line.end_open, line.end_after_id, line.end_lag),
        party=party,
        exempt=frozenset(company.pk for company in line.exempt.all()) if saved else frozenset(),
        only=frozenset({party} if line.only_party else {company.pk for company in line.only.all()} if saved else ()),
        reason=kernel.Reason(line.reason) if line.reason else None,
        standing=standing_of(document),
        exclusive=line.exclusive and line.kind == LineKind.GRANT,
        subject_to=frozenset(paper.pk for paper in line.subject_to.all()) if saved else frozenset(),
        runs=line.runs,
        contract=contract_of(document),
        clause=line.clause,
        event_end=tuple(kernel.After(str(m.pk)) for m in line.ended_early_by.all()) if saved else (),
    )
    if line.kind != LineKind.LICENCE or not line.exclusive:
        return [one]
    exclusivity = replace(
        one,
        id=f"{one.id}x",
        kind=kernel.Kind.RESTRICTION,
        reason=kernel.Reason.EXCLUSIVITY,
        exempt=frozenset({party}),
        runs=None,
    )
    return [one, exclusivity]


def _when(date: dt.date | None, is_open: str, milestone: int | None, lag: int) -> int | kernel.After | kernel.Open:
    if date is not None:
        return date.toordinal()
    if milestone is not None:
        return kernel.After(str(milestone), lag)
    return kernel.Open(is_open or kernel.Open.TBA)


def event_of(milestone: Milestone) -> kernel.Event:
    """When a milestone is estimated or happened, in days."""
    dates = (milestone.earliest, milestone.latest, milestone.actual)
    return kernel.Event(*(None if date is None else date.toordinal() for date in dates))


def contract_of(document: Paper) -> int | str:
    """Documents of one deal are one contract: a memo does not stand in the way of its own licence."""
    return document.pk if document.deal_id is None else f"deal:{document.deal_id}"


def standing_of(document: Paper) -> kernel.Standing:
    """How hard a document's lines block: an offer only where it keeps others out until a day, a memo as a pending deal."""
    if document.kind in (DocumentKind.HOLDING, DocumentKind.SOLD):
        return kernel.Standing.ENDED if document.state == DocumentState.ENDED else STATED[StatedStanding(document.standing)]
    if document.state == DocumentState.SIGNED:
        return kernel.Standing.SIGNED
    if document.state == DocumentState.ACCEPTED or document.kind in (DocumentKind.LICENCE, DocumentKind.AMENDMENT):
        return kernel.Standing.PENDING
    if document.holds_until and document.holds_until > document.edition.now():
        return kernel.Standing.OPTION
    return kernel.Standing.DRAFT
