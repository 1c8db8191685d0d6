"""Pages of search: what is found, and the searches that people keep."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.pages import EditionRequest, edition_page
from madang.people.pages import ParticipantRequest, participant_page
from madang.search.actions.saving import MOST, change_search, delete_search, save_search
from madang.search.forms import SearchForm
from madang.search.models import Alert
from madang.search.queries.asking import LONGEST, OPEN_KINDS, asked_by, in_words, kinds_for
from madang.search.queries.results import results
from madang.search.rules import may_keep_searches, visible_searches


@require_safe
@edition_page
def search(request: EditionRequest) -> HttpResponse:
    """What the reader finds of what she may see; everybody may search, visitors the public programme and the showcase."""
    found = results(request.user, request.edition, request.GET)
    may_keep = may_keep_searches(request.user, request.edition)
    context = {
        "found": found,
        "typed": found.instead_of or found.asked.words,
        "searches_business": len(kinds_for(request.user, request.edition)) > len(OPEN_KINDS),
        "may_keep": may_keep,
        "keep_form": SearchForm(initial={"name": found.asked.words[:80], "alert": Alert.DAILY}) if may_keep else None,
    }
    return render(request, "search/search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def saved(request: ParticipantRequest) -> HttpResponse:
    """One's own searches; POST keeps one."""
    asked = asked_by(request.POST.get("query", "")[: 10 * LONGEST])
    form = SearchForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            save_search(request.user, request.participant, asked, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("This search is kept."))
            return redirect("search:saved", request.edition.slug)
    searches = visible_searches(request.user, request.edition)
    context = {
        "rows": [(row, kept.words, in_words(kept)) for row in searches if (kept := asked_by(row.query))],
        "form": form,
        "asked": asked,
        "facts": in_words(asked),
        "most": MOST,
    }
    return render(request, "search/saved.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_page
def change(request: ParticipantRequest, key: str) -> HttpResponse:
    """The name and the alert of one of one's own searches."""
    row = get_object_or_404(visible_searches(request.user, request.edition), key=key)
    form = SearchForm(request.POST if request.method == "POST" else None, initial={"name": row.name, "alert": row.alert})
    if request.method == "POST" and form.is_valid():
        change_search(request.user, row, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("search:saved", request.edition.slug)
    asked = asked_by(row.query)
    context = {"search": row, "form": form, "asked": asked, "facts": in_words(asked)}
    return render(request, "search/change.html", context, status=422 if form.errors else 200)


@require_POST
@participant_page
def delete(request: ParticipantRequest, key: str) -> HttpResponse:
    """Forget one of one's own searches."""
    row = get_object_or_404(visible_searches(request.user, request.edition), key=key)
    delete_search(request.user, row)
    messages.success(request, _("This search is deleted."))
    return redirect("search:saved", request.edition.slug)
