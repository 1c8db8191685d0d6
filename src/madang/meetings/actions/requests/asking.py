"""Writing a request: as a draft, sent, or changed until it is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.actions import record
from madang.markets.models import Edition, Session
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.requests.checks import (
    BUSY,
    EXPIRED,
    MANDATE_GONE,
    TITLE_GONE,
    WRONG_STAGE,
    RequestRefused,
    facts_for,
    fitting,
    locked,
    next_code,
)
from madang.meetings.actions.requests.expiry import expire_requests
from madang.meetings.models import Form, MeetingRequest, RequestStatus, Wish, policy_of
from madang.meetings.queries.requests import (
    NOT_VISIBLE,
    Refusal,
    draft_to,
    mandates_to_discuss,
    titles_to_discuss,
    why_not_ask,
    why_not_write,
)
from madang.meetings.rules import last_moment, may_edit_request, may_request_meeting
from madang.people.actions import notify
from madang.people.models import Notice, Participant
from madang.people.rules import participant_of

MOST_TITLES = 10
"""Titles that a request names besides its first one: more are a catalogue."""


class Words(TypedDict, total=False):
    """What a request says; what is left out has its default."""

    reason: str
    title: Title | None
    also_about: Iterable[Title]
    mandate: Mandate | None
    wish: int
    session: str
    form: str
    link: str


def request_meeting(actor: User, edition: Edition, receiver: Participant, **words: Unpack[Words]) -> MeetingRequest:
    """Ask `receiver` for a meeting; raise RequestRefused, with no row written, where something stands against it.

    A draft to the same person becomes the request.
    """
    try:
        with transaction.atomic():
            edition = lock_edition(edition)
            expire_requests(edition, edition.now())
            me = _asker(actor, edition, receiver)
            request = draft_to(me, receiver) or _new(edition, me, receiver)
            _write(actor, request, words, is_sent=True)
            return _sent(actor, request)
    except IntegrityError:  # an import wrote the same pair or code at this very moment
        raise RequestRefused(why_not_ask(actor, edition, receiver) or BUSY) from None


def save_draft(actor: User, edition: Edition, receiver: Participant, **words: Unpack[Words]) -> MeetingRequest:
    """Keep what one has written so far: one draft for each person. Nobody else sees it, so no log tells of it."""
    with transaction.atomic():
        edition = lock_edition(edition)
        me = participant_of(actor, edition)
        refusal = why_not_write(actor, edition, receiver)
        if refusal or me is None:
            raise RequestRefused(refusal or NOT_VISIBLE)
        request = draft_to(me, receiver) or _new(edition, me, receiver)
        _write(actor, request, words, is_sent=False)
        return request


def send_draft(actor: User, request: MeetingRequest, **words: Unpack[Words]) -> MeetingRequest:
    """Send one's draft, with changes; everything is checked as if it were asked now. Twice is once."""
    with transaction.atomic():
        request = locked(request)
        if request.sender.user_id == actor.pk and request.status == RequestStatus.SENT:
            return request
        if request.status != RequestStatus.DRAFT or not may_edit_request(actor, request):
            raise RequestRefused(why_not_edit(actor, request))
        expire_requests(request.edition, request.edition.now())
        _asker(actor, request.edition, request.receiver)
        _write(actor, request, _as_words(request) | words, is_sent=True)
        return _sent(actor, request)


def edit_request(actor: User, request: MeetingRequest, **words: Unpack[Words]) -> MeetingRequest:
    """Change a draft, or a request that waits for its answer: the receiver sees that it was edited, and is told once."""
    with transaction.atomic():
        request = locked(request)
        if not may_edit_request(actor, request):
            raise RequestRefused(why_not_edit(actor, request))
        is_sent = request.status == RequestStatus.SENT
        changed = _write(actor, request, _as_words(request) | words, is_sent=is_sent)
        if is_sent and changed:
            _edited(actor, request, changed)
        return request


def why_not_edit(actor: User, request: MeetingRequest) -> Refusal:
    """Why this request cannot be edited or sent by the actor."""
    if request.sender.user_id != actor.pk:
        return Refusal("not_yours", _("Only the person who asked can change a request."))
    if request.status in (RequestStatus.ACCEPTED, RequestStatus.DECLINED):
        return Refusal("answered", _("This request has been answered: what it says stands."))
    if request.status == RequestStatus.WITHDRAWN:
        return Refusal("withdrawn", _("This request was withdrawn. Ask anew."))
    if request.is_overdue:
        return EXPIRED
    return WRONG_STAGE


def _asker(actor: User, edition: Edition, receiver: Participant) -> Participant:
    me = participant_of(actor, edition)
    refusal = why_not_ask(actor, edition, receiver)
    if refusal:
        raise RequestRefused(refusal)
    if me is None or not may_request_meeting(actor, edition, receiver):
        raise RequestRefused(NOT_VISIBLE)
    return me


def _new(edition: Edition, me: Participant, receiver: Participant) -> MeetingRequest:
    facts = {"code": next_code(edition), "status": RequestStatus.DRAFT, "created_at": edition.now()}
    return MeetingRequest(edition=edition, sender=me, receiver=receiver, **facts)


def _as_words(request: MeetingRequest) -> Words:
    return Words(
        reason=request.reason,
        title=request.title,
        also_about=list(request.also_about.all()),
        mandate=request.mandate,
        wish=request.sender_wish,
        session=request.session,
        form=request.form,
        link=request.link,
    )


def _write(actor: User, request: MeetingRequest, words: Words, *, is_sent: bool) -> list[str]:
    """Check the words, write those that differ, and name them. A draft may lack its reason."""
    title, others = words.get("title"), list(words.get("also_about") or ())
    also = [other for other in dict.fromkeys(others) if other != title]
    mandate, form = words.get("mandate"), Form(words.get("form") or Form.IN_PERSON)
    _check_subject(actor, request, title, also, mandate)
    session = words.get("session") or ""
    wanted: dict[str, Any] = {
        "reason": fitting(words.get("reason", ""), required=is_sent),
        "title": title,
        "mandate": mandate,
        "sender_wish": Wish(words.get("wish") or Wish.LIKE),
        "session": Session(session) if session else "",
        "form": form,
        "link": words.get("link", "") if form == Form.ONLINE else "",
    }
    changed = [name for name, value in wanted.items() if getattr(request, name) != value]
    for name in changed:
        setattr(request, name, wanted[name])
    request.save()
    if {other.pk for other in also} != set(request.also_about.values_list("pk", flat=True)):
        request.also_about.set(also)
        changed.append("also_about")
    return changed


def _check_subject(actor: User, request: MeetingRequest, title: Title | None, also: list[Title], mandate: Mandate | None) -> None:
    titles = {one.pk for one in [title, *also] if one}
    if len(also) > MOST_TITLES:
        text = _("Name %(most)s further titles at most.") % {"most": MOST_TITLES}
        raise RequestRefused(Refusal("too_many_titles", text))
    on_offer = titles_to_discuss(actor, request.sender, request.receiver).filter(pk__in=titles)
    if titles and on_offer.count() != len(titles):
        raise RequestRefused(Refusal("title_gone", TITLE_GONE))
    if mandate and not mandates_to_discuss(actor, request.sender, request.receiver).filter(pk=mandate.pk).exists():
        raise RequestRefused(Refusal("mandate_gone", MANDATE_GONE))


def _sent(actor: User, request: MeetingRequest) -> MeetingRequest:
    edition, hours = request.edition, policy_of(request.edition).expires_after_hours
    request.status, request.created_at = RequestStatus.SENT, edition.now()
    request.expires_at = min(request.created_at + dt.timedelta(hours=hours), last_moment(edition)) if hours else None
    request.save(update_fields=["status", "created_at", "expires_at"])
    record(edition, actor, "request_meeting", request.code, receiver=request.receiver.code)
    notify(request.receiver, "request_received", request.code, facts_for(request, request.sender))
    introduce(edition, [request.sender])
    return request


def _edited(actor: User, request: MeetingRequest, changed: list[str]) -> None:
    """She is told, unless a notice about this request still waits to be read."""
    request.edited_at = request.edition.now()
    request.save(update_fields=["edited_at"])
    record(request.edition, actor, "edit_request", request.code, changed=changed)
    unread = Notice.objects.filter(recipient=request.receiver, read_at=None, kind__in=["request_received", "request_edited"])
    if not any(notice.data.get("request") == request.code for notice in unread):
        key = f"{request.code} {request.edited_at.isoformat()}"
        notify(request.receiver, "request_edited", key, facts_for(request, request.sender))
