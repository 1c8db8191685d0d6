"""Who may sign: for organisers all companies, for a signatory her own."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.deals.actions.signatories import name_signatory, unname_signatory
from madang.deals.queries.signatories import colleagues_of, company_rows
from madang.deals.rules import dealer_of, is_signatory, may_name_signatory
from madang.markets.pages import organiser_page
from madang.people.models import Participant
from madang.people.pages import BusinessRequest, SignedInRequest, business_page, signed_in_page

PAGE = 50


@require_safe
@business_page
def signatories(request: BusinessRequest) -> HttpResponse:
    """Who may sign for one's own company; a signatory names and unnames colleagues."""
    me = dealer_of(request.user, request.edition)
    if me is None:
        raise Http404
    context = {"company": me.company, "people": colleagues_of(me), "may_name": is_signatory(me)}
    return render(request, "deals/signatories.html", context)


@require_safe
@organiser_page
def desk(request: SignedInRequest) -> HttpResponse:
    """All companies with whoever may sign for them; those without first, or those that fit a search."""
    words, gap = request.GET.get("q", "")[:100], request.GET.get("gap") == "1"
    rows = company_rows(request.edition, words, only_without=gap)
    context = {"page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "words": words, "gap": gap}
    return render(request, "deals/desk_signatories.html", context)


@require_POST
@signed_in_page
def name(request: SignedInRequest, person: str) -> HttpResponse:
    """Name a signatory, or take it back."""
    people = Participant.objects.filter(edition=request.edition).select_related("company", "edition")
    participant = get_object_or_404(people, code=person)
    if not may_name_signatory(request.user, participant):
        raise Http404
    if request.POST.get("act") == "unname":
        unname_signatory(request.user, participant)
        messages.success(request, _("%(name)s signs no more.") % {"name": participant.name})
    else:
        name_signatory(request.user, participant)
        messages.success(request, _("%(name)s may sign now, and has been told.") % {"name": participant.name})
    if request.POST.get("from") == "desk":
        return redirect("deals:desk_signatories", request.edition.slug)
    return redirect("deals:signatories", request.edition.slug)
