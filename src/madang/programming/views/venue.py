"""Conflicts with their levels; halls with their hours; ways between them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madang.markets.models import Hall
from madang.markets.pages import organiser_page
from madang.programming.actions.venue import choose_levels, save_hall, save_travel
from madang.programming.forms import HallForm, LevelsForm, TravelForm
from madang.programming.levels import levels_of
from madang.programming.models import Travel
from madang.programming.queries.conflicts import overlap_of, summary_words, troubles_of
from madang.programming.queries.problem import desk_of, programme_halls
from madang.programming.views.grid import OrganiserRequest, language


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def conflicts(request: OrganiserRequest) -> HttpResponse:
    """Everything that is wrong, and how bad each kind of conflict is."""
    edition = request.edition
    form = LevelsForm(request.POST if request.method == "POST" else None, levels=levels_of(edition))
    if request.method == "POST" and form.is_valid():
        choose_levels(request.user, edition, form.cleaned_data)
        messages.success(request, _("The levels are saved."))
        return redirect("programming:conflicts", edition.slug)
    desk = desk_of(edition)
    troubles = troubles_of(desk, language())
    context = {
        "tab": "conflicts",
        "form": form,
        "troubles": troubles,
        "summary": summary_words(troubles),
        "overlap": overlap_of(desk),
    }
    return render(request, "programming/conflicts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def halls(request: OrganiserRequest) -> HttpResponse:
    """The edition's halls, and how long it takes from one to the other."""
    edition = request.edition
    rows = list(edition.halls.order_by("code").prefetch_related("openings"))
    in_use = set(programme_halls(edition).values_list("pk", flat=True))
    ways = {(row.one_id, row.other_id): row.minutes for row in Travel.objects.filter(one__edition=edition)}
    used = [hall for hall in rows if hall.pk in in_use]
    form = TravelForm(request.POST if request.method == "POST" else None, halls=used, minutes=ways)
    if request.method == "POST" and form.is_valid():
        save_travel(request.user, edition, form.minutes())
        messages.success(request, _("The ways between the halls are saved."))
        return redirect("programming:halls", edition.slug)
    context = {"tab": "halls", "rows": [(hall, hall.pk in in_use) for hall in rows], "form": form}
    return render(request, "programming/halls.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def hall(request: OrganiserRequest, code: str) -> HttpResponse:
    """Seats, changeover, equipment and opening hours of one hall."""
    found = get_object_or_404(Hall.objects.select_related("edition"), edition=request.edition, code=code)
    form = HallForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("capacity", "changeover", "equipment")}
        save_hall(request.user, found, facts, form.hours())
        messages.success(request, _("“%(hall)s” is saved.") % {"hall": found})
        return redirect("programming:halls", request.edition.slug)
    context = {"tab": "halls", "found": found, "form": form}
    return render(request, "programming/hall.html", context, status=422 if form.errors else 200)
