"""What a document runs into: its lines against everything that is held and sold, read by the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from madang.catalogue.models import Title
from madang.deals.models import Clearance, Deal, Dimension, Document, DocumentKind, Line, LineKind, LineReason, RightsSet
from madang.deals.queries.book import book_of, contract_of, kernel_lines
from madang.deals.queries.contents import Content, LineWords, whole_lines
from madang.deals.sets import LATEST, TABLES, ReadSets, read_sets
from madang.kernels import rights as kernel
from madang.people.models import Company

BINDS_BOTH = {LineReason.BLACKOUT}
"""Restrictions that also keep out whoever they were agreed with."""


def check_content(
    licensor: Company, licensee: Company, content: Content, *, deal: Deal | None = None, besides: Iterable[Document] = ()
) -> list[kernel.Finding]:
    """What these words run into, if they were a contract now; nothing is written. A constant number of queries.

    `besides`: contracts that it takes the place of. Raises RightsError where a set cannot be read.
    """
    lines = [line for n, words in enumerate(content.lines, 1) for line in _unsaved(n, words, licensor, licensee, deal)]
    return _conflicts(licensor, lines, [words.title for words in content.lines], deal, besides)


def check_document(document: Document) -> list[kernel.Finding]:
    """What a document of a deal runs into now."""
    if document.deal is None:
        return []
    rows = list(whole_lines(document))
    lines = [line for row in rows for line in kernel_lines(row)]
    besides = [document.amends] if document.amends else []
    return _conflicts(document.deal.licensor, lines, [row.title for row in rows], document.deal, besides)


def seen_by(reader: Company, licensor: Company, findings: Iterable[kernel.Finding]) -> list[kernel.Finding]:
    """What a party reads of what was found: with whom else the licensor only talks is hers alone."""
    return [
        finding
        for finding in findings
        if reader == licensor or finding.line is None or finding.line.standing is not kernel.Standing.DRAFT
    ]


def exempted(words: LineWords, licensee: Company) -> list[Company]:
    """Whom a restriction of a deal does not keep out: the one with whom it is agreed."""
    return [licensee] if words.kind == LineKind.RESTRICTION and words.reason not in BINDS_BOTH else []


def loose_sets(sets: ReadSets) -> dict[str, RightsSet]:
    """The three sets as rows that are not written."""
    return {
        dimension.value: RightsSet(
            dimension=dimension,
            version=LATEST[dimension],
            members=" ".join(TABLES[dimension](LATEST[dimension]).codes(mask)),
        )
        for dimension, mask in zip(Dimension, sets[:3], strict=True)
    }


def line_fields(words: LineWords, licensee: Company) -> dict[str, object]:
    """The plain fields of a line's row, without its sets and its document."""
    return {
        "title": words.title,
        "kind": words.kind,
        "reason": words.reason,
        "territories_said": words.territories,
        "media_said": words.media,
        "languages_said": words.languages,
        **{name: getattr(words, name) for side in ("start", "end") for name in (side, *(f"{side}_{x}" for x in BOUNDS))},
        "party": licensee,
        "exclusive": words.exclusive and words.kind == LineKind.LICENCE,
        "runs": words.runs,
        "clause": words.clause,
    }


BOUNDS = ("open", "after", "lag")
"""What stands after `start_` and `end_`."""


def _unsaved(number: int, words: LineWords, licensor: Company, licensee: Company, deal: Deal | None) -> list[kernel.Line]:
    sets = loose_sets(read_sets(words.territories, words.media, words.languages))
    document = Document(edition=licensor.edition, kind=DocumentKind.OFFER, deal=deal, company=licensor)
    row = Line(document=document, number=number, **sets, **line_fields(words, licensee))
    exempt = frozenset(company.pk for company in exempted(words, licensee))
    return [replace(line, exempt=exempt) if line.reason and line.id == f"new:{number}" else line for line in kernel_lines(row)]


def _conflicts(
    licensor: Company, lines: list[kernel.Line], titles: list[Title], deal: Deal | None, besides: Iterable[Document]
) -> list[kernel.Finding]:
    cleared = Clearance.objects.filter(deal=deal).values_list("line", flat=True) if deal else ()
    amends = frozenset(contract_of(document) for document in besides)
    return kernel.conflicts(book_of(titles), kernel.Deal(licensor.pk, tuple(lines), amends, frozenset(cleared)))
