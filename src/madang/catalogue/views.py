"""Pages of the catalogue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.catalogue import queries
from madang.catalogue.actions import save_identity, save_profile
from madang.catalogue.concepts import as_sent, concepts_in
from madang.catalogue.forms import IdentityForm, ProfileForm
from madang.catalogue.models import Identity, IdentityStatement, Profile, Title
from madang.catalogue.rules import may_edit_identity, visible_titles, visible_works
from madang.kit.editing import Overtaken, as_posted, differing, mark_of, seen_in, values_of
from madang.kit.facets import search
from madang.kit.languages import localised
from madang.markets.pages import EditionRequest, edition_page
from madang.markets.rules import may_organise
from madang.people.pages import SignedInRequest, signed_in_page
from madang.people.queries import may_be_asked, roles_of
from madang.people.rules import is_professional, participant_of, visible_companies, visible_participants

SAID = ("synopsis", "synopsis_ko", "synopsis_fr")
"""Texts of a title from which concepts are offered, beside its identity statement."""
PROFILE_FIELDS = [name for name in ProfileForm.base_fields if name != "offered"]
PAGE = 48
"""Whole rows of cards, whether two, three or four stand side by side."""


def is_business(request: EditionRequest) -> bool:
    """Whether the reader organises, buys, sells or creates."""
    return may_organise(request.user, request.edition) or is_professional(participant_of(request.user, request.edition))


@require_safe
@edition_page
def titles(request: EditionRequest) -> HttpResponse:
    """The titles that the reader may see, searched and filtered."""
    everything = visible_works(request.user, request.edition)
    for_business = is_business(request)
    company = visible_companies(request.user, request.edition).filter(code=request.GET.get("company", "")[:40]).first()
    if company:
        everything = everything.filter(company=company)
    filters = queries.TITLE_FILTERS if for_business else queries.PUBLIC_FILTERS
    found = search(everything, request.GET, filters, queries.TITLE_COLUMNS)
    sort = request.GET.get("sort", "")
    sort = sort if sort in queries.SORTS else "showcase"
    rows = queries.ordered(found.rows, sort)
    context = {
        "found": found,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "company": company,
        "selects": [found.facets[key] for key in (["genre", "country", "seeks"] if for_business else ["genre", "country"])],
        "chips": [found.facets[key] for key in (["showcase", "format", "progress", "first"] if for_business else ["format"])],
        "sorts": list(queries.SORTS.items()),
        "sort": sort,
        "kept": [(key, request.GET.get(key, "")) for key in ("format", "progress", "showcase", "first", "company")],
        "is_business": for_business,
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
        "profile": queries.profile_of(Profile.objects.filter(title=shown).first(), is_business=is_business(request)),
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
    context = {"title": shown, "form": form, "seen": seen_in(request.POST, mark_of(row, IdentityForm.base_fields))}
    if request.method == "POST" and form.is_valid():
        try:
            save_identity(request.user, shown, form.cleaned_data, seen=seen_in(request.POST))
        except Overtaken as overtaken:
            row = IdentityStatement.objects.get(title=shown)
            theirs = IdentityForm(values_of(IdentityForm(instance=row)))
            return render(request, "catalogue/edit_identity.html", context | _overtaken(overtaken, theirs, form), status=422)
        messages.success(request, _("Saved."))
        return redirect("catalogue:title", request.edition.slug, shown.code)
    return render(request, "catalogue/edit_identity.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def profile(request: SignedInRequest, code: str) -> HttpResponse:
    """A title's side of a match. With `read` the concepts that its texts name are offered as ticks, and nothing is saved."""
    shown = get_object_or_404(visible_titles(request.user, request.edition), code=code)
    if not may_edit_identity(request.user, shown):
        raise Http404
    if request.method == "POST" and "read" in request.POST:
        form = ProfileForm(initial=as_sent(request.POST, ProfileForm), offers=_offers(shown))
        if request.htmx:
            return render(request, "catalogue/offers.html", {"form": form, "is_read": True})
        context = {"title": shown, "form": form, "is_read": True, "seen": seen_in(request.POST, "")}
        return render(request, "catalogue/edit_profile.html", context)
    row = Profile.objects.filter(title=shown).first()
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=_profile_facts(row))
    context = {"title": shown, "form": form, "seen": seen_in(request.POST, mark_of(row, PROFILE_FIELDS))}
    if request.method == "POST" and form.is_valid():
        try:
            save_profile(request.user, shown, form.cleaned_data, seen=seen_in(request.POST))
        except Overtaken as overtaken:
            now = _profile_facts(Profile.objects.get(title=shown))
            theirs, mine = (ProfileForm(as_posted(ProfileForm(initial=facts))) for facts in (now, form.cleaned_data))
            return render(request, "catalogue/edit_profile.html", context | _overtaken(overtaken, theirs, mine), status=422)
        messages.success(request, _("Saved."))
        return redirect("catalogue:title", request.edition.slug, shown.code)
    return render(request, "catalogue/edit_profile.html", context, status=422 if form.errors else 200)


def _profile_facts(row: Profile | None) -> dict[str, Any] | None:
    return {name: getattr(row, name) for name in PROFILE_FIELDS} if row else None


def _overtaken(overtaken: Overtaken, theirs: BaseForm, mine: BaseForm) -> dict[str, Any]:
    """What `parts/overtaken.html` shows."""
    return {"overtaken": overtaken, "overtaken_rows": differing(theirs, mine)}


def _offers(title: Title) -> list[str]:
    """ "field:concept" of what a title's texts name."""
    statement = IdentityStatement.objects.filter(title=title).first()
    answers = [getattr(statement, field.name) for field in Identity._meta.get_fields()] if statement else []
    text = "\n".join(part for part in [*(getattr(title, name) for name in SAID), *answers] if part)
    return [f"{name}:{concept}" for name, known in ProfileForm.TAKES.items() for concept in concepts_in(text, known)]
