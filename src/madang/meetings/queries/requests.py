"""Reads of meeting requests: lists with their counts, what stands against asking, what happened to a request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_works
from madang.kit.search import matching
from madang.mandates.models import Mandate
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition, LogEntry, Stage
from madang.markets.rules import Visitor
from madang.meetings.models import OPEN_STATUSES, Attendee, MeetingRequest, Part, RequestStatus, pair_of
from madang.meetings.queries.quotas import quota_in, quota_out
from madang.meetings.rules import ASKING_STAGES, is_running, last_moment, visible_requests
from madang.people.models import Company, Participant
from madang.people.rules import blocks_company, is_professional, participant_of, visible_participants


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done: a stable code, a sentence for the person, the open request it is about."""

    code: str
    text: str | Promise
    request: MeetingRequest | None = None


def with_people(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Everything that a row of a list shows, in the same query."""
    return requests.select_related("edition", "sender__company", "receiver__company", "title", "mandate")


def requests_of(me: Participant, side: str) -> QuerySet[MeetingRequest]:
    """What she `received` or `sent`, drafts of the sender alone; or `joined`: others asked, and she comes (`her_side`)."""
    if side == "joined":
        hers = Attendee.objects.filter(request=OuterRef("pk"), participant=me, part=Part.COMING)
        joined = MeetingRequest.objects.annotate(her_side=Subquery(hers.values("side")[:1])).filter(her_side__isnull=False)
        return joined.exclude(Q(sender=me) | Q(receiver=me) | Q(status=RequestStatus.DRAFT))
    if side == "sent":
        return MeetingRequest.objects.filter(sender=me)
    return MeetingRequest.objects.filter(receiver=me).exclude(status=RequestStatus.DRAFT)


def waiting_first(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Those without an answer first, then the newest."""
    rank = Case(When(status=RequestStatus.SENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return requests.order_by(rank, "-created_at", "-pk")


def status_counts(requests: QuerySet[MeetingRequest]) -> dict[str, int]:
    """How many there are of each status, zeros included."""
    rows = requests.order_by().values_list("status").annotate(n=Count("pk"))
    return dict.fromkeys(RequestStatus.values, 0) | dict(rows)


def open_request_between(one: Participant, other: Participant) -> MeetingRequest | None:
    """The one that waits or was accepted; one whose time is over holds nothing."""
    requests = MeetingRequest.objects.filter(pair=pair_of(one.pk, other.pk), status__in=OPEN_STATUSES)
    return requests.filter(is_running(one.edition.now())).select_related("edition", "receiver").first()


def draft_to(me: Participant, receiver: Participant) -> MeetingRequest | None:
    """What one has begun to write to this person."""
    drafts = MeetingRequest.objects.filter(sender=me, receiver=receiver, status=RequestStatus.DRAFT)
    return drafts.select_related("edition", "sender", "receiver", "title", "mandate").first()


def titles_to_discuss(user: Visitor, me: Participant, other: Participant) -> QuerySet[Title]:
    """Titles of either company that the user sees and that are still on offer."""
    companies = [company for company in (me.company_id, other.company_id) if company]
    return visible_works(user, me.edition).filter(company__in=companies, is_withdrawn=False)


def mandates_to_discuss(user: Visitor, me: Participant, other: Participant) -> QuerySet[Mandate]:
    """One's own mandates, and those of the other side that the user sees."""
    return visible_mandates(user, me.edition).filter(buyer__in=[me.pk, other.pk])


NOT_VISIBLE = Refusal("not_visible", _("You cannot ask this person for a meeting."))


def why_not_ask(user: Visitor, edition: Edition, receiver: Participant) -> Refusal | None:
    """What stands against asking this person for a meeting, in words for the asker; None where nothing does."""
    me = participant_of(user, edition)
    refusal = why_not_write(user, edition, receiver)
    if refusal or me is None:
        return refusal
    return _open_already(me, receiver) or _quota_reached(me, receiver)


def why_not_write(user: Visitor, edition: Edition, receiver: Participant) -> Refusal | None:
    """What stands against writing to this person at all, even a draft."""
    me = participant_of(user, edition)
    if me is None or not is_professional(me):
        return Refusal("no_part", _("Only buyers, sellers and creators of this edition ask for meetings."))
    if me.left_at:
        return Refusal("left", _("You have dropped out of this edition. Come back first, then ask."))
    return _unfit_pair(me, receiver) or _wrong_stage(edition) or _out_of_sight(user, me, receiver)


def _out_of_sight(user: Visitor, me: Participant, receiver: Participant) -> Refusal | None:
    """Whoever hides, has dropped out or blocked the asker's company: all in the same words."""
    if not visible_participants(user, me.edition).filter(pk=receiver.pk, left_at=None).exists():
        return NOT_VISIBLE
    if blocks_company(me, receiver.company_id):
        return Refusal("blocked", _("You have blocked this company. Unblock it first, then ask."))
    return None


def _unfit_pair(me: Participant, receiver: Participant) -> Refusal | None:
    if me.pk == receiver.pk:
        return Refusal("oneself", _("This is you. Ask somebody of another company for a meeting."))
    if me.company_id and me.company_id == receiver.company_id:
        return Refusal("own_company", _("You work for the same company. Ask somebody of another company for a meeting."))
    if not is_professional(receiver):
        return Refusal("not_business", _("This person takes no meetings at this edition: ask a buyer, a seller or a creator."))
    return None


def _wrong_stage(edition: Edition) -> Refusal | None:
    if edition.stage in ASKING_STAGES and edition.now() < last_moment(edition):
        return None
    if edition.stage == Stage.PREPARATION:
        return Refusal("too_early", _("Meeting requests open with the registration. Come back then."))
    return Refusal("too_late", _("The event is over: no meetings can be asked for any more."))


def _open_already(me: Participant, receiver: Participant) -> Refusal | None:
    existing = open_request_between(me, receiver)
    if existing is None:
        return None
    words = {"name": receiver.name}
    if existing.status == RequestStatus.ACCEPTED:
        text = _("You and %(name)s have already agreed to meet. This is the request.")
        return Refusal("agreed_already", text % words, existing)
    if existing.sender_id == me.pk:
        return Refusal("asked_already", _("You have already asked %(name)s. This is your request.") % words, existing)
    return Refusal("asked_by_other", _("%(name)s has already asked you for a meeting: answer here.") % words, existing)


def _quota_reached(me: Participant, receiver: Participant) -> Refusal | None:
    mine, hers = quota_out(me), quota_in(receiver)
    if mine.is_full:
        text = _("You have sent all %(quota)s requests that this edition allows. Withdraw one that matters less, then ask again.")
        return Refusal("over_quota", text % {"quota": mine.limit})
    if hers.is_full:
        full = ngettext(
            "The list of %(name)s is full: %(waiting)s open request waits. Try again when it has been answered.",
            "The list of %(name)s is full: %(waiting)s open requests wait. Try again when some have been answered.",
            hers.used,
        )
        return Refusal("list_full", full % {"name": receiver.name, "waiting": hers.used})
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a request; `by` did it."""

    code: str
    at: dt.datetime
    by: Participant | None = None


TOLD = {"edit_request": "edited", "withdraw_request": "withdrawn", "expire_request": "expired"}
"""Verbs of the log that a request's history tells, and as what."""


def history(request: MeetingRequest) -> list[Step]:
    """What happened to the request, oldest first. Of an answer, only that it was given: its words may be for nobody."""
    steps = [Step("asked", request.created_at, request.sender)]
    lines = list(LogEntry.objects.filter(edition=request.edition_id, subject=request.code, verb__in=[*TOLD, "answer_request"]))
    for line in lines:
        if line.verb in TOLD:
            steps.append(Step(TOLD[line.verb], line.at, None if line.verb == "expire_request" else request.sender))
    steps += _answers(request, [line for line in lines if line.verb == "answer_request"])
    return sorted(steps, key=lambda step: step.at)


def _answers(request: MeetingRequest, lines: list[LogEntry]) -> list[Step]:
    """From the log, each change of mind once; a request that came with the workbook has its last answer only."""
    told = [Step(str(line.details.get("status")), line.at, request.receiver) for line in sorted(lines, key=lambda line: line.at)]
    told = [step for before, step in zip([None, *told], told, strict=False) if before is None or before.code != step.code]
    if told or not request.answered_at:
        return told
    declined = request.status == RequestStatus.DECLINED
    return [Step("declined" if declined else "accepted", request.answered_at, request.receiver)]


def found_requests(user: Visitor, edition: Edition, *, person: str = "", company: str = "") -> QuerySet[MeetingRequest]:
    """What the user sees, narrowed to requests with such a person and such a company on either side (words of names)."""
    requests = visible_requests(user, edition)
    if person:
        requests = _with_either(requests, _people_named(edition, person))
    if company:
        named = matching(Company.objects.filter(edition=edition), company)
        requests = _with_either(requests, Participant.objects.filter(company__in=named.order_by().values("pk")))
    return requests


def _with_either(requests: QuerySet[MeetingRequest], people: QuerySet[Participant]) -> QuerySet[MeetingRequest]:
    ids = people.order_by().values("pk")
    return requests.filter(Q(sender__in=ids) | Q(receiver__in=ids))


def _people_named(edition: Edition, words: str) -> QuerySet[Participant]:
    people = Participant.objects.filter(edition=edition)
    return people.filter(email__icontains=words) if "@" in words else matching(people, words)
