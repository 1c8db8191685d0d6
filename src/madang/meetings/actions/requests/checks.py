"""What every action on requests does: wait its turn, refuse in words, keep to lengths."""

from __future__ import annotations

from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.requests import Refusal
from madang.people.models import Participant
from madang.people.notices import person_facts

REASON_LENGTH = 1000


class RequestRefused(Exception):
    """Nothing was written; `refusal` says why, in words for the actor."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def next_code(edition: Edition) -> str:
    """R and a number that no request of the edition has. Call it under `lock_edition`."""
    numbered = MeetingRequest.objects.filter(edition=edition, code__regex=r"^R[0-9]{1,30}$")
    last = numbered.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first() or "R00000"
    return f"R{int(last[1:]) + 1:0{max(5, len(last) - 1)}d}"  # never shorter than the last one, so that it sorts after it


def locked(request: MeetingRequest) -> MeetingRequest:
    """The request as it is now, for us alone; who publishes or moves meetings waits too. It may have been deleted: refused."""
    lock_edition(request.edition)
    MeetingRequest.objects.select_for_update().filter(pk=request.pk).first()
    people = MeetingRequest.objects.select_related("edition", "sender__company", "receiver__company", "title", "mandate")
    found = people.filter(pk=request.pk).first()
    if found is None:
        raise RequestRefused(GONE)
    return found


def fitting(text: str, *, required: bool = False) -> str:
    """The words without space around them; refused where they are missing or too long."""
    text = text.strip()
    if required and not text:
        raise RequestRefused(Refusal("no_reason", _("Say in a sentence why you should meet.")))
    if len(text) > REASON_LENGTH:
        raise RequestRefused(Refusal("too_long", _("This is too long: %(limit)s letters at most.") % {"limit": REASON_LENGTH}))
    return text


def facts_for(request: MeetingRequest, other: Participant, **more: str) -> dict[str, str]:
    """What a notice keeps: the other person, the request."""
    facts = person_facts(other) | {"request": request.code} | more
    return {key: text for key, text in facts.items() if text}


TITLE_GONE = _("This title is not on offer any more, or is neither yours nor theirs. Choose another one.")
MANDATE_GONE = _("This mandate does not exist any more, or is neither yours nor theirs. Choose another one.")
WRONG_STAGE = Refusal("wrong_stage", _("Requests cannot be changed at this stage of the edition."))
BUSY = Refusal("busy", _("Your request could not be written just now. Please send it once more."))
GONE = Refusal("gone", _("This request does not exist any more."))
EXPIRED = Refusal("expired", _("This request has expired: nobody answered it in time. You can ask anew."))
