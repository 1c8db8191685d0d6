"""Whom a round asks, about what, and what the answers say with what the silent leave open."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Avg, Count, Prefetch, Q, QuerySet

from madang.deals.models import Deal, DealKind, DealStage, Value, ValueStage
from madang.deals.queries.values import current
from madang.kernels.impact import Bounds, Response, response, share_bounds, total_bounds
from madang.markets.models import Edition
from madang.meetings.models import Attendee, MeetingRequest, Part, Side
from madang.meetings.queries.held import PRESENT, held_meetings
from madang.outcomes.models import Answer, Asked, Came, Round
from madang.people.models import Participant

MONTHS = (3, 6, 12, 24)
"""After the last day of the edition."""
OPEN_DAYS = 28
LED_ON = (Came.OFFER, Came.MEMO, Came.SIGNED, Came.ELSEWHERE)
"""Answers that say that something came of it."""
WAY = (Came.NOTHING, Came.TALKING, Came.OFFER, Came.MEMO, Came.SIGNED)
"""How far a deal comes here, step by step."""
CAME_OF_STAGE = {
    DealStage.ASKED: Came.TALKING,
    DealStage.OFFER: Came.OFFER,
    DealStage.MEMO: Came.MEMO,
    DealStage.LICENCE: Came.SIGNED,
    DealStage.ENDED: Came.NOTHING,
}
STAGE_ORDER = (ValueStage.PAID, ValueStage.CONTRACT, ValueStage.MEMO, ValueStage.OFFER)
"""Of the values that stand, the first of these is shown as what is known."""


def today_at(edition: Edition) -> dt.date:
    """The day at the venue."""
    return edition.now().astimezone(edition.zone).date()


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def held_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """The requests whose meetings were held."""
    return MeetingRequest.objects.filter(pk__in=held_meetings(edition).order_by().values("request"))


def those_who_came(edition: Edition) -> QuerySet[Attendee]:
    """Everybody who was there in a held meeting."""
    requests = held_meetings(edition).order_by().values("request")
    return Attendee.objects.filter(PRESENT, part=Part.COMING, request__in=requests)


def loose_deals(edition: Edition) -> QuerySet[Deal]:
    """Licences in negotiation or signed that came from no held meeting; nobody would be asked of them by her meetings."""
    deals = Deal.objects.filter(edition=edition, kind=DealKind.LICENCE).exclude(stage=DealStage.ASKED, ask="")
    return deals.exclude(request__in=held_requests(edition).values("pk"))


def voices_of(edition: Edition, company: int | None = None) -> dict[int, set[int]]:
    """Who is asked of each loose deal, one person a company: participant id -> deal ids. With `company`, its deals alone.

    Who opened the deal speaks for her company; for the other, whoever of it came to a meeting, else the first of its people.
    """
    deals = loose_deals(edition)
    if company is not None:
        deals = deals.filter(Q(licensor=company) | Q(licensee=company))
    rows = list(deals.order_by("pk").values_list("pk", "licensor", "licensee", "opened_by", "opened_by__company"))
    companies = {one for row in rows for one in row[1:3] if one is not None}
    first = _first_people(edition, companies)
    asked: dict[int, set[int]] = defaultdict(set)
    for deal, licensor, licensee, opener, openers in rows:
        for party in (licensor, licensee):
            voice = opener if party == openers and opener in first.get(party, ([], 0))[0] else first.get(party, ([], 0))[1]
            if voice:
                asked[voice].add(deal)
    return asked


def _first_people(edition: Edition, companies: set[int]) -> dict[int, tuple[list[int], int]]:
    """Of each company: its people who are still there, and the one who speaks for it."""
    people = Participant.objects.filter(edition=edition, company__in=companies, left_at=None).order_by("pk")
    came = set(those_who_came(edition).filter(participant__company__in=companies).values_list("participant", flat=True))
    found: dict[int, list[int]] = defaultdict(list)
    for pk, company in people.values_list("pk", "company"):
        found[company or 0].append(pk)
    return {company: (all_, next((pk for pk in all_ if pk in came), all_[0])) for company, all_ in found.items()}


def people_to_ask(edition: Edition) -> QuerySet[Participant]:
    """Everybody who was in a held meeting, and who speaks for a company about a deal that came from none."""
    came = those_who_came(edition).order_by().values("participant")
    people = Participant.objects.filter(Q(pk__in=came) | Q(pk__in=list(voices_of(edition))), left_at=None)
    return people.select_related("edition", "user").order_by("pk")


@dataclass(slots=True)
class Thing:
    """A meeting or a deal that somebody is asked about. `came`, `amount`, `currency` are what stands in the form at first.

    `is_last`: they are her own answer of an earlier round; `is_said`: of this round; else what the deal itself says.
    """

    key: str
    request: MeetingRequest | None = None
    deal: Deal | None = None
    others: list[Participant] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    came: str = ""
    amount: Decimal | None = None
    currency: str = ""
    is_last: bool = False
    is_said: bool = False

    def take(self, answer: Answer) -> None:
        self.came, self.amount, self.currency = answer.came, answer.amount, answer.currency


def things_of(asked: Asked) -> list[Thing]:
    """What she is asked about, prefilled from what is known. A constant number of queries."""
    edition, me = asked.round.edition, asked.participant
    seats = those_who_came(edition).filter(participant=me).values_list("request", "side")
    sides = dict(seats)
    meetings = MeetingRequest.objects.filter(pk__in=sides).select_related("title").order_by("code")
    others = _others(sides)
    values = Prefetch("values", current(Value.objects.all()))
    deals = Deal.objects.filter(Q(request__in=sides) | Q(pk__in=voices_of(edition, me.company_id).get(me.pk, set())))
    deals = deals.filter(edition=edition).select_related("licensor", "licensee").prefetch_related(values, "titles")
    things = [Thing(f"m{one.pk}", request=one, others=others[one.pk]) for one in meetings]
    by_request = {thing.request.pk: thing for thing in things if thing.request}
    for deal in deals.order_by("code"):
        thing = by_request.get(deal.request_id or 0)
        if thing is None:
            thing = Thing(f"d{deal.pk}", deal=deal)
            things.append(thing)
        thing.deals.append(deal)
    for thing in things:
        _prefill(thing)
    _remember(asked, things)
    return things


def _others(sides: dict[int, str]) -> dict[int, list[Participant]]:
    """Of each meeting: those of the other side, principals first."""
    found: dict[int, list[Participant]] = defaultdict(list)
    seats = Attendee.objects.filter(request__in=sides, part=Part.COMING).select_related("participant__company")
    for seat in seats:
        if seat.side != sides[seat.request_id]:
            found[seat.request_id].append(seat.participant)
    return found


def _prefill(thing: Thing) -> None:
    """What the deals of the thing say: the farthest stage, and the value that is the surest."""
    order = list(CAME_OF_STAGE)
    going = [deal for deal in thing.deals if deal.stage != DealStage.ENDED] or thing.deals
    if not going:
        return
    thing.came = CAME_OF_STAGE[DealStage(max(going, key=lambda deal: order.index(DealStage(deal.stage))).stage)]
    values = [value for deal in thing.deals for value in deal.values.all() if value.stage in STAGE_ORDER]
    thing.values = sorted(values, key=lambda value: STAGE_ORDER.index(ValueStage(value.stage)))[:1]
    for value in thing.values:
        if thing.came in LED_ON:
            thing.amount, thing.currency = value.amount, value.currency


def _remember(asked: Asked, things: list[Thing]) -> None:
    """Her own answers, of this round or the last one before it, stand over what is known of deals; but where a deal has come
    farther since an earlier round, that is shown."""
    mine = Answer.objects.filter(asked__participant=asked.participant_id, asked__round__edition=asked.round.edition_id)
    mine = mine.filter(asked__round__months__lte=asked.round.months).order_by("asked__round__months", "pk")
    by_key = {thing.key: thing for thing in things}
    for answer in mine:
        thing = by_key.get(f"m{answer.request_id}" if answer.request_id else f"d{answer.deal_id}")
        is_old = answer.asked_id != asked.pk
        if thing is not None and not (is_old and _has_come_farther(thing.came, answer.came)):
            thing.take(answer)
            thing.is_said = answer.asked_id == asked.pk
            thing.is_last = not thing.is_said


def _has_come_farther(known: str, told: str) -> bool:
    """A deal elsewhere is not on the way of the deals here, and stands."""
    return known in WAY and told in WAY and WAY.index(Came(known)) > WAY.index(Came(told))


@dataclass(frozen=True, slots=True)
class Tally:
    """How a round stands. `unreached`: nobody could tell them; they are among those asked, and silent."""

    round: Round
    asked: int
    answered: int
    begun: int
    told: int
    stopped: int

    @property
    def response(self) -> Response:
        return response(self.answered, self.asked)

    @property
    def unreached(self) -> int:
        return self.asked - self.told - self.stopped if self.round.opened_at else 0


def tallies(edition: Edition) -> list[Tally]:
    """Every round of the edition with its counts; one query."""
    rows = Round.objects.filter(edition=edition).annotate(
        n_asked=Count("asked"),
        n_answered=Count("asked", filter=Q(asked__answered_at__isnull=False)),
        n_begun=Count("asked", filter=Q(asked__opened_at__isnull=False, asked__answered_at=None)),
        n_told=Count("asked", filter=Q(asked__sent_at__isnull=False)),
        n_stopped=Count("asked", filter=Q(asked__stopped_at__isnull=False, asked__sent_at=None)),
    )
    return [Tally(row, row.n_asked, row.n_answered, row.n_begun, row.n_told, row.n_stopped) for row in rows.order_by("months")]


@dataclass(frozen=True, slots=True)
class Pair:
    """What both sides say of one meeting or deal; they are shown beside each other, never merged."""

    request: MeetingRequest | None
    deal: Deal | None
    ours: tuple[Answer, ...]
    theirs: tuple[Answer, ...]

    @property
    def differs(self) -> bool:
        """Whether both sides answered, and not the same."""
        return bool(self.ours and self.theirs) and _told(self.ours) != _told(self.theirs)

    @property
    def is_one_sided(self) -> bool:
        return not (self.ours and self.theirs)

    def sides_that_say(self, wanted: Iterable[str]) -> int:
        """How many sides (0 to 2) say one of these."""
        return sum(any(answer.came in wanted for answer in side) for side in (self.ours, self.theirs))


def _told(answers: tuple[Answer, ...]) -> set[tuple[str, Decimal | None, str]]:
    return {(answer.came, answer.amount, answer.currency) for answer in answers}


def pairs_of(asking: Round) -> list[Pair]:
    """Every meeting and deal of which somebody said something in the round; those where the sides differ come first."""
    people = ("asked__participant__company", "request__title")
    parties = [f"request__{side}__company" for side in ("sender", "receiver")] + ["deal__licensor", "deal__licensee"]
    answers = Answer.objects.filter(asked__round=asking).select_related(*people, *parties).order_by("pk")
    seats = Attendee.objects.filter(request__answers__asked__round=asking).values_list("request", "participant", "side")
    sides = {(request, person): side for request, person, side in seats}
    groups: dict[tuple[str, int], list[list[Answer]]] = defaultdict(lambda: [[], []])
    for one in answers:
        if one.request_id:
            is_ours = sides.get((one.request_id, one.asked.participant_id)) == Side.SENDER
            groups["m", one.request_id][0 if is_ours else 1].append(one)
        elif one.deal:
            is_ours = one.asked.participant.company_id == one.deal.licensor_id
            groups["d", one.deal.pk][0 if is_ours else 1].append(one)
    rows = [
        Pair((ours or theirs)[0].request, (ours or theirs)[0].deal, tuple(ours), tuple(theirs))
        for ours, theirs in groups.values()
    ]
    return sorted(rows, key=lambda pair: (not pair.differs, pair.is_one_sided))


@dataclass(frozen=True, slots=True)
class Said:
    """A share of the meetings that a round asked about, with its bounds. `both`, `one`: sides that say so."""

    wanted: tuple[Came, ...]
    both: int
    one: int
    told: int
    told_by_both: int
    asked: int

    @property
    def either(self) -> Bounds:
        """That one side or both say so; the silent are meetings of which nobody said anything."""
        return share_bounds(self.both + self.one, self.told, self.asked)

    @property
    def agreed(self) -> Bounds:
        """That both sides say so; the silent are meetings of which one side or both said nothing."""
        return share_bounds(self.both, self.told_by_both, self.asked)


def said_of_meetings(asking: Round, pairs: Iterable[Pair], wanted: tuple[Came, ...]) -> Said | None:
    """None where no meeting was asked about."""
    rows = [pair for pair in pairs if pair.request is not None]
    sides = [pair.sides_that_say(wanted) for pair in rows]
    asked = len(meetings_asked_of(asking))
    told_by_both = sum(not pair.is_one_sided for pair in rows)
    return Said(wanted, sides.count(2), sides.count(1), len(rows), told_by_both, asked) if asked else None


def meetings_asked_of(asking: Round) -> list[str]:
    """Codes of the meetings of which somebody is asked, or has answered, in the round."""
    seats = those_who_came(asking.edition).filter(participant__asked__round=asking)
    told = Answer.objects.filter(asked__round=asking, request__isnull=False)
    codes = {*seats.order_by().values_list("request__code", flat=True), *told.values_list("request__code", flat=True)}
    return sorted(codes)


def satisfaction_of(asking: Round) -> Bounds | None:
    """The mean of those who said it (1 to 5), and between which ends that of all who were asked lies. None: nobody was asked."""
    rows = Asked.objects.filter(round=asking)
    scores = [float(one) for one in rows.values_list("satisfaction", flat=True) if one is not None]
    asked = rows.count()
    if not asked:
        return None
    total = total_bounds(scores, asked, possible=(1, 5))
    low, high = (end / asked for end in total.worst)
    return Bounds(total.response, sum(scores) / len(scores) if scores else None, (low, high), None)


def share_owed(asking: Round) -> tuple[float | None, int]:
    """The mean share that those who said one owe to the event, in percent, and how many they are."""
    found = Asked.objects.filter(round=asking, share__isnull=False).aggregate(mean=Avg("share"), n=Count("pk"))
    return found["mean"], found["n"]


def newest_round(edition: Edition) -> Round | None:
    """The latest round that has been opened."""
    return Round.objects.filter(edition=edition, opened_at__isnull=False).select_related("edition").order_by("-months").first()
