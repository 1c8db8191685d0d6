"""An entry as its author writes it: saved by itself, judged while typing, submitted, withdrawn."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madang.catalogue.queries import identity_of
from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import entries as actions
from madang.selection.actions.refusals import Refused
from madang.selection.eligibility import BROKEN, faults
from madang.selection.forms_entries import EntryForm, ShownFormSet, ShownRows, material_form, shown_initial
from madang.selection.models import Entry, EntryState, MaterialKind
from madang.selection.queries.entries import entry_facts, materials_of
from madang.selection.queries.lineup import told_outcome
from madang.selection.rules.entries import may_change_entry, may_enter_again, may_withdraw_entry, own_entries


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def entry(request: SignedInRequest, code: str) -> HttpResponse:
    """One's own entry: the form while it can be changed, else what it says."""
    found = get_object_or_404(own_entries(request.user, request.edition), code=code)
    if not may_change_entry(request.user, found):
        if request.method == "POST":
            messages.error(request, _("This entry can no longer be changed."))
            return go(request, "selection:entry", request.edition.slug, found.code)
        return render(request, "selection/entry_read.html", read_context(request, found))
    if request.method == "POST":
        return save(request, found)
    return render(request, "selection/entry.html", form_context(request, found))


def save(request: SignedInRequest, found: Entry) -> HttpResponse:
    """What was typed: kept as far as it makes sense; with a button pressed, the page or the next one answers."""
    form = EntryForm(request.POST, instance=copy.copy(found))
    shown = cast(ShownRows, ShownFormSet(request.POST, prefix="shown"))
    wanted = request.POST.get("and", "")
    facts = typed(form, shown)
    is_draft, fine = found.state == EntryState.DRAFT, form.is_valid() and shown.is_valid()
    context: dict[str, Any] = {"form": form, "shown": shown}
    try:
        if is_draft or (wanted and fine):
            found = actions.save_entry(request.user, found, version=_version(request), facts=facts)
            context["is_saved"] = True
        if wanted == "submit" and fine:
            actions.submit_entry(request.user, found)
            messages.success(
                request, _("Your entry has arrived. A receipt is on its way to %(email)s.") % {"email": request.user.email}
            )
            return go(request, "selection:entry", request.edition.slug, found.code)
    except actions.Outdated as refusal:
        found, context["differences"] = refusal.entry, differences(form, refusal.entry, facts)
    except actions.NotEligible as refusal:
        context["refused"] = refusal.faults
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go(request, "selection:entry", request.edition.slug, found.code)
    return answer(request, found, facts, wanted, fine, context)


def answer(
    request: SignedInRequest, found: Entry, facts: dict[str, Any], wanted: str, fine: bool, context: dict[str, Any]
) -> HttpResponse:
    """The page, or for what was typed without a button its parts that tell."""
    if wanted and fine and "differences" not in context and "refused" not in context:
        messages.success(request, _("Saved."))
        return go(request, "selection:entry", request.edition.slug, found.code)
    typed_entry = with_facts(found, facts)
    context["version"] = _version(request) if "differences" in context else found.version
    if not wanted:
        told = tell(request, found, typed_entry, context["form"], context["shown"])
        return render(request, "selection/entry_told.html", {**context, **told, "entry": found, "swap": True})
    whole = form_context(request, found, typed_entry, **context)
    response = render(request, "selection/entry.html", whole, status=422)
    if request.htmx:
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML show:window:top"
    return response


def typed(form: EntryForm, shown: ShownRows) -> dict[str, Any]:
    """The fields that make sense, by name."""
    form.is_valid()
    facts = form.facts()
    if shown.is_valid():
        facts["shown"] = shown.rows()
    return facts


def with_facts(entry: Entry, facts: dict[str, Any]) -> Entry:
    """The entry as it would be."""
    there = copy.copy(entry)
    for name, value in facts.items():
        setattr(there, name, value)
    return there


def differences(form: EntryForm, there: Entry, facts: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, what stands there, what stands in this window) of each field that differs."""
    found = []
    for name, value in facts.items():
        other = getattr(there, name)
        if other != value:
            label = form.fields[name].label if name in form.fields else _("Shown before")
            found.append((str(label), _shown(other), _shown(value)))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(f"{row['on']} {row['country']} {row.get('place', '')}" for row in value)
    return "" if value is None else str(value)


def tell(request: SignedInRequest, found: Entry, as_typed: Entry, form: EntryForm, shown: ShownRows | None) -> dict[str, Any]:
    """What the rules say of the entry as it stands in the window; `told`: by field, what stands at it."""
    judged = actions.judged(as_typed)
    told: dict[str, list[str]] = {name: [] for name in form.fields}
    for verdict in judged:
        if verdict.field in told and verdict.state == BROKEN:
            told[verdict.field].append(f"{verdict.rule}. {verdict.mend}")
    if form.is_bound:
        told |= {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    for name in form.fields:
        form[name].told = told[name]  # type: ignore[attr-defined]  # its template reads it there
    rows = shown.forms if shown is not None and shown.is_bound else []
    told["shown"] = [str(error) for row in rows for errors in row.errors.values() for error in errors]
    return {"verdicts": judged, "is_fit": not faults(judged), "told": told, "left": len(faults(judged)), "call": found.call}


def tell_of(request: SignedInRequest, found: Entry) -> dict[str, Any]:
    """The same of the entry as it is saved."""
    return tell(request, found, found, EntryForm(instance=found), None)


def form_context(request: SignedInRequest, found: Entry, as_typed: Entry | None = None, **context: Any) -> dict[str, Any]:
    """What the page with the form shows."""
    form = context.setdefault("form", EntryForm(instance=found))
    shown = context.setdefault("shown", ShownFormSet(prefix="shown", initial=shown_initial(found)))
    may_withdraw, outcome = may_withdraw_entry(request.user, found), told_outcome(found)
    facts = {"entry": found, "version": found.version, "may_withdraw": may_withdraw, "outcome": outcome}
    return {**facts, **context, **material_context(found), **tell(request, found, as_typed or found, form, shown)}


def material_context(found: Entry, refused: Any = None) -> dict[str, Any]:
    """Each kind of material with what there is and the form for more; `refused` is one that was sent and not taken."""
    required = found.call.required
    kinds = [
        (kind, rows, refused if refused is not None and refused.prefix == kind else material_form(kind), kind.value in required)
        for kind, rows in materials_of(found, found.materials.all())
    ]
    return {"kinds": kinds, "many": (MaterialKind.STILL, MaterialKind.SUBTITLES)}


def read_context(request: SignedInRequest, found: Entry) -> dict[str, Any]:
    """What the page of an entry shows that is not changed any more."""
    return {
        "entry": found,
        "call": found.call,
        "facts": entry_facts(found),
        "identity": identity_of(found),
        "materials": found.materials.all(),
        "outcome": told_outcome(found),
        "may_withdraw": may_withdraw_entry(request.user, found),
        "may_enter_again": may_enter_again(request.user, found),
    }


def _version(request: SignedInRequest) -> int:
    """That of the row as this window read it; "keep what stands here" names the one that it replaces."""
    text = request.POST.get("there" if request.POST.get("and") == "keep" else "version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@require_POST
@signed_in_page
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    """Take it out."""
    return _done(request, code, actions.withdraw_entry, may_withdraw_entry, _("Your entry is withdrawn."))


@require_POST
@signed_in_page
def again(request: SignedInRequest, code: str) -> HttpResponse:
    """Back to a draft."""
    return _done(
        request, code, actions.enter_again, may_enter_again, _("Your entry is a draft again: submit it once it is ready.")
    )


@require_POST
@signed_in_page
def discard(request: SignedInRequest, code: str) -> HttpResponse:
    """Delete a draft."""
    found = get_object_or_404(own_entries(request.user, request.edition), code=code)
    if found.state != EntryState.DRAFT or found.submitted_at:
        raise Http404
    actions.discard_entry(request.user, found)
    messages.success(request, _("The draft is deleted."))
    return redirect("selection:entries", request.edition.slug)


def _done(request: SignedInRequest, code: str, act: Callable[..., Entry], may: Callable[..., bool], words: str) -> HttpResponse:
    found = get_object_or_404(own_entries(request.user, request.edition), code=code)
    if may(request.user, found):
        act(request.user, found)
        messages.success(request, words)
    else:
        messages.error(request, _("This is not possible any more."))
    return redirect("selection:entry", request.edition.slug, found.code)


def go(request: SignedInRequest, name: str, *args: str) -> HttpResponse:
    """Lead on, also where htmx sent the form."""
    if not request.htmx:
        return redirect(name, *args)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(name, args=args)
    return response
