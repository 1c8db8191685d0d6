"""Facts that contradict each other, in words: what an organiser has to change so that a timetable exists at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.kernels.timetable import Contradiction, Fact
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.places import place_words
from madang.meetings.queries.reasons import moment_words
from madang.meetings.queries.timetable import Maps
from madang.meetings.queries.versions import SHOWN
from madang.people.models import Participant

FACTS: dict[str, str | Promise] = {
    "required": gettext_lazy("the meeting of %(pair)s has to be placed"),
    "fixed": gettext_lazy("the meeting of %(pair)s is fixed to %(when)s"),
    "session": gettext_lazy("%(pair)s asked for one half of the day"),
    "after": gettext_lazy("the meeting of %(pair)s comes after that of %(earlier)s"),
    "away": gettext_lazy("%(person)s cannot meet then"),
    "asleep": gettext_lazy("it is night where %(person)s is"),
    "cap": gettext_lazy("%(person)s wants fewer meetings a day (at most: %(count)s)"),
    "one_place": gettext_lazy("%(person)s can be in one meeting at a time"),
    "tables": gettext_lazy("tables at %(when)s: %(count)s"),
    "closed": gettext_lazy("%(table)s is closed then"),
    "one_meeting": gettext_lazy("%(table)s takes one meeting at a time"),
}
"""A fact's kind -> a clause. A kind that is not here keeps the kernel's own English words."""
ABOUT_PEOPLE = {"away", "asleep", "cap", "one_place"}
ABOUT_TABLES = {"closed", "one_meeting"}
ABOUT_REQUESTS = {"required", "fixed", "session", "after"}


class FactBook:
    """The names behind the facts. Two queries, however many sets."""

    def __init__(self, edition: Edition, maps: Maps, sets: Sequence[Contradiction]) -> None:
        facts = [fact for one in sets for fact in one.facts]
        wanted = {fact.ids[0] for fact in facts if fact.kind in ABOUT_REQUESTS and fact.ids}
        wanted |= {fact.ids[1] for fact in facts if fact.kind == "after"}
        people = {fact.ids[0] for fact in facts if fact.kind in ABOUT_PEOPLE and fact.ids}
        self.requests = MeetingRequest.objects.filter(edition=edition).select_related(*SHOWN).in_bulk(list(wanted))
        self.people = Participant.objects.filter(edition=edition).in_bulk(list(people))
        self.edition, self.maps = edition, maps

    def sentence(self, contradiction: Contradiction) -> str:
        """ "These cannot all be true: …; …"."""
        return _("These cannot all be true: %(facts)s.") % {"facts": "; ".join(self._clause(one) for one in contradiction.facts)}

    def _clause(self, fact: Fact) -> str:
        if fact.kind not in FACTS:
            return fact.text
        ids: tuple[Any, ...] = fact.ids
        words = {
            "pair": self._pair(ids[0]) if fact.kind in ABOUT_REQUESTS else "",
            "earlier": self._pair(ids[1]) if fact.kind == "after" else "",
            "person": self.people[ids[0]].name if fact.kind in ABOUT_PEOPLE and ids[0] in self.people else "?",
            "table": place_words(self.maps.tables.get(ids[0])) if fact.kind in ABOUT_TABLES else "",
            "when": self._when(fact),
            "count": ids[1] if fact.kind in ("cap", "tables") else "",
        }
        return str(FACTS[fact.kind]) % words

    def _when(self, fact: Fact) -> str:
        number = {"fixed": 1, "tables": 0}.get(fact.kind)
        return moment_words(self.maps.slot(int(fact.ids[number])), self.edition) if number is not None else ""

    def _pair(self, pk: Any) -> str:
        request = self.requests.get(pk)
        return _("%(one)s and %(other)s") % {"one": request.sender.name, "other": request.receiver.name} if request else f"#{pk}"
