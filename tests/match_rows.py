"""A small market for matches: a buyer with a mandate, a seller with a title that fits it."""

from __future__ import annotations

from factories import EditionFactory, MandateFactory, ParticipantFactory, TitleFactory

from madang.matching.queries.pairs import matches_for_mandate, matches_for_title

HARBOUR = "A detective in a fishing port hunts a killer, and the murder divides the town."
WEDDING = "Two lovers plan a wedding that neither of their families wants."


class Market:
    """A buyer with a mandate, a seller with a title that fits it."""

    def __init__(self) -> None:
        self.edition = EditionFactory()
        self.buyer = ParticipantFactory(edition=self.edition, code="BUY", is_buyer=True, country="FR")
        self.seller = ParticipantFactory(edition=self.edition, code="SELL", is_seller=True)
        self.mandate = self.wish(code="M1")
        self.title = self.work(code="HARBOUR", genre="crime", synopsis=HARBOUR)

    def wish(self, **facts):
        plain = {"buyer": self.buyer, "text": "A crime story about a murder in a port", "genre": "crime", "territories": "FR"}
        return MandateFactory(edition=self.edition, **plain | facts)

    def work(self, company=None, **facts):
        return TitleFactory(edition=self.edition, company=company or self.seller.company, **facts)

    def found(self, mandate=None):
        """Codes of titles, then codes of those that were just missed."""
        rows = matches_for_mandate(mandate or self.mandate, self.buyer.user)
        return [row.title.code for row in rows if row.passes], [row.title.code for row in rows if not row.passes]

    def told(self, user=None, title=None):
        """Codes of the mandates of a title."""
        return [row.mandate.code for row in matches_for_title(title or self.title, user or self.seller.user) if row.passes]
