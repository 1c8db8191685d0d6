"""Two companies that negotiate, for tests: a seller who holds a title, a buyer, and papers between them, one call each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from rights_rows import hold

from madang.catalogue.models import Title
from madang.deals.actions.offers import accept_document, send_document, start_deal
from madang.deals.actions.signing import sign_document
from madang.deals.models import Deal, Document, Signatory
from madang.deals.queries.contents import Content, DeliverableWords, InstalmentWords, LineWords, TermWords
from madang.markets.models import Edition
from madang.people.models import Company, Participant

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2027, 12, 31)


@dataclass
class Table:
    """Who sits at it: the seller holds `title` for the world; both may sign."""

    edition: Edition
    seller: Participant
    buyer: Participant
    title: Title
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def licensor(self) -> Company:
        return self.seller.company

    @property
    def licensee(self) -> Company:
        return self.buyer.company

    def deal(self, **facts: Any) -> Deal:
        """A deal that the seller opens."""
        facts = {"licensor": self.licensor, "licensee": self.licensee, "titles": [self.title]} | facts
        return start_deal(self.seller.user, self.edition, **facts)

    def content(self, **facts: Any) -> Content:
        """SVOD in Benelux for two years, exclusive, for 10,000 euros in two parts."""
        return replace(offer_content(self.title), **facts)

    def offered(self, **facts: Any) -> Document:
        """An offer of the seller, sent."""
        return send_document(self.seller.user, self.deal(), self.content(**facts))

    def to_sign(self, **facts: Any) -> Document:
        """A licence open for signature, after offer and memo."""
        content = self.content(**facts)
        offer = accept_document(self.buyer.user, send_document(self.seller.user, self.deal(), content))
        memo = accept_document(self.buyer.user, send_document(self.seller.user, offer.deal, content))
        return send_document(self.seller.user, memo.deal, content)

    def signed(self, **facts: Any) -> Document:
        """A licence that both have signed."""
        licence = self.to_sign(**facts)
        sign_document(self.buyer.user, licence, name="Camille Lefèvre")
        return sign_document(self.seller.user, licence, name="Kim Minjun")


def table(*, signatories: bool = True, **facts: Any) -> Table:
    """A new edition with a seller and a buyer; `facts` are those of the edition."""
    edition = EditionFactory(**facts)
    licensor = CompanyFactory(edition=edition, code="C-SEL", name="Blue Hour Sales")
    licensee = CompanyFactory(edition=edition, code="C-BUY", name="Kanal Nord", country="BE")
    seller = ParticipantFactory(edition=edition, company=licensor, is_seller=True, code="P-seller", language="ko")
    buyer = ParticipantFactory(edition=edition, company=licensee, is_buyer=True, code="P-buyer", language="fr")
    title = TitleFactory(edition=edition, company=licensor, code="W-1", name="Harbour Lights")
    hold(licensor, title)
    if signatories:
        for person in (seller, buyer):
            Signatory.objects.create(participant=person, named_by=person.user)
    return Table(edition, seller, buyer, title)


def third_party(at: Table, **facts: Any) -> Table:
    """Another buyer at the same table."""
    company = CompanyFactory(edition=at.edition, name="Third Channel", country="NL")
    buyer = ParticipantFactory(edition=at.edition, company=company, is_buyer=True, **facts)
    Signatory.objects.create(participant=buyer, named_by=buyer.user)
    return replace(at, buyer=buyer)


def offer_content(title: Title) -> Content:
    parts = (InstalmentWords(Decimal(4000), "signature"), InstalmentWords(Decimal(6000), "delivery"))
    return Content(
        lines=(LineWords(title, "Benelux", "SVOD", "fr, nl", start=FIRST, end=LAST, exclusive=True, clause="1"),),
        terms=(
            TermWords("flat", Decimal(10000), "EUR", instalments=parts),
            TermWords("share", percent=Decimal("12.5"), base="net receipts"),
        ),
        deliverables=(DeliverableWords("ProRes master", dt.date(2025, 12, 1)),),
        conditions="# Not a heading\nThe licensee may show clips of two minutes.",
    )
