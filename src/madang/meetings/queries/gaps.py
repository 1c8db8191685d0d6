"""Why somebody has no meeting at a time, and which of her agreed meetings could be there: the kernel's words, in ours."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.markets.models import Slot
from madang.meetings.models import Attendee, MeetingRequest, Part, RequestStatus, Timetable
from madang.meetings.queries.past import first_to_come
from madang.meetings.queries.timetable import plan_around, problem_around, slot_day
from madang.meetings.queries.why import Teller
from madang.people.models import Participant


@dataclass(frozen=True)
class Filling:
    """An agreed meeting that is not in the gap: with whom, when (empty: it has no time), what keeps it out (empty: nothing)."""

    code: str
    who: str
    when: str
    why_not: str


@dataclass(frozen=True)
class Gap:
    """One slot of a person's day without a meeting. `gaps`: all such slots of that day that are to come."""

    slot: Slot
    sentence: str | Promise
    fillings: list[Filling]
    gaps: list[Slot]


SENTENCES: dict[str, str | Promise] = {
    "over": _("This time is over."),
    "in_meeting": _("There is a meeting at this time."),
    "away": _("The calendar says: not there at this time."),
    "nobody_asked": _("There is no agreed meeting that could be put here."),
    "could_be_filled": _("This time can be filled."),
    "nobody_can": _("None of the agreed meetings fits here."),
}


def gap_of(user: User, person: Participant, slot: Slot, published: Timetable) -> Gap:
    """The explanation as the user may read it: names of the person's own meetings, of others no more than that they are.

    A constant number of queries, however many meetings the person has.
    """
    edition = person.edition
    if slot.starts_at <= edition.now():
        return Gap(slot, SENTENCES["over"], [], [])
    accepted = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED).select_related("edition")
    hers = Attendee.objects.filter(participant=person, part=Part.COMING).values("request")
    requests = list(accepted.filter(pk__in=hers).order_by("pk"))
    if not requests:
        return Gap(slot, SENTENCES["nobody_asked"], [], [])
    problem, maps = problem_around(requests[0], published, also=requests[1:])
    me = next((one for one in problem.participants if one.id == person.pk), None)
    if me is None:  # what was agreed has fallen away: a withdrawn title, nobody on the other side
        return Gap(slot, SENTENCES["nobody_asked"], [], [])
    plan = plan_around(published, maps)
    since, number = first_to_come(edition, maps), maps.number[slot.pk]
    found = kernel.why_gap(problem, plan, person.pk, number)
    fillers = [one for one in found.fillers if one.slot is None or one.slot >= since]
    code = found.code if fillers or not found.fillers else "nobody_asked"
    busy = {one.slot for one in plan.meetings if person.pk in maps.asked[int(one.id)].people} | me.forbidden
    day = slot_day(slot, edition)
    free = [one for n, one in enumerate(maps.slots, 1) if n >= since and n not in busy and slot_day(one, edition) == day]
    teller = Teller(user, problem, plan, maps, edition)
    return Gap(slot, SENTENCES[code], _fillings(teller, person, fillers), free)


def _fillings(teller: Teller, person: Participant, fillers: list[kernel.Filler]) -> list[Filling]:
    """What fits first, then what has no time, then by time. Two queries."""
    order = sorted(fillers, key=lambda one: (bool(one.obstacles), one.slot or 0))
    teller.fetch([one.request for one in order] + [pk for one in order for _code, ids in one.obstacles for pk in ids])
    asked = teller.maps.asked
    teller.know({pk for one in order for pk in asked[int(one.request)].people})
    everybody, found = teller.people, []
    for one in order:
        pk = int(one.request)
        teller.people = {who: everybody[who] for who in asked[pk].people}  # of other meetings nobody else is named
        told = [("no_table", ids) if code == "table_closed" else (code, ids) for code, ids in one.obstacles]
        why_not = " ".join(dict.fromkeys(teller.obstacle(obstacle) for obstacle in told))
        when = teller.when(one.slot) if one.slot is not None else ""
        found.append(Filling(teller.others[pk].code, teller.other_side(pk, [person.pk]), when, why_not))
    return found
