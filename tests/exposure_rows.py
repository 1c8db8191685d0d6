"""A small fair for the tests of proposed meetings: buyers who look for crime series, and titles for sale."""

from __future__ import annotations

from dataclasses import dataclass, field

from factories import EditionFactory, MandateFactory, ParticipantFactory, TitleFactory, UserFactory

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition
from madang.matching.actions.exposure import propose_meetings, start_proposals
from madang.matching.models import ProposeRun, Suggestion
from madang.matching.queries.exposure import Asked
from madang.people.models import Participant


@dataclass
class Fair:
    edition: Edition
    organiser: User
    buyers: list[Participant] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    sellers: list[Participant] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)

    def add_buyer(self, visibility: str = "public", **facts: object) -> Participant:
        buyer = ParticipantFactory(edition=self.edition, code=f"B{len(self.buyers)}", is_buyer=True, **facts)
        wish = {"format": "series", "genre": "crime", "visibility": visibility}
        self.mandates.append(MandateFactory(edition=self.edition, code=f"M{len(self.buyers)}", buyer=buyer, **wish))
        self.buyers.append(buyer)
        return buyer

    def add_title(self, genre: str = "crime", seller: Participant | None = None, **facts: object) -> Title:
        """A title with a company and a seller of its own, unless one is given."""
        number = len(self.titles)
        seller = seller or ParticipantFactory(edition=self.edition, code=f"S{number}", is_seller=True)
        words = {"format": "series", "genre": genre, "name": f"Title {number}"} | facts
        self.titles.append(TitleFactory(edition=self.edition, code=f"W{number}", company=seller.company, **words))
        self.sellers.append(seller)
        return self.titles[-1]

    def run(self, **dials: object) -> ProposeRun:
        """A finished run with these dials."""
        run, is_new = start_proposals(self.organiser, self.edition, Asked(**dials))
        assert is_new
        propose_meetings(run.key)
        run.refresh_from_db()
        return run


def fair(buyers: int = 2, titles: int = 2) -> Fair:
    """An edition with an organiser, so many buyers and so many crime series."""
    edition = EditionFactory()
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    made = Fair(edition, organiser)
    for _ in range(buyers):
        made.add_buyer()
    for _ in range(titles):
        made.add_title()
    return made


def pairs_of(run: ProposeRun) -> list[tuple[str, str]]:
    """(buyer, title) of a run by their codes."""
    return sorted(Suggestion.objects.filter(run=run).values_list("buyer__code", "title__code"))
