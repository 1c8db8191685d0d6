"""The list of items, and the page of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.pages import organiser_page
from madang.programme.models import EventKind
from madang.programming.actions.items import delete_item, save_item
from madang.programming.actions.refusals import Refused
from madang.programming.forms import ItemForm
from madang.programming.models import Item
from madang.programming.rules import visible_items
from madang.programming.views.grid import OrganiserRequest

PAGE = 50


@require_safe
@organiser_page
def items(request: OrganiserRequest) -> HttpResponse:
    """Every item; by kind, by word, or those without a place."""
    found = visible_items(request.user, request.edition).select_related("title", "hall", "event").order_by("starts_at", "code")
    text, kind = request.GET.get("q", "")[:100].strip(), request.GET.get("kind", "")
    if text:
        names = Q(name__icontains=text) | Q(name_ko__icontains=text) | Q(code__icontains=text)
        found = found.filter(names | Q(title__name__icontains=text) | Q(title__name_ko__icontains=text))
    if kind in EventKind.values:
        found = found.filter(kind=kind)
    if request.GET.get("placed") == "no":
        found = found.filter(hall=None)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"tab": "items", "page": page, "q": text, "kind": kind, "kinds": EventKind.choices}
    return render(request, "programming/items.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_item(request: OrganiserRequest) -> HttpResponse:
    """Write a new item; it has no place yet."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def item(request: OrganiserRequest, code: str) -> HttpResponse:
    """Change an item."""
    found = get_object_or_404(visible_items(request.user, request.edition).select_related("hall", "event", "edition"), code=code)
    return _edit(request, found)


def _edit(request: OrganiserRequest, found: Item | None) -> HttpResponse:
    with timezone.override(request.edition.zone):  # the form's times are on the venue's clocks
        instance = found or Item(edition=request.edition)
        form = ItemForm(request.POST if request.method == "POST" else None, instance=instance, edition=request.edition)
        if request.method == "POST" and form.is_valid():
            facts, halls = form.facts(), form.cleaned_data["halls"]
            try:
                row = save_item(request.user, request.edition, facts, guests=form.guests, halls=halls, item=found)
            except Refused as refused:
                form.add_error("code", str(refused))
            else:
                messages.success(request, _("“%(item)s” is saved.") % {"item": row})
                return redirect("programming:items", request.edition.slug)
        status = 422 if form.errors else 200
        return render(request, "programming/item.html", {"tab": "items", "form": form, "found": found}, status=status)


@require_POST
@organiser_page
def remove_item(request: OrganiserRequest, code: str) -> HttpResponse:
    """Delete an item that was never published."""
    found = get_object_or_404(visible_items(request.user, request.edition).select_related("edition"), code=code)
    try:
        delete_item(request.user, found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("programming:item", request.edition.slug, code)
    messages.success(request, _("“%(item)s” is deleted.") % {"item": found})
    return redirect("programming:items", request.edition.slug)
