"""Meeting requests with their reasons and answers, and when people cannot meet."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from madang.catalogue.models import Title
from madang.kit.territories import country_name
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition, Session
from madang.meetings.models import MeetingRequest, RequestStatus, Unavailability, Wish, pair_of, seat_principals
from madang.people.models import Participant
from madang.site.demo.korean import FORMS, particle_after
from madang.site.demo.mandates import PLACE
from madang.site.demo.people import language_of, saved, weighted, with_article
from madang.site.demo.settled import let_expire
from madang.site.demo.sizes import DAYS, ZONE, Size
from madang.site.demo.words import words

OPENED = dt.datetime(2025, 3, 24, 9, 0, tzinfo=ZONE)
"""Most requests are sent in the sixty days from here; a few early ones stand before."""
EARLY = dt.datetime(2025, 3, 3, 9, 0, tzinfo=ZONE)
SPREAD = dt.timedelta(days=60)
CLOSED = dt.datetime(2025, 5, 23, 16, 0, tzinfo=ZONE)
"""By then all answers have been given that are given."""
OUTGOING = 30
"""Requests that a person sends at most."""
INCOMING = 60
"""Requests that even the most wanted person is sent at most."""
STATES = [(RequestStatus.ACCEPTED, 70), (RequestStatus.DECLINED, 16), (RequestStatus.SENT, 11), (RequestStatus.WITHDRAWN, 3)]
WISHES = [(Wish.LIKE, 60), (Wish.MUST, 18), (Wish.IF_ROOM, 22)]


@dataclass
class Crowd:
    """Who may ask whom: how active each person is, how wanted, and what each has to offer."""

    rng: random.Random
    edition: Edition
    buyers: list[Participant]
    sellers: list[Participant]
    titles: dict[int, list[Title]]
    mandates: dict[int, list[Mandate]]
    sent: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    received: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    pairs: set[str] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def may_meet(self, sender: Participant, receiver: Participant) -> bool:
        """Two people of two companies who have no request between them, within both limits."""
        return (
            sender.company_id != receiver.company_id
            and self.sent[sender.pk] < OUTGOING
            and self.received[receiver.pk] < INCOMING
            and pair_of(sender.pk, receiver.pk) not in self.pairs
        )


def make_crowd(
    rng: random.Random, edition: Edition, people: list[Participant], titles: list[Title], mandates: list[Mandate]
) -> Crowd:
    """The crowd of an edition."""
    by_company: dict[int, list[Title]] = defaultdict(list)
    for title in titles:
        if title.company_id:
            by_company[title.company_id].append(title)
    by_buyer: dict[int, list[Mandate]] = defaultdict(list)
    for mandate in mandates:
        if mandate.visibility == Visibility.PUBLIC:
            by_buyer[mandate.buyer_id].append(mandate)
    return Crowd(rng, edition, [p for p in people if p.is_buyer], [p for p in people if p.is_seller], by_company, by_buyer)


def make_requests(crowd: Crowd, size: Size, now: dt.datetime) -> list[MeetingRequest]:
    """The history of requests until `now`: later ones do not exist yet, later answers have not been given."""
    rng = crowd.rng
    sides = {"buyer": crowd.buyers, "seller": crowd.sellers}
    active = {side: list(itertools.accumulate(rng.paretovariate(1.6) for _ in people)) for side, people in sides.items()}
    wanted = {
        side: list(itertools.accumulate(min(rng.paretovariate(1.05), 40) for _ in people)) for side, people in sides.items()
    }
    made: list[MeetingRequest] = []
    for _ in range(size.requests * 20):  # a crowd too small for so many pairs ends earlier
        if len(made) == size.requests:
            break
        one, other = ("seller", "buyer") if rng.random() < 0.58 else ("buyer", "seller")
        sender = rng.choices(sides[one], cum_weights=active[one])[0]
        receiver = rng.choices(sides[other], cum_weights=wanted[other])[0]
        if crowd.may_meet(sender, receiver):
            made.append(make_request(crowd, sender, receiver))
    return save_requests(made, now)


def save_requests(made: list[MeetingRequest], now: dt.datetime) -> list[MeetingRequest]:
    """Insert what has happened until `now`."""
    known = [request for request in made if request.created_at <= now]
    for request in known:
        if request.answered_at and request.answered_at > now:
            unanswer(request)
        let_expire(request, now)
    if not known:
        return []
    rows = saved(known)
    seat_principals(MeetingRequest.objects.filter(edition=known[0].edition))
    return rows


def unanswer(request: MeetingRequest) -> None:
    """Back to waiting."""
    request.status, request.answered_at, request.answer, request.receiver_wish = RequestStatus.SENT, None, "", None


def make_request(crowd: Crowd, sender: Participant, receiver: Participant, status: str = "") -> MeetingRequest:
    """One request with its story; `status` fixes how it ended."""
    rng = crowd.rng
    crowd.sent[sender.pk] += 1
    crowd.received[receiver.pk] += 1
    crowd.pairs.add(pair_of(sender.pk, receiver.pk))
    selling = sender.is_seller and receiver.is_buyer
    mandate, title = topic(crowd, sender if selling else receiver, receiver if selling else sender)
    sent_at = moment_sent(rng)
    request = MeetingRequest(
        edition=crowd.edition,
        code=f"R{next(crowd.numbers):05}",
        uid=uuid.UUID(int=rng.getrandbits(128), version=4),
        sender=sender,
        receiver=receiver,
        pair=pair_of(sender.pk, receiver.pk),
        title=title,
        mandate=mandate if selling else None,
        reason=reason(rng, sender, receiver, title, mandate if selling else None, "pitch" if selling else "ask"),
        status=status or weighted(rng, STATES),
        sender_wish=weighted(rng, WISHES),
        session=rng.choice(list(Session)) if rng.random() < 0.03 else "",
        created_at=sent_at,
    )
    answer(rng, request)
    return request


def moment_sent(rng: random.Random) -> dt.datetime:
    """Within the sixty days, more of them towards the end; a hundredth in the first week of March."""
    if rng.random() < 0.012:
        return EARLY + rng.random() * dt.timedelta(days=6)
    return (OPENED + rng.betavariate(1.7, 1.4) * SPREAD).replace(microsecond=0)


def topic(crowd: Crowd, seller: Participant, buyer: Participant) -> tuple[Mandate | None, Title | None]:
    """What the two would talk about: a title of the seller, at best one that a mandate asks for."""
    titles = crowd.titles.get(seller.company_id or 0, [])
    mandates = crowd.mandates.get(buyer.pk, [])
    if not titles:
        return None, None
    for mandate in mandates:
        fitting = [t for t in titles if mandate.genre in ("", t.genre)]
        if fitting:
            return mandate, crowd.rng.choice(fitting)
    return None, crowd.rng.choice(titles)


def reason(
    rng: random.Random, sender: Participant, receiver: Participant, title: Title | None, mandate: Mandate | None, kind: str
) -> str:
    """Two to four sentences in the sender's language."""
    lists = words("requests")
    language = language_of(sender.country)
    parts = lists[kind][language]
    if title is None:
        return " ".join(filter(None, (rng.choice(lists["plain"][kind][language]), rng.choice(parts["end"]))))
    fields = reason_fields(language, receiver if kind == "pitch" else sender, title)
    sentences = [rng.choice(parts["open"])]
    if mandate:
        sentences.append(rng.choice(lists["mandate"][language]).replace("{m}", mandate.text.rstrip(".")))
    sentences += [rng.choice([why for why in parts["why"] if title.episodes != 1 or "{e}" not in why]), rng.choice(parts["end"])]
    return " ".join(sentence.format(**fields) if "{" in sentence else sentence for sentence in sentences if sentence)


def reason_fields(language: str, buyer: Participant, title: Title) -> dict[str, Any]:
    """The words that a sentence may use."""
    genre = words("requests")["words"]["genre"][title.genre][PLACE[language]]
    land = country_name(buyer.country, "ko") if language == "ko" else with_article(buyer.country, language)
    name = {"ko": title.name_ko, "fr": title.name_fr}.get(language) or title.name
    particles = {particle: particle_after(name, particle) for particle in FORMS} if language == "ko" else {}
    return {"t": name, "g": genre, "e": title.episodes, "land": land, **particles}


def answer(rng: random.Random, request: MeetingRequest) -> None:
    """When and how it was answered, in the receiver's language."""
    if request.status in (RequestStatus.ACCEPTED, RequestStatus.DECLINED):
        answered_at = request.created_at + dt.timedelta(hours=1 + rng.expovariate(1 / 60))
        if answered_at > CLOSED:  # whoever would be late answers in the time that is left
            answered_at = request.created_at + rng.random() * max(CLOSED - request.created_at, dt.timedelta(hours=1))
        request.answered_at = answered_at.replace(microsecond=0)
        language = language_of(request.receiver.country)
        request.answer = rng.choice(
            words("requests")["accept" if request.status == RequestStatus.ACCEPTED else "decline"][language]
        )
    if request.status == RequestStatus.ACCEPTED:
        request.receiver_wish = weighted(rng, WISHES)


# --- When people cannot meet -------------------------------------------------------------------------------------------


def make_unavailabilities(rng: random.Random, people: list[Participant]) -> list[Unavailability]:
    """Late arrivals, early departures, and an hour here and there."""
    rows = []
    for person in people:
        if not (person.is_buyer or person.is_seller):
            continue
        reasons = words("requests")["away"][language_of(person.country)]
        if rng.random() < 0.2:
            rows.append(away(person, 0, 9.5, 13.5, reasons[0]))
        if rng.random() < 0.16:
            rows.append(away(person, 2, 15.5, 18.5, reasons[1]))
        if rng.random() < 0.18:
            begin = rng.choice([10, 10.5, 11, 14, 15, 16, 17])
            rows.append(away(person, 1, begin, begin + rng.choice([0.5, 1, 1, 2]), rng.choice(reasons[2:])))
    return saved(rows) if rows else []


def away(person: Participant, day: int, begin: float, end: float, why: str) -> Unavailability:
    """A stretch of one of the three days, in hours of the venue's clock."""
    midnight = dt.datetime.combine(DAYS[day], dt.time(), ZONE)
    hour = dt.timedelta(hours=1)
    return Unavailability(participant=person, starts_at=midnight + begin * hour, ends_at=midnight + end * hour, reason=why)
