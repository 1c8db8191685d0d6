"""Pages of meeting requests: one's own, one of them; the organiser's list. Asking and editing: `views.asking`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from madang.markets.pages import EditionRequest, organiser_page
from madang.markets.rules import may_organise
from madang.meetings.actions.requests import RequestRefused, answer_request, change_wish, delete_draft, withdraw_request
from madang.meetings.forms import NO, AnswerForm, RequestFilter, WishForm
from madang.meetings.models import MeetingRequest, RequestStatus, policy_of
from madang.meetings.queries import requests as queries
from madang.meetings.queries.agenda import place_text, placed_meeting
from madang.meetings.queries.live import live_panel, waiting_proposals
from madang.meetings.queries.quotas import quota_in, quota_out
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import may_answer_request, may_change_wish, may_edit_request, may_withdraw_request, visible_requests
from madang.meetings.tasks import mail_notices
from madang.people.pages import ParticipantRequest, SignedInRequest, participant_page, signed_in_page
from madang.people.rules import visible_participants

PAGE = 50
SIDES = {"received": gettext_lazy("Received"), "sent": gettext_lazy("Sent"), "joined": gettext_lazy("Joined")}
"""Whose requests one's list shows; those of others only where there are any."""


@require_safe
@participant_page
def requests(request: ParticipantRequest) -> HttpResponse:
    """One's own requests: received, sent, or those of others to whose meetings one comes; by status."""
    me, wanted = request.participant, request.GET.get("side")
    side = wanted if wanted in SIDES else "received"
    counts = {one: queries.status_counts(queries.requests_of(me, one)) for one in SIDES}
    numbers = {one: sum(counts[one].values()) for one in SIDES}
    status, policy = _chosen_status(request), policy_of(request.edition)
    rows = queries.waiting_first(queries.with_people(queries.requests_of(me, side)))
    page = Paginator(rows.filter(status=status) if status else rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "side": side,
        "status": status,
        "page": page,
        "chips": _chips(counts[side]),
        "waiting_proposals": waiting_proposals(request.user, request.edition),
        "total": numbers[side],
        "tabs": [(one, words, numbers[one]) for one, words in SIDES.items() if one != "joined" or numbers[one] or one == side],
        "quota_out": quota_out(me, policy),
        "quota_in": quota_in(me, policy),
    }
    return render(request, "meetings/requests.html", context)


@require_safe
@signed_in_page
def request_page(request: SignedInRequest, code: str) -> HttpResponse:
    """One request, with its history and what the user may do about it. A draft is read where it is written."""
    found = find_request(request, code)
    if found.status == RequestStatus.DRAFT:
        return redirect("meetings:edit_request", request.edition.slug, found.code)
    if request.user.pk not in (found.sender.user_id, found.receiver.user_id) and not may_organise(request.user, request.edition):
        return redirect("meetings:meeting", request.edition.slug, found.code)  # a colleague, a guest: the request is not theirs
    return _request_page(request, found, None, status=200)


@require_POST
@signed_in_page
def answer(request: SignedInRequest, code: str) -> HttpResponse:
    """One of four levels, with a word; until the meeting is placed it may be changed."""
    found = find_request(request, code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _request_page(request, found, form, status=422)
    said = form.said()
    try:
        answer_request(request.user, found, **said)
    except RequestRefused as refused:
        return to_request(request, found, refused.refusal)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    if not said["accept"]:
        told = _("You declined: %(name)s is told.")
    elif published_of(request.edition):
        told = _("You accepted: %(name)s is told. The timetable is published already: the meeting still needs a time.")
    else:
        told = _("You accepted: %(name)s is told, and the timetable will find a time.")
    messages.success(request, told % {"name": found.sender.name})
    return redirect("meetings:request", request.edition.slug, found.code)


@require_POST
@signed_in_page
def wish(request: SignedInRequest, code: str) -> HttpResponse:
    """The sender wants an agreed meeting more or less than she said."""
    found = find_request(request, code)
    form = WishForm(request.POST)
    if form.is_valid():
        try:
            change_wish(request.user, found, **form.cleaned_data)
        except RequestRefused as refused:
            return to_request(request, found, refused.refusal)
        messages.success(request, _("Your wish is changed."))
    return redirect("meetings:request", request.edition.slug, found.code)


@require_POST
@signed_in_page
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a request back."""
    found = find_request(request, code)
    try:
        withdraw_request(request.user, found)
    except RequestRefused as refused:
        return to_request(request, found, refused.refusal)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, _("Your request is withdrawn; %(name)s is told.") % {"name": found.receiver.name})
    return redirect("meetings:request", request.edition.slug, found.code)


@require_POST
@signed_in_page
def delete(request: SignedInRequest, code: str) -> HttpResponse:
    """Delete a draft; a second press finds it gone, which is what was wanted."""
    found = visible_requests(request.user, request.edition).filter(code=code).first()
    if found is not None:
        try:
            delete_draft(request.user, found)
        except RequestRefused as refused:
            return to_request(request, found, refused.refusal)
        messages.success(request, _("The draft is deleted."))
    return redirect(reverse("meetings:requests", args=[request.edition.slug]) + "?side=sent")


@require_safe
@organiser_page
def desk_requests(request: EditionRequest) -> HttpResponse:
    """All requests of the edition that were sent, for the organiser."""
    form = RequestFilter(request.GET)
    form.is_valid()  # what is not understood does not narrow the list
    person, company = form.cleaned_data.get("q", ""), form.cleaned_data.get("company", "")
    status = form.cleaned_data.get("status", "")
    found = queries.found_requests(request.user, request.edition, person=person, company=company)
    counts = queries.status_counts(found)
    rows = queries.with_people(found).order_by("-pk")  # the newest first, without sorting them all
    paginator = Paginator(rows.filter(status=status) if status else rows, PAGE)
    context = {
        "person": person,
        "company": company,
        "status": status,
        "page": paginator.get_page(request.GET.get("page")),
        "chips": [chip for chip in _chips(counts) if chip[0] != RequestStatus.DRAFT],
        "total": sum(counts.values()),
        "is_narrowed": bool(person or company or status),
    }
    return render(request, "meetings/desk_requests.html", context)


def find_request(request: SignedInRequest, code: str) -> MeetingRequest:
    """The request as the user sees it; 404 for the rest."""
    return get_object_or_404(queries.with_people(visible_requests(request.user, request.edition)), code=code)


def to_request(request: HttpRequest, found: MeetingRequest, refusal: queries.Refusal) -> HttpResponse:
    """To the request's page, which says what stood against it."""
    messages.info(request, str(refusal.text))
    return redirect(reverse("meetings:request", args=[found.edition.slug, found.code]))


def _request_page(request: SignedInRequest, found: MeetingRequest, form: AnswerForm | None, status: int) -> HttpResponse:
    me, meeting = request.participant, placed_meeting(request.user, found)
    is_sender = me is not None and found.sender_id == me.pk
    people = [found.sender_id, found.receiver_id]
    context: dict[str, Any] = {
        "found": found,
        "titles": [title for title in [found.title, *found.also_about.all()] if title],
        "form": form or AnswerForm(initial=_answer_so_far(found)),
        "wish_form": WishForm(initial={"wish": found.sender_wish}),
        "is_sender": is_sender,
        "is_receiver": me is not None and found.receiver_id == me.pk,
        "shows_answer": bool(found.answer) and (found.answer_shown or not is_sender),
        "may_answer": may_answer_request(request.user, found),
        "may_edit": may_edit_request(request.user, found),
        "may_change_wish": may_change_wish(request.user, found),
        "may_withdraw": may_withdraw_request(request.user, found),
        "in_sight": set(
            visible_participants(request.user, request.edition).filter(pk__in=people).order_by().values_list("pk", flat=True)
        ),
        "history": queries.history(found),
        "meeting": meeting,
        "place": place_text(meeting) if meeting else "",
    }
    if found.status == RequestStatus.ACCEPTED and meeting is None:
        context |= live_panel(request.user, found, None)
    return render(request, "meetings/request.html", context, status=status)


def _answer_so_far(found: MeetingRequest) -> dict[str, Any]:
    """What she answered, where she may answer anew; nothing is chosen before her first answer."""
    edited = found.edited_at.strftime("%Y-%m-%dT%H:%M:%S.%f%z") if found.edited_at else ""
    so_far: dict[str, Any] = {"read_at_edit": edited or found.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f%z")}
    if found.status == RequestStatus.ACCEPTED:
        so_far |= {"level": str(found.receiver_wish or ""), "answer": found.answer}
    if found.status == RequestStatus.DECLINED:
        so_far |= {"level": NO, "answer": found.answer, "answer_shown": found.answer_shown}
    return so_far


def _chosen_status(request: HttpRequest) -> str:
    status = request.GET.get("status", "")
    return status if status in RequestStatus.values else ""


def _chips(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(status.value, str(status.label), counts[status.value]) for status in RequestStatus]
