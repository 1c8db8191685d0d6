"""A juror's pages: her juries, what she has to read, one entry at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import scoring
from madang.selection.actions.refusals import Refused
from madang.selection.forms_jury import RecuseForm, RemarkForm, ScoreForm
from madang.selection.models import Call, Reading, ReadingState
from madang.selection.queries.blind import jury_view
from madang.selection.queries.jury import comments_on, given_scores, next_reading, share_of, to_read
from madang.selection.rules import visible_materials
from madang.selection.rules.jury import (
    chaired,
    is_scoring_open,
    juror_of,
    may_see_makers,
    own_juries,
    own_readings,
    visible_remarks,
)

PAGE = 50


@require_safe
@signed_in_page
def juries(request: SignedInRequest) -> HttpResponse:
    """The juries one sits in; one alone is shown at once."""
    seats = list(own_juries(request.user, request.edition))
    if not seats:
        raise Http404
    if len(seats) == 1:
        return redirect("selection:jury", request.edition.slug, seats[0].call.code)
    return render(request, "selection/juries.html", {"seats": seats})


def jury_call(request: SignedInRequest, code: str) -> Call:
    """The call in whose jury the user sits; 404 for everybody else."""
    call = get_object_or_404(Call.objects.select_related("edition"), edition=request.edition, code=code)
    if juror_of(request.user, call) is None:
        raise Http404
    return call


@require_safe
@signed_in_page
def jury(request: SignedInRequest, call: str) -> HttpResponse:
    """What a juror has to read: what she has begun first, what is done last."""
    found = jury_call(request, call)
    readings = to_read(request.user, found)
    share = share_of(own_readings(request.user, found))
    first = readings.filter(state__in=[ReadingState.ASSIGNED, ReadingState.BEGUN]).first()
    context = {
        "call": found,
        "share": share,
        "first": first,
        "page": Paginator(readings, PAGE).get_page(request.GET.get("page")),
        "is_open": is_scoring_open(found),
        "is_chair": chaired(request.user, found) is not None,
    }
    return render(request, "selection/jury.html", context)


def own_reading(request: SignedInRequest, call: Call, code: str) -> Reading:
    rows = own_readings(request.user, call).select_related("entry__call__edition", "juror__call__edition")
    return get_object_or_404(rows, entry__code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def reading(request: SignedInRequest, call: str, code: str) -> HttpResponse:
    """One entry: what it is, the scores on both axes, and after them the discussion."""
    row = own_reading(request, jury_call(request, call), code)
    form = _score_form(request, row)
    if request.method != "POST":
        return render(request, "selection/reading.html", _context(request, row, form))
    if not form.is_valid():
        return render(request, "selection/reading.html", _context(request, row, form), status=422)
    return _save(request, row, form)


def _score_form(request: SignedInRequest, row: Reading) -> ScoreForm:
    data = request.POST if request.method == "POST" else None
    criteria = list(row.juror.call.criteria.all())
    return ScoreForm(data, criteria=criteria, given=given_scores(row), comment=row.comment)


def _save(request: SignedInRequest, row: Reading, form: ScoreForm) -> HttpResponse:
    """Saved by itself (htmx gets the word alone), by the button, or finished."""
    is_final = request.POST.get("act") == "done" and not request.htmx
    try:
        scoring.save_scores(request.user, row, form.values(), form.cleaned_data["comment"])
        if is_final:
            scoring.finish_reading(request.user, row)
    except Refused as refused:
        if request.htmx:
            return render(request, "selection/reading.html#saved", {"fault": str(refused)})
        form.add_error(None, str(refused))
        return render(request, "selection/reading.html", _context(request, row, form), status=422)
    if request.htmx:
        missing = sum(1 for value in form.values().values() if value is None)
        return render(request, "selection/reading.html#saved", {"saved": True, "missing": missing})
    messages.success(request, _("Scored. The discussion is open to you now.") if is_final else _("Saved."))
    return redirect("selection:reading", request.edition.slug, row.juror.call.code, row.entry.code)


def _context(request: SignedInRequest, row: Reading, form: ScoreForm) -> dict[str, Any]:
    call, is_done = row.juror.call, row.state == ReadingState.DONE
    materials = visible_materials(request.user, request.edition).filter(entry=row.entry)
    context = {
        "call": call,
        "reading": row,
        "entry": row.entry,
        "form": form,
        "materials": list(materials),
        **jury_view(row.entry, shows_makers=may_see_makers(request.user, call)),
        "may_write": not is_done and is_scoring_open(call),
        "next": next_reading(request.user, call, row.entry),
        "share": share_of(own_readings(request.user, call)),
        "recuse_form": RecuseForm(),
    }
    return context | (_discussion(request, row) if is_done else {})


def _discussion(request: SignedInRequest, row: Reading) -> dict[str, Any]:
    """Open once one's own scores are final: remarks, and the comments of others who are done."""
    return {
        "remarks": list(visible_remarks(request.user, row.entry)),
        "comments": list(comments_on(row.entry).exclude(pk=row.pk)),
        "remark_form": RemarkForm(),
    }


@require_POST
@signed_in_page
def recuse(request: SignedInRequest, call: str, code: str) -> HttpResponse:
    """Give an entry back, with the reason."""
    row = own_reading(request, jury_call(request, call), code)
    form = RecuseForm(request.POST)
    if form.is_valid():
        try:
            scoring.recuse(request.user, row, form.cleaned_data["reason"], is_conflict=form.cleaned_data["is_conflict"])
        except Refused as refused:
            form.add_error(None, str(refused))
    if not form.is_valid():
        shown = _score_form_of(row)
        return render(request, "selection/reading.html", _context(request, row, shown) | {"recuse_form": form}, status=422)
    messages.success(request, _("You gave the entry back. The organiser has your reason."))
    return redirect("selection:jury", request.edition.slug, row.juror.call.code)


def _score_form_of(row: Reading) -> ScoreForm:
    return ScoreForm(None, criteria=row.juror.call.criteria.all(), given=given_scores(row), comment=row.comment)


@require_POST
@signed_in_page
def remark(request: SignedInRequest, call: str, code: str) -> HttpResponse:
    """Say something in the discussion."""
    row = own_reading(request, jury_call(request, call), code)
    if row.state != ReadingState.DONE:
        raise Http404
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _context(request, row, _score_form_of(row)) | {"remark_form": form}
        return render(request, "selection/reading.html", context, status=422)
    scoring.add_remark(request.user, row.entry, form.cleaned_data["text"])
    return redirect("selection:reading", request.edition.slug, row.juror.call.code, row.entry.code)
