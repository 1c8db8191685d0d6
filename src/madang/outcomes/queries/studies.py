"""Studies as the impact kernel sees them, and what they found."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.catalogue.models import Title
from madang.kernels.impact import (
    Counts,
    Detectable,
    ImpactError,
    PlaceboDates,
    Pooled,
    Registration,
    Sensitivity,
    Uplift,
    Why,
    placebo_dates,
    pool,
    sensitivity,
    smallest_lift,
    uplift,
)
from madang.kernels.impact import Study as Effect
from madang.markets.models import Edition
from madang.outcomes.models import MonthlyCount, StudiedTitle, Study

USUAL_SPREAD = 0.56
"""Standard deviation of one title's log ratio, as 221 real titles had it: what is planned with before there are counts."""
LIFTS = (1.3, 1.5, 2.0, 3.0)
WAYS = ("skip", "nearest")
"""Of a study's `way`: what its form asks; the kernel's other choices stay as they are."""
WHYS = {
    Why.WITHDRAWN: gettext_lazy("withdrawn before the event"),
    Why.NOT_OBSERVED: gettext_lazy("fewer than half of the months are known"),
    Why.NO_BASE: gettext_lazy("no counts before the event"),
}


def studies_of(edition: Edition) -> QuerySet[Study]:
    """With the numbers of titles and counts."""
    rows = Study.objects.filter(edition=edition).select_related("edition__market", "registered_by")
    return rows.annotate(n_counts=Count("titles__counts")).prefetch_related("titles")


def showcase_titles(edition: Edition) -> QuerySet[Title]:
    """What is offered as the titles shown: the showcase, without what was withdrawn."""
    return Title.objects.filter(edition=edition, is_showcase=True, is_withdrawn=False, part_of=None).order_by("code")


def month_text(day: dt.date) -> str:
    """2025-05, as the kernel writes months."""
    return f"{day:%Y-%m}"


def registration_of(study: Study, titles: Iterable[StudiedTitle] | None = None) -> Registration:
    """What the study settles. Raises ImpactError where it makes no sense (fewer than two titles or donors)."""
    rows = list(study.titles.all() if titles is None else titles)
    registered = ""
    if study.registered_at:
        registered = study.registered_at.astimezone(study.edition.zone).date().isoformat()
    return Registration(
        study.measure,
        tuple(row.code for row in rows if not row.is_donor),
        tuple(row.code for row in rows if row.is_donor),
        event=month_text(study.event),
        before=study.months_before,
        after=study.months_after,
        registered=registered,
        **{name: study.way[name] for name in WAYS if name in study.way},
    )


def is_late(study: Study) -> bool:
    """Whether it was registered in the month of the event or after it; not before it is registered."""
    if not study.registered_at:
        return False
    return month_text(study.registered_at.astimezone(study.edition.zone).date()) >= month_text(study.event)


def withdrawn_of(study: Study) -> list[str]:
    """Titles that left before the month of the event."""
    return [row.code for row in study.titles.all() if row.withdrawn_on and row.withdrawn_on < study.event]


def counts_of(study: Study) -> Counts | None:
    """All counts from the first month to the last that anybody has; None without any. A month without a row is not observed."""
    rows = list(MonthlyCount.objects.filter(title__study=study).values_list("title__code", "month", "count"))
    if not rows:
        return None
    numbers = [month.year * 12 + month.month - 1 for _code, month, _count in rows]
    first, last = min(numbers), max(numbers)
    codes = tuple(row.code for row in study.titles.all())
    place = {code: index for index, code in enumerate(codes)}
    table = np.full((len(codes), last - first + 1), np.nan)
    for (code, _month, count), number in zip(rows, numbers, strict=True):
        table[place[code], number - first] = count
    return Counts(f"{first // 12:04d}-{first % 12 + 1:02d}", codes, table)


@dataclass(slots=True)
class Result:
    """What a study found. `uplift` None: `why` says in words what is missing. `can`: what so few titles can show at all."""

    study: Study
    registration: Registration | None = None
    uplift: Uplift | None = None
    why: str = ""
    can: Detectable | None = None
    is_planned: bool = True
    placebo: PlaceboDates | None = None
    sensitivity: Sensitivity | None = None
    pooled: Pooled | None = None
    others: list[Study] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def is_gain(self) -> bool:
        return self.uplift is not None and self.uplift.lift.low > 1

    @property
    def is_loss(self) -> bool:
        return self.uplift is not None and self.uplift.lift.high < 1

    @property
    def shows_doubling(self) -> bool:
        return self.can is not None and self.can.shows(2.0)

    @property
    def shows_30(self) -> bool:
        return self.can is not None and self.can.shows(1.3)

    @property
    def drift(self) -> float:
        """By how much, as a share, titles and donors would have to drift apart by themselves to undo what was found."""
        return math.expm1(self.sensitivity.bias) if self.sensitivity else 0.0

    def titles(self) -> list[tuple[str, str, float, float, float, float, float]]:
        """(code, name, before, after, lift, donors' lift, effect) of each title, the greatest effect first."""
        rows = self.uplift.titles if self.uplift else ()
        found = [
            (one.title, self.names.get(one.title, one.title), one.before, one.after, one.lift, one.donors_lift, one.effect)
            for one in rows
        ]
        return sorted(found, key=lambda row: -row[-1])

    def left_out(self) -> list[tuple[str, bool, str]]:
        """(name, whether it is a donor, why)."""
        rows = self.uplift.left_out if self.uplift else ()
        return [(self.names.get(one.title, one.title), one.donor, str(WHYS[one.why])) for one in rows]

    def dates(self) -> list[tuple[str, float, float, float]]:
        """(month, ratio, low, high) of each placebo date."""
        return [(one.month, *_ratios(one.log)) for one in (self.placebo.dates if self.placebo else ())]

    def variants(self) -> list[tuple[str, float, float, float]]:
        """(in words, ratio, low, high) of each other way."""
        rows = self.sensitivity.variants if self.sensitivity else ()
        return [(way_words(one.way, one.value, self.names), *_ratios(one.log)) for one in rows]


def _ratios(log: object) -> tuple[float, float, float]:
    return math.exp(log.estimate), math.exp(log.low), math.exp(log.high)  # type: ignore[attr-defined]  # an Interval


def way_words(way: str, value: str, names: dict[str, str]) -> str:
    """A variant of the kernel's sensitivity in words."""
    facts = {"value": names.get(value, value)}
    match way:
        case "without":
            return _("without %(value)s") % facts
        case "nearest":
            return _("compared with all donors alike") if value == "0" else _("compared with %(value)s donors each") % facts
        case "zero":
            return _("%(value)s added to each sum") % facts
        case "before":
            return _("%(value)s months before") % facts
        case "after":
            return _("%(value)s months after") % facts
    return _("without the donors that changed most")


def result_of(study: Study, *, whole: bool = True) -> Result:
    """What the study found, or what is missing. `whole`: with placebo dates, other ways and other editions."""
    found = Result(study, names={row.code: row.name for row in study.titles.all()})
    try:
        found.registration = registration_of(study)
        found.can = smallest_lift(len(found.registration.titles), _worth(found.registration), spread=USUAL_SPREAD, lifts=LIFTS)
    except ImpactError:
        found.why = _("A study needs two titles that were shown and two donors at least.")
        return found
    counts = counts_of(study)
    found.why = missing_words(found.registration, counts)
    if counts is None or found.why:
        return found
    left = withdrawn_of(study)
    try:
        found.uplift = uplift(counts, found.registration, left)
        found.can, found.is_planned = _found_power(found.uplift), False
    except ImpactError as fault:
        found.why = _("The counts do not allow it: %(fault)s") % {"fault": fault}
        return found
    if whole:
        _look_around(found, counts, left)
    return found


def _worth(registration: Registration) -> float:
    """How many donors the nearest of each title are worth together, at least."""
    donors = len(registration.donors)
    return max(2, min(donors, registration.nearest * len(registration.titles)) if registration.nearest else donors)


def _found_power(found: Uplift) -> Detectable | None:
    """What these titles can show, by the spread that was found; None where there is no spread."""
    if not found.spread:
        return None
    worth = max(2.0, found.donors_worth)
    return smallest_lift(len(found.titles), worth, found.spread, donor_spread=found.donor_spread, lifts=LIFTS)


def _look_around(found: Result, counts: Counts, left: list[str]) -> None:
    """Earlier dates, other ways, and other editions of the market with the same measure."""
    if found.registration is None:
        return
    try:
        found.placebo = placebo_dates(counts, found.registration, left)
    except ImpactError:
        found.placebo = None  # the counts begin too late; the page says so
    found.sensitivity = sensitivity(counts, found.registration, left)
    rows = Study.objects.filter(
        edition__market=found.study.edition.market_id, measure=found.study.measure, registered_at__isnull=False
    ).exclude(pk=found.study.pk)
    others = [result_of(row, whole=False) for row in rows.select_related("edition").prefetch_related("titles")]
    effects = [one for one in (found, *others) if one.uplift and one.uplift.standard_error > 0 and not is_late(one.study)]
    if len(effects) > 1:
        logs = [one.uplift for one in effects if one.uplift]
        found.pooled = pool([Effect(one.log.estimate, one.standard_error, one.df) for one in logs])
        found.others = [one.study for one in effects if one is not found]


def result_before(study: Study) -> Result | None:
    """What the newest earlier edition of the market found by the same measure: all that is known while the counts of this
    one are still to come. A late study is none."""
    rows = Study.objects.filter(
        edition__market=study.edition.market_id, measure=study.measure, registered_at__isnull=False, event__lt=study.event
    )
    rows = rows.select_related("edition__market").prefetch_related("titles").order_by("-event", "pk")
    results = (result_of(one, whole=False) for one in rows if not is_late(one))
    return next((one for one in results if one.uplift), None)


def missing_words(registration: Registration, counts: Counts | None) -> str:
    """What counts are still wanted, in words; "" where the months are there."""
    year, month = (int(part) for part in registration.event.split("-"))
    event = year * 12 + month - 1
    first, last = event - registration.before, event + registration.skip + registration.after - 1
    wanted = {"first": _name(first), "last": _name(last)}
    if counts is None:
        return _("Counts of %(first)s to %(last)s are wanted; there are none yet.") % wanted
    begins = int(counts.first[:4]) * 12 + int(counts.first[5:]) - 1
    ends = begins + counts.counts.shape[1] - 1
    if begins <= first and ends >= last:
        return ""
    facts = wanted | {"begins": _name(begins), "ends": _name(ends)}
    return _("Counts of %(first)s to %(last)s are wanted; there are those of %(begins)s to %(ends)s.") % facts


def _name(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_table(study: Study) -> list[tuple[StudiedTitle, int, str, str]]:
    """(title, months known, first month, last month) of each title, to see what was imported."""
    months: dict[int, list[dt.date]] = defaultdict(list)
    counts = MonthlyCount.objects.filter(title__study=study).order_by("month")
    for pk, month in counts.values_list("title_id", "month"):
        months[pk].append(month)
    rows = []
    for title in study.titles.all():
        known = months[title.pk]
        rows.append((title, len(known), month_text(known[0]) if known else "", month_text(known[-1]) if known else ""))
    return rows


def studies_with_titles(edition: Edition) -> QuerySet[Study]:
    """The registered studies of an edition, for measures."""
    rows = Study.objects.filter(edition=edition, registered_at__isnull=False).select_related("edition")
    return rows.prefetch_related(Prefetch("titles", StudiedTitle.objects.all()))
