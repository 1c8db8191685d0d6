"""The answer of who was asked, and a change of how much one side wants the meeting."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.requests.checks import EXPIRED, WRONG_STAGE, RequestRefused, facts_for, fitting, locked
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.meetings.queries.requests import Refusal
from madang.meetings.rules import ASKING_STAGES, may_answer_request, may_change_wish
from madang.people.actions import notify


def answer_request(
    actor: User,
    request: MeetingRequest,
    *,
    accept: bool,
    wish: int = Wish.LIKE,
    answer: str = "",
    answer_shown: bool = True,
    read_at_edit: dt.datetime | None = None,
) -> MeetingRequest:
    """Accept (with how much one wishes it) or decline (`answer_shown`: whether the sender reads the reason).

    The same answer twice is one. An accepted request may be answered anew until its meeting is placed: another wish, or a
    no. `read_at_edit`: the `edited_at` of what the receiver has read; a request edited since is refused, to be read first.
    """
    with transaction.atomic():
        request = locked(request)
        if request.receiver.user_id == actor.pk and request.status == RequestStatus.DECLINED and not accept:
            return request
        if not may_answer_request(actor, request):
            raise RequestRefused(why_not_answer(actor, request))
        if read_at_edit is not None and request.edited_at and request.edited_at > read_at_edit:
            raise RequestRefused(Refusal("edited", _("The request was changed while you read it. Please read it again.")))
        was, wished = request.status, request.receiver_wish
        request.status = RequestStatus.ACCEPTED if accept else RequestStatus.DECLINED
        request.answer, request.answer_shown = fitting(answer), accept or answer_shown
        request.receiver_wish = Wish(wish) if accept else None
        if was != request.status:
            request.answered_at = request.edition.now()
        request.save()
        if (was, wished) != (request.status, request.receiver_wish):
            record(request.edition, actor, "answer_request", request.code, status=request.status.value)
        if was != request.status:
            _tell(request, was)
            introduce(request.edition, [request.sender, request.receiver])
    return request


def change_wish(actor: User, request: MeetingRequest, *, wish: int) -> MeetingRequest:
    """The sender wants the meeting more or less than she said; possible until it is placed. Twice is once."""
    with transaction.atomic():
        request = locked(request)
        if not may_change_wish(actor, request):
            raise RequestRefused(_why_not_wish(actor, request))
        if request.sender_wish != Wish(wish):
            request.sender_wish = Wish(wish)
            request.save(update_fields=["sender_wish"])
            record(request.edition, actor, "change_wish", request.code, wish=str(request.sender_wish))
    return request


def why_not_answer(actor: User, request: MeetingRequest) -> Refusal:
    """Why the actor cannot answer this request."""
    if request.receiver.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who was asked can answer a request."))
    if request.status == RequestStatus.WITHDRAWN:
        return Refusal("withdrawn", _("This request was withdrawn in the meantime; there is nothing to answer."))
    if request.is_overdue:
        return EXPIRED
    if request.edition.stage not in ASKING_STAGES:
        return WRONG_STAGE
    if request.status == RequestStatus.DECLINED:
        return Refusal("answered", _("You have declined this request. If you want the meeting after all, ask for it yourself."))
    return PLACED


def _why_not_wish(actor: User, request: MeetingRequest) -> Refusal:
    if request.sender.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who asked can change a request."))
    if request.edition.stage not in ASKING_STAGES:
        return WRONG_STAGE
    if request.status == RequestStatus.ACCEPTED:
        return PLACED
    return Refusal("closed", _("This request is closed: there is nothing to change."))


def _tell(request: MeetingRequest, was: str) -> None:
    kind = "request_accepted" if request.status == RequestStatus.ACCEPTED else "request_declined"
    if was == RequestStatus.ACCEPTED:
        kind = "request_taken_back"
    words = request.answer if request.answer_shown else ""
    notify(request.sender, kind, request.code, facts_for(request, request.receiver, answer=words))


PLACED = Refusal("placed", _("This meeting stands in the published timetable; it can be moved or cancelled on its own page."))
