"""Pages of mandates: all that one sees, one of them, and the writing of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.catalogue.concepts import as_sent
from madang.kit.facets import search
from madang.mandates.actions import MOST, TooManyMandates, change_mandate, delete_mandate, write_mandate
from madang.mandates.facts import FIELDS, rows_of
from madang.mandates.forms import MandateForm
from madang.mandates.models import Mandate, Visibility
from madang.mandates.queries import MANDATE_COLUMNS, MANDATE_FILTERS
from madang.mandates.reading import read_wish
from madang.mandates.rules import (
    changeable_mandates,
    may_change_mandate,
    may_write_mandates,
    versioned_mandates,
    visible_mandates,
)
from madang.mandates.versions import told_versions
from madang.people.pages import BusinessRequest, business_page
from madang.people.queries import may_be_asked

PAGE = 50


@require_safe
@business_page
def mandates(request: BusinessRequest) -> HttpResponse:
    """What buyers look for, as far as the reader may see it; `mine` narrows to one's own."""
    seen = visible_mandates(request.user, request.edition)
    is_mine = request.GET.get("mine") == "1" and request.participant is not None
    found = search(seen.filter(buyer=request.participant) if is_mine else seen, request.GET, MANDATE_FILTERS, MANDATE_COLUMNS)
    me = request.participant
    context = {
        "found": found,
        "page": Paginator(found.rows.order_by("code"), PAGE).get_page(request.GET.get("page")),
        "selects": [found.facets["genre"], found.facets["country"]],
        "kept": [("format", found.chosen.get("format", "")), ("mine", "1" if is_mine else "")],
        "is_mine": is_mine,
        "mine": Mandate.objects.filter(buyer=me).count() if me and me.is_buyer else 0,
        "may_write": may_write_mandates(request.user, request.edition),
    }
    return render(request, "mandates/mandates.html", context)


@require_safe
@business_page
def mandate(request: BusinessRequest, code: str) -> HttpResponse:
    """One mandate."""
    shown = get_object_or_404(visible_mandates(request.user, request.edition), code=code)
    context = {
        "mandate": shown,
        "may_change": may_change_mandate(request.user, shown),
        "may_be_asked": may_be_asked(request.participant, shown.buyer),
        "facts": rows_of(shown),
        "is_hidden": shown.visibility == Visibility.HIDDEN,
        "may_read_versions": versioned_mandates(request.user, request.edition).filter(pk=shown.pk).exists(),
    }
    return render(request, "mandates/mandate.html", context)


@business_page
def new(request: BusinessRequest) -> HttpResponse:
    """A buyer writes a mandate. With `read` the concepts of her words are offered as ticks, and nothing is saved."""
    if not may_write_mandates(request.user, request.edition):
        raise Http404
    if "read" in request.POST:
        return _read(request, {})
    form = MandateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = write_mandate(request.user, request.edition, **form.cleaned_data)
        except TooManyMandates:
            form.add_error(None, _("You have %(most)s mandates already. Delete or change one of them first.") % {"most": MOST})
        else:
            messages.success(request, _("Your mandate is written."))
            return redirect("mandates:mandate", request.edition.slug, made.code)
    return render(request, "mandates/edit.html", {"form": form}, status=422 if form.errors else 200)


@business_page
def edit(request: BusinessRequest, code: str) -> HttpResponse:
    """A buyer changes her mandate; `read` as for a new one."""
    mine = get_object_or_404(changeable_mandates(request.user, request.edition), code=code)
    if "read" in request.POST:
        return _read(request, {"mandate": mine})
    initial = {name: getattr(mine, name) for name in FIELDS}
    form = MandateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_mandate(request.user, mine, **form.cleaned_data)
        messages.success(request, _("Your mandate is changed."))
        return redirect("mandates:mandate", request.edition.slug, mine.code)
    return render(request, "mandates/edit.html", {"form": form, "mandate": mine}, status=422 if form.errors else 200)


def _read(request: BusinessRequest, context: dict[str, Any]) -> HttpResponse:
    """The form as it was typed, with what its words name; for htmx the ticks alone."""
    form = MandateForm(initial=as_sent(request.POST, MandateForm), offers=read_wish(request.POST.get("text", "")))
    template = "catalogue/offers.html" if request.htmx else "mandates/edit.html"
    return render(request, template, {"form": form, "is_read": True, **context})


@require_safe
@business_page
def versions(request: BusinessRequest, code: str) -> HttpResponse:
    """Every state that a mandate had and what changed, for its buyer and the organiser."""
    shown = get_object_or_404(versioned_mandates(request.user, request.edition), code=code)
    return render(request, "mandates/versions.html", {"mandate": shown, "told": told_versions(shown)})


@require_POST
@business_page
def delete(request: BusinessRequest, code: str) -> HttpResponse:
    """A buyer deletes her mandate; a second click finds it gone, which is what was wanted."""
    mine = changeable_mandates(request.user, request.edition).filter(code=code).first()
    if mine is None and visible_mandates(request.user, request.edition).filter(code=code).exists():
        raise Http404
    if mine is not None:
        delete_mandate(request.user, mine)
        messages.success(request, _("Your mandate is deleted."))
    return redirect("mandates:mandates", request.edition.slug)
