"""Values as the parties of deals see them: state, confirm, dispute, prove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.deals.actions import evidence as proving
from madang.deals.actions import values as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_values import DisputeForm, EvidenceForm, OnlyEvidenceForm, RestateForm, StateForm
from madang.deals.models import Deal, Value
from madang.deals.queries.values import meeting_of, waiting_values
from madang.deals.queries.values_panel import instalments_of, my_values, rows_of, value_row
from madang.deals.rules import dealer_of, may_state_value, visible_deals, visible_evidence, visible_values
from madang.meetings.models import MeetingRequest
from madang.meetings.rules import visible_requests
from madang.meetings.tasks import mail_notices
from madang.people.pages import SignedInRequest, signed_in_page

PAGE = 30
MOST = 2**62
"""Numbers in addresses above this are no row's."""


@require_safe
@signed_in_page
def values(request: SignedInRequest) -> HttpResponse:
    """What waits for the reader's word, then every value of her deals."""
    if dealer_of(request.user, request.edition) is None:
        raise Http404
    waiting = waiting_values(request.user, request.edition).order_by("stated_at", "pk")
    others = my_values(request.user, request.edition).exclude(pk__in=waiting.order_by().values("pk"))
    page = Paginator(others, PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": rows_of(request.user, request.edition, waiting),
        "page": page,
        "rows": rows_of(request.user, request.edition, cast("QuerySet[Value]", page.object_list)),
    }
    return render(request, "deals/my_values.html", context)


@require_safe
@signed_in_page
def value(request: SignedInRequest, number: int) -> HttpResponse:
    """One value: who said what, evidence, what it replaced."""
    return _page(request, _value(request, number))


@require_POST
@signed_in_page
def confirm(request: SignedInRequest, number: int) -> HttpResponse:
    """It is right."""
    found = _value(request, number)
    return _done(request, found, lambda: actions.confirm_value(request.user, found), _("You have confirmed the value."))


@require_POST
@signed_in_page
def dispute(request: SignedInRequest, number: int) -> HttpResponse:
    """It is not right, and why."""
    found, form = _value(request, number), DisputeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, dispute=form)
    reason = form.cleaned_data["reason"]
    return _done(
        request, found, lambda: actions.dispute_value(request.user, found, reason=reason), _("You have disputed the value.")
    )


@require_POST
@signed_in_page
def withdraw(request: SignedInRequest, number: int) -> HttpResponse:
    """It counts no more."""
    found = _value(request, number)
    return _done(request, found, lambda: actions.withdraw_value(request.user, found), _("The value is withdrawn."))


@require_POST
@signed_in_page
def add_evidence(request: SignedInRequest, number: int) -> HttpResponse:
    """A file or a reference."""
    found, form = _value(request, number), OnlyEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, evidence=form)
    return _done(request, found, lambda: _attach(request, found, form), _("The evidence is attached."))


@require_POST
@signed_in_page
def remove_evidence(request: SignedInRequest, number: int) -> HttpResponse:
    """One's own, before the other party has confirmed."""
    if number > MOST:
        raise Http404
    rows = visible_evidence(request.user, request.edition).select_related("value__edition")
    found = get_object_or_404(rows, pk=number)
    return _done(request, found.value, lambda: proving.remove_evidence(request.user, found), _("The evidence is taken back."))


@require_safe
@signed_in_page
def evidence(request: SignedInRequest, number: int) -> HttpResponse:
    """The file, for whoever sees the value; to be saved, never shown by the browser as a page of ours."""
    rows = visible_evidence(request.user, request.edition).exclude(stored="")
    found = get_object_or_404(rows, pk=number) if number <= MOST else None
    if found is None or not default_storage.exists(found.stored):
        raise Http404
    with default_storage.open(found.stored) as file:
        response = HttpResponse(file.read(), content_type=proving.file_type(file) or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.file_name or "evidence")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def state(request: SignedInRequest, code: str) -> HttpResponse:
    """State a value of a deal."""
    deal = get_object_or_404(visible_deals(request.user, request.edition), code=code)
    if not may_state_value(request.user, deal):
        raise Http404
    initial = _instalment(request, deal) if "instalment" in request.GET else {"stage": request.GET.get("stage", "")}
    form = StateForm(request.POST if request.method == "POST" else None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("stage", "amount", "currency", "note")}
        try:
            made = actions.state_value(request.user, deal, **facts)
        except actions.AlreadyStated as refusal:
            form.add_error("stage", str(refusal))
            return render(request, "deals/state_value.html", _form(request, deal, form, refusal.value), status=422)
        _attach(request, made, form)
        mail_notices.enqueue(request.build_absolute_uri("/"))
        messages.success(request, _("The value is stated; the other party is asked to confirm it."))
        return redirect("deals:value", request.edition.slug, made.pk)
    return render(request, "deals/state_value.html", _form(request, deal, form), status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def restate(request: SignedInRequest, number: int) -> HttpResponse:
    """The same value anew; what it said before stays readable."""
    found = _value(request, number)
    me = dealer_of(request.user, request.edition)
    if found.deal is None or me is None or found.company_id != me.company_id:
        raise Http404
    initial = {"amount": found.amount, "currency": found.currency, "note": found.note}
    form = RestateForm(request.POST if request.method == "POST" else None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("amount", "currency", "note")}
        try:
            made = actions.restate_value(request.user, found, **facts)
        except DealRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _attach(request, made, form)
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("The value is stated anew; the other party is asked again."))
            return redirect("deals:value", request.edition.slug, made.pk)
    context = _form(request, found.deal, form, found) | {"restated": found}
    return render(request, "deals/state_value.html", context, status=422 if request.method == "POST" else 200)


def sees_meeting(request: SignedInRequest, meeting: MeetingRequest | None) -> bool:
    """Whether a link to the meeting leads the reader anywhere."""
    return meeting is not None and visible_requests(request.user, request.edition).filter(pk=meeting.pk).exists()


def _value(request: SignedInRequest, number: int) -> Value:
    if number > MOST:
        raise Http404
    rows = visible_values(request.user, request.edition).select_related("edition", "deal", "deal__licensor", "deal__licensee")
    return get_object_or_404(rows, pk=number)


def _page(request: SignedInRequest, found: Value, **forms: Any) -> HttpResponse:
    """The value's page; a form with errors stands where it was filled in."""
    row = value_row(request.user, found)
    meeting, outcome = meeting_of(request.edition, row.one)
    context = {
        "row": row,
        "meeting": meeting,
        "outcome": outcome,
        "sees_meeting": sees_meeting(request, meeting),
        "dispute_form": forms.get("dispute") or DisputeForm(),
        "evidence_form": forms.get("evidence") or EvidenceForm(),
    }
    return render(request, "deals/value.html", context, status=422 if forms else 200)


def _done(request: SignedInRequest, found: Value, act: Callable[[], object], words: str) -> HttpResponse:
    """Do it, say so or why not, and go back to where the button was pressed."""
    try:
        act()
    except DealRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
        mail_notices.enqueue(request.build_absolute_uri("/"))
    if request.POST.get("back") == "values":
        return redirect("deals:values", request.edition.slug)
    return redirect("deals:value", request.edition.slug, found.pk)


def _attach(request: SignedInRequest, found: Value, form: EvidenceForm) -> None:
    if form.has_evidence:
        facts = {name: form.cleaned_data[name] for name in ("reference", "file")}
        proving.add_evidence(request.user, found, **facts)


def _instalment(request: SignedInRequest, deal: Deal) -> dict[str, Any]:
    """What the form begins with where an instalment of the signed document was paid."""
    found = next((one for one in instalments_of(deal) if str(one.pk) == request.GET.get("instalment")), None)
    if found is None:
        return {"stage": "paid"}
    note = _("Instalment %(number)s: %(due)s") % {"number": found.number, "due": found.get_due_display()}
    return {"stage": "paid", "amount": found.amount, "currency": found.term.currency, "note": note}


def _form(request: SignedInRequest, deal: Deal, form: EvidenceForm, standing: Value | None = None) -> dict[str, Any]:
    back = reverse("deals:value", args=[request.edition.slug, standing.pk]) if standing else deal.get_absolute_url()
    return {"deal": deal, "form": form, "standing": standing, "back": back}
