"""Taking a request back, deleting a draft, and closing what is open when two people part."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.requests.answering import PLACED
from madang.meetings.actions.requests.checks import EXPIRED, WRONG_STAGE, RequestRefused, facts_for, locked
from madang.meetings.models import OPEN_STATUSES, MeetingRequest, RequestStatus
from madang.meetings.queries.attendees import abandoned
from madang.meetings.queries.requests import Refusal
from madang.meetings.rules import ASKING_STAGES, is_placed, may_withdraw_request
from madang.people.actions import Telling, notify, notify_many
from madang.people.models import Participant


def withdraw_request(actor: User, request: MeetingRequest) -> MeetingRequest:
    """Take back a request that one sent; the other side is told. Twice is once."""
    with transaction.atomic():
        request = locked(request)
        if request.sender.user_id == actor.pk and request.status == RequestStatus.WITHDRAWN:
            return request
        if not may_withdraw_request(actor, request):
            raise RequestRefused(why_not_withdraw(actor, request))
        request.status = RequestStatus.WITHDRAWN
        request.save(update_fields=["status"])
        record(request.edition, actor, "withdraw_request", request.code)
        notify(request.receiver, "request_withdrawn", request.code, facts_for(request, request.sender))
    return request


def delete_draft(actor: User, request: MeetingRequest) -> None:
    """Delete one's own draft. Twice is once; a request that was sent meanwhile stays and is refused."""
    with transaction.atomic():
        lock_edition(request.edition)
        found = MeetingRequest.objects.filter(pk=request.pk).select_related("sender", "edition").first()
        if found is None:
            return
        if found.sender.user_id != actor.pk or found.status != RequestStatus.DRAFT:
            raise RequestRefused(Refusal("no_draft", _("This is no draft of yours any more.")))
        found.delete()


def why_not_withdraw(actor: User, request: MeetingRequest) -> Refusal:
    """Why the actor cannot take this request back."""
    if request.sender.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who asked can withdraw a request."))
    if request.status == RequestStatus.DECLINED:
        return Refusal("answered", _("This request was declined; there is nothing to withdraw."))
    if request.is_overdue:
        return EXPIRED
    if request.edition.stage not in ASKING_STAGES:
        return WRONG_STAGE
    return PLACED


def close_abandoned(actor: User, edition: Edition) -> int:
    """End what is open, has no place, and nobody comes to for somebody who has dropped out. Call it under `lock_edition`."""
    waiting = abandoned(MeetingRequest.objects.filter(edition=edition, status__in=OPEN_STATUSES).exclude(is_placed()))
    gone = Participant.objects.filter(edition=edition, left_at__isnull=False).select_related("edition", "company")
    gone = gone.filter(Q(requests_sent__in=waiting) | Q(requests_received__in=waiting)).distinct()
    return sum(close_requests(actor, one, waiting.filter(Q(sender=one) | Q(receiver=one))) for one in list(gone))


def close_requests(actor: User, me: Participant, requests: QuerySet[MeetingRequest]) -> int:
    """End each of these open requests of one person: those she sent are withdrawn, those she received declined, without words.

    The other sides are told as of any withdrawn or declined request, so that nobody learns why. Call it under `lock_edition`.
    """
    tellings, now = [], me.edition.now()
    for request in requests.select_related("sender__company", "sender__edition", "receiver__company", "receiver__edition"):
        is_mine = request.sender_id == me.pk
        other = request.receiver if is_mine else request.sender
        request.status = RequestStatus.WITHDRAWN if is_mine else RequestStatus.DECLINED
        if not is_mine:
            request.answer, request.receiver_wish, request.answered_at = "", None, now
        request.save(update_fields=["status", "answer", "receiver_wish", "answered_at"])
        if is_mine:
            record(me.edition, actor, "withdraw_request", request.code)
        else:
            record(me.edition, actor, "answer_request", request.code, status=RequestStatus.DECLINED.value)
        kind = "request_withdrawn" if is_mine else "request_declined"
        tellings.append(Telling(other, kind, request.code, facts_for(request, me)))
    notify_many(tellings)
    return len(tellings)
