"""The roster: days, shifts, who holds them, workers and skills."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.calendar import day_text
from madang.markets.models import Edition
from madang.markets.pages import organiser_page
from madang.outcomes.actions import staffing as actions
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.forms_staffing import AssignForm, CopyForm, ShiftForm, SkillForm, WorkerForm
from madang.outcomes.models import Activity, Duty, Shift, Skill, Worker
from madang.outcomes.queries.staffing import AGAINST, candidates, roster_of, shifts_of, worker_calendar
from madang.outcomes.views.budget import OrganiserRequest, delete_and_leave, form_page, row_or_404, said


def _url(request: OrganiserRequest, name: str, *args: object) -> str:
    return reverse(f"outcomes:{name}", args=[request.edition.slug, *args])


def _words(day: dt.date) -> str:
    return day_text(day, (get_language() or "en")[:2])


@require_safe
@organiser_page
def roster(request: OrganiserRequest) -> HttpResponse:
    """A day's shifts with who holds them; `?day=all` is every day, for paper."""
    found = roster_of(request.edition)
    days = found.days
    wanted = request.GET.get("day", "")
    today = request.edition.now().astimezone(request.edition.zone).date()
    usual = today if today in days else next(iter(days), None)
    chosen = next((day for day in days if day.isoformat() == wanted), usual)
    shown = days if wanted == "all" else {chosen: days[chosen]} if chosen else {}
    counts = [(day, sum(row.open for row in rows)) for day, rows in days.items()]
    context = {
        "tab": "roster",
        "roster": found,
        "shown": shown.items(),
        "chosen": chosen,
        "counts": counts,
        "all": wanted == "all",
    }
    return render(request, "outcomes/roster.html", context)


# --- Shifts ---------------------------------------------------------------------------------------------------------------


def _shift(request: OrganiserRequest, code: str) -> Shift:
    rows = Shift.objects.select_related("edition", "activity", "hall", "skill")
    return get_object_or_404(rows, edition=request.edition, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_shift(request: OrganiserRequest) -> HttpResponse:
    """A shift to come."""
    start = {"activity": Activity.objects.filter(edition=request.edition).first(), "needed": 1}
    return _edit_shift(request, None, {"title": _("New shift"), "cancel": _url(request, "roster")}, start)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_shift(request: OrganiserRequest, shift: str) -> HttpResponse:
    """Its time, place and people; whoever holds it keeps it."""
    found = _shift(request, shift)
    delete = {"delete_url": _url(request, "delete_shift", shift), "delete_words": _("Delete this shift?")}
    return _edit_shift(request, found, {"title": str(found), "cancel": _url(request, "shift", shift), **delete}, {})


def _edit_shift(request: OrganiserRequest, found: Shift | None, texts: dict[str, Any], start: dict[str, Any]) -> HttpResponse:
    with timezone.override(request.edition.zone):  # the form's times are on the venue's clocks
        form = ShiftForm(said(request), instance=found or Shift(edition=request.edition), edition=request.edition, initial=start)

        def save() -> Shift:
            return actions.save_shift(request.user, request.edition, form.facts(), found)

        return form_page(request, form, save, {"tab": "roster", **texts}, lambda row: _url(request, "shift", row.code))


@require_POST
@organiser_page
def delete_shift(request: OrganiserRequest, shift: str) -> HttpResponse:
    """Away with it, if it has not begun."""
    found = _shift(request, shift)
    stay = _url(request, "change_shift", shift)
    return delete_and_leave(request, lambda: actions.delete_shift(request.user, found), stay, _url(request, "roster"))


@require_safe
@organiser_page
def shift(request: OrganiserRequest, shift: str) -> HttpResponse:
    """Who holds it, whom one could ask and what speaks against it, and copies on other days."""
    return _shift_page(request, _shift(request, shift))


def _shift_page(request: OrganiserRequest, found: Shift, status: int = 200, **more: Any) -> HttpResponse:
    roster = roster_of(request.edition)
    row = next(row for row in roster.rows if row.shift.pk == found.pk)
    could = candidates(roster, row) if row.open else []
    faults = {one.worker.pk: [breach for at, breach in one.faults() if at is row] for one in roster.people}
    copy = more.pop("copy", None) or _copy_form(request, found)
    context = {
        "tab": "roster", "row": row, "able": [one for one in could if not one.against],
        "unable": [one for one in could if one.against], "copy": copy, "has_begun": found.starts_at <= request.edition.now(),
        "holders": [(duty, [AGAINST[breach] for breach in faults.get(duty.worker_id, [])]) for duty in row.duties], **more,
    }  # fmt: skip
    return render(request, "outcomes/shift.html", context, status=status)


def _copy_form(request: OrganiserRequest, found: Shift, data: Any = None) -> CopyForm:
    return CopyForm(data, edition=request.edition, shift=found, words=_words)


@require_POST
@organiser_page
def copy_shift(request: OrganiserRequest, shift: str) -> HttpResponse:
    """The same shift on other days."""
    found = _shift(request, shift)
    form = _copy_form(request, found, request.POST)
    if not form.is_valid():
        return _shift_page(request, found, 422, copy=form)
    count = actions.copy_shift(request.user, found, form.cleaned_data["days"])
    told = ngettext("%(count)s shift is new.", "%(count)s shifts are new.", count) % {"count": count}
    messages.success(request, told if count else _("They are there already."))
    return redirect(_url(request, "shift", shift))


@require_POST
@organiser_page
def assign(request: OrganiserRequest, shift: str) -> HttpResponse:
    """Give it to somebody; what speaks against it is asked about first."""
    found = _shift(request, shift)
    form = AssignForm(request.POST, edition=request.edition)
    if not form.is_valid():
        raise Http404
    worker: Worker = form.cleaned_data["worker"]
    try:
        actions.assign(request.user, found, worker, anyway=form.cleaned_data["anyway"])
    except actions.NeedsWord as asked:
        reasons = [AGAINST[breach] for breach in asked.found]
        return _shift_page(request, found, 422, asked=worker, reasons=reasons)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(worker)s holds it now.") % {"worker": worker.name})
    return redirect(_url(request, "shift", shift))


@require_POST
@organiser_page
def unassign(request: OrganiserRequest, duty: int) -> HttpResponse:
    """Take it from somebody."""
    rows = Duty.objects.filter(shift__edition=request.edition).select_related("shift__edition", "worker")
    found = cast(Duty, row_or_404(rows, duty))
    try:
        actions.unassign(request.user, found)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect(_url(request, "shift", found.shift.code))


# --- Workers and skills ---------------------------------------------------------------------------------------------------


@require_safe
@organiser_page
def workers(request: OrganiserRequest) -> HttpResponse:
    """Everybody with her skills and hours."""
    return render(request, "outcomes/workers.html", {"tab": "workers", "roster": roster_of(request.edition)})


@require_safe
@organiser_page
def worker(request: OrganiserRequest, worker: str) -> HttpResponse:
    """What she holds and what of it breaks a rule."""
    one = next((one for one in roster_of(request.edition).people if one.worker.code == worker), None)
    if one is None:
        raise Http404
    faults = [(row, AGAINST[breach]) for row, breach in one.faults()]
    return render(request, "outcomes/worker.html", {"tab": "workers", "one": one, "faults": faults})


@require_safe
@organiser_page
def worker_ics(request: OrganiserRequest, worker: str) -> HttpResponse:
    """Her shifts as a calendar file."""
    found = get_object_or_404(Worker, edition=request.edition, code=worker)
    content = worker_calendar(request.edition, found, shifts_of(found))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.edition.slug}-{found.code}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def new_worker(request: OrganiserRequest) -> HttpResponse:
    """Somebody who works."""
    return _edit_worker(request, None, {"title": _("New worker"), "cancel": _url(request, "workers")})


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_worker(request: OrganiserRequest, worker: str) -> HttpResponse:
    """Her facts."""
    found = get_object_or_404(Worker, edition=request.edition, code=worker)
    return _edit_worker(request, found, {"title": found.name, "cancel": _url(request, "worker", worker)})


def _edit_worker(request: OrganiserRequest, found: Worker | None, texts: dict[str, Any]) -> HttpResponse:
    form = WorkerForm(said(request), instance=found or Worker(edition=request.edition), edition=request.edition)

    def save() -> Worker:
        skills = form.cleaned_data["skills"]
        return actions.save_worker(request.user, request.edition, form.facts("skills"), skills, found)

    return form_page(request, form, save, {"tab": "workers", **texts}, lambda row: _url(request, "worker", row.code))


@require_POST
@organiser_page
def leave_worker(request: OrganiserRequest, worker: str) -> HttpResponse:
    """She drops out, or comes back (`back`)."""
    found = get_object_or_404(Worker.objects.select_related("edition"), edition=request.edition, code=worker)
    try:
        if "back" in request.POST:
            actions.return_worker(request.user, found)
        else:
            messages.success(request, actions.told(actions.leave_worker(request.user, found)))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect(_url(request, "worker", worker))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def skills(request: OrganiserRequest) -> HttpResponse:
    """What shifts may ask for, and a form for the next one."""
    form = SkillForm(said(request), instance=Skill(edition=request.edition), edition=request.edition)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_skill(request.user, request.edition, form.facts())
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(_url(request, "skills"))
    context = {"tab": "skills", "form": form, "rows": _skills(request.edition)}
    return render(request, "outcomes/skills.html", context, status=422 if form.errors else 200)


def _skills(edition: Edition) -> list[Skill]:
    return list(Skill.objects.filter(edition=edition).prefetch_related("workers"))


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def change_skill(request: OrganiserRequest, skill: str) -> HttpResponse:
    """Its names."""
    found = get_object_or_404(Skill, edition=request.edition, code=skill)
    form = SkillForm(said(request), instance=found, edition=request.edition)
    texts = {
        "tab": "skills", "title": str(found), "delete_url": _url(request, "delete_skill", skill),
        "delete_words": _("Delete this skill?"),
    }  # fmt: skip
    back = _url(request, "skills")
    return form_page(request, form, lambda: actions.save_skill(request.user, request.edition, form.facts(), found), texts, back)


@require_POST
@organiser_page
def delete_skill(request: OrganiserRequest, skill: str) -> HttpResponse:
    """Away with it, if no shift asks for it."""
    found = get_object_or_404(Skill.objects.select_related("edition"), edition=request.edition, code=skill)
    stay = _url(request, "change_skill", skill)
    return delete_and_leave(request, lambda: actions.delete_skill(request.user, found), stay, _url(request, "skills"))
