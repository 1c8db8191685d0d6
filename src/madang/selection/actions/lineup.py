"""From a shortlist to the line-up: decisions, the reserve list, letters, and the applicant's answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.people.actions import write_to
from madang.selection.actions.jury import guard
from madang.selection.actions.refusals import Refused
from madang.selection.actions.titles import title_of_entry
from madang.selection.models import Call, Decision, Entry, EntryState, Selection
from madang.selection.queries.lineup import letter_of, reserve_list, untold


class Decided(NamedTuple):
    """How many decisions were written, and how many stay because the applicant has been told."""

    changed: int
    kept: int


@transaction.atomic
def decide(
    actor: User, call: Call, entries: Collection[int], decision: str, *, reason: str = "", section: str = "", words: str = ""
) -> Decided:
    """Decide about entries (primary keys) at once, in the order given, which is theirs on the reserve list; "" takes it back.

    What an applicant has been told stays, except that somebody on the reserve list may still be accepted or declined.
    """
    guard(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    rows = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).select_related("selection").in_bulk(entries)
    changed = kept = 0
    for entry in [rows[pk] for pk in dict.fromkeys(entries) if pk in rows]:
        before = getattr(entry, "selection", None)
        if before is not None and before.told_at and not _may_still_change(before, decision):
            kept += 1
            continue
        changed += 1
        facts = {"reason": reason, "section": section, "words": words}
        _write(actor, call, entry, before, decision, facts)
    if changed:
        record(call.edition, actor, "decide_entries", call.code, decision=decision, count=changed, reason=reason)
    return Decided(changed, kept)


def _may_still_change(before: Selection, decision: str) -> bool:
    return before.decision == Decision.RESERVE and decision in (Decision.ACCEPT, Decision.DECLINE)


def _write(actor: User, call: Call, entry: Entry, before: Selection | None, decision: str, facts: dict[str, str]) -> None:
    if not decision:
        Selection.objects.filter(entry=entry).delete()
        return
    row = before or Selection(entry=entry)
    if before is None or before.decision != decision:
        row.told_at = row.answered_at = row.is_confirmed = None
        row.place = _last_place(call) + 1 if decision == Decision.RESERVE else None
    row.decision, row.decided_by, row.decided_at = Decision(decision), actor, call.edition.now()
    for name, value in facts.items():
        if value or before is None:
            setattr(row, name, value)
    row.save()


def _last_place(call: Call) -> int:
    return reserve_list(call).aggregate(last=Max("place"))["last"] or 0


@transaction.atomic
def move_reserve(actor: User, selection: Selection, *, up: bool) -> None:
    """One place up or down on the reserve list."""
    call = selection.entry.call
    guard(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    order = list(reserve_list(call))
    at = next((n for n, row in enumerate(order) if row.pk == selection.pk), None)
    if at is None:
        raise Refused(_("It is not on the reserve list any more."))
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for place, row in enumerate(order, 1):
        if row.place != place:
            Selection.objects.filter(pk=row.pk).update(place=place)
    record(call.edition, actor, "move_reserve", selection.entry.code, call=call.code, place=to + 1)


def promote_next(actor: User, call: Call, first_on_page: int, *, section: str = "") -> Selection:
    """The first of the reserve list (as the page showed it) into the line-up; her letter waits to be written."""
    with transaction.atomic():
        guard(actor, call)
        Call.objects.select_for_update().get(pk=call.pk)
        first = reserve_list(call).first()
        if first is None or first.entry_id != first_on_page:
            raise Refused(_("The reserve list is empty, or has another first since the page was shown."))
        decide(actor, call, [first.entry_id], Decision.ACCEPT, reason=_("Next on the reserve list."), section=section)
    first.refresh_from_db()
    return first


@transaction.atomic
def write_letters(actor: User, call: Call, decisions: Collection[str]) -> int:
    """Tell what was decided, each applicant once; what is accepted comes into the catalogue as a title of the showcase.

    All letters or none: whoever is killed in the middle has written nothing, and the second attempt writes all.
    """
    guard(actor, call)
    Call.objects.select_for_update().get(pk=call.pk)
    now, told = call.edition.now(), 0
    for selection in untold(call).filter(decision__in=decisions):
        letter = letter_of(selection)
        once = f"selection:{selection.entry_id}:{selection.decision}:{selection.decided_at.isoformat()}"
        write_to(call.edition, letter.address, letter.subject, letter.body, once=once)
        Selection.objects.filter(pk=selection.pk).update(told_at=now)
        if selection.decision == Decision.ACCEPT:
            title_of_entry(selection.entry, section=selection.section)
        told += 1
    if told:
        record(call.edition, actor, "write_decisions", call.code, count=told)
    return told


@transaction.atomic
def answer_outcome(actor: User, entry: Entry, *, comes: bool) -> Selection:
    """The applicant says whether the work comes; once."""
    if entry.user_id != actor.pk:
        raise PermissionDenied
    now = entry.call.edition.now()
    rows = Selection.objects.filter(entry=entry, decision=Decision.ACCEPT, told_at__isnull=False, answered_at=None)
    rows = rows.filter(entry__in=Entry.objects.filter(state=EntryState.SUBMITTED))
    if not rows.update(answered_at=now, is_confirmed=comes):
        raise Refused(_("There is nothing to answer, or you have answered already."))
    record(entry.call.edition, actor, "answer_outcome", entry.code, comes=comes)
    return Selection.objects.get(entry=entry)
