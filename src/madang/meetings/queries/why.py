"""Why a meeting stands where it stands, why an agreed one has no place, and what would make one: the kernel's words, in ours.

Names are those of the meeting's own people. Of other meetings a participant reads no more than that they exist, unless they
are hers; an organiser reads all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.board import Obstacle
from madang.kernels.timetable.problem import Plan, Problem
from madang.kit import calendar
from madang.markets.models import Edition, Slot
from madang.markets.rules import may_organise
from madang.meetings.models import MeetingRequest, Timetable
from madang.meetings.queries.past import first_to_come
from madang.meetings.queries.places import place_words
from madang.meetings.queries.reasons import moment_words
from madang.meetings.queries.results import joined, reason_sentence
from madang.meetings.queries.timetable import Maps, plan_of, slot_day, timetable_problem
from madang.people.models import Participant

MOST_SLOTS = 12
"""Other times that are gone through; more than that nobody reads."""
REMEDY_SECONDS = 0.5


@dataclass(frozen=True)
class Option:
    """Something that would make a place: its steps in words, when the meeting would then be, and what the reader can do.

    `book`: the slot she can book now. `own`: requests of hers whose meeting she can move or give up. `is_mine`: a step is to be
    available herself, or to allow one meeting more, which stands in her calendar.
    """

    words: list[str]
    when: str
    book: Slot | None = None
    own: list[str] = field(default_factory=list)
    is_mine: bool = False


@dataclass(frozen=True)
class Why:
    """`sentences` first, then `times` (when, what is in the way) and `people` (who, what her slots hold), then `options`."""

    is_placed: bool
    sentences: list[str]
    times: list[tuple[str, str]]
    people: list[tuple[str, list[str]]]
    options: list[Option]
    more: int = 0


def why_of(user: User, request: MeetingRequest, published: Timetable) -> Why | None:
    """The explanation as the user may read it; None where the request is no part of the timetable any more."""
    problem, maps = timetable_problem(published.edition)
    if request.pk not in maps.asked:
        code = maps.left_out.get(request.pk)
        return Why(False, [reason_sentence(code, [])], [], [], []) if code else None
    plan, _strays = plan_of(published, maps)
    teller = Teller(user, problem, plan, maps, published.edition)
    teller.know(maps.asked[request.pk].people)
    if any(meeting.id == request.pk for meeting in plan.meetings):
        return teller.placed(request.pk)
    return teller.unplaced(request.pk)


PLACED: dict[str, str | Promise] = {
    "fixed": gettext_lazy("It is fixed to this time."),
    "only_common_slot": gettext_lazy("It is the only time at which everybody who comes is there and a place is open."),
    "only_free_slot": gettext_lazy("It is the only time that was left: at every other time something is in the way."),
    "fewest_breaks": gettext_lazy("At every other time that is free, somebody's day would have more gaps."),
    "one_of_several": gettext_lazy("It is one of several possible times; others would do as well."),
}


class Teller:
    """Stories of requests for one reader. `people`: those whom it may name, the people of the request it tells of."""

    def __init__(self, user: User, problem: Problem, plan: Plan, maps: Maps, edition: Edition) -> None:
        self.problem, self.plan, self.maps, self.edition = problem, plan, maps, edition
        self.organises = may_organise(user, edition)
        self.mine = set(Participant.objects.filter(edition=edition, user=user).values_list("pk", flat=True))
        self.people: dict[int, Participant] = {}
        self.others: dict[int, MeetingRequest] = {}

    def know(self, people: Iterable[int]) -> None:
        """Fetch those whom it may name. One query."""
        self.people = Participant.objects.in_bulk(list(people))

    def placed(self, pk: int) -> Why:
        found = kernel.why(self.problem, self.plan, pk)
        since = first_to_come(self.edition, self.maps)
        is_over = any(one.id == pk and one.slot < since for one in self.plan.meetings)
        to_come = [choice for choice in found.others if choice.slot >= since and not is_over]  # nobody can meet in the past
        shown = to_come[:MOST_SLOTS]
        self.fetch(pk for choice in shown for _code, ids in choice.obstacles for pk in ids)
        times = [(self.when(choice.slot), self._choice(choice)) for choice in shown]
        return Why(True, [str(PLACED[found.code])], times, [], [], len(to_come) - len(shown))

    def unplaced(self, pk: int) -> Why:
        placed = {meeting.id for meeting in self.plan.meetings}
        narrow = replace(self.problem, requests=tuple(one for one in self.problem.requests if one.id in placed or one.id == pk))
        narrow = replace(narrow, requests=tuple(replace(one, after=tuple(a for a in one.after if a in placed or a == pk))
                                                for one in narrow.requests))  # fmt: skip
        reason = next(one for one in kernel.explain(narrow, self.plan) if one.request == pk)
        named = [self.people[int(one)].name for one in reason.people if int(one) in self.people]
        sides = kernel.sides(narrow, self.plan, pk)
        since = first_to_come(self.edition, self.maps)
        found = kernel.remedies(narrow, self.plan, pk, since=since, limit=REMEDY_SECONDS)
        self.fetch(one for remedy in found for step in remedy.steps for one in step.ids)
        people = [(self._name(side.person), self._side(side, since)) for side in sides]
        return Why(False, [reason_sentence(reason.code, named)], [], people, [self._option(one) for one in found])

    def fetch(self, ids: Any) -> None:
        """Requests and people behind ids that may be either, for those whom the reader may know. Two queries."""
        wanted = [int(pk) for pk in set(ids)]
        rows = MeetingRequest.objects.filter(edition=self.edition, pk__in=wanted).select_related("sender", "receiver")
        self.others = {row.pk: row for row in rows}

    def when(self, slot: int) -> str:
        return moment_words(self.maps.slot(slot), self.edition)

    def _name(self, person: Any) -> str:
        if person in self.mine:
            return _("You")
        return self.people[person].name if person in self.people else _("Somebody")

    def _choice(self, choice: kernel.Choice) -> str:
        if choice.obstacles:
            return " ".join(dict.fromkeys(self.obstacle(one) for one in choice.obstacles))
        if choice.breaks > 0:
            words = ngettext("Free, with one gap more.", "Free, with %(count)s gaps more.", choice.breaks)
            return words % {"count": choice.breaks}
        return _("Free.")

    def obstacle(self, obstacle: Obstacle) -> str:
        code, ids = obstacle
        if code in ("busy", "order", "pause", "rest", "travel"):
            return " ".join(dict.fromkeys(self._meeting_obstacle(code, int(pk)) for pk in ids))
        names = {"people": joined([self._name(pk) for pk in ids])}
        return str(OBSTACLES.get(code, OBSTACLES["other"])) % names

    def _meeting_obstacle(self, code: str, pk: int) -> str:
        """A meeting in the way: whose it is, and with whom only where the reader may know."""
        here = [person for person in self.maps.asked[pk].people if person in self.people] if pk in self.maps.asked else []
        names = {"people": joined([self._name(person) for person in here]) or _("Somebody"), "with": self.other_side(pk, here)}
        if code == "busy" and names["with"]:
            return _("%(people)s: meeting with %(with)s.") % names
        return str(MEETINGS[code]) % names

    def other_side(self, pk: int, here: list[int]) -> str:
        """Whom these people meet there; empty where the reader is not to know."""
        people = self.maps.asked[pk].people if pk in self.maps.asked else ()
        if not (self.organises or self.mine.intersection(people)) or pk not in self.others:
            return ""
        row = self.others[pk]
        pair = {row.sender_id: row.sender.name, row.receiver_id: row.receiver.name}
        return joined([name for person, name in pair.items() if person not in here and person not in self.mine])

    def _side(self, side: kernel.Side, since: int) -> list[str]:
        """What the slots to come hold, counted."""
        strength = [how for slot, _request, how in side.held if slot >= since]
        counts = {
            "away": sum(slot >= since for slot in side.away),
            "stronger": strength.count("stronger"),
            "equal": strength.count("equal"),
            "weaker": strength.count("weaker"),
            "capped": len(side.capped),
            "free": sum(slot >= since for slot in side.free),
        }
        return [f"{words}: {counts[name]}" for name, words in SIDES.items() if counts[name]]

    def _option(self, remedy: kernel.Remedy) -> Option:
        slot = self.maps.slot(remedy.meeting.slot)
        own = [self.others[int(step.ids[0])].code for step in remedy.steps if self._is_own_meeting(step)]
        return Option(
            [self._step(step) for step in remedy.steps] or [_("A place is free for it.")],
            moment_words(slot, self.edition),
            None if remedy.steps else slot,
            own,
            any(step.kind in ("be_available", "raise_cap") and step.ids[0] in self.mine for step in remedy.steps),
        )

    def _is_own_meeting(self, step: kernel.Step) -> bool:
        if step.kind not in ("move_meeting", "drop_meeting") or int(step.ids[0]) not in self.others:
            return False
        return bool(self.mine.intersection(self.maps.asked[int(step.ids[0])].people))

    def _step(self, step: kernel.Step) -> str:
        if step.kind in ("move_meeting", "drop_meeting"):
            return self._meeting_step(step)
        if step.kind in ("one_more_table", "open_table"):
            table = self.maps.tables.get(int(step.ids[0])) if step.kind == "open_table" else None
            place = {"place": place_words(table), "when": self.when(int(step.ids[-1]))}
            named = table is not None and self.organises
            return (_("%(place)s would be open at %(when)s.") if named else _("One more table at %(when)s.")) % place
        person, number = step.ids
        words = {
            "who": self._name(person),
            "when": self._day(int(number)) if step.kind == "raise_cap" else self.when(int(number)),
        }
        return str(STEPS[step.kind, person in self.mine]) % words

    def _meeting_step(self, step: kernel.Step) -> str:
        pk = int(step.ids[0])
        people = self.maps.asked[pk].people if pk in self.maps.asked else ()
        to = self.when(step.change.after.slot) if step.change is not None and step.change.after is not None else ""
        row = self.others.get(pk)
        if row is not None and self.mine.intersection(people):
            words = {"who": self.other_side(pk, [person for person in people if person in self.mine]), "when": to}
            return str(OWN[step.kind]) % words
        if row is not None and self.organises:
            words = {"one": row.sender.name, "other": row.receiver.name, "when": to}
            return str(THEIRS[step.kind]) % words
        return str(ANOTHER[step.kind])

    def _day(self, number: int) -> str:
        days = sorted({slot_day(slot, self.edition) for slot in self.maps.slots})
        return calendar.day_text(days[number - 1], (get_language() or "en")[:2])


OBSTACLES: dict[str, str | Promise] = {
    "away": gettext_lazy("%(people)s: not there then."),
    "asleep": gettext_lazy("%(people)s: night then."),
    "day_cap": gettext_lazy("%(people)s: enough meetings on that day."),
    "table_full": gettext_lazy("Every table is taken."),
    "table_closed": gettext_lazy("No table is open."),
    "no_table": gettext_lazy("No table is free."),
    "session": gettext_lazy("The other half of the day was asked for."),
    "fixed": gettext_lazy("The meeting is fixed to another time."),
    "length": gettext_lazy("The time is too short for it."),
    "other": gettext_lazy("Something else is in the way."),
}
MEETINGS: dict[str, str | Promise] = {
    "busy": gettext_lazy("%(people)s: another meeting."),
    "order": gettext_lazy("It has to come before or after another meeting."),
    "pause": gettext_lazy("%(people)s: no lunch would be left."),
    "rest": gettext_lazy("%(people)s: no rest would be left."),
    "travel": gettext_lazy("%(people)s: too far from another meeting."),
}
SIDES: dict[str, str | Promise] = {
    "away": gettext_lazy("times when not there"),
    "stronger": gettext_lazy("times with a meeting that is wished more"),
    "equal": gettext_lazy("times with a meeting that is wished as much"),
    "weaker": gettext_lazy("times with a meeting that is wished less"),
    "capped": gettext_lazy("days with enough meetings"),
    "free": gettext_lazy("times still free"),
}
STEPS: dict[tuple[str, bool], str | Promise] = {
    ("be_available", True): gettext_lazy("You would be available at %(when)s."),
    ("be_available", False): gettext_lazy("%(who)s would be available at %(when)s."),
    ("be_awake", True): gettext_lazy("You would meet online at %(when)s, outside your waking hours."),
    ("be_awake", False): gettext_lazy("%(who)s would meet online at %(when)s, outside waking hours."),
    ("raise_cap", True): gettext_lazy("You would allow one meeting more on %(when)s."),
    ("raise_cap", False): gettext_lazy("%(who)s would allow one meeting more on %(when)s."),
}
OWN = {
    "move_meeting": gettext_lazy("Your meeting with %(who)s would move to %(when)s."),
    "drop_meeting": gettext_lazy("Your meeting with %(who)s would be given up."),
}
THEIRS = {
    "move_meeting": gettext_lazy("The meeting of %(one)s and %(other)s would move to %(when)s."),
    "drop_meeting": gettext_lazy("The meeting of %(one)s and %(other)s would be given up."),
}
ANOTHER = {
    "move_meeting": gettext_lazy("Another meeting would move."),
    "drop_meeting": gettext_lazy("Another meeting would be given up."),
}
