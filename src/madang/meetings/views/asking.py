"""Pages on which a request is written: a new one, a draft, one that waits for its answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.meetings.actions.requests import RequestRefused, edit_request, request_meeting, save_draft, send_draft
from madang.meetings.actions.requests.asking import why_not_edit
from madang.meetings.forms import AskForm, words_of
from madang.meetings.models import MeetingRequest, RequestStatus, policy_of
from madang.meetings.queries import requests as queries
from madang.meetings.queries.quotas import quota_in, quota_out
from madang.meetings.rules import last_moment, may_edit_request
from madang.meetings.tasks import mail_notices
from madang.meetings.views.requests import find_request, to_request
from madang.people.models import Participant
from madang.people.pages import ParticipantRequest, participant_page
from madang.people.rules import visible_participants


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def ask(request: ParticipantRequest, code: str) -> HttpResponse:
    """Ask the participant with this code for a meeting; what one has begun to write to her is gone on with."""
    receiver = get_object_or_404(visible_participants(request.user, request.edition).filter(left_at=None), code=code)
    refusal = queries.why_not_ask(request.user, request.edition, receiver)
    if refusal and refusal.request:
        return to_request(request, refusal.request, refusal)
    begun = queries.draft_to(request.participant, receiver)
    if begun and request.method != "POST" and may_edit_request(request.user, begun):
        return redirect("meetings:edit_request", request.edition.slug, begun.code)
    if refusal and refusal.code not in ("over_quota", "list_full"):
        return _page(request, receiver, None, refusal)
    form = _form(request, receiver, _subject_of(request))
    if form.is_bound and form.is_valid():
        write = save_draft if _is_draft(request) else request_meeting
        try:
            made = write(request.user, request.edition, receiver, **form.cleaned_data)
        except RequestRefused as refused:
            if refused.refusal.request:
                return to_request(request, refused.refusal.request, refused.refusal)
            form.add_error(None, str(refused.refusal.text))
        else:
            return _written(request, made)
    return _page(request, receiver, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def edit(request: ParticipantRequest, code: str) -> HttpResponse:
    """Go on with a draft, send it, or change a request that waits for its answer."""
    found = find_request(request, code)
    if found.sender_id != request.participant.pk or not may_edit_request(request.user, found):
        return _not_editable(request, found)
    form = _form(request, found.receiver, words_of(found))
    if form.is_bound and form.is_valid():
        is_sending = found.status == RequestStatus.DRAFT and not _is_draft(request)
        try:
            made = (send_draft if is_sending else edit_request)(request.user, found, **form.cleaned_data)
        except RequestRefused as refused:
            if refused.refusal.request:
                return to_request(request, refused.refusal.request, refused.refusal)
            form.add_error(None, str(refused.refusal.text))
        else:
            return _written(request, made, was=found.status)
    refusal = queries.why_not_ask(request.user, request.edition, found.receiver) if found.status == RequestStatus.DRAFT else None
    return _page(request, found.receiver, form, refusal, found)


def _not_editable(request: ParticipantRequest, found: MeetingRequest) -> HttpResponse:
    """A draft whose stage is over can only be read and deleted; any other request has its page."""
    refusal = why_not_edit(request.user, found)
    if found.status == RequestStatus.DRAFT:
        return _page(request, found.receiver, None, refusal, found)
    return to_request(request, found, refusal)


def _form(request: ParticipantRequest, receiver: Participant, initial: dict[str, Any]) -> AskForm:
    data = request.POST if request.method == "POST" else None
    me, is_draft = request.participant, _is_draft(request)
    return AskForm(data, initial=initial, user=request.user, me=me, receiver=receiver, is_draft=is_draft)


def _is_draft(request: ParticipantRequest) -> bool:
    return request.POST.get("act") == "draft"


def _page(
    request: ParticipantRequest,
    receiver: Participant,
    form: AskForm | None,
    refusal: queries.Refusal | None,
    found: MeetingRequest | None = None,
) -> HttpResponse:
    policy = policy_of(request.edition)
    hours, last = policy.expires_after_hours or 0, last_moment(request.edition)
    is_cut = bool(hours) and request.edition.now() + dt.timedelta(hours=hours) > last
    context = {
        "receiver": receiver,
        "form": form,
        "refusal": refusal,
        "found": found,
        "is_sent": found is not None and found.status == RequestStatus.SENT,
        "may_delete": found is not None and found.status == RequestStatus.DRAFT,
        "quota_out": quota_out(request.participant, policy),
        "quota_in": quota_in(receiver, policy),
        "last": last if is_cut else None,
        "hours": hours,
        "days": hours // 24 if hours >= 48 and hours % 24 == 0 else 0,
    }
    return render(request, "meetings/ask.html", context, status=422 if request.method == "POST" else 200)


def _written(request: ParticipantRequest, made: MeetingRequest, was: str = "") -> HttpResponse:
    name = {"name": made.receiver.name}
    if made.status == RequestStatus.DRAFT:
        messages.success(request, _("Your draft is kept. Nobody but you sees it."))
        return redirect("meetings:edit_request", request.edition.slug, made.code)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    if was == RequestStatus.SENT:
        messages.success(request, _("Your request is changed; %(name)s sees that it was edited.") % name)
    else:
        messages.success(request, _("%(name)s has your request and is told of it.") % name)
    return redirect("meetings:request", request.edition.slug, made.code)


def _subject_of(request: ParticipantRequest) -> dict[str, str]:
    """A title's or mandate's code that the link from its page brought."""
    return {name: request.GET[name] for name in ("title", "mandate") if name in request.GET}
