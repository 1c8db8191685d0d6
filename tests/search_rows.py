"""A small market to search in: one of each kind that everybody finds, and one that only some do."""

from __future__ import annotations

import datetime as dt

from factories import CompanyFactory, EditionFactory, HallFactory, MandateFactory, ParticipantFactory, TitleFactory

from madang.markets.models import Edition
from madang.people.models import Participant, SeenBy
from madang.programme.models import Event, EventKind
from madang.search.actions.refreshing import refresh


class Rows:
    """The edition, a buyer and a seller who search, and what they find."""

    def __init__(self, slug: str = "found") -> None:
        self.edition: Edition = EditionFactory(slug=slug)
        self.sellers = CompanyFactory(edition=self.edition, code="C1", name="Hanbada Pictures", name_ko="한바다 픽처스")
        buyers = CompanyFactory(edition=self.edition, code="C2", name="Compagnie Générale", country="FR")
        self.seller = self.person(
            "P1", self.sellers, family_name="Seo", given_name="Ha-neul", native_name="서하늘", is_seller=True
        )
        self.buyer = self.person("P2", buyers, family_name="Lefèvre", given_name="Camille", is_buyer=True, job_title="Acquéreuse")
        self.hidden = self.person("P3", buyers, family_name="Obscura", is_buyer=True, seen_by=SeenBy.NOBODY)
        self.show = self.title("T1", "The Square", name_ko="광장", synopsis_ko="서울의 광장에서 만난 두 사람", is_showcase=True)
        self.series = self.title(
            "T2", "Squid Harbour", name_ko="오징어 항구", genre="thriller", countries="KR,FR", languages="ko, fr"
        )
        self.film = self.title("T3", "L'Été à Séoul", synopsis="A summer of music.", format="film", countries="FR", genre="music")
        self.gone = self.title("T4", "Withdrawn Quagga", is_withdrawn=True)
        self.open = MandateFactory(edition=self.edition, code="M1", buyer=self.buyer, text="Crime from Busan, dark and slow")
        self.secret = MandateFactory(
            edition=self.edition, code="M2", buyer=self.buyer, text="Zeppelin stories", visibility="hidden"
        )
        self.event = self.add_event("E1", name="Walking on the carpet", name_ko="레드카펫", is_public=True)
        self.closed = self.add_event("E2", name="Breakfast of buyers", is_public=False)
        refresh(self.edition)

    def person(self, code: str, company: object, **facts: object) -> Participant:
        made: Participant = ParticipantFactory(edition=self.edition, code=code, company=company, **facts)
        return made

    def title(self, code: str, name: str, **facts: object) -> object:
        return TitleFactory(edition=self.edition, code=code, name=name, company=self.sellers, **facts)

    def add_event(self, code: str, **facts: object) -> Event:
        hall = self.edition.halls.first() or HallFactory(edition=self.edition, code="H1")
        start = dt.datetime(2025, 5, 29, 5, 0, tzinfo=dt.UTC)
        return Event.objects.create(
            edition=self.edition, code=code, kind=EventKind.TALK, hall=hall, starts_at=start,
            ends_at=start + dt.timedelta(hours=1), **facts,
        )  # fmt: skip
