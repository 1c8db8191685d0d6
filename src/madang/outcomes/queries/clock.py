"""The deal clock: how many of an edition's held meetings have led to a signed licence, by age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Min, When

from madang.deals.models import Document, DocumentKind, DocumentState
from madang.kernels.impact import AGES, Clock, Hand, deal_clock
from madang.markets.models import Edition
from madang.meetings.queries.held import held_meetings
from madang.outcomes.models import Answer, Came

MONTH = dt.timedelta(days=30.4375)
SOONEST = 0.0


@dataclass(frozen=True, slots=True)
class Start:
    """A held meeting: `months` until a licence was signed, or until now (`age`) where none was. `buyer`: a participant."""

    code: str
    buyer: int
    months: float
    happened: bool
    age: float


@dataclass(frozen=True, slots=True)
class Dial:
    """The clock of one edition, or of all (`edition` None). `clock` None: no meeting was held."""

    edition: Edition | None
    clock: Clock | None
    ages: tuple[float, ...] = AGES

    @property
    def hands(self) -> tuple[Hand, ...]:
        return self.clock.hands if self.clock else ()


def signed_starts(edition: Edition) -> list[Start]:
    """Every held meeting, followed until now by what is signed here. Two queries."""
    now = edition.now()
    held = (
        held_meetings(edition)
        .filter(slot__ends_at__lte=now)
        .annotate(
            buyer=Case(
                When(request__sender__is_buyer=False, request__receiver__is_buyer=True, then=F("request__receiver")),
                default=F("request__sender"),
            )
        )
    )
    meetings = held.values_list("request", "request__code", "slot__ends_at", "buyer")
    signed = Document.objects.filter(
        deal__edition=edition, kind=DocumentKind.LICENCE, state=DocumentState.SIGNED, signed_at__isnull=False, signed_at__lte=now
    ).order_by()
    first = dict(signed.filter(deal__request__isnull=False).values_list("deal__request").annotate(at=Min("signed_at")))
    rows = []
    for request, code, ended, buyer in meetings.order_by("request__code"):
        at = first.get(request)
        rows.append(Start(code, buyer, max(SOONEST, ((at or now) - ended) / MONTH), at is not None, (now - ended) / MONTH))
    return rows


def told_starts(edition: Edition) -> list[Start]:
    """Every meeting that somebody answered about: signed at the age of the first round that says so, else followed to the last.

    Meetings that nobody said anything of are not there: what they would say is not guessed.
    """
    rows = Answer.objects.filter(asked__round__edition=edition, request__isnull=False)
    ages: dict[tuple[int, str], list[tuple[int, bool]]] = {}
    for request, code, months, came in rows.values_list("request", "request__code", "asked__round__months", "came"):
        ages.setdefault((request, code), []).append((months, came == Came.SIGNED))
    found = []
    for (_request, code), told in sorted(ages.items(), key=lambda item: item[0][1]):
        signed = [months for months, is_signed in told if is_signed]
        last = float(max(months for months, _signed in told))
        found.append(Start(code, 0, float(min(signed)) if signed else last, bool(signed), last))
    return found


def clock_of(starts: Iterable[Start]) -> Clock | None:
    """None where nothing started."""
    rows = list(starts)
    return deal_clock([one.months for one in rows], [one.happened for one in rows]) if rows else None


def dials(edition: Edition) -> list[Dial]:
    """This edition, the market's earlier ones that began before now, and all of them together where there are two."""
    others = Edition.objects.filter(market=edition.market_id, starts_on__lte=edition.starts_on).select_related("market")
    found = [(one, signed_starts(one)) for one in others.order_by("-starts_on")[:8]]
    rows = [Dial(one, clock_of(starts)) for one, starts in found]
    if sum(bool(starts) for _one, starts in found) > 1:
        rows.append(Dial(None, clock_of(start for _one, starts in found for start in starts)))
    return rows


def told_dial(edition: Edition) -> Dial:
    """The same by what people answer."""
    return Dial(edition, clock_of(told_starts(edition)))
