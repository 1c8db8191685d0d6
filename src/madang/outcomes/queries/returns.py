"""From asking to signing by buyer, edition against edition; the next edition; what came back for what was spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from madang.deals.models import Document, DocumentKind, DocumentState
from madang.kernels.impact import Benefit as Claimed
from madang.kernels.impact import (
    Forecast,
    ImpactError,
    Interval,
    Range,
    Return,
    Series,
    Step,
    cv_prior,
    difference,
    forecast,
    funnel,
    roi,
    share_of_lift,
)
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.meetings.queries.held import held_meetings
from madang.outcomes.models import Benefit
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.queries.chain import STAGES, stage_counts
from madang.outcomes.queries.rates import Rates
from madang.outcomes.queries.rounds import newest_round, share_owed
from madang.outcomes.queries.studies import is_late, result_of, studies_with_titles
from madang.people.models import Participant


@dataclass(frozen=True, slots=True)
class Compared:
    """A step of the funnel, the same of the edition before, and how much more (both None where there is none)."""

    step: Step
    before: str
    after: str
    earlier: Step | None
    gain: Interval | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """`totals`: (stage in words, number). `earlier`: the edition that it is compared with."""

    totals: list[tuple[str, int]]
    steps: list[Compared]
    buyers: int
    earlier: Edition | None


def edition_before(edition: Edition) -> Edition | None:
    """The market's last edition that began earlier."""
    earlier = Edition.objects.filter(market=edition.market_id, starts_on__lt=edition.starts_on)
    return earlier.select_related("market").order_by("-starts_on").first()


def funnel_of(edition: Edition) -> Funnel | None:
    """None where nobody has asked for a meeting."""
    counts = stage_counts(edition)
    if not counts:
        return None
    earlier = edition_before(edition)
    before = stage_counts(earlier) if earlier else []
    names = list(STAGES)
    steps = funnel(names, counts)
    others = funnel(names, before) if before else (None,) * len(steps)
    rows = [_compared(step, other) for step, other in zip(steps, others, strict=True)]
    totals = [(str(STAGES[name]), sum(row)) for name, row in zip(names, counts, strict=True)]
    return Funnel(totals, rows, len(counts[0]), earlier if before else None)


def _compared(step: Step, earlier: Step | None) -> Compared:
    gain = difference(step.rate, earlier.rate) if earlier and step.rate and earlier.rate else None
    return Compared(step, str(STAGES[step.before]), str(STAGES[step.after]), earlier, gain)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is counted, in the editions so far (name, number), and the next edition's."""

    name: str
    past: list[tuple[str, int]]
    next: Forecast


def forecasts(edition: Edition, buyers: int | None = None) -> list[Ahead]:
    """Of the market's editions that are over. `buyers`: how many are expected next time; then counts go with the buyers."""
    today = edition.now().astimezone(edition.zone).date()
    over = list(Edition.objects.filter(market=edition.market_id, ends_on__lt=today).order_by("starts_on"))
    if not over:
        return []
    found = {one.pk: _counts_of(one) for one in over}
    names = {
        "buyers": _("Buyers"), "requests": _("Accepted requests"), "held": _("Held meetings"), "signed": _("Signed licences"),
    }  # fmt: skip
    table = {name: [found[one.pk][name] for one in over] for name in names}
    prior = cv_prior([*(Series.of(row) for row in table.values()), *_other_series(edition)])
    rows = []
    for name, words in names.items():
        sizes = [max(1, count) for count in table["buyers"]] if buyers and name != "buyers" else None
        ahead = forecast(Series.of(table[name], sizes), size=float(buyers) if sizes and buyers else 1.0, prior=prior)
        rows.append(Ahead(words, [(str(one), count) for one, count in zip(over, table[name], strict=True)], ahead))
    return rows


def _counts_of(edition: Edition) -> dict[str, int]:
    accepted = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED)
    signed = Document.objects.filter(edition=edition, kind=DocumentKind.LICENCE, state=DocumentState.SIGNED)
    return {
        "buyers": Participant.objects.filter(edition=edition, is_buyer=True, left_at=None).count(),
        "requests": accepted.count(),
        "held": held_meetings(edition).count(),
        "signed": signed.count(),
    }


def _other_series(edition: Edition) -> list[Series]:
    """What the installation's other markets say about how much counts scatter between editions. Two queries."""
    others = Edition.objects.exclude(market=edition.market_id).order_by("starts_on")
    counts = [
        others.annotate(n=Count("participants")).values_list("market", "n"),
        others.annotate(n=Count("requests")).values_list("market", "n"),
    ]
    found = []
    for rows in counts:
        by_market: dict[int, list[int]] = defaultdict(list)
        for market, number in rows:
            by_market[market].append(number)
        found += [Series.of(series) for series in by_market.values() if len(series) > 1 and any(series)]
    return found


@dataclass(slots=True)
class Came:
    """What came back for what was spent, in the currency of the totals; or in words why that cannot be said."""

    currency: str
    benefits: list[Benefit]
    found: Return | None = None
    why: str = ""
    left_out: list[Benefit] = field(default_factory=list)
    by_lift: Range | None = None
    by_people: float | None = None
    people: int = 0

    @property
    def ends(self) -> list[tuple[str, float, float, float]]:
        """(in words, low, central, high) of what is added up, for the table."""
        if self.found is None:
            return []
        parts = [
            (_("All benefits"), self.found.gross), (_("Owed to the event"), self.found.attributable),
            (_("Not attributable"), self.found.not_attributable), (_("Cost"), self.found.cost),
        ]  # fmt: skip
        return [(words, one.low, one.central, one.high) for words, one in parts]

    @property
    def most(self) -> float:
        return max((row[-1] for row in self.ends), default=0.0) or 1.0


def return_of(edition: Edition) -> Came:
    """Benefits as they are stated, over the cost of the budget: spent, with what is still to come, or as planned if more."""
    budget = budget_of(edition)
    rows = list(Benefit.objects.filter(edition=edition).select_related("edition"))
    came = Came(budget.currency, rows)
    _hints(came, edition)
    claimed = _claimed(came, rows, budget.rates)
    costs = budget.costs
    if costs.spent.total is None or costs.left.total is None or costs.planned.total is None:
        came.why = _("A rate is missing for a currency of the budget: what it cost cannot be said in one currency.")
        return came
    spent = float(costs.spent.total)
    whole = spent + max(0.0, float(costs.left.total))
    came.found = roi(claimed, Range(spent, whole, max(whole, float(costs.planned.total))))
    if not claimed:
        came.why = _("No benefit is stated yet: a return needs amounts, low to high, and what share of them the event may claim.")
    elif came.found.roi is None:
        came.why = _("Nothing is spent yet, so there is no return.")
    return came


def _claimed(came: Came, rows: Sequence[Benefit], rates: Rates) -> list[Claimed]:
    """In the currency of the totals; a benefit without a rate is left out and named."""
    claimed = []
    for row in rows:
        rate = rates.latest(row.currency)
        if rate is None:
            came.left_out.append(row)
            continue
        amount = Range(*(float(end * rate) for end in (row.low, row.central, row.high)))
        share = Range(*(float(end) for end in (row.share_low, row.share_central, row.share_high)))
        claimed.append(Claimed(row.name, "stated", came.currency, amount, share))
    return claimed


def _hints(came: Came, edition: Edition) -> None:
    """What the study and the people who answered say of the share that is owed to the event."""
    for study in studies_with_titles(edition):
        found = result_of(study, whole=False)
        if found.uplift and not is_late(study):
            came.by_lift = _lift(found.uplift.lift)
            break
    if asking := newest_round(edition):
        mean, came.people = share_owed(asking)
        came.by_people = mean / 100 if mean is not None else None


def _lift(lift: Interval) -> Range | None:
    try:
        return share_of_lift(lift)
    except ImpactError:
        return None
