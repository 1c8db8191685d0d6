"""From an edition's pairs and dials to the assignment's market, and what a run of it came to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from madang.catalogue.models import Title
from madang.kernels.matching.assignment import (
    Code,
    Group,
    Market,
    Plan,
    Progress,
    Status,
    check,
    floor_prices,
    lacking,
    solve,
    why,
)
from madang.markets.models import Edition
from madang.matching.models import Dials, Suggestion, SuggestionState
from madang.matching.queries.pairs import MarketPairs, market_pairs
from madang.matching.rules_exposure import SELLS
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Block, Participant

FLOORS = (0, 1, 2, 3)
SECONDS = 60.0
"""For each floor; after that the best plan so far is taken."""
Watch = Callable[[str, int, int, Progress], None]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """The dials as a run keeps them; `countries`: code -> floor. Another `seed` gives another plan of the same worth."""

    floor: int = 2
    first_time: int = 0
    countries: tuple[tuple[str, int], ...] = ()
    buyer_room: int = 8
    title_room: int = 20
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"countries": dict(self.countries)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Asked:
        return cls(**kept | {"countries": tuple(sorted(kept.get("countries", {}).items()))})


def dials_of(edition: Edition) -> Dials:
    """As the organiser left them, or as they are where nobody has turned them (not saved)."""
    return Dials.objects.filter(edition=edition).first() or Dials(edition=edition)


def asked_of(dials: Dials, seed: int = 0) -> Asked:
    """The dials as a run keeps them."""
    floors = tuple(sorted((code, int(floor)) for code, floor in dials.floor_countries.items() if floor))
    return Asked(dials.floor, dials.floor_first_time, floors, dials.buyer_room, dials.title_room, seed)


# --- The market -----------------------------------------------------------------------------------------------------------


class Known(NamedTuple):
    """What stands before the assignment. `met`: title -> meetings agreed; `over`: pairs (buyer, title) that have been asked or
    suggested before; `waits`: those of them that were suggested and nobody answered."""

    met: Counter[int]
    over: set[tuple[int, int]]
    waits: set[tuple[int, int]]


@dataclass(frozen=True)
class Exposure:
    """The market of an edition; `allowed` (B x T) as the gates say, before what was asked already is taken out."""

    market: Market
    pairs: MarketPairs
    sellers: frozenset[int]

    @property
    def titles(self) -> list[int]:
        return [int(pk) for pk in self.pairs.titles]


def exposure_of(edition: Edition, asked: Asked) -> Exposure:
    """The market as it is now, with these dials. Ten queries beside those of the pairs, however many rows."""
    pairs = _shuffled(market_pairs(edition), asked.seed)
    companies = dict(Title.objects.filter(pk__in=pairs.titles.tolist()).order_by().values_list("pk", "company_id"))
    sellers, known = _sellers(edition), known_of(edition)
    title_company = np.array([companies[int(pk)] or 0 for pk in pairs.titles], np.int64)
    gates = pairs.allowed & _may_meet(edition, pairs, title_company, sellers)
    rows, columns = ({int(pk): n for n, pk in enumerate(side)} for side in (pairs.buyers, pairs.titles))
    for buyer, title in known.over:
        if buyer in rows and title in columns:
            gates[rows[buyer], columns[title]] = False
    waiting = [Counter(pair[side] for pair in known.waits) for side in (0, 1)]
    market = Market(
        tuple(str(pk) for pk in pairs.buyers),
        tuple(str(pk) for pk in pairs.titles),
        np.clip(pairs.chance, 0, 1).astype(np.float32),
        gates,
        np.array([max(0, asked.buyer_room - waiting[0][int(pk)]) for pk in pairs.buyers], np.int64),
        np.array([max(0, asked.title_room - waiting[1][int(pk)]) for pk in pairs.titles], np.int64),
        asked.floor,
        tuple(_groups(columns, asked)),
        np.array([known.met[int(pk)] + waiting[1][int(pk)] for pk in pairs.titles], np.int64),
    )
    return Exposure(market, pairs, frozenset(pk for pk, company in companies.items() if company in sellers))


def _shuffled(pairs: MarketPairs, seed: int) -> MarketPairs:
    """The same in another order, by which plans of the same worth are told apart."""
    if not seed:
        return pairs
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(len(pairs.buyers)), draw.permutation(len(pairs.titles))
    at = np.ix_(rows, columns)
    return MarketPairs(
        pairs.buyers[rows],
        pairs.titles[columns],
        pairs.chance[at],
        pairs.low[at],
        pairs.high[at],
        pairs.allowed[at],
        pairs.mandates[at],
    )


def _groups(columns: dict[int, int], asked: Asked) -> Iterator[Group]:
    """Titles with floors of their own."""
    titles = Title.objects.filter(pk__in=list(columns)).order_by("pk")
    if asked.first_time:
        first = titles.filter(profile__is_first_work=True).values_list("pk", flat=True)
        yield Group("first_time", tuple(columns[pk] for pk in first), asked.first_time)
    if asked.countries:
        members = defaultdict(list)
        for title in titles.only("countries"):
            for code in title.country_list:
                members[code].append(columns[title.pk])
        yield from (Group(code, tuple(members[code]), floor) for code, floor in asked.countries if code in members)


def _sellers(edition: Edition) -> dict[int, set[int]]:
    """Company -> those who stand for its titles."""
    people = Participant.objects.filter(SELLS, edition=edition, left_at=None, company__isnull=False).order_by()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for pk, company in people.values_list("pk", "company_id"):
        found[company or 0].add(pk)
    return dict(found)


def _may_meet(edition: Edition, pairs: MarketPairs, title_company: Ints, sellers: dict[int, set[int]]) -> Bools:
    """Pairs (B x T) in which the company has somebody to meet, and neither side wants nothing to do with the other."""
    company = dict(Participant.objects.filter(edition=edition).order_by().values_list("pk", "company_id"))
    buyer_company = np.array([company[int(pk)] or 0 for pk in pairs.buyers], np.int64)
    may = np.tile(np.isin(title_company, list(sellers)), (len(pairs.buyers), 1))
    blocks = set(Block.objects.filter(participant__edition=edition).order_by().values_list("participant_id", "company_id"))
    refuse: Counter[tuple[int, int]] = Counter()
    for person, blocked in blocks:
        may[np.ix_(pairs.buyers == person, title_company == blocked)] = False
        if person in sellers.get(company[person] or 0, ()):
            refuse[company[person] or 0, blocked] += 1
    for (seller, blocked), people in refuse.items():
        if people == len(sellers[seller]):  # nobody of them would see the buyer
            may[np.ix_(buyer_company == blocked, title_company == seller)] = False
    return may


def known_of(edition: Edition) -> Known:
    """What was asked and suggested before. Three queries."""
    met: Counter[int] = Counter()
    over: set[tuple[int, int]] = set()
    for people, title, status in _asked_titles(edition):
        if status == RequestStatus.ACCEPTED:
            met[title] += 1
        over |= {(person, title) for person in people}
    shown = Suggestion.objects.filter(run__edition=edition, state=SuggestionState.SHOWN).order_by()
    fields = ("buyer_id", "title_id", "buyer_declined_at", "seller_declined_at")
    rows = list(shown.values_list(*fields))
    waits = {(buyer, title) for buyer, title, *declined in rows if not any(declined)} - over
    return Known(met, over | {(buyer, title) for buyer, title, *_ in rows}, waits)


def _asked_titles(edition: Edition) -> Iterator[tuple[tuple[int, int], int, str]]:
    """Both people, a title, how the request stands: for each title that a request names, but drafts. Two queries."""
    requests = MeetingRequest.objects.filter(edition=edition).exclude(status=RequestStatus.DRAFT).order_by()
    first = requests.filter(title__isnull=False).values_list("sender_id", "receiver_id", "title_id", "status")
    others = requests.filter(also_about__isnull=False).values_list("sender_id", "receiver_id", "also_about", "status")
    for sender, receiver, title, status in [*first, *others]:
        yield (sender, receiver), int(title or 0), status


# --- What a run came to ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposed:
    """The plan for the floor that was asked for, what each floor costs, and what no floor at all would bring."""

    exposure: Exposure
    plan: Plan
    prices: list[dict[str, Any]]
    free: float

    @property
    def report(self) -> dict[str, Any]:
        """What a run keeps of it."""
        market, plan = self.exposure.market, self.plan
        return {
            "buyers": len(market.buyers),
            "titles": len(market.titles),
            "open_titles": int(market.gates.any(axis=0).sum()),
            "pairs": int(market.gates.sum()),
            "met_before": 0 if market.has is None else int((market.has > 0).sum()),
            "meetings": len(plan.meetings),
            "expected": round(plan.expected, 4),
            "free": round(self.free, 4),
            "is_best": plan.status is Status.OPTIMAL,
            "prices": self.prices,
            "lacking": list(lacking_rows(self.exposure, plan)),
        }


def propose(exposure: Exposure, watch: Watch, seconds: float = SECONDS) -> Proposed:
    """The assignment for each floor of the dial; the one that the dials ask for is refereed. `watch` may raise to stop it."""
    market, free = exposure.market, 0.0
    steps = [*FLOORS, None] if market.groups else list(FLOORS)
    lines: dict[int, Any] = {}
    for n, floor in enumerate(steps):

        def tell(now: Progress, n: int = n, floor: int | None = floor) -> None:
            watch("free" if floor is None else f"floor {floor}", n, len(steps), now)

        if floor is None:
            free = solve(replace(market, floor=0, groups=()), seconds=seconds, watch=tell).expected
        else:
            [lines[floor]] = floor_prices(market, (floor,), seconds=seconds, watch=tell)
    free = free or lines[0].expected
    plan: Plan = lines[market.floor].plan
    if broken := check(market, plan):
        raise RuntimeError(f"the assignment broke a rule: {broken[0].text}")
    return Proposed(exposure, plan, [_price(line, free) for line in lines.values()], free)


def _price(line: Any, free: float) -> dict[str, Any]:
    return {
        "floor": line.floor,
        "meetings": len(line.plan.meetings),
        "expected": round(line.expected, 4),
        "lost": round(max(0.0, 1 - line.expected / free), 6) if free else 0.0,
        "met": line.titles_met,
        "lacking": line.titles_lacking,
    }


def lacking_rows(exposure: Exposure, plan: Plan) -> Iterator[dict[str, Any]]:
    """Titles below the floor that was set for them, each with the code of its reason: the kernel's, or what it cannot know."""
    market, titles = exposure.market, exposure.titles
    for place, missing in lacking(market, plan).items():
        code = str(missing.code)
        if missing.code is Code.NO_BUYER and titles[place] not in exposure.sellers:
            code = "no_seller"
        elif missing.code is Code.NO_BUYER and exposure.pairs.allowed[:, place].any():
            code = "all_asked"
        row = {"floor": missing.floor, "lacks": missing.lacks, "able": missing.able, "full": missing.full}
        yield {"title": titles[place], "code": code} | row


def suggestion_rows(proposed: Proposed) -> Iterable[dict[str, Any]]:
    """The fields of each proposed meeting's suggestion, with its ranks as the first reasons."""
    exposure, market, plan = proposed.exposure, proposed.exposure.market, proposed.plan
    pairs = exposure.pairs
    for meeting in plan.meetings:
        at, because = tuple(meeting), why(market, plan, meeting)
        yield {
            "buyer_id": int(pairs.buyers[meeting.buyer]),
            "title_id": int(pairs.titles[meeting.title]),
            "mandate_id": int(pairs.mandates[at]) or None,
            "chance": float(pairs.chance[at]),
            "low": float(pairs.low[at]),
            "high": float(pairs.high[at]),
            "because": [["rank_for_buyer", because.rank_for_buyer], ["rank_for_title", because.rank_for_title]],
            "by_floor": because.code is Code.FLOOR,
        }
