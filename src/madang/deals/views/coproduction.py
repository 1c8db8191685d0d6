"""Co-productions: opened, changed and agreed to by their partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.deals.actions import coproduction as actions
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_coproduction import (
    FundingFormSet,
    PartnerFormSet,
    PlanForm,
    ReceiptsForm,
    RecoupmentFormSet,
    StartForm,
    filled,
)
from madang.deals.forms_deal import EndForm
from madang.deals.models import Deal, DealKind
from madang.deals.queries.coproduction import coproduction_of
from madang.deals.queries.plan_text import plan_blocks, plan_title
from madang.deals.rules import dealer_of, may_change_plan, may_open_coproduction, own_titles, visible_coproductions, visible_deals
from madang.deals.views.values import sees_meeting
from madang.kit.pdf import pdf_bytes
from madang.meetings.models import MeetingRequest
from madang.meetings.rules import visible_requests
from madang.meetings.tasks import mail_notices
from madang.people.models import Participant
from madang.people.pages import SignedInRequest, signed_in_page
from madang.people.rules import visible_companies


@require_safe
@signed_in_page
def coproductions(request: SignedInRequest) -> HttpResponse:
    """Those that the reader's company leads or has a share in."""
    if dealer_of(request.user, request.edition) is None:
        raise Http404
    rows = (
        visible_coproductions(request.user, request.edition)
        .select_related("plan")
        .prefetch_related("partners__company", "titles")
    )
    context = {"rows": rows, "may_open": may_open_coproduction(request.user, request.edition)}
    return render(request, "deals/coproductions.html", context)


@require_safe
@signed_in_page
def coproduction(request: SignedInRequest, code: str) -> HttpResponse:
    """The page of one: partners, financing, recoupment, who has agreed; with `receipts`, who would get what of them."""
    found = coproduction_of(request.user, _deal(request, code))
    form = ReceiptsForm(request.GET if "receipts" in request.GET else None)
    divided = found.divide(form.cleaned_data["receipts"]) if form.is_bound and form.is_valid() else None
    context = {"found": found, "form": form, "divided": divided, "end_form": EndForm()}
    context["sees_meeting"] = sees_meeting(request, found.deal.request)
    if request.htmx:
        return render(request, "deals/coproduction.html#receipts", context)
    return render(request, "deals/coproduction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def new(request: SignedInRequest) -> HttpResponse:
    """Open one; `?meeting=` says from which meeting it comes."""
    me = dealer_of(request.user, request.edition)
    if me is None or not may_open_coproduction(request.user, request.edition):
        raise Http404
    data = request.POST if request.method == "POST" else None
    titles = own_titles(request.user, request.edition).filter(is_withdrawn=False, part_of=None).order_by("search_text", "code")
    form = StartForm(data, titles=titles, initial={"currency": "KRW" if request.edition.country == "KR" else "EUR"})
    partners = PartnerFormSet(data, initial=_first_partners(request, me))
    partners.edition = request.edition  # type: ignore[attr-defined]  # PartnerRows has it
    if data is not None and form.is_valid() and partners.is_valid():
        facts = form.cleaned_data | {"partners": partners.facts(), "request": _meeting(request)}  # type: ignore[attr-defined]  # of PartnerRows
        try:
            made = actions.open_coproduction(request.user, request.edition, **facts)
        except actions.PlanRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("The co-production is open; the partners are asked to agree."))
            return redirect("deals:coproduction", request.edition.slug, made.code)
    context = {"form": form, "rows": partners, "companies": _company_names(request), "meeting": _meeting(request)}
    return render(request, "deals/new_coproduction.html", context, status=200 if data is None else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def partners(request: SignedInRequest, code: str) -> HttpResponse:
    """Other partners, shares or territories."""
    deal = _changeable(request, code)
    kept = deal.partners.select_related("company")
    initial = [{"who": str(one), "share": one.share.normalize(), "territories": one.territories_said} for one in kept]
    rows = PartnerFormSet(request.POST if request.method == "POST" else None, initial=_plain(initial))
    rows.edition = request.edition  # type: ignore[attr-defined]  # PartnerRows has it

    def write(revision: int) -> object:
        return actions.change_partners(request.user, deal, revision=revision, partners=rows.facts())  # type: ignore[attr-defined]  # of PartnerRows

    context = {"heading": _("Partners, shares and territories"), "companies": _company_names(request)}
    return _edit(request, deal, rows, None, write, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def financing(request: SignedInRequest, code: str) -> HttpResponse:
    """Another budget or other sources."""
    deal = _changeable(request, code)
    data, plan = request.POST if request.method == "POST" else None, deal.plan
    form = PlanForm(data, initial=_plain([{"budget": plan.budget, "currency": plan.currency}])[0])
    names = ("source", "kind", "amount", "currency", "rate", "state", "due_on", "sale")
    initial = list(plan.fundings.values(*names))
    sales = visible_deals(request.user, request.edition).filter(kind=DealKind.LICENCE)
    rows = FundingFormSet(data, initial=_plain(initial), form_kwargs={"sales": sales})

    def write(revision: int) -> object:
        known = actions.partners_by_word(deal)
        facts = [row | {"partner": known.get(row["source"].casefold())} for row in filled(rows)]
        return actions.change_financing(request.user, deal, revision=revision, **form.cleaned_data, fundings=facts)

    return _edit(request, deal, rows, form, write, {"heading": _("Budget and financing")})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def recoupment(request: SignedInRequest, code: str) -> HttpResponse:
    """Another order of who is paid back."""
    deal = _changeable(request, code)
    initial = list(deal.plan.recoupments.values("position", "recipient", "percent", "cap"))
    rows = RecoupmentFormSet(request.POST if request.method == "POST" else None, initial=_plain(initial))

    def write(revision: int) -> object:
        known = actions.partners_by_word(deal)
        steps = [row | {"partner": known.get(row["recipient"].casefold())} for row in filled(rows)]
        return actions.change_recoupment(request.user, deal, revision=revision, steps=steps)

    lead = _("Steps with the same number share what reaches them. What a step does not take goes on to the next number.")
    return _edit(request, deal, rows, None, write, {"heading": _("Order of recoupment"), "lead": lead})


@require_POST
@signed_in_page
def agree(request: SignedInRequest, code: str) -> HttpResponse:
    """A partner agrees to the revision that she has read, or no longer."""
    deal, revision = _deal(request, code), _revision(request)
    try:
        if request.POST.get("agrees") == "0":
            actions.take_agreement_back(request.user, deal, revision=revision)
            messages.success(request, _("Your agreement is taken back."))
        else:
            actions.agree_to_plan(request.user, deal, revision=revision)
            messages.success(request, _("You agree to the co-production as it stands."))
            mail_notices.enqueue(request.build_absolute_uri("/"))
    except DealRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("deals:coproduction", request.edition.slug, deal.code)


@require_POST
@signed_in_page
def end(request: SignedInRequest, code: str) -> HttpResponse:
    """The lead ends the co-production."""
    deal, form = _changeable(request, code), EndForm(request.POST)
    if form.is_valid():
        actions.end_coproduction(request.user, deal, reason=form.cleaned_data["reason"])
        mail_notices.enqueue(request.build_absolute_uri("/"))
        messages.success(request, _("The co-production is ended."))
    else:
        messages.error(request, _("Say why it ends."))
    return redirect("deals:coproduction", request.edition.slug, deal.code)


@require_safe
@signed_in_page
def plan_pdf(request: SignedInRequest, code: str) -> HttpResponse:
    """The plan on paper, in the reader's language."""
    found = coproduction_of(request.user, _deal(request, code))
    language = (get_language() or "en")[:2]
    foot = _("%(code)s, revision %(revision)s") % {"code": found.deal.code, "revision": found.plan.revision}
    content = pdf_bytes(plan_title(found), plan_blocks(found, request.edition), language=language, footer=foot)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.deal.code}-{found.plan.revision}.pdf"'
    return response


def _edit(
    request: SignedInRequest,
    deal: Deal,
    rows: Any,
    form: PlanForm | None,
    write: Callable[[int], object],
    context: dict[str, Any],
) -> HttpResponse:
    """The page that changes a part of the plan; what was typed stays where something is wrong."""
    refusal = ""
    if request.method == "POST" and rows.is_valid() and (form is None or form.is_valid()):
        try:
            write(_revision(request))
        except DealRefused as fault:
            refusal = str(fault)
        else:
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("The plan is saved."))
            return redirect("deals:coproduction", request.edition.slug, deal.code)
    revision = _revision(request) if request.method == "POST" else deal.plan.revision
    context |= {"deal": deal, "rows": rows, "form": form, "refusal": refusal, "revision": revision}
    context["partner_names"] = [str(one) for one in deal.partners.select_related("company")]
    return render(request, "deals/edit_plan.html", context, status=422 if request.method == "POST" else 200)


def _deal(request: SignedInRequest, code: str) -> Deal:
    rows = visible_coproductions(request.user, request.edition).select_related("plan__deal", "request", "opened_by")
    return get_object_or_404(rows.prefetch_related("titles"), code=code)


def _changeable(request: SignedInRequest, code: str) -> Deal:
    found = _deal(request, code)
    if not may_change_plan(request.user, found):
        raise Http404
    return found


def _revision(request: SignedInRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _meeting(request: SignedInRequest) -> MeetingRequest | None:
    """The meeting that the address names, if the reader was of it."""
    code = request.GET.get("meeting", "")
    return visible_requests(request.user, request.edition).filter(code=code).first() if code else None


def _first_partners(request: SignedInRequest, me: Participant) -> list[dict[str, Any]]:
    """The reader's own company, and that of the meeting it comes from, if it comes from one."""
    meeting = _meeting(request)
    people = (meeting.sender, meeting.receiver) if meeting else ()
    other = next((str(one.company) for one in people if one.company_id not in (None, me.company_id)), "")
    return [{"who": str(me.company)}, {"who": other}]


def _company_names(request: SignedInRequest) -> list[str]:
    return list(visible_companies(request.user, request.edition).order_by("search_text").values_list("name", flat=True))


def _plain(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Decimals without zeros at the end, as people write them."""
    return [{name: f"{v.normalize():f}" if isinstance(v, Decimal) else v for name, v in row.items()} for row in rows]
