"""Goals, segments, targets and composed measures: every write. Once targets are frozen, a change needs its reason and shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.composed import fits, measures_of
from madang.outcomes.models import Accounts, ComposedMeasure, Goal, Segment, Target, TargetChange
from madang.outcomes.rules import may_write_outcomes
from madang.outcomes.starting import TEMPLATES, Start

DEEPEST = 4
"""So many levels a tree of goals has at most; one reads no further."""


def _begin(actor: User, edition: Edition) -> Accounts:
    """Check the actor, and wait for whoever else writes goals of this edition."""
    if not may_write_outcomes(actor, edition):
        raise PermissionDenied
    Edition.objects.select_for_update().get(pk=edition.pk)
    return Accounts.objects.get_or_create(edition=edition)[0]


@transaction.atomic
def start_goals(actor: User, edition: Edition, template: str) -> int:
    """The goals and segments of a template beside those that are there; what has the same code is left as it is."""
    _begin(actor, edition)
    found = TEMPLATES[template]
    known = set(Segment.objects.filter(edition=edition).values_list("code", flat=True))
    for code, (name, about) in found.segments.items():
        if code not in known:
            Segment.objects.create(edition=edition, code=code, about=str(about), position=_next(Segment, edition), **named(name))
    count = sum(_start(edition, goal, None) for goal in found.goals)
    record(edition, actor, "start_goals", found.code, goals=count)
    return count


def _start(edition: Edition, start: Start, parent: Goal | None) -> int:
    goal = Goal.objects.filter(edition=edition, code=start.code).first()
    is_new = goal is None
    if goal is None:
        facts = {"why": str(start.why), "level": start.level, "parent": parent, "position": _next(Goal, edition)}
        goal = Goal.objects.create(edition=edition, code=start.code, **facts, **named(start.name))
        goal.segments.set(Segment.objects.filter(edition=edition, code__in=start.serves))
    return is_new + sum(_start(edition, part, goal) for part in start.parts)


def named(name: Any) -> dict[str, str]:
    """A translatable name in the three languages; where one is not translated, it stays empty and the English one stands."""
    found = {}
    for language, field in (("en", "name"), ("ko", "name_ko"), ("fr", "name_fr")):
        with translation.override(language):
            found[field] = str(name)
    return {field: text if field == "name" or text != found["name"] else "" for field, text in found.items()}


def _next(model: type[Goal] | type[Segment], edition: Edition) -> int:
    last = model._default_manager.filter(edition=edition).aggregate(last=Max("position"))["last"]
    return 0 if last is None else min(last + 1, 32767)


def code_for(model: type[Goal] | type[Segment], edition: Edition) -> str:
    """A code that no other has: a number."""
    known = set(model._default_manager.filter(edition=edition).values_list("code", flat=True))
    return next(str(n) for n in range(1, len(known) + 2) if str(n) not in known)


@transaction.atomic
def save_goal(actor: User, goal: Goal, segments: Iterable[Segment]) -> Goal:
    """Add or change a goal. Raises Refused where it would be part of itself."""
    _begin(actor, goal.edition)
    _check_parent(goal)
    is_new = goal.pk is None
    if is_new:
        goal.code, goal.position = code_for(Goal, goal.edition), _next(Goal, goal.edition)
    goal.save()
    goal.segments.set(segments)
    record(goal.edition, actor, "add_goal" if is_new else "change_goal", goal.name)
    return goal


def _check_parent(goal: Goal) -> None:
    at, above = goal.parent, 0
    while at is not None and above < DEEPEST:
        above += 1
        if at.pk == goal.pk:
            raise Refused(_("A goal is not part of itself, nor of its own parts."))
        at = at.parent
    if above >= DEEPEST:
        raise Refused(_("Goals have at most %(levels)s levels.") % {"levels": DEEPEST})


@transaction.atomic
def remove_goal(actor: User, goal: Goal) -> None:
    """Delete a goal that has neither parts nor targets."""
    _begin(actor, goal.edition)
    if goal.parts.exists() or goal.targets.exists():
        raise Refused(_("This goal has parts or targets: take these away first."))
    record(goal.edition, actor, "remove_goal", goal.name)
    goal.delete()


@transaction.atomic
def save_segment(actor: User, segment: Segment) -> Segment:
    """Add or change whom the edition serves."""
    _begin(actor, segment.edition)
    is_new = segment.pk is None
    if is_new:
        segment.code, segment.position = code_for(Segment, segment.edition), _next(Segment, segment.edition)
    segment.save()
    record(segment.edition, actor, "add_segment" if is_new else "change_segment", segment.name)
    return segment


@transaction.atomic
def remove_segment(actor: User, segment: Segment) -> None:
    _begin(actor, segment.edition)
    record(segment.edition, actor, "remove_segment", segment.name)
    segment.delete()


@transaction.atomic
def save_target(actor: User, target: Target, reason: str = "") -> Target:
    """Add or change a target. Once targets are frozen, a change needs its reason, and shows as one. Raises Refused."""
    edition = target.goal.edition
    accounts = _begin(actor, edition)
    old = Target.objects.select_related("goal").get(pk=target.pk) if target.pk else None
    measure = measures_of(edition).get(target.measure)
    if measure is None:
        raise Refused(_("There is no such measure."))
    target.measure_version = measure.version if old is None or old.measure != target.measure else old.measure_version
    same = Target.objects.filter(goal=target.goal, measure=target.measure, due_on=target.due_on).exclude(pk=target.pk)
    if same.exists():
        raise Refused(_("This goal has a target for this measure on that day already."))
    before, after = state_of(old) if old else None, state_of(target)
    if before == after:
        return target
    target.save()
    _note(actor, accounts, target, before, after, reason)
    record(edition, actor, "change_target" if old else "add_target", target.measure, goal=target.goal.name)
    return target


@transaction.atomic
def remove_target(actor: User, target: Target, reason: str = "") -> None:
    """Take a target away; once targets are frozen, its changes stay and say what it was."""
    edition = target.goal.edition
    accounts = _begin(actor, edition)
    _note(actor, accounts, target, state_of(target), None, reason)
    record(edition, actor, "remove_target", target.measure, goal=target.goal.name)
    target.delete()


def _note(
    actor: User, accounts: Accounts, target: Target, before: dict[str, Any] | None, after: dict[str, Any] | None, reason: str
) -> None:
    """After freezing, one row a change."""
    if accounts.frozen_at is None:
        return
    if not reason.strip():
        raise Refused(_("Targets are frozen: say why this one changes."))
    edition = accounts.edition
    TargetChange.objects.create(
        edition=edition, target=target, at=edition.now(), by=actor, before=before, after=after, reason=reason.strip()
    )


def state_of(target: Target) -> dict[str, Any]:
    """A target as its changes keep it."""
    return {
        "goal": target.goal.code,
        "measure": target.measure,
        "version": target.measure_version,
        "source": target.source,
        "due_on": target.due_on.isoformat(),
        "comparison": str(target.comparison),
        "amount": plain(target.amount),
        "currency": target.currency,
    }


def plain(amount: Decimal) -> str:
    """The number without zeros at its end."""
    return f"{amount.normalize():f}"


@transaction.atomic
def freeze_targets(actor: User, edition: Edition) -> dt.datetime:
    """From now on a change of a target shows as one. Refused where there is none, or they are frozen already."""
    accounts = _begin(actor, edition)
    if accounts.frozen_at is not None:
        raise Refused(_("The targets are frozen already."))
    count = Target.objects.filter(goal__edition=edition).count()
    if not count:
        raise Refused(_("There is no target that could be frozen."))
    accounts.frozen_at = edition.now()
    accounts.save(update_fields=["frozen_at"])
    record(edition, actor, "freeze_targets", count)
    return accounts.frozen_at


@transaction.atomic
def compose_measure(actor: User, measure: ComposedMeasure) -> ComposedMeasure:
    """A new composed measure, or (of a code that is there) its next version; what stands is never changed. Raises Refused."""
    edition = measure.edition
    _begin(actor, edition)
    first, second = CATALOGUE.get(measure.first), CATALOGUE.get(measure.second)
    if first is None or (measure.second and second is None) or measure.code in CATALOGUE:
        raise Refused(_("There is no such measure."))
    if reason := fits(measure.operation, first, second):
        raise Refused(str(reason))
    last = ComposedMeasure.objects.filter(edition=edition, code=measure.code).aggregate(last=Max("version"))["last"] or 0
    measure.pk, measure.version = None, last + 1
    measure.save()
    record(edition, actor, "compose_measure", measure.name, version=measure.version)
    return measure
