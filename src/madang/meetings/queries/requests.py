"""Reads of meeting requests: lists with their counts, what stands against asking, what happened to a request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_titles
from madang.kit.search import matching
from madang.mandates.models import Mandate
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition, LogEntry, Stage
from madang.markets.rules import Visitor
from madang.meetings.models import OPEN_STATUSES, MeetingRequest, RequestStatus, pair_of
from madang.meetings.rules import ASKING_STAGES, visible_requests
from madang.people.models import Company, Participant
from madang.people.rules import is_professional, participant_of

COUNTED = [RequestStatus.SENT, RequestStatus.ACCEPTED, RequestStatus.DECLINED]
"""What counts as sent; a withdrawn request gives its place back."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done: a stable code, a sentence for the person, the open request it is about."""

    code: str
    text: str | Promise
    request: MeetingRequest | None = None


def with_people(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Everything that a row of a list shows, in the same query."""
    return requests.select_related("edition", "sender__company", "receiver__company", "title", "mandate")


def waiting_first(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Those without an answer first, then the newest."""
    rank = Case(When(status=RequestStatus.SENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return requests.order_by(rank, "-created_at", "-pk")


def status_counts(requests: QuerySet[MeetingRequest]) -> dict[str, int]:
    """How many there are of each status, zeros included."""
    rows = requests.order_by().values_list("status").annotate(n=Count("pk"))
    return dict.fromkeys(RequestStatus.values, 0) | dict(rows)


def quota_used(me: Participant) -> int:
    """Requests sent, as far as they count against `edition.requests_out`."""
    return MeetingRequest.objects.filter(sender=me, status__in=COUNTED).count()


def open_request_between(one: Participant, other: Participant) -> MeetingRequest | None:
    pair = pair_of(one.pk, other.pk)
    return MeetingRequest.objects.filter(pair=pair, status__in=OPEN_STATUSES).select_related("edition", "receiver").first()


def titles_to_discuss(user: Visitor, me: Participant, other: Participant) -> QuerySet[Title]:
    """Titles of either company that the user sees and that are still on offer."""
    companies = [company for company in (me.company_id, other.company_id) if company]
    return visible_titles(user, me.edition).filter(company__in=companies, is_withdrawn=False)


def mandates_to_discuss(user: Visitor, me: Participant, other: Participant) -> QuerySet[Mandate]:
    """One's own mandates, and those of the other side that the user sees."""
    return visible_mandates(user, me.edition).filter(buyer__in=[me.pk, other.pk])


def why_not_ask(user: Visitor, edition: Edition, receiver: Participant) -> Refusal | None:
    """What stands against asking this person for a meeting, in words for the asker; None where nothing does."""
    me = participant_of(user, edition)
    if me is None or not is_professional(me):
        return Refusal("no_part", _("Only buyers, sellers and creators of this edition ask for meetings."))
    return _unfit_pair(me, receiver) or _wrong_stage(edition) or _open_already(me, receiver) or _quota_reached(me)


def _unfit_pair(me: Participant, receiver: Participant) -> Refusal | None:
    if me.pk == receiver.pk:
        return Refusal("oneself", _("This is you. Ask somebody of another company for a meeting."))
    if me.company_id and me.company_id == receiver.company_id:
        return Refusal("own_company", _("You work for the same company. Ask somebody of another company for a meeting."))
    if not is_professional(receiver):
        return Refusal("not_business", _("This person takes no meetings at this edition: ask a buyer, a seller or a creator."))
    return None


def _wrong_stage(edition: Edition) -> Refusal | None:
    if edition.stage in ASKING_STAGES:
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


def _quota_reached(me: Participant) -> Refusal | None:
    quota = me.edition.requests_out
    if quota_used(me) < quota:
        return None
    text = _("You have sent all %(quota)s requests that this edition allows. Withdraw one that matters less, then ask again.")
    return Refusal("over_quota", text % {"quota": quota})


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a request; `by` did it."""

    code: str
    at: dt.datetime
    by: Participant | None = None


def history(request: MeetingRequest) -> list[Step]:
    """What happened to the request, oldest first."""
    steps = [Step("asked", request.created_at, request.sender)]
    if request.answered_at:
        declined = request.status == RequestStatus.DECLINED
        steps.append(Step("declined" if declined else "accepted", request.answered_at, request.receiver))
    if request.status == RequestStatus.WITHDRAWN:
        line = LogEntry.objects.filter(edition=request.edition_id, verb="withdraw_request", subject=request.code).first()
        if line:
            steps.append(Step("withdrawn", line.at, request.sender))
    return steps


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
