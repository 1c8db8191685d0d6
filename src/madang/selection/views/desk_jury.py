"""The organiser's jury: progress, jurors, criteria, conflicts of interest, and who reads an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.kit.search import matching
from madang.markets.pages import EditionRequest, organiser_page
from madang.selection.actions import assignment as dealing
from madang.selection.actions import jury as running
from madang.selection.actions.refusals import Refused
from madang.selection.actions.reminders import remind_jurors
from madang.selection.forms_jury import ConflictForm, CriterionForm, ReaderForm, ReasonForm, SeatForm
from madang.selection.models import Call, Conflict, Criterion, Entry, EntryState, Juror, Reading
from madang.selection.queries.blind import tell_tales
from madang.selection.queries.jury import board_figures, criteria_by_axis, entry_rows, juror_rows, jury_calls
from madang.selection.queries.readers import other_reasons, reader_rows
from madang.selection.rules.jury import visible_remarks

PAGE = 50


class OrganiserRequest(EditionRequest):
    """A request that has come through `organiser_page`."""

    user: User


def desk_call(request: EditionRequest, code: str) -> Call:
    """The call of an organiser's page."""
    return get_object_or_404(Call.objects.select_related("edition__market"), edition=request.edition, code=code)


def attempt(request: EditionRequest, act: Callable[[], object], done: str) -> bool:
    """Do something and say so, or say why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True


@require_safe
@organiser_page
def juries(request: OrganiserRequest) -> HttpResponse:
    """The calls of the edition with their juries."""
    return render(request, "selection/desk_juries.html", {"calls": jury_calls(request.edition)})


@require_safe
@organiser_page
def board(request: OrganiserRequest, call: str) -> HttpResponse:
    """How far the jury has come: by juror, and the entries with the fewest readings."""
    found = desk_call(request, call)
    words, gap = request.GET.get("q", "").replace("\x00", "")[:100], request.GET.get("gap") == "1"
    entries = matching(entry_rows(found), words)
    if gap:
        entries = entries.filter(readers__lt=found.readers)  # type: ignore[misc]  # counted by the query
    context = {
        "call": found,
        "tab": "board",
        "figures": board_figures(found),
        "jurors": juror_rows(found),
        "page": Paginator(entries, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "gap": gap,
    }
    return render(request, "selection/desk_board.html", context)


@require_POST
@organiser_page
def remind(request: OrganiserRequest, call: str) -> HttpResponse:
    """Remind those who have entries left."""
    told = remind_jurors(request.user, desk_call(request, call))
    text = ngettext("%(n)s juror is reminded.", "%(n)s jurors are reminded.", told) % {"n": told}
    messages.success(request, text if told else _("Nobody has entries left, or everybody was reminded today already."))
    return redirect("selection:desk_board", request.edition.slug, call)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def jurors(request: OrganiserRequest, call: str) -> HttpResponse:
    """Who sits in the jury; a participant with the role of a juror is seated here."""
    found = desk_call(request, call)
    form = SeatForm(request.POST if request.method == "POST" else None, call=found)
    if form.is_valid():
        person = form.cleaned_data["participant"]
        if attempt(
            request, lambda: running.seat_juror(request.user, found, person, form.facts()), _("The jury has a new member.")
        ):
            return redirect("selection:desk_jurors", request.edition.slug, call)
    context = {"call": found, "tab": "jurors", "form": form, "rows": juror_rows(found)}
    return render(request, "selection/desk_jurors.html", context, status=422 if form.errors else 200)


def _juror(call: Call, number: int) -> Juror:
    rows = Juror.objects.select_related("call__edition__market", "participant__edition")
    return get_object_or_404(rows, call=call, pk=number)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def juror(request: OrganiserRequest, call: str, seat: int) -> HttpResponse:
    """One juror's languages, load and chair."""
    found = desk_call(request, call)
    row = _juror(found, seat)
    form = SeatForm(request.POST if request.method == "POST" else None, call=found, juror=row)
    if form.is_valid():
        person = row.participant
        if attempt(request, lambda: running.seat_juror(request.user, found, person, form.facts()), _("Saved.")):
            return redirect("selection:desk_jurors", request.edition.slug, call)
    context = {"call": found, "tab": "jurors", "form": form, "juror": row}
    return render(request, "selection/desk_juror.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def leave(request: OrganiserRequest, call: str, seat: int) -> HttpResponse:
    """A juror leaves: what she has not scored comes free, and only that moves."""
    freed = running.leave_jury(request.user, _juror(desk_call(request, call), seat))
    text = ngettext("She has left. %(n)s reading came free.", "She has left. %(n)s readings came free.", freed) % {"n": freed}
    messages.success(request, text + " " + _("Deal out what is missing: nobody else’s readings move."))
    return redirect("selection:desk_assignment", request.edition.slug, call)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def criteria(request: OrganiserRequest, call: str) -> HttpResponse:
    """What jurors score, on the two axes."""
    found = desk_call(request, call)
    form = CriterionForm(request.POST if request.method == "POST" else None, call=found)
    if form.is_valid() and attempt(request, lambda: running.save_criterion(request.user, found, form.facts()), _("Saved.")):
        return redirect("selection:desk_criteria", request.edition.slug, call)
    context = {"call": found, "tab": "criteria", "axes": criteria_by_axis(found), "form": form}
    return render(request, "selection/desk_criteria.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def criterion(request: OrganiserRequest, call: str, criterion: int) -> HttpResponse:
    """Change one criterion, or take it away."""
    found = desk_call(request, call)
    row = get_object_or_404(Criterion.objects.select_related("call__edition__market"), call=found, pk=criterion)
    back = redirect("selection:desk_criteria", request.edition.slug, call)
    if request.POST.get("act") == "drop":
        attempt(request, lambda: running.drop_criterion(request.user, row), _("The criterion is gone."))
        return back
    form = CriterionForm(request.POST if request.method == "POST" else None, call=found, criterion=row)
    if form.is_valid():
        row.refresh_from_db()
        if attempt(request, lambda: running.save_criterion(request.user, found, form.facts(), row), _("Saved.")):
            return back
    context = {"call": found, "tab": "criteria", "form": form, "criterion": row}
    return render(request, "selection/desk_criterion.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def standard_criteria(request: OrganiserRequest, call: str) -> HttpResponse:
    """Begin with the standard set."""
    added = running.take_standard_criteria(request.user, desk_call(request, call))
    messages.success(request, ngettext("%(n)s criterion added.", "%(n)s criteria added.", added) % {"n": added})
    return redirect("selection:desk_criteria", request.edition.slug, call)


def _conflicts(call: Call) -> QuerySet[Conflict]:
    rows = Conflict.objects.filter(juror__call=call).select_related(
        "juror__participant__edition", "entry", "juror__call__edition__market"
    )
    return rows.order_by("is_waived", "entry__code", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def conflicts(request: OrganiserRequest, call: str) -> HttpResponse:
    """Conflicts of interest: declared, found, set by hand; those found harmless last."""
    found = desk_call(request, call)
    form = ConflictForm(request.POST if request.method == "POST" else None, call=found)
    if form.is_valid():
        facts = form.cleaned_data
        running.add_conflict(request.user, facts["juror"], facts["entry"], facts["note"])
        messages.success(request, _("Noted. A reading that there was has been taken back."))
        return redirect("selection:desk_conflicts", request.edition.slug, call)
    page = Paginator(_conflicts(found), PAGE).get_page(request.GET.get("page"))
    context = {"call": found, "tab": "conflicts", "form": form, "page": page, "reason_form": ReasonForm()}
    return render(request, "selection/desk_conflicts.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_page
def detect(request: OrganiserRequest, call: str) -> HttpResponse:
    """Look through companies and credits."""
    new = running.detect_conflicts(request.user, desk_call(request, call))
    text = ngettext("%(n)s conflict found.", "%(n)s conflicts found.", new) % {"n": new}
    messages.success(request, text if new else _("Nothing new was found."))
    return redirect("selection:desk_conflicts", request.edition.slug, call)


@require_POST
@organiser_page
def waive(request: OrganiserRequest, call: str, conflict: int) -> HttpResponse:
    """Harmless, with the reason; or counting again."""
    row = get_object_or_404(_conflicts(desk_call(request, call)), pk=conflict)
    if request.POST.get("act") == "restore":
        attempt(request, lambda: running.restore_conflict(request.user, row), _("It counts again."))
    else:
        reason = request.POST.get("reason", "")[:500]
        attempt(request, lambda: running.waive_conflict(request.user, row, reason), _("Noted as harmless."))
    return redirect("selection:desk_conflicts", request.edition.slug, call)


def _entry(call: Call, code: str) -> Entry:
    rows = Entry.objects.filter(state=EntryState.SUBMITTED).select_related("call__edition__market", "user")
    return get_object_or_404(rows, call=call, code=code)


@require_safe
@organiser_page
def entry(request: OrganiserRequest, call: str, code: str) -> HttpResponse:
    """Who reads an entry and why, who does not and why not, what they say."""
    found = desk_call(request, call)
    row = _entry(found, code)
    context: dict[str, Any] = {
        "call": found,
        "tab": "board",
        "entry": row,
        "rows": reader_rows(row),
        "others": other_reasons(row) if request.GET.get("why") == "1" else None,
        "form": ReaderForm(call=found),
        "remarks": list(visible_remarks(request.user, row)),
        "tales": tell_tales(row) if found.is_blind else [],
    }
    return render(request, "selection/desk_entry.html", context)


@require_POST
@organiser_page
def add_reader(request: OrganiserRequest, call: str, code: str) -> HttpResponse:
    """A reading by hand."""
    found = desk_call(request, call)
    row, form = _entry(found, code), ReaderForm(request.POST, call=found)
    if form.is_valid():
        attempt(
            request,
            lambda: dealing.add_reading(request.user, form.cleaned_data["juror"], row),
            _("Added, and the juror is told."),
        )
    else:
        messages.error(request, _("Choose a juror."))
    return redirect("selection:desk_entry", request.edition.slug, call, code)


@require_POST
@organiser_page
def change_reader(request: OrganiserRequest, call: str, code: str, reading: int) -> HttpResponse:
    """Keep, let go, or take away one reading."""
    found = desk_call(request, call)
    rows = Reading.objects.select_related("juror__call__edition__market", "juror__participant", "entry")
    row = get_object_or_404(rows, pk=reading, entry__code=code, juror__call=found)
    act = request.POST.get("act", "")
    if act == "remove":
        attempt(request, lambda: dealing.remove_reading(request.user, row), _("Taken away."))
    elif act in ("lock", "unlock"):
        attempt(request, lambda: dealing.lock_reading(request.user, row, locked=act == "lock"), _("Saved."))
    return redirect("selection:desk_entry", request.edition.slug, call, code)
