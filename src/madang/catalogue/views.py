"""Pages of the catalogue."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.catalogue import queries
from madang.catalogue.actions import save_identity
from madang.catalogue.forms import IdentityForm
from madang.catalogue.models import IdentityStatement
from madang.catalogue.rules import may_edit_identity, visible_titles, visible_works
from madang.kit.facets import search
from madang.kit.languages import localised
from madang.markets.pages import EditionRequest, edition_page
from madang.markets.rules import may_organise
from madang.people.pages import SignedInRequest, signed_in_page
from madang.people.queries import may_be_asked, roles_of
from madang.people.rules import is_professional, participant_of, visible_companies, visible_participants

PAGE = 48
"""Whole rows of cards, whether two, three or four stand side by side."""


@require_safe
@edition_page
def titles(request: EditionRequest) -> HttpResponse:
    """The titles that the reader may see, searched and filtered."""
    everything = visible_works(request.user, request.edition)
    is_business = may_organise(request.user, request.edition) or is_professional(participant_of(request.user, request.edition))
    company = visible_companies(request.user, request.edition).filter(code=request.GET.get("company", "")[:40]).first()
    if company:
        everything = everything.filter(company=company)
    found = search(everything, request.GET, queries.TITLE_FILTERS, queries.TITLE_COLUMNS)
    sort = request.GET.get("sort", "")
    sort = sort if sort in queries.SORTS else "showcase"
    rows = queries.ordered(found.rows, sort)
    context = {
        "found": found,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "company": company,
        "selects": [found.facets[key] for key in ("genre", "country")],
        "chips": [found.facets[key] for key in (["showcase", "format", "progress"] if is_business else ["format"])],
        "sorts": list(queries.SORTS.items()),
        "sort": sort,
        "kept": [(key, request.GET.get(key, "")) for key in ("format", "progress", "showcase", "company")],
        "is_business": is_business,
    }
    return render(request, "catalogue/titles.html", context)


@require_safe
@edition_page
def title(request: EditionRequest, code: str) -> HttpResponse:
    """One title: what is known of it, and whom to ask."""
    shown = get_object_or_404(visible_titles(request.user, request.edition), code=code)
    me = participant_of(request.user, request.edition)
    sellers = []
    company = visible_companies(request.user, request.edition).filter(titles=shown).first()
    if company:
        people = visible_participants(request.user, request.edition).filter(company=company)[:20]
        sellers = [(person, roles_of(person), may_be_asked(me, person)) for person in people if is_professional(person)]
    context = {
        "title": shown,
        "other_names": queries.other_names(shown),
        "facts": queries.facts_of(shown),
        "synopsis": localised(shown, "synopsis"),
        "company": company,
        "sellers": sellers,
        "identity": queries.identity_of(IdentityStatement.objects.filter(title=shown).first()),
        "may_edit_identity": may_edit_identity(request.user, shown),
        "parts": visible_titles(request.user, request.edition).filter(part_of=shown).order_by("number", "code"),
    }
    return render(request, "catalogue/title.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def identity(request: SignedInRequest, code: str) -> HttpResponse:
    """The identity statement, as its makers write it."""
    shown = get_object_or_404(visible_titles(request.user, request.edition), code=code)
    if not may_edit_identity(request.user, shown):
        raise Http404
    row = IdentityStatement.objects.filter(title=shown).first()
    form = IdentityForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        save_identity(request.user, shown, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("catalogue:title", request.edition.slug, shown.code)
    return render(request, "catalogue/edit_identity.html", {"title": shown, "form": form}, status=422 if form.errors else 200)
