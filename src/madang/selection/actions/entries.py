"""Entries: begun, saved, submitted, changed until the call closes, withdrawn; judged not eligible, and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.selection.actions.entry_letters import tell_organisers, write_about
from madang.selection.actions.refusals import Refused
from madang.selection.actions.titles import show_title
from madang.selection.eligibility import Verdict, faults, verdicts
from madang.selection.models import Call, Entry, EntryState, Selection
from madang.selection.rules.entries import (
    may_change_entry,
    may_enter,
    may_enter_again,
    may_judge_eligibility,
    may_withdraw_entry,
)

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs of an entry's number: none that is taken for another."""
MOST_DRAFTS = 20
"""Drafts that one person has in one call."""


class Outdated(Refused):
    """It was saved elsewhere since this window read it; `entry` is what stands there now."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__(_("This entry was changed in another window since you opened it here."))


class NotEligible(Refused):
    """`faults`: the rules that are not met, each with what would mend it."""

    def __init__(self, found: list[Verdict]) -> None:
        self.faults = found
        super().__init__(_("This cannot be submitted yet."))


@transaction.atomic
def begin_entry(actor: User, call: Call, *, language: str = "") -> Entry:
    """A draft, with what is known of its author."""
    if not may_enter(actor, call):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=actor.pk)
    if call.entries.filter(user=actor, state=EntryState.DRAFT).count() >= MOST_DRAFTS:
        raise Refused(_("You have many drafts here already: go on with one of them, or delete one."))
    known = {"contact_name": actor.name[:200], "contact_email": actor.email, "language": language}
    entry = Entry.objects.create(call=call, code=_new_code(call), user=actor, created_at=call.edition.now(), **known)
    record(call.edition, actor, "begin_entry", entry.code, call=call.code)
    return entry


@transaction.atomic
def save_entry(actor: User, entry: Entry, *, version: int, facts: Mapping[str, Any]) -> Entry:
    """Keep what was typed. What is submitted stays fit to be submitted, or is not changed. Raises Outdated, NotEligible.

    `version` is that of the row as the window read it. Saving what stands there already changes nothing. A draft is its
    author's own, so that only what others have seen leaves a line in the log.
    """
    row = locked(entry)
    if not may_change_entry(actor, row):
        raise PermissionDenied
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if not changed:
        return row
    if row.version != version:
        raise Outdated(row)
    for name in changed:
        setattr(row, name, facts[name])
    if row.state == EntryState.SUBMITTED:
        guard_eligible(row)
        record(row.call.edition, actor, "change_entry", row.code, fields=", ".join(changed))
    row.version, row.saved_at = row.version + 1, row.call.edition.now()
    row.save(update_fields=[*changed, "version", "saved_at"])
    return row


@transaction.atomic
def submit_entry(actor: User, entry: Entry) -> Entry:
    """Hand it in: every rule of the call holds, and a receipt is written. Raises NotEligible, Refused once the call is closed."""
    User.objects.select_for_update().get(pk=entry.user_id)  # two submissions of one person count each other
    row = locked(entry)
    if row.user_id != actor.pk or row.state not in (EntryState.DRAFT, EntryState.SUBMITTED):
        raise PermissionDenied
    if row.state == EntryState.SUBMITTED:
        return row
    if not may_change_entry(actor, row):
        raise Refused(_("This call is closed: nothing more can be submitted."))
    guard_eligible(row)
    now = row.call.edition.now()
    row.state, row.submitted_at, row.withdrawn_at, row.saved_at = EntryState.SUBMITTED, now, None, now
    row.version += 1
    row.save(update_fields=["state", "submitted_at", "withdrawn_at", "saved_at", "version"])
    record(row.call.edition, actor, "submit_entry", row.code, call=row.call.code)
    write_about(row, "received")
    return row


@transaction.atomic
def withdraw_entry(actor: User, entry: Entry) -> Entry:
    """Take it out, its title from the catalogue too; the organiser still sees that it was there, and is told where it counted."""
    row = locked(entry)
    if not may_withdraw_entry(actor, row):
        raise PermissionDenied
    row.state, row.withdrawn_at = EntryState.WITHDRAWN, row.call.edition.now()
    row.version += 1
    row.save(update_fields=["state", "withdrawn_at", "version"])
    record(row.call.edition, actor, "withdraw_entry", row.code, call=row.call.code)
    title = show_title(actor, row, is_shown=False)
    write_about(row, "withdrawn")
    if title is not None:
        tell_organisers(row)
    return row


@transaction.atomic
def restore_entry(actor: User, entry: Entry) -> Entry:
    """The organiser takes a withdrawal back, as its author asked her to; with the title, where it was in the line-up."""
    row = locked(entry)
    if not may_judge_eligibility(actor, row):
        raise PermissionDenied
    if row.state != EntryState.WITHDRAWN:
        raise Refused(_("This entry is not withdrawn."))
    row.state, row.withdrawn_at, row.version = EntryState.SUBMITTED, None, row.version + 1
    row.save(update_fields=["state", "withdrawn_at", "version"])
    record(row.call.edition, actor, "restore_entry", row.code, call=row.call.code)
    write_about(row, "restored")
    show_title(actor, row, is_shown=True)
    return row


@transaction.atomic
def enter_again(actor: User, entry: Entry) -> Entry:
    """A withdrawn entry becomes a draft again while its call is open; what was decided of it no longer holds."""
    row = locked(entry)
    if not may_enter_again(actor, row):
        raise PermissionDenied
    Selection.objects.filter(entry=row).delete()
    row.state, row.version = EntryState.DRAFT, row.version + 1
    row.save(update_fields=["state", "version"])
    record(row.call.edition, actor, "enter_again", row.code, call=row.call.code)
    return row


@transaction.atomic
def discard_entry(actor: User, entry: Entry) -> None:
    """Delete one's own draft that was never submitted, and its files."""
    row = locked(entry)
    if row.user_id != actor.pk or row.state != EntryState.DRAFT or row.submitted_at:
        raise PermissionDenied
    record(row.call.edition, actor, "discard_entry", row.code, call=row.call.code)
    files = [material.file for material in row.materials.exclude(file="")]
    row.delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]  # a lambda with a default


@transaction.atomic
def refuse_entry(actor: User, entry: Entry, *, reason: str) -> Entry:
    """The organiser finds it not eligible; its author is told why."""
    row = locked(entry)
    if not may_judge_eligibility(actor, row):
        raise PermissionDenied
    if row.state != EntryState.SUBMITTED:
        raise Refused(_("Only a submitted entry can be found not eligible."))
    row.state, row.state_reason, row.version = EntryState.REFUSED, reason, row.version + 1
    row.save(update_fields=["state", "state_reason", "version"])
    record(row.call.edition, actor, "refuse_entry", row.code, reason=reason)
    write_about(row, "refused")
    show_title(actor, row, is_shown=False)
    return row


@transaction.atomic
def reopen_entry(actor: User, entry: Entry) -> Entry:
    """The organiser takes back that it is not eligible; its author is told."""
    row = locked(entry)
    if not may_judge_eligibility(actor, row):
        raise PermissionDenied
    if row.state != EntryState.REFUSED:
        raise Refused(_("This entry is not refused."))
    row.state, row.state_reason, row.version = EntryState.SUBMITTED, "", row.version + 1
    row.save(update_fields=["state", "state_reason", "version"])
    record(row.call.edition, actor, "reopen_entry", row.code)
    write_about(row, "reopened")
    show_title(actor, row, is_shown=True)
    return row


def judged(entry: Entry) -> list[Verdict]:
    """Each rule of its call, held against the entry as it is, its materials, and what its author entered beside it."""
    kinds = set(entry.materials.values_list("kind", flat=True))
    others = entry.call.entries.filter(user_id=entry.user_id, state=EntryState.SUBMITTED).exclude(pk=entry.pk)
    return verdicts(entry.call, entry, kinds, others.count())


def guard_eligible(entry: Entry) -> None:
    """Raises NotEligible."""
    if found := faults(judged(entry)):
        raise NotEligible(found)


def locked(entry: Entry) -> Entry:
    """The row as it is now, kept for this transaction."""
    return Entry.objects.select_for_update(of=("self",)).select_related("call__edition", "user").get(pk=entry.pk)


def _new_code(call: Call) -> str:
    """The call's code and six signs; its uniqueness is the database's."""
    while True:
        code = f"{call.code[:30]}-{get_random_string(6, SIGNS)}"
        if not Entry.objects.filter(call__edition=call.edition, code=code).exists():
            return code
