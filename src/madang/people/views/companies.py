"""Pages of companies."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.kit.facets import search
from madang.people import queries
from madang.people.pages import BusinessRequest, business_page
from madang.people.rules import blocks_company, is_professional, visible_companies, visible_participants

PAGE = 50


@require_safe
@business_page
def companies(request: BusinessRequest) -> HttpResponse:
    """All companies of the edition, searched and filtered."""
    found = search(visible_companies(request.user, request.edition), request.GET, queries.COMPANY_FILTERS)
    page = Paginator(found.rows.order_by("search_text", "code"), PAGE).get_page(request.GET.get("page"))
    people = queries.people_counts(request.user, request.edition, page.object_list)
    rows = [(company, people.get(company.pk, 0)) for company in page]
    context = {
        "found": found,
        "page": page,
        "rows": rows,
        "selects": [found.facets["country"]],
        "kept": [("kind", found.chosen.get("kind", ""))],
    }
    return render(request, "people/companies.html", context)


@require_safe
@business_page
def company(request: BusinessRequest, code: str) -> HttpResponse:
    """One company, its people and its titles."""
    shown = get_object_or_404(visible_companies(request.user, request.edition).select_related("booth__hall"), code=code)
    people = visible_participants(request.user, request.edition).filter(company=shown)[:200]
    me = request.participant
    is_blocked = blocks_company(me, shown.pk)
    context = {
        "company": shown,
        "people": [(person, queries.roles_of(person), not is_blocked and queries.may_be_asked(me, person)) for person in people],
        "may_block": me is not None and is_professional(me) and me.company_id != shown.pk and not is_blocked,
        "is_blocked": is_blocked,
    }
    return render(request, "people/company.html", context)
