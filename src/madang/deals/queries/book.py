"""Rows of contracts -> the kernel's book. Companies are parties by their id; somebody outside Madang is `document:<id>`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.catalogue.models import Title
from madang.deals.models import (
    DealStage,
    DocumentKind,
    DocumentState,
    Line,
    LineKind,
    LineReason,
    Milestone,
    RightsSet,
    StatedStanding,
)
from madang.deals.models import Document as Paper
from madang.deals.sets import mask_of, masks_of
from madang.kernels import rights as kernel
from madang.markets.models import Edition

STATED = {
    StatedStanding.SIGNED: kernel.Standing.SIGNED,
    StatedStanding.OPTION: kernel.Standing.OPTION,
    StatedStanding.PENDING: kernel.Standing.PENDING,
}
KINDS = {str(kind): kind for kind in kernel.Kind}
REASONS = {"": None} | {str(reason): reason for reason in kernel.Reason}
IN_PLAY = [DocumentState.STATED, DocumentState.SENT, DocumentState.ACCEPTED, DocumentState.SIGNED]
"""States in which a document's lines count for others."""


def book_of(titles: Iterable[Title] | QuerySet[Title], *, besides: Iterable[Line] = ()) -> kernel.Book:
    """All that counts for these titles, their wholes and their parts; a constant number of queries.

    `besides`: unsaved or draft lines that are looked at as if they counted.
    """
    parents = family_of(titles)
    everyone = {int(pk) for pk in ({title.pk for title in titles} | set(parents) | set(parents.values()))}
    milestones = {m.pk: m for m in Milestone.objects.filter(title__in=everyone)}
    found = [*_counting(everyone), *(one for line in besides for one in kernel_lines(line))]
    return kernel.Book(found, {str(pk): event_of(m) for pk, m in milestones.items()}, parents)


def book_of_edition(edition: Edition) -> kernel.Book:
    """As `book_of`, for the whole catalogue."""
    return book_of(Title.objects.filter(edition=edition).only("pk", "part_of", "edition"))


def counting_lines() -> QuerySet[Line]:
    """Lines of documents that count.

    Of a deal's accepted and signed documents the newest counts alone: a licence replaces its memo, an amendment its licence.
    A deal that ended unsigned leaves nothing.
    """
    settled = Q(state__in=[DocumentState.ACCEPTED, DocumentState.SIGNED])
    newer = Paper.objects.filter(settled, deal=OuterRef("document__deal"), number__gt=OuterRef("document__number"))
    left = Q(document__deal__stage=DealStage.ENDED) & ~Q(document__state=DocumentState.SIGNED)
    return Line.objects.filter(~Exists(newer), document__state__in=IN_PLAY).exclude(left)


class Links(NamedTuple):
    """What a line names many of, by ids."""

    exempt: frozenset[int] = frozenset()
    only: frozenset[int] = frozenset()
    subject_to: frozenset[int] = frozenset()
    ended_early_by: frozenset[int] = frozenset()


NO_LINKS = Links()
PLAIN = (
    "pk", "title_id", "document_id", "kind", "reason", "territories_id", "media_id", "languages_id", "start", "start_open",
    "start_after_id", "start_lag", "end", "end_open", "end_after_id", "end_lag", "party_id", "only_party", "exclusive", "runs",
    "clause",
)  # fmt: skip
"""What of a line's row the kernel needs."""


def _counting(titles: set[int]) -> list[kernel.Line]:
    """The lines that count for these titles; eight queries, and no model is made of what may be 100,000 rows."""
    rows = counting_lines().filter(title__in=titles).order_by("document", "number", "pk")
    plain = [cast(Line, row) for row in rows.values_list(*PLAIN, named=True)]  # its attributes are those of a line
    sets = RightsSet.objects.in_bulk({pk for row in plain for pk in (row.territories_id, row.media_id, row.languages_id)})
    masks = {pk: mask_of(row) for pk, row in sets.items()}
    papers = _papers_of(titles)
    linked = _links_of(titles)
    return [
        one
        for row in plain
        for one in _as_lines(
            row,
            papers[row.document_id],
            (masks[row.territories_id], masks[row.media_id], masks[row.languages_id]),
            linked.get(row.pk, NO_LINKS),
        )
    ]


def _papers_of(titles: set[int]) -> dict[int, Paper]:
    """The documents of the titles' lines, as far as their standing needs them; two queries."""
    rows = Paper.objects.filter(lines__title__in=titles).order_by().distinct()
    facts = ("kind", "state", "standing", "deal__licensor", "company", "holds_until", "edition")
    found = {row.pk: row for row in rows.select_related("deal").only(*facts)}
    editions = Edition.objects.in_bulk({row.edition_id for row in found.values()})
    for row in found.values():
        row.edition = editions[row.edition_id]
    return found


def _links_of(titles: set[int]) -> dict[int, Links]:
    """The links of the titles' lines that have any."""
    found: dict[int, dict[str, set[int]]] = {}
    for name in Links._fields:
        field = Line._meta.get_field(name)
        through, other = field.remote_field.through, field.m2m_reverse_name()  # type: ignore[union-attr]  # all are many to many
        for line, pk in through._default_manager.filter(line__title__in=titles).values_list("line_id", other):
            found.setdefault(line, {}).setdefault(name, set()).add(pk)
    return {line: Links(**{name: frozenset(ids) for name, ids in names.items()}) for line, names in found.items()}


def family_of(titles: Iterable[Title] | QuerySet[Title]) -> dict[kernel.TitleId, kernel.TitleId]:
    """Part -> whole, for these titles, what they are part of and their parts (series, season, episode: two steps each way)."""
    ids = [title.pk for title in titles]
    up = Q(pk__in=ids) | Q(parts__in=ids) | Q(parts__parts__in=ids)
    down = Q(part_of__in=ids) | Q(part_of__part_of__in=ids)
    rows = Title.objects.filter(up | down, part_of__isnull=False).order_by().values_list("pk", "part_of").distinct()
    return {part: whole for part, whole in rows if whole is not None}


def kernel_lines(line: Line) -> list[kernel.Line]:
    """A row, saved or not, as the kernel's lines."""
    links = NO_LINKS
    if line.pk is not None:
        links = Links(*(frozenset(row.pk for row in getattr(line, name).all()) for name in Links._fields))
    return _as_lines(line, line.document, masks_of(line), links)


def _as_lines(line: Line, document: Paper, masks: tuple[int, int, int], links: Links) -> list[kernel.Line]:
    """A row as the kernel's lines: an exclusive licence is a licence and a restriction that exempts who has it."""
    territories, media, languages = masks
    party = line.party_id or f"document:{document.pk}"
    one = kernel.Line(
        id=line.pk or f"new:{line.number}",
        title=line.title_id,
        kind=KINDS[line.kind],
        territories=territories,
        media=media,
        languages=languages,
        start=_when(line.start.toordinal() if line.start else None, line.start_open, line.start_after_id, line.start_lag),
        end=_when(line.end.toordinal() + 1 if line.end else None, line.end_open, line.end_after_id, line.end_lag),
        party=party,
        exempt=links.exempt,
        only=frozenset({party}) if line.only_party else links.only,
        reason=REASONS[line.reason],
        standing=_standing_of_line(line, document),
        exclusive=line.exclusive and line.kind == LineKind.GRANT,
        subject_to=links.subject_to,
        runs=line.runs,
        contract=contract_of(document),
        clause=line.clause,
        event_end=tuple(kernel.After(str(pk)) for pk in sorted(links.ended_early_by)),
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


def _when(day: int | None, is_open: str, milestone: int | None, lag: int) -> int | kernel.After | kernel.Open:
    if day is not None:
        return day
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


def _standing_of_line(line: Line, document: Paper) -> kernel.Standing:
    """That of its document; an option, however firmly it is agreed, only warns until it is used."""
    standing = standing_of(document)
    if line.reason == LineReason.OPTION and standing is kernel.Standing.SIGNED:
        return kernel.Standing.OPTION
    return standing


def standing_of(document: Paper) -> kernel.Standing:
    """How hard a document's lines block: an offer only where it keeps others out until a day, a memo as a pending deal.

    A licence that is open for signature is a pending deal where the licensor wrote it: a buyer alone keeps nobody out.
    """
    if document.kind in (DocumentKind.HOLDING, DocumentKind.SOLD):
        return kernel.Standing.ENDED if document.state == DocumentState.ENDED else STATED[StatedStanding(document.standing)]
    if document.state == DocumentState.SIGNED:
        return kernel.Standing.SIGNED
    to_sign = document.kind in (DocumentKind.LICENCE, DocumentKind.AMENDMENT)
    is_licensors = document.deal is not None and document.deal.licensor_id == document.company_id
    if document.state == DocumentState.ACCEPTED or (to_sign and is_licensors):
        return kernel.Standing.PENDING
    if document.holds_until and document.holds_until > document.edition.now():
        return kernel.Standing.OPTION
    return kernel.Standing.DRAFT
