"""What to do next, for whoever opens an edition's home: the few lines that matter to her today."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madang.deals.queries.deals import deal_standings
from madang.deals.queries.values import waiting_values
from madang.desk.queries import facts_of
from madang.desk.steps import open_steps, steps_of
from madang.kit.numbers import grouped
from madang.mandates.models import Mandate
from madang.mandates.rules import may_write_mandates, visible_mandates
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.rules import matched_mandates, matched_titles
from madang.meetings.models import Meeting
from madang.meetings.queries.agenda import meetings_of, other_side, place_text
from madang.meetings.queries.quotas import quota_out
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import ASKING_STAGES, answerable_requests, visible_follow_ups, visible_meetings
from madang.people.models import Participant
from madang.people.rules import is_professional

MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Next:
    """A line with its link; `is_urgent` where somebody waits for it."""

    title: str | Promise
    text: str | Promise
    link: str
    is_urgent: bool = False


def next_meeting(user: Visitor, me: Participant) -> tuple[Meeting, Participant, str] | None:
    """One's next meeting that is not over: the meeting, the other person, the place in words."""
    coming = visible_meetings(user, me.edition).filter(is_cancelled=False, slot__ends_at__gt=me.edition.now())
    meeting = meetings_of(coming, me).first()
    return (meeting, other_side(meeting, me), place_text(meeting)) if meeting else None


def next_of(user: Visitor, edition: Edition, me: Participant | None, organises: bool) -> list[Next]:
    """At most a handful of lines, the most urgent first, in a constant number of queries."""
    lines = organiser_lines(edition) if organises else []
    if me is None:
        return lines
    if is_professional(me):
        lines += business_lines(user, edition, me)
    return lines


def organiser_lines(edition: Edition) -> list[Next]:
    """The first open steps of the desk."""
    steps = open_steps(steps_of(edition, facts_of(edition)))[:MOST_STEPS]
    return [Next(step.title, step.text, step.link) for step in steps]


def business_lines(user: Visitor, edition: Edition, me: Participant) -> list[Next]:
    """Answers that others wait for, mandates to write or to read, requests to send, the agenda."""
    lines = [_answers(user, edition), _deals(user, edition, me), _values(user, edition)]
    lines += [_follow_ups(user, edition), _own_mandate(user, edition, me)]
    lines += [_matches(user, edition), _mandates(user, edition, me), _asking(edition, me)]
    return [*(line for line in lines if line), _agenda(edition)]


def _url(edition: Edition, name: str) -> str:
    return reverse(name, args=[edition.slug])


def _answers(user: Visitor, edition: Edition) -> Next | None:
    waiting = answerable_requests(user, edition).count()
    if not waiting:
        return None
    text = ngettext("%(n)s request waits for your answer.", "%(n)s requests wait for your answer.", waiting) % {
        "n": grouped(waiting)
    }
    return Next(_("Answer requests"), text, _url(edition, "meetings:requests") + "?status=sent", is_urgent=True)


def _deals(user: Visitor, edition: Edition, me: Participant) -> Next | None:
    """Offers to answer, memos and licences to write or to sign."""
    waiting = sum(one.is_mine for one in deal_standings(user, edition, me)) if me.company_id else 0
    if not waiting:
        return None
    text = ngettext("%(n)s deal waits for you.", "%(n)s deals wait for you.", waiting) % {"n": grouped(waiting)}
    return Next(_("Go on with your deals"), text, _url(edition, "deals:deals") + "?show=mine", is_urgent=True)


def _values(user: Visitor, edition: Edition) -> Next | None:
    """What others stated and her company is to confirm."""
    waiting = waiting_values(user, edition).count()
    if not waiting:
        return None
    text = ngettext("%(n)s value waits for your word.", "%(n)s values wait for your word.", waiting) % {"n": grouped(waiting)}
    return Next(_("Confirm what deals are worth"), text, _url(edition, "deals:values"), is_urgent=True)


def _follow_ups(user: Visitor, edition: Edition) -> Next | None:
    """Whom to write to, once the last day is over."""
    today = edition.now().astimezone(edition.zone).date()
    waiting = visible_follow_ups(user, edition).filter(done_at=None)
    number = waiting.count() if today > edition.ends_on else 0
    if not number:
        return None
    text = ngettext("%(n)s thing is to be done.", "%(n)s things are to be done.", number) % {"n": grouped(number)}
    is_due = waiting.filter(due_on__lte=today).exists()
    return Next(_("Follow up your meetings"), text, _url(edition, "meetings:follow_ups"), is_urgent=is_due)


def _own_mandate(user: Visitor, edition: Edition, me: Participant) -> Next | None:
    if not may_write_mandates(user, edition) or Mandate.objects.filter(buyer=me).exists():
        return None
    text = _("Sellers then ask you with a title that fits, and not with everything they have.")
    return Next(_("Say what you look for"), text, _url(edition, "mandates:new"))


def _mandates(user: Visitor, edition: Edition, me: Participant) -> Next | None:
    if me.is_buyer or edition.stage not in ASKING_STAGES:
        return None
    number = visible_mandates(user, edition).count()
    text = ngettext("%(n)s mandate says what a buyer looks for.", "%(n)s mandates say what buyers look for.", number)
    return Next(_("Read the mandates"), text % {"n": grouped(number)}, _url(edition, "mandates:mandates")) if number else None


def _matches(user: Visitor, edition: Edition) -> Next | None:
    """For a buyer who said what she looks for, and for a seller with titles, before the market is over."""
    if edition.stage not in ASKING_STAGES:
        return None
    if matched_mandates(user, edition).exists():
        return Next(_("Look at your matches"), _("Titles that fit your mandates, and why."), _url(edition, "matching:matches"))
    if matched_titles(user, edition).exists():
        return Next(_("Look at your matches"), _("Buyers whom your titles fit, and why."), _url(edition, "matching:matches"))
    return None


def _asking(edition: Edition, me: Participant) -> Next | None:
    if edition.stage not in ASKING_STAGES:
        return None
    quota = quota_out(me)
    if quota.is_full or me.left_at:
        return None
    text = _("You have sent %(used)s of %(quota)s requests.")
    if quota.limit is None:
        text = ngettext("You have sent %(used)s request.", "You have sent %(used)s requests.", quota.used)
    text %= {"used": quota.used, "quota": quota.limit}
    link = "catalogue:titles" if me.is_buyer else "people:companies"
    return Next(_("Ask for meetings"), text, _url(edition, link))


def _agenda(edition: Edition) -> Next:
    if published_of(edition):
        return Next(_("Your agenda"), _("Your meetings, with a calendar for your phone."), _url(edition, "meetings:agenda"))
    text = _("It opens when the organiser publishes the timetable.")
    return Next(_("Your agenda"), text, _url(edition, "meetings:agenda"))
