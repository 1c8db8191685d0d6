"""Pages of people."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.kit.facets import narrowed, search
from madang.kit.search import matching
from madang.markets.models import Stage
from madang.people import queries
from madang.people.models import ROLES
from madang.people.pages import BusinessRequest, business_page
from madang.people.rules import blocks_company, is_professional, visible_participants

PAGE = 48
"""Whole rows of cards."""


@require_safe
@business_page
def participants(request: BusinessRequest) -> HttpResponse:
    """The people whom one may do business with (all, for organisers), searched and filtered."""
    everyone = visible_participants(request.user, request.edition)
    role = request.GET.get("role", "")
    role = role if role in ROLES else ""
    in_role = everyone.filter(**{f"is_{role}": True}) if role else everyone
    found = search(in_role, request.GET, queries.PERSON_FILTERS, queries.PERSON_COLUMNS)
    counts = queries.role_counts(
        narrowed(matching(everyone, found.query, queries.PERSON_COLUMNS), queries.PERSON_FILTERS, found.chosen)
    )
    page = Paginator(found.rows.order_by("search_text", "code"), PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "rows": [(person, queries.roles_of(person)) for person in page],
        "selects": [found.facets["country"]],
        "kept": [("role", role)],
        "role": role,
        "roles": [(key, words, counts[key]) for key, words in queries.ROLE_GROUPS.items() if counts[key] or key == role],
        "total": counts["everyone"],
        "is_narrowed": found.is_narrowed or bool(role),
    }
    return render(request, "people/participants.html", context)


@require_safe
@business_page
def participant(request: BusinessRequest, code: str) -> HttpResponse:
    """One person."""
    person = get_object_or_404(visible_participants(request.user, request.edition), code=code)
    me = request.participant
    is_me = me is not None and me.pk == person.pk
    is_blocked = blocks_company(me, person.company_id)
    context = {
        "person": person,
        "roles": queries.roles_of(person),
        "may_be_asked": not is_blocked and queries.may_be_asked(me, person),
        "is_me": is_me,
        "is_professional": is_professional(me),
        "may_leave": request.organises or (is_me and request.edition.stage != Stage.AFTER),
        "may_block": me is not None and person.company_id not in (None, me.company_id) and not is_blocked,
    }
    return render(request, "people/participant.html", context)
