"""What a report's figures stand on beside rows, as it is when the report is frozen: the edition, rates, goals, targets, words."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from madang.markets.models import Edition
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.measures.face import Measure
from madang.outcomes.models import Accounts, Goal, Rate, Target, TargetChange
from madang.outcomes.reports.lines import as_json

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
NAMES = ("name", "name_ko", "name_fr")


def inputs_of(edition: Edition, measures: Iterable[Measure]) -> dict[str, Any]:
    """All of it as JSON. `words` (names and definitions in each language) and `secret` (the key of pseudonyms) are kept beside
    what the digest is taken over."""
    accounts = Accounts.objects.filter(edition=edition).first() or Accounts(edition=edition)
    asked = list(measures)
    targets = _targets(edition)
    promised = {one["measure"] for one in targets} - {one.code for one in asked}
    named = [*asked, *(one for code, one in measures_of(edition).items() if code in promised)]
    missing = {one.code: one.is_missing(edition) for one in named}
    goals = Goal.objects.filter(edition=edition).select_related("parent").order_by("position", "code")
    facts = {
        "edition": {"slug": edition.slug, **_names(edition), "starts_on": edition.starts_on, "ends_on": edition.ends_on,
                    "time_zone": edition.time_zone, "is_fictional": edition.is_fictional},
        "currency": accounts.currency,
        "least_cell": accounts.least_cell,
        "targets_frozen_at": accounts.frozen_at,
        "rates": [
            {"currency": one.currency, "rate": one.rate, "on": one.on, "source": one.source}
            for one in Rate.objects.filter(edition=edition).order_by("currency", "on")
        ],
        "goals": [_names(one) | {"code": one.code, "parent": one.parent.code if one.parent else ""} for one in goals],
        "targets": targets,
        "changes": _changes(edition),
        "private": [one.code for one in named if not one.is_public],
        "missing": [one.code for one in asked if missing[one.code]],
        "words": _words(edition, named, missing),
        "secret": secrets.token_hex(32),
    }  # fmt: skip
    found: dict[str, Any] = as_json(facts)
    return found


def _names(thing: object) -> dict[str, str]:
    return {name: getattr(thing, name) for name in NAMES}


def _targets(edition: Edition) -> list[dict[str, Any]]:
    rows = Target.objects.filter(goal__edition=edition).select_related("goal")
    return [
        {"goal": one.goal.code, "measure": one.measure, "version": one.measure_version, "due_on": one.due_on,
         "comparison": one.comparison, "amount": one.amount, "currency": one.currency, "source": one.source}
        for one in rows.order_by("goal__position", "goal__code", "measure", "due_on", "pk")
    ]  # fmt: skip


def _changes(edition: Edition) -> list[dict[str, Any]]:
    """Changes of targets after they were frozen; who made them is no part of a report."""
    rows = TargetChange.objects.filter(edition=edition).select_related("target__goal").order_by("at", "pk")
    return [
        {"at": one.at, "goal": one.target.goal.code if one.target else "", "measure": one.target.measure if one.target else "",
         "before": one.before, "after": one.after, "reason": one.reason}
        for one in rows
    ]  # fmt: skip


def _words(
    edition: Edition, measures: Iterable[Measure], missing: Mapping[str, str | Promise]
) -> dict[str, dict[str, dict[str, str]]]:
    """By code and language: name, definition, source and, where there is none, why. Composed measures are asked for anew in
    each language, because organisers wrote their words."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for language in LANGUAGES:
        with override(language):
            here = measures_of(edition)
            for given in measures:
                one = here.get(given.code, given)
                found.setdefault(given.code, {})[language] = {
                    "name": str(one.name), "definition": str(one.definition), "source": str(one.source),
                    "missing": str(missing[given.code]),
                }  # fmt: skip
    return found
