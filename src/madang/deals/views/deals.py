"""One's deals: the list, one of them, and how a new one begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.deals.actions.offers import clear_right, delete_draft, end_deal, start_deal
from madang.deals.actions.refusals import DealRefused
from madang.deals.forms_deal import ClearForm, EndForm, NewDealForm
from madang.deals.models import Deal, DealKind, DealStage, Line
from madang.deals.pages import DealerRequest, dealer_page
from madang.deals.queries import deals as queries
from madang.deals.queries.checks import check_document, seen_by
from madang.deals.queries.findings import told
from madang.deals.rules import may_answer, may_negotiate, may_sign, visible_deals, visible_statements
from madang.meetings.models import MeetingRequest
from madang.meetings.rules import visible_requests

PAGE = 30
SHOWN = ["mine", "open", "signed", "ended"]


@require_safe
@dealer_page
def deals(request: DealerRequest) -> HttpResponse:
    """My deals: whose turn it is first; a filter; what stands at which stage."""
    every = queries.deal_standings(request.user, request.edition, request.participant)
    show = request.GET.get("show", "")
    rows = [one for one in every if show not in SHOWN or show in queries.filters_of(one)]
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "show": show if show in SHOWN else "",
        "counts": {key: sum(key in queries.filters_of(one) for one in every) for key in SHOWN},
        "total": len(every),
        "figures": [figure for figure in queries.stage_figures(every) if figure[1]],
        "coproductions": visible_deals(request.user, request.edition).filter(kind=DealKind.COPRODUCTION).count(),
    }
    return render(request, "deals/deals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@dealer_page
def new(request: DealerRequest) -> HttpResponse:
    """Begin a deal with another company; `?title=`, `?company=`, `?request=` fill the form in."""
    form = NewDealForm(
        request.POST if request.method == "POST" else None, me=request.participant, asked=request.GET, met=_meeting(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            met, parties = _meeting(request), form.parties()
            deal = start_deal(request.user, request.edition, **parties, request=met if _between(met, parties) else None)
            return redirect("deals:write", request.edition.slug, deal.code)
        except DealRefused as refused:
            form.add_error(None, str(refused.text))
    return render(request, "deals/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
@dealer_page
def deal(request: DealerRequest, code: str) -> HttpResponse:
    """The story of one deal and what can be done now."""
    return deal_response(request, found_deal(request, code))


def deal_response(request: DealerRequest, found: Deal, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a deal, also with a form that was refused."""
    mine = request.company.pk
    found.sent = list(queries.sent_documents(found))  # type: ignore[attr-defined]  # as the list of deals fetches it
    now = queries.standing_of_deal(found, mine)
    checked = now.open or queries.settled_document(found)
    findings = check_document(checked) if checked and found.stage != DealStage.LICENCE else []
    findings = seen_by(request.company, found.licensor, findings)
    context = {
        "deal": found,
        "now": now,
        "story": queries.story_of(found, mine),
        "kind": queries.next_kind(found, mine),
        "draft": queries.draft_of(found, mine),
        "findings": told(findings, request.company),
        "to_clear": _to_clear(request, found, findings),
        "clear_form": ClearForm(),
        "may_answer": now.open is not None and may_answer(request.user, now.open),
        "may_sign": now.open is not None and may_sign(request.user, now.open),
        "to_sign": now.open is not None and now.open.kind in queries.SIGNED_KINDS,
        "may_negotiate": may_negotiate(request.user, found),
        "is_licensor": found.licensor_id == mine,
        "may_see_meeting": _sees_meeting(request, found),
        "end_form": EndForm(),
    } | more
    return render(request, "deals/deal.html", context, status=status)


@require_POST
@dealer_page
def end(request: DealerRequest, code: str) -> HttpResponse:
    """Leave the negotiation."""
    found, form = found_deal(request, code), EndForm(request.POST)
    if not form.is_valid():
        return deal_response(request, found, 422, end_form=form)
    try:
        end_deal(request.user, found, form.cleaned_data["reason"])
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    return redirect("deals:deal", request.edition.slug, found.code)


@require_POST
@dealer_page
def drop_draft(request: DealerRequest, code: str) -> HttpResponse:
    """Throw away what one has begun to write."""
    found = found_deal(request, code)
    try:
        delete_draft(request.user, found)
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    if not visible_deals(request.user, request.edition).filter(pk=found.pk).exists():
        return redirect("deals:deals", request.edition.slug)
    return redirect("deals:deal", request.edition.slug, code)


@require_POST
@dealer_page
def clear(request: DealerRequest, code: str, line: int) -> HttpResponse:
    """Note what whoever had to be asked first has answered."""
    found, form = found_deal(request, code), ClearForm(request.POST)
    if line > 2**62:
        raise Http404
    statements = visible_statements(request.user, request.edition).order_by().values("pk")
    row = get_object_or_404(Line.objects.filter(document__in=statements).select_related("document"), pk=line)
    if not form.is_valid():
        return deal_response(request, found, 422, clear_form=form)
    try:
        clear_right(request.user, found, row, form.cleaned_data["answer"])
        messages.success(request, _("Noted: this right no longer stands in the way."))
    except DealRefused as refused:
        messages.error(request, str(refused.text))
    return redirect("deals:deal", request.edition.slug, found.code)


def found_deal(request: DealerRequest, code: str) -> Deal:
    """The licence deal with this code, if it is the reader's company's: 404 for the rest."""
    rows = visible_deals(request.user, request.edition).filter(kind=DealKind.LICENCE)
    rows = rows.select_related(
        "edition", "licensor", "licensee", "request__sender", "request__receiver", "mandate", "opened_by__company"
    )
    return get_object_or_404(rows.prefetch_related("titles"), code=code)


def _sees_meeting(request: DealerRequest, found: Deal) -> bool:
    if found.request is None:
        return False
    return visible_requests(request.user, request.edition).filter(pk=found.request.pk).exists()


def _to_clear(request: DealerRequest, found: Deal, findings: list[Any]) -> list[tuple[int, str]]:
    """Lines that the licensor has to have cleared: id and words."""
    if found.licensor_id != request.company.pk:
        return []
    rows = [one for one in told(findings, request.company) if one.finding.code == "clear_first" and one.finding.line]
    return [(int(one.finding.line.id), one.text) for one in rows if one.finding.line and isinstance(one.finding.line.id, int)]


def _meeting(request: DealerRequest) -> MeetingRequest | None:
    code = request.POST.get("request") or request.GET.get("request")
    return visible_requests(request.user, request.edition).filter(code=code).first() if code else None


def _between(request: MeetingRequest | None, parties: dict[str, Any]) -> bool:
    """Whether a meeting was one of these two companies."""
    if request is None:
        return False
    return {request.sender.company, request.receiver.company} == {parties["licensor"], parties["licensee"]}
