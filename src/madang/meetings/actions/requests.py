"""Asking for a meeting, answering, taking the request back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.actions import record
from madang.markets.models import Edition, Session
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.meetings.queries.requests import Refusal, mandates_to_discuss, titles_to_discuss, why_not_ask
from madang.meetings.rules import ASKING_STAGES, may_answer_request, may_request_meeting, may_withdraw_request
from madang.people.actions import notify
from madang.people.models import Participant
from madang.people.notices import person_facts
from madang.people.rules import participant_of

REASON_LENGTH = 1000


class RequestRefused(Exception):
    """Nothing was written; `refusal` says why, in words for the actor."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def request_meeting(
    actor: User,
    edition: Edition,
    receiver: Participant,
    *,
    reason: str,
    title: Title | None = None,
    mandate: Mandate | None = None,
    wish: int = Wish.LIKE,
    session: str = "",
) -> MeetingRequest:
    """Ask `receiver` for a meeting; raise RequestRefused, with no row written, where something stands against it."""
    try:
        with transaction.atomic():
            edition = _one_at_a_time(edition)
            me = _asker(actor, edition, receiver)
            _check_subject(actor, me, receiver, title, mandate)
            request = MeetingRequest(
                edition=edition,
                code=next_code(edition),
                sender=me,
                receiver=receiver,
                title=title,
                mandate=mandate,
                reason=_fitting(reason, required=True),
                sender_wish=Wish(wish),
                session=Session(session) if session else "",
                created_at=edition.now(),
            )
            request.save(force_insert=True)
            record(edition, actor, "request_meeting", request.code, receiver=receiver.code)
            notify(receiver, "request_received", request.code, _facts(request, me))
            return request
    except IntegrityError:  # an import wrote the same pair or code at this very moment
        raise RequestRefused(why_not_ask(actor, edition, receiver) or BUSY) from None


def answer_request(
    actor: User, request: MeetingRequest, *, accept: bool, wish: int = Wish.LIKE, answer: str = ""
) -> MeetingRequest:
    """Accept (with how much one wishes it) or decline (with a reason that the sender reads). The same answer twice is one."""
    with transaction.atomic():
        request = _locked(request)
        status = RequestStatus.ACCEPTED if accept else RequestStatus.DECLINED
        if request.receiver.user_id == actor.pk and request.status == status:
            return request
        if not may_answer_request(actor, request):
            raise RequestRefused(_why_not_answer(actor, request))
        request.status, request.answered_at = status, request.edition.now()
        request.answer = _fitting(answer)
        request.receiver_wish = Wish(wish) if accept else None
        request.save()
        record(request.edition, actor, "answer_request", request.code, status=status.value)
        kind = "request_accepted" if accept else "request_declined"
        notify(request.sender, kind, request.code, _facts(request, request.receiver, answer=request.answer))
    return request


def withdraw_request(actor: User, request: MeetingRequest) -> MeetingRequest:
    """Take back a request that one sent; the other side is told. Twice is once."""
    with transaction.atomic():
        request = _locked(request)
        if request.sender.user_id == actor.pk and request.status == RequestStatus.WITHDRAWN:
            return request
        if not may_withdraw_request(actor, request):
            raise RequestRefused(_why_not_withdraw(actor, request))
        request.status = RequestStatus.WITHDRAWN
        request.save(update_fields=["status"])
        record(request.edition, actor, "withdraw_request", request.code)
        notify(request.receiver, "request_withdrawn", request.code, _facts(request, request.sender))
    return request


def next_code(edition: Edition) -> str:
    """R and a number that no request of the edition has. Call it under `_one_at_a_time`."""
    numbered = MeetingRequest.objects.filter(edition=edition, code__regex=r"^R[0-9]{1,30}$")
    last = numbered.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first() or "R00000"
    return f"R{int(last[1:]) + 1:0{max(5, len(last) - 1)}d}"  # never shorter than the last one, so that it sorts after it


def _one_at_a_time(edition: Edition) -> Edition:
    """The edition as it is now. Askers queue for its row, so that quotas and codes hold; others may go on to refer to it."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _locked(request: MeetingRequest) -> MeetingRequest:
    MeetingRequest.objects.select_for_update().get(pk=request.pk)
    people = MeetingRequest.objects.select_related("edition", "sender__company", "receiver__company", "title")
    return people.get(pk=request.pk)


def _asker(actor: User, edition: Edition, receiver: Participant) -> Participant:
    me = participant_of(actor, edition)
    refusal = why_not_ask(actor, edition, receiver)
    if refusal:
        raise RequestRefused(refusal)
    if me is None or not may_request_meeting(actor, edition, receiver):
        raise RequestRefused(Refusal("not_visible", _("You cannot ask this person for a meeting.")))
    return me


def _check_subject(actor: User, me: Participant, receiver: Participant, title: Title | None, mandate: Mandate | None) -> None:
    if title and not titles_to_discuss(actor, me, receiver).filter(pk=title.pk).exists():
        raise RequestRefused(Refusal("title_gone", TITLE_GONE))
    if mandate and not mandates_to_discuss(actor, me, receiver).filter(pk=mandate.pk).exists():
        raise RequestRefused(Refusal("mandate_gone", MANDATE_GONE))


def _fitting(text: str, *, required: bool = False) -> str:
    text = text.strip()
    if required and not text:
        raise RequestRefused(Refusal("no_reason", _("Say in a sentence why you should meet.")))
    if len(text) > REASON_LENGTH:
        raise RequestRefused(Refusal("too_long", _("This is too long: %(limit)s letters at most.") % {"limit": REASON_LENGTH}))
    return text


def _why_not_answer(actor: User, request: MeetingRequest) -> Refusal:
    if request.receiver.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who was asked can answer a request."))
    if request.status == RequestStatus.WITHDRAWN:
        return Refusal("withdrawn", _("This request was withdrawn in the meantime; there is nothing to answer."))
    if request.status != RequestStatus.SENT:
        return Refusal("answered", _("You have already answered this request; the answer stands."))
    return WRONG_STAGE


def _why_not_withdraw(actor: User, request: MeetingRequest) -> Refusal:
    if request.sender.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who asked can withdraw a request."))
    if request.status == RequestStatus.DECLINED:
        return Refusal("answered", _("This request was declined; there is nothing to withdraw."))
    if request.edition.stage not in ASKING_STAGES:
        return WRONG_STAGE
    return Refusal("placed", _("This meeting stands in the published timetable. Ask the organiser to cancel it."))


def _facts(request: MeetingRequest, other: Participant, **more: str) -> dict[str, str]:
    facts = person_facts(other) | {"request": request.code} | more
    return {key: text for key, text in facts.items() if text}


TITLE_GONE = _("This title is not on offer any more, or is neither yours nor theirs. Choose another one.")
MANDATE_GONE = _("This mandate does not exist any more, or is neither yours nor theirs. Choose another one.")
WRONG_STAGE = Refusal("wrong_stage", _("Requests cannot be changed at this stage of the edition."))
BUSY = Refusal("busy", _("Your request could not be written just now. Please send it once more."))
