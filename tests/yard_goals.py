"""The yard's goals: a template, a target of each kind of light, one changed after freezing, a composed measure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from madang.outcomes.actions.goals import compose_measure, freeze_targets, remove_target, save_segment, save_target, start_goals
from madang.outcomes.models import ComposedMeasure, Goal, Segment, Target

PARTS = {("outcomes", "goal"): "goal", ("outcomes", "segment"): "segment", ("outcomes", "measure"): "measure"}
SPECIAL = {
    ("outcomes:target", "number"): "target",
    ("outcomes:remove_target", "number"): "target",
    ("outcomes:recompose", "measure"): "own_measure",
}


def add_goals(yard: Any) -> None:
    """After the meetings."""
    edition, organiser = yard.edition, yard.accounts["organiser"]
    start_goals(organiser, edition, "public")
    composed = {"operation": "ratio", "first": "meetings_held", "second": "buyers", "code": "own"}
    compose_measure(organiser, ComposedMeasure(edition=edition, name="가" * 60, definition="Each " * 40, **composed))
    goal = Goal.objects.get(edition=edition, code="meetings")
    made = [
        save_target(organiser, Target(goal=goal, measure=measure, amount=Decimal(amount), currency=currency, due_on=due))
        for measure, amount, currency, due in (
            ("meetings_planned", "1", "", edition.ends_on),
            ("meetings_held", "900", "", edition.starts_on - dt.timedelta(days=1)),
            ("first_time_pairs", "5", "", edition.ends_on),
            ("contract_value", "99999999999999", "KRW", edition.ends_on),
            ("own", "2", "", edition.ends_on + dt.timedelta(days=400)),
        )
    ]
    freeze_targets(organiser, edition)
    made[1].amount = Decimal(800)
    save_target(organiser, made[1], "The hall on the second floor is closed. " + "가" * 60)
    remove_target(organiser, made[3], "It was typed by mistake.")
    segment = save_segment(organiser, Segment(edition=edition, name="Somebody else " + "가" * 60))
    codes = {"goal": "meetings", "segment": segment.code, "measure": "meetings_planned"}
    yard.codes |= codes | {"own_measure": "own", "target": made[1].pk}
