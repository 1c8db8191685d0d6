"""How bad each conflict is at an edition, and which rules of the kernel make it."""

from __future__ import annotations

from madang.kernels.programme import Level, Rule
from madang.markets.models import Edition
from madang.programming.models import ConflictLevel, ConflictRule, LevelChoice

WARNED = {
    ConflictRule.TRAVEL,
    ConflictRule.SEATS,
    ConflictRule.EQUIPMENT,
    ConflictRule.GREETING,
    ConflictRule.PREMIERE,
    ConflictRule.OVERLAP,
}
"""Conflicts that warn unless the organiser says otherwise; all others block."""

OF_RULE = {
    Rule.HALL_DOUBLE: ConflictRule.HALL,
    Rule.CHANGEOVER: ConflictRule.CHANGEOVER,
    Rule.CLOSED: ConflictRule.CLOSED,
    Rule.HALL: ConflictRule.PLACE,
    Rule.GUEST_DOUBLE: ConflictRule.GUEST,
    Rule.GUEST_AWAY: ConflictRule.GUEST,
    Rule.TRAVEL: ConflictRule.TRAVEL,
    Rule.NOT_READY: ConflictRule.ARRIVAL,
    Rule.SEATS: ConflictRule.SEATS,
    Rule.FEATURES: ConflictRule.EQUIPMENT,
    Rule.ORDER: ConflictRule.ORDER,
    Rule.LEAD: ConflictRule.GREETING,
    Rule.WINDOW: ConflictRule.WINDOW,
    Rule.OVERLAP: ConflictRule.OVERLAP,
}
"""What the organiser calls each rule of the kernel."""

Levels = dict[ConflictRule, ConflictLevel]


def levels_of(edition: Edition) -> Levels:
    """Each conflict's level. One query."""
    found = {rule: ConflictLevel.WARN if rule in WARNED else ConflictLevel.BLOCK for rule in ConflictRule}
    chosen = LevelChoice.objects.filter(edition=edition).values_list("rule", "level")
    return found | {ConflictRule(rule): ConflictLevel(level) for rule, level in chosen}


def kernel_levels(levels: Levels) -> dict[Rule, Level]:
    """The same for the kernel."""
    return {rule: Level(levels[conflict].value) for rule, conflict in OF_RULE.items()}
