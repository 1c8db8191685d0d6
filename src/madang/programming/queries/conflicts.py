"""What is wrong with the programme as it stands, in the organiser's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from madang.kernels.programme import Conflict, check
from madang.kernels.programme.problem import Rule
from madang.kit.calendar import clock_text, in_zone, moment_text
from madang.kit.languages import isolated
from madang.kit.territories import country_name
from madang.programming.levels import OF_RULE
from madang.programming.models import ConflictLevel, ConflictRule, Item
from madang.programming.queries.premieres import Contradiction, contradictions
from madang.programming.queries.problem import Desk

FEW = 3
"""An overlap of fewer people than this is counted, and not told one by one."""


@dataclass(frozen=True)
class Trouble:
    """One conflict: what kind, how bad, whose, and a sentence about it."""

    rule: ConflictRule
    level: ConflictLevel
    items: tuple[Item, ...]
    sentence: str
    amount: int = 0

    @property
    def blocks(self) -> bool:
        return self.level == ConflictLevel.BLOCK


def troubles_of(desk: Desk, language: str) -> list[Trouble]:
    """Everything that is wrong, what blocks first."""
    found = told(desk, check(desk.problem, desk.plan))
    found += [_claim(desk, one, language) for one in _claims(desk)]
    return sorted(found, key=lambda trouble: not trouble.blocks)


def told(desk: Desk, conflicts: Iterable[Conflict]) -> list[Trouble]:
    """The kernel's conflicts as troubles; overlaps of a few people are left out."""
    return [
        Trouble(
            OF_RULE[conflict.rule],
            ConflictLevel(conflict.level.value),
            tuple(desk.items[int(pk)] for pk in conflict.items),
            _sentence(desk, conflict),
            conflict.amount,
        )
        for conflict in conflicts
        if conflict.rule in OF_RULE and not (conflict.rule is Rule.OVERLAP and conflict.amount < FEW)
    ]


def overlap_of(desk: Desk) -> int:
    """People who lose one of two titles that they want, over all pairs that run at the same time."""
    return sum(conflict.amount for conflict in check(desk.problem, desk.plan) if conflict.rule is Rule.OVERLAP)


def worst_levels(troubles: Iterable[Trouble]) -> dict[int, ConflictLevel]:
    """Item -> how bad it is."""
    worst: dict[int, ConflictLevel] = {}
    for trouble in troubles:
        for item in trouble.items:
            if trouble.blocks or item.pk not in worst:
                worst[item.pk] = trouble.level
    return worst


def counts_of(troubles: Iterable[Trouble]) -> Counter[str]:
    return Counter(str(trouble.rule) for trouble in troubles)


def _sentence(desk: Desk, conflict: Conflict) -> str:
    """One sentence, with the names and times of this conflict."""
    return str(SENTENCES[conflict.rule]) % _words(desk, conflict)


def _words(desk: Desk, conflict: Conflict) -> dict[str, str | int]:
    names = [isolated(str(desk.items[int(pk)])) for pk in conflict.items]
    halls = [isolated(str(desk.halls[int(pk)])) for pk in conflict.halls]
    people = [isolated(desk.people[int(pk)].name) for pk in conflict.guests]
    return {
        "one": names[0] if names else "",
        "other": names[-1] if names else "",
        "hall": halls[0] if halls else "",
        "halls": " / ".join(halls),
        "who": ", ".join(people),
        "start": _clock(desk, conflict.start),
        "end": _clock(desk, conflict.end),
        "amount": conflict.amount,
        "ready": _moment(desk, conflict.start + conflict.amount) if conflict.rule is Rule.NOT_READY else "",
    }


def _clock(desk: Desk, minute: int) -> str:
    return clock_text(in_zone(desk.line.moment(minute), desk.edition.time_zone))


def _moment(desk: Desk, minute: int) -> str:
    return moment_text(in_zone(desk.line.moment(minute), desk.edition.time_zone), (get_language() or "en")[:2])


SENTENCES = {
    Rule.HALL_DOUBLE: gettext_lazy("“%(one)s” and “%(other)s” are both in %(hall)s from %(start)s to %(end)s."),
    Rule.CHANGEOVER: gettext_lazy("%(hall)s: %(amount)s more minutes are needed between “%(one)s” and “%(other)s”."),
    Rule.CLOSED: gettext_lazy("“%(one)s”: %(hall)s is not open from %(start)s to %(end)s."),
    Rule.HALL: gettext_lazy("“%(one)s” is not meant for %(hall)s."),
    Rule.GUEST_DOUBLE: gettext_lazy("%(who)s is at “%(one)s” and “%(other)s” from %(start)s to %(end)s."),
    Rule.GUEST_AWAY: gettext_lazy("%(who)s cannot come to “%(one)s”, %(start)s to %(end)s: away, or in a meeting."),
    Rule.TRAVEL: gettext_lazy("%(who)s needs %(amount)s more minutes to get from “%(one)s” to “%(other)s”."),
    Rule.NOT_READY: gettext_lazy("“%(one)s” begins at %(start)s, before its print or file is there (%(ready)s)."),
    Rule.SEATS: gettext_lazy("“%(one)s”: %(hall)s has %(amount)s seats fewer than people are expected."),
    Rule.FEATURES: gettext_lazy("“%(one)s” needs equipment that %(hall)s does not have."),
    Rule.ORDER: gettext_lazy("“%(one)s” and “%(other)s” are in the wrong order."),
    Rule.LEAD: gettext_lazy("“%(one)s” does not stand directly before “%(other)s”."),
    Rule.WINDOW: gettext_lazy("“%(one)s” is outside the time in which it may be shown."),
    Rule.OVERLAP: gettext_lazy("%(amount)s people want both “%(one)s” and “%(other)s”, which run at the same time."),
}


def _claims(desk: Desk) -> list[Contradiction]:
    if desk.levels[ConflictRule.PREMIERE] == ConflictLevel.IGNORE:
        return []
    return contradictions(desk.items.values(), desk.edition.zone)


def _claim(desk: Desk, one: Contradiction, language: str) -> Trouble:
    """A claim with what contradicts it."""
    words = {"item": isolated(str(one.item)), "claim": one.item.get_premiere_display()}
    if one.showing:
        where = ", ".join(part for part in (one.showing.place, country_name(one.showing.country, language)) if part)
        facts = words | {"day": one.showing.shown_on.isoformat(), "where": isolated(where)}
        sentence = _("“%(item)s” claims: %(claim)s. It was shown on %(day)s (%(where)s).") % facts
    else:
        sentence = _("“%(item)s” claims: %(claim)s. An earlier screening here comes first.") % words
    items = (one.item, *([one.earlier] if one.earlier else []))
    return Trouble(ConflictRule.PREMIERE, desk.levels[ConflictRule.PREMIERE], items, sentence)


def summary_words(troubles: list[Trouble]) -> str:
    """How many block and how many warn, in one line; empty where there are none."""
    blocking = sum(trouble.blocks for trouble in troubles)
    warning = len(troubles) - blocking
    parts = []
    if blocking:
        parts.append(ngettext("%(count)s conflict blocks", "%(count)s conflicts block", blocking) % {"count": blocking})
    if warning:
        parts.append(ngettext("%(count)s warning", "%(count)s warnings", warning) % {"count": warning})
    return " · ".join(parts)
