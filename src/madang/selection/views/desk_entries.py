"""The organiser's entries: listed, searched, taken away as a table, read, judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.accounts.models import User
from madang.catalogue.queries import identity_of
from madang.kit.facets import Search, search
from madang.kit.tables import table_file
from madang.markets.pages import EditionRequest, organiser_page
from madang.selection.actions import entries as actions
from madang.selection.actions.refusals import Refused
from madang.selection.actions.titles import change_title
from madang.selection.eligibility import faults
from madang.selection.forms_entries import ReasonForm
from madang.selection.models import Call, Entry, EntryState
from madang.selection.queries.entries import ENTRY_FILTERS, TABLE_HEAD, entry_facts, table_rows
from madang.selection.queries.lineup import told_outcome
from madang.selection.rules.entries import ENTERED, may_judge_eligibility, visible_calls, visible_entries

PAGE = 60
SORTS = {"code": ("code",), "newest": ("-submitted_at", "code"), "name": ("search_text", "code")}


@require_safe
@organiser_page
def entries(request: EditionRequest) -> HttpResponse:
    """What was submitted to a call or to all of them."""
    call, found = _found(request)
    sort = request.GET.get("sort", "") if request.GET.get("sort", "") in SORTS else "newest"
    page = Paginator(found.rows.order_by(*SORTS[sort]), PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "call": call,
        "calls": visible_calls(request.user, request.edition),
        "selects": [found.facets[key] for key in ("genre", "country")],
        "chips": [found.facets[key] for key in ("state", "format", "progress", "first")],
        "sorts": [("newest", _("Newest first")), ("name", _("By title")), ("code", _("By number"))],
        "sort": sort,
        "kept": [(key, request.GET.get(key, "")) for key in ("state", "format", "progress", "first", "call")],
    }
    return render(request, "selection/desk_entries.html", context)


@require_safe
@organiser_page
def table(request: EditionRequest, ending: str) -> HttpResponse:
    """The list as it is narrowed, as a spreadsheet."""
    _call, found = _found(request)
    head, rows = [str(words) for words in TABLE_HEAD], table_rows(found.rows.order_by("code"))
    return table_file("entries", ending, head, rows, _("Entries"))


@require_safe
@organiser_page
def entry(request: EditionRequest, code: str) -> HttpResponse:
    """Everything of one entry."""
    return _page(request, _entry(request, code))


@require_POST
@organiser_page
def refuse(request: EditionRequest, code: str) -> HttpResponse:
    """Not eligible, and why."""
    found, form = _entry(request, code), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    reason = form.cleaned_data["reason"]
    return _done(request, found, lambda user: actions.refuse_entry(user, found, reason=reason), _("Its author is told why."))


@require_POST
@organiser_page
def reopen(request: EditionRequest, code: str) -> HttpResponse:
    """It counts again, after it was found not eligible or withdrawn."""
    found = _entry(request, code)
    act = actions.restore_entry if found.state == EntryState.WITHDRAWN else actions.reopen_entry
    return _done(request, found, lambda user: act(user, found), _("The entry counts again; its author is told."))


@require_POST
@organiser_page
def title(request: EditionRequest, code: str) -> HttpResponse:
    """Its title out of the catalogue, or back into it."""
    found, is_shown = _entry(request, code), request.POST.get("act") == "back"
    words = _("The title is back in the catalogue.") if is_shown else _("The title is withdrawn: only organisers see it now.")
    return _done(request, found, lambda user: change_title(user, found, is_shown=is_shown), words)


def _done(request: EditionRequest, found: Entry, act: Callable[[User], object], words: str) -> HttpResponse:
    try:
        act(cast(User, request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("selection:desk_one_entry", request.edition.slug, found.code)


def _found(request: EditionRequest) -> tuple[Call | None, Search]:
    """The call that is asked for, and the rows that fit."""
    rows: QuerySet[Entry] = visible_entries(request.user, request.edition).filter(ENTERED)
    call = visible_calls(request.user, request.edition).filter(code=request.GET.get("call", "")[:40].replace("\x00", "")).first()
    return call, search(rows.filter(call=call) if call else rows, request.GET, ENTRY_FILTERS)


def _entry(request: EditionRequest, code: str) -> Entry:
    found = get_object_or_404(visible_entries(request.user, request.edition).filter(ENTERED), code=code)
    if not may_judge_eligibility(request.user, found):
        raise Http404
    return found


def _page(request: EditionRequest, found: Entry, form: ReasonForm | None = None) -> HttpResponse:
    context = {
        "entry": found,
        "call": found.call,
        "facts": entry_facts(found),
        "identity": identity_of(found),
        "materials": found.materials.all(),
        "outcome": told_outcome(found),
        "faults": faults(actions.judged(found)),
        "form": form or ReasonForm(),
    }
    return render(request, "selection/desk_one_entry.html", context, status=422 if form else 200)
