"""Pages of meeting requests: one's own, one of them, a new one; the organiser's list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.markets.pages import EditionRequest, organiser_page
from madang.meetings.actions.requests import RequestRefused, answer_request, request_meeting, withdraw_request
from madang.meetings.forms import AnswerForm, AskForm, RequestFilter
from madang.meetings.models import MeetingRequest, RequestStatus, Wish
from madang.meetings.queries import requests as queries
from madang.meetings.queries.agenda import place_text, placed_meeting
from madang.meetings.rules import may_answer_request, may_withdraw_request, visible_requests
from madang.people.pages import ParticipantRequest, SignedInRequest, participant_page, signed_in_page
from madang.people.rules import visible_participants
from madang.people.tasks import mail_notices

PAGE = 50


@require_safe
@participant_page
def requests(request: ParticipantRequest) -> HttpResponse:
    """One's own requests: received or sent, by status."""
    me, side = request.participant, "sent" if request.GET.get("side") == "sent" else "received"
    received = MeetingRequest.objects.filter(receiver=me)
    sent = MeetingRequest.objects.filter(sender=me)
    counts = {"received": queries.status_counts(received), "sent": queries.status_counts(sent)}
    status = _chosen_status(request)
    rows = queries.waiting_first(queries.with_people(sent if side == "sent" else received))
    page = Paginator(rows.filter(status=status) if status else rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "side": side,
        "status": status,
        "page": page,
        "chips": _chips(counts[side]),
        "total": sum(counts[side].values()),
        "tabs": [
            ("received", _("Received"), sum(counts["received"].values())),
            ("sent", _("Sent"), sum(counts["sent"].values())),
        ],
        "waiting": counts["received"][RequestStatus.SENT],
        "quota": request.edition.requests_out,
        "used": sum(counts["sent"][status] for status in queries.COUNTED),
    }
    return render(request, "meetings/requests.html", context)


@participant_page
def ask(request: ParticipantRequest, code: str) -> HttpResponse:
    """Ask the participant with this code for a meeting."""
    receiver = get_object_or_404(visible_participants(request.user, request.edition), code=code)
    refusal = queries.why_not_ask(request.user, request.edition, receiver)
    if refusal and refusal.request:
        return _to_request(request, refusal.request, refusal)
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, initial=_subject_of(request), user=request.user, me=request.participant, receiver=receiver)
    if data is not None and not refusal and form.is_valid():
        try:
            made = request_meeting(request.user, request.edition, receiver, **form.cleaned_data)
        except RequestRefused as refused:
            if refused.refusal.request:
                return _to_request(request, refused.refusal.request, refused.refusal)
            form.add_error(None, str(refused.refusal.text))
        else:
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("%(name)s has your request and is told of it.") % {"name": receiver.name})
            return redirect("meetings:request", request.edition.slug, made.code)
    context = {
        "receiver": receiver,
        "form": form,
        "refusal": refusal,
        "quota": request.edition.requests_out,
        "used": queries.quota_used(request.participant),
    }
    return render(request, "meetings/ask.html", context, status=422 if data is not None else 200)


@require_safe
@signed_in_page
def request_page(request: SignedInRequest, code: str) -> HttpResponse:
    """One request, with its history and what the user may do about it."""
    found = _found(request, code)
    return _request_page(request, found, AnswerForm(), status=200)


@require_POST
@signed_in_page
def answer(request: SignedInRequest, code: str) -> HttpResponse:
    """Accept or decline."""
    found = _found(request, code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _request_page(request, found, form, status=422)
    accept = form.cleaned_data["decision"] == "accept"
    try:
        words = {"wish": form.cleaned_data["wish"] or Wish.LIKE, "answer": form.cleaned_data["answer"]}
        answer_request(request.user, found, accept=accept, **words)
    except RequestRefused as refused:
        return _to_request(request, found, refused.refusal)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    name = {"name": found.sender.name}
    said = (
        _("You accepted: %(name)s is told, and the timetable will find a time.")
        if accept
        else _("You declined: %(name)s is told.")
    )
    messages.success(request, said % name)
    return redirect("meetings:request", request.edition.slug, found.code)


@require_POST
@signed_in_page
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a request back."""
    found = _found(request, code)
    try:
        withdraw_request(request.user, found)
    except RequestRefused as refused:
        return _to_request(request, found, refused.refusal)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, _("Your request is withdrawn; %(name)s is told.") % {"name": found.receiver.name})
    return redirect("meetings:request", request.edition.slug, found.code)


@require_safe
@organiser_page
def desk_requests(request: EditionRequest) -> HttpResponse:
    """All requests of the edition, for the organiser."""
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
        "chips": _chips(counts),
        "total": sum(counts.values()),
        "is_narrowed": bool(person or company or status),
    }
    return render(request, "meetings/desk_requests.html", context)


def _found(request: SignedInRequest, code: str) -> MeetingRequest:
    return get_object_or_404(queries.with_people(visible_requests(request.user, request.edition)), code=code)


def _request_page(request: SignedInRequest, found: MeetingRequest, form: AnswerForm, status: int) -> HttpResponse:
    me, meeting = request.participant, placed_meeting(request.user, found)
    context: dict[str, Any] = {
        "found": found,
        "form": form,
        "is_sender": me is not None and found.sender_id == me.pk,
        "is_receiver": me is not None and found.receiver_id == me.pk,
        "may_answer": may_answer_request(request.user, found),
        "may_withdraw": may_withdraw_request(request.user, found),
        "history": queries.history(found),
        "meeting": meeting,
        "place": place_text(meeting) if meeting else "",
    }
    return render(request, "meetings/request.html", context, status=status)


def _to_request(request: HttpRequest, found: MeetingRequest, refusal: queries.Refusal) -> HttpResponse:
    messages.info(request, str(refusal.text))
    return redirect(reverse("meetings:request", args=[found.edition.slug, found.code]))


def _chosen_status(request: HttpRequest) -> str:
    status = request.GET.get("status", "")
    return status if status in RequestStatus.values else ""


def _chips(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(status.value, str(status.label), counts[status.value]) for status in RequestStatus]


def _subject_of(request: HttpRequest) -> dict[str, str]:
    """A title's or mandate's code that the link from its page brought."""
    return {name: request.GET[name] for name in ("title", "mandate") if name in request.GET}
