"""Codes of deals and documents. Call them under a lock of the edition, so that two never get the same."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Length

from madang.deals.models import Deal, Document, DocumentKind
from madang.markets.models import Edition

LETTERS = {
    DocumentKind.HOLDING: "H",
    DocumentKind.SOLD: "S",
    DocumentKind.OFFER: "O",
    DocumentKind.MEMO: "M",
    DocumentKind.LICENCE: "L",
    DocumentKind.AMENDMENT: "A",
}
"""What a document's code begins with."""


def next_deal_code(edition: Edition) -> str:
    """D and a number that no deal of the edition has."""
    return _next("D", Deal.objects.filter(edition=edition))


def next_document_code(edition: Edition, kind: str) -> str:
    """The letter of its kind and a number that no document of the edition has."""
    return _next(LETTERS[DocumentKind(kind)], Document.objects.filter(edition=edition))


def _next(letter: str, rows: QuerySet[Deal] | QuerySet[Document]) -> str:
    numbered = rows.filter(code__regex=rf"^{letter}[0-9]{{1,30}}$").order_by(Length("code").desc(), "-code")
    last = numbered.values_list("code", flat=True).first() or f"{letter}0000"
    return f"{letter}{int(last[1:]) + 1:0{max(4, len(last) - 1)}d}"  # never shorter than the last one, so that it sorts after it
