"""Goals as pages show them: the tree with its targets, how each target stands and how sure that is, what lacks next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from madang.markets.models import Edition, LogEntry
from madang.outcomes.measures.composed import as_measure, measures_of
from madang.outcomes.measures.face import Column, Figure, Measure
from madang.outcomes.measures.sums import computed, reading_once
from madang.outcomes.measures.words import said
from madang.outcomes.models import Accounts, Comparison, ComposedMeasure, Goal, Segment, Target, TargetChange
from madang.outcomes.starting import SUGGESTED


class Light(StrEnum):
    """How a target stands, the worst first; each has a symbol, so that no colour says anything alone."""

    MISSED = "missed"
    AT_RISK = "at_risk"
    UNSURE = "unsure"
    NO_SOURCE = "no_source"
    UNDER_WAY = "under_way"
    REACHED = "reached"


LIGHTS: dict[str, tuple[Any, str, str]] = {
    Light.MISSED: (pgettext_lazy("target", "Missed"), "✗", "bad"),
    Light.AT_RISK: (pgettext_lazy("target", "At risk"), "!", "warn"),
    Light.UNSURE: (pgettext_lazy("target", "Not certain"), "?", "warn"),
    Light.NO_SOURCE: (pgettext_lazy("target", "No figure"), "–", ""),
    Light.UNDER_WAY: (pgettext_lazy("target", "Under way"), "…", "info"),
    Light.REACHED: (pgettext_lazy("target", "Reached"), "✓", "ok"),
}
"""Light -> its word, symbol and tone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A target with how it stands. `why` says in words what the light rests on, and how sure it is."""

    target: Target
    measure: Measure | None
    light: Light
    why: str
    number: str = "–"
    wanted: str = ""
    percent: int | None = None
    changes: tuple[TargetChange, ...] = ()
    figure: Figure | None = None

    @property
    def word(self) -> str:
        return str(LIGHTS[self.light][0])

    @property
    def symbol(self) -> str:
        return LIGHTS[self.light][1]

    @property
    def tone(self) -> str:
        return LIGHTS[self.light][2]

    @property
    def name(self) -> str:
        return str(self.measure.name) if self.measure else self.target.measure


@dataclass(slots=True)
class Branch:
    """A goal with its targets and the goals below it. `depth` 0 is a main goal."""

    goal: Goal
    depth: int
    standings: list[Standing] = field(default_factory=list)
    parts: list[Branch] = field(default_factory=list)

    @property
    def all_standings(self) -> list[Standing]:
        return [*self.standings, *(one for part in self.parts for one in part.all_standings)]

    @property
    def light(self) -> Light | None:
        """The worst of its targets and of its parts'; None: it has no target."""
        lights = {one.light for one in self.all_standings}
        return next((light for light in Light if light in lights), None)

    @property
    def drawn(self) -> tuple[str, str, str]:
        """Word, symbol and tone of its light."""
        if self.light is None:
            return _("No target yet"), "○", ""
        word, symbol, tone = LIGHTS[self.light]
        return str(word), symbol, tone

    @property
    def suggested(self) -> tuple[str, ...]:
        """Measures that fit the goal and that it has no target for."""
        has = {one.target.measure for one in self.standings}
        return tuple(code for code in SUGGESTED.get(self.goal.code, ()) if code not in has)


@dataclass(frozen=True, slots=True)
class Tree:
    """The goals of an edition. `frozen_by` is a name; `is_late`: they were frozen after the event had begun."""

    branches: tuple[Branch, ...]
    segments: tuple[Segment, ...]
    removed: tuple[TargetChange, ...]
    frozen_at: dt.datetime | None = None
    frozen_by: str = ""
    is_late: bool = False

    @property
    def every(self) -> list[Branch]:
        """All of them in the order of reading."""
        found: list[Branch] = []
        left = list(reversed(self.branches))
        while left:
            branch = left.pop()
            found.append(branch)
            left.extend(reversed(branch.parts))
        return found

    @property
    def standings(self) -> list[Standing]:
        return [one for branch in self.branches for one in branch.all_standings]

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """Word, symbol, tone and number of targets, by light; the good news last."""
        lights = [one.light for one in self.standings]
        return [(str(LIGHTS[light][0]), *LIGHTS[light][1:], lights.count(light)) for light in Light if light in lights]


def goal_tree(edition: Edition) -> Tree:
    """Everything of the goals page: seven queries, and those of the measures that targets are set for."""
    accounts = Accounts.objects.filter(edition=edition).first()
    frozen_at = accounts.frozen_at if accounts else None
    return Tree(
        tuple(_branches(edition, _goals(edition), None)),
        tuple(Segment.objects.filter(edition=edition)),
        tuple(CHANGES.filter(edition=edition, target=None)),
        frozen_at,
        _who_froze(edition) if frozen_at else "",
        frozen_at is not None and frozen_at.astimezone(edition.zone).date() >= edition.starts_on,
    )


def goal_branch(edition: Edition, goal: Goal) -> Branch:
    """One goal with all below it; only their measures are computed."""
    goals = _goals(edition)
    kept, last = [one for one in goals if one.pk == goal.pk], {goal.pk}
    while last:
        parts = [one for one in goals if one.parent_id in last]
        kept, last = kept + parts, {one.pk for one in parts}
    return _branches(edition, kept, kept[0].parent_id)[0]  # as it is stored: a form may have moved `goal`


CHANGES = TargetChange.objects.select_related("by").order_by("at", "pk")


def _goals(edition: Edition) -> list[Goal]:
    targets = Target.objects.order_by("due_on", "pk").prefetch_related(Prefetch("changes", CHANGES))
    rows = Goal.objects.filter(edition=edition).select_related("edition")
    return list(rows.prefetch_related(Prefetch("targets", targets), "segments"))


def _branches(edition: Edition, goals: Sequence[Goal], root: int | None) -> list[Branch]:
    """The goals below `root`, with how their targets stand."""
    standings = standings_of(edition, [target for goal in goals for target in goal.targets.all()])
    below: dict[int | None, list[Goal]] = defaultdict(list)
    for goal in goals:
        below[goal.parent_id].append(goal)
    return [_branch(goal, below, standings, 0) for goal in below[root]]


def _branch(goal: Goal, below: Mapping[int | None, list[Goal]], standings: Mapping[int, Standing], depth: int) -> Branch:
    parts = [_branch(part, below, standings, depth + 1) for part in below.get(goal.pk, [])]
    return Branch(goal, depth, [standings[target.pk] for target in goal.targets.all()], parts)


def _who_froze(edition: Edition) -> str:
    line = LogEntry.objects.filter(edition=edition, verb="freeze_targets").select_related("actor").order_by("-at").first()
    return str(line.actor) if line and line.actor else ""


def standings_of(edition: Edition, targets: Iterable[Target]) -> dict[int, Standing]:
    """How targets stand, by id. Each measure is computed once, however many targets it has."""
    targets = list(targets)
    measures = targeted_measures(edition, targets)
    today = edition.now().astimezone(edition.zone).date()
    with reading_once():
        wanted = {(one.measure, one.measure_version) for one in targets if (one.measure, one.measure_version) in measures}
        figures = {key: computed(measures[key], edition) for key in wanted}
    return {
        one.pk: standing(one, measures.get((one.measure, one.measure_version)),
                         figures.get((one.measure, one.measure_version), []), today, edition)
        for one in targets
    }  # fmt: skip


def measure_standings(edition: Edition, code: str) -> list[Standing]:
    """The targets of one measure."""
    targets = Target.objects.filter(goal__edition=edition, measure=code).order_by("due_on", "pk")
    return list(standings_of(edition, targets.prefetch_related(Prefetch("changes", CHANGES))).values())


def targeted_measures(edition: Edition, targets: Iterable[Target]) -> dict[tuple[str, int], Measure]:
    """By code and version: composed measures keep each version that a target was set for; of the catalogue's there is one,
    which stands for older ones too."""
    newest = measures_of(edition)
    older = {(row.code, row.version): row for row in ComposedMeasure.objects.filter(edition=edition)}
    found = {}
    for one in targets:
        key = one.measure, one.measure_version
        if key in older and key[0] in newest and older[key].first in newest:
            found[key] = as_measure(older[key])
        elif one.measure in newest:
            found[key] = newest[one.measure]
    return found


def standing(target: Target, measure: Measure | None, figures: Sequence[Figure], today: dt.date, edition: Edition) -> Standing:
    """How a target stands by a day, from the figures of its measure."""
    changes = tuple(target.changes.all())
    if measure is None:
        return Standing(target, None, Light.NO_SOURCE, _("This measure is no more."), changes=changes)
    wanted = in_words(target, said(target.amount, measure.unit, target.currency))
    figure = next((one for one in figures if one.currency == target.currency), None)
    number = main_number(figure)
    if figure is None or number is None:
        why = str(measure.is_missing(edition)) or _("There is no number for it yet.")
        return Standing(target, measure, Light.NO_SOURCE, why, wanted=wanted, changes=changes)
    light, why = _light(target, figure, number, is_due=target.due_on <= today)
    text = said(number, figure.unit, figure.currency)
    return Standing(target, measure, light, why, text, wanted, _percent(target, number), changes, figure)


def in_words(target: Target, amount: str) -> str:
    """The target as a sentence says it; languages put the amount before or behind."""
    if target.comparison == Comparison.AT_MOST:
        return _("at most %(amount)s") % {"amount": amount}
    return _("at least %(amount)s") % {"amount": amount}


def main_number(figure: Figure | None) -> Decimal | None:
    """The number that targets are held against: what is confirmed; where a measure has no such column, its first one."""
    if figure is None:
        return None
    if Column.CONFIRMED in figure.columns:
        return figure.columns[Column.CONFIRMED]
    return next(iter(figure.columns.values()), None)


def _percent(target: Target, number: Decimal) -> int | None:
    """How far it has come, for a bar; only where more is better."""
    if target.comparison != Comparison.AT_LEAST or target.amount <= 0:
        return None
    try:
        return min(100, max(0, int(100 * number / target.amount)))
    except (InvalidOperation, OverflowError):
        return None


def _light(target: Target, figure: Figure, number: Decimal, *, is_due: bool) -> tuple[Light, str]:
    """The light, and what it rests on."""
    low, high = figure.low, figure.high
    if low is not None and high is not None and low < target.amount < high:
        words = {"low": said(low, figure.unit, figure.currency), "high": said(high, figure.unit, figure.currency)}
        return Light.UNSURE, _("The number is known to lie between %(low)s and %(high)s, and the target lies in between.") % words
    if target.comparison == Comparison.AT_MOST:
        return _at_most(target, number, is_due)
    if number >= target.amount:
        return Light.REACHED, _("By what is confirmed alone.") if _has_sides(figure) else _("Reached.")
    one_sided = figure.columns.get(Column.ONE_SIDED) if Column.CONFIRMED in figure.columns else None
    if one_sided and number + one_sided >= target.amount:
        words = {"number": said(one_sided, figure.unit, figure.currency)}
        return Light.UNSURE, _("Not by what is confirmed; it would be if the other side confirmed %(number)s.") % words
    if is_due:
        return Light.MISSED, _("Its day is over, and the number falls short.")
    if high is not None and high <= target.amount:
        words = {"high": said(high, figure.unit, figure.currency)}
        return Light.AT_RISK, _("Its day is still to come, but as it stands the number is at most %(high)s.") % words
    return Light.UNDER_WAY, _("Its day is still to come.")


def _at_most(target: Target, number: Decimal, is_due: bool) -> tuple[Light, str]:
    if number > target.amount:
        return Light.MISSED, _("It is more than that already.")
    return (Light.REACHED, _("It stayed within.")) if is_due else (Light.UNDER_WAY, _("Within so far."))


def _has_sides(figure: Figure) -> bool:
    return {Column.CONFIRMED, Column.ONE_SIDED} <= figure.columns.keys()


@dataclass(frozen=True, slots=True)
class Lack:
    """Something to do next: a sentence and where."""

    text: str
    link: str


def lacks_of(edition: Edition, tree: Tree) -> list[Lack]:
    """What is missing, the most urgent first. No query."""
    slug = edition.slug
    goals = reverse("outcomes:goals", args=[slug])
    today = edition.now().astimezone(edition.zone).date()
    if not tree.branches:
        return [Lack(_("No goal is written down yet: start with a template."), goals)]
    found = []
    if tree.standings and tree.frozen_at is None:
        text = _("The targets are not frozen: until then nobody can tell what was promised before the event.")
        found.append(Lack(text, reverse("outcomes:freeze", args=[slug])))
    for branch in tree.every:
        if branch.light is None:
            link = reverse("outcomes:goal", args=[slug, branch.goal.code])
            found.append(Lack(_("“%(goal)s” has no target.") % {"goal": branch.goal}, link))
    for one in tree.standings:
        link = reverse("outcomes:figure", args=[slug, one.target.measure])
        words = {"measure": one.name, "why": one.why}
        if one.light == Light.NO_SOURCE:
            found.append(Lack(_("%(measure)s has no figure: %(why)s") % words, link))
        elif one.light == Light.AT_RISK:
            found.append(Lack(_("%(measure)s is at risk: %(why)s") % words, link))
        elif one.light == Light.UNSURE:
            found.append(Lack(_("%(measure)s is not certain: %(why)s") % words, link))
        elif one.light == Light.UNDER_WAY and today <= one.target.due_on <= today + dt.timedelta(days=14):
            found.append(Lack(_("%(measure)s is due within two weeks.") % words, link))
    return found
