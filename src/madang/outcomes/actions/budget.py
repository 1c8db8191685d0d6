"""Activities, budget lines and postings. A posting is never edited: it is withdrawn, or replaced by a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit.languages import isolated
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Activity, BudgetLine, Goal, Posting, PostingKind
from madang.outcomes.queries.budget import current_postings, settlements
from madang.outcomes.rules import may_write_outcomes

Row = TypeVar("Row", bound=models.Model)


def guard(actor: User, edition: Edition) -> None:
    """Raise PermissionDenied for whoever may not write outcomes."""
    if not may_write_outcomes(actor, edition):
        raise PermissionDenied


def write_row(actor: User, row: Row, facts: Mapping[str, Any], noun: str) -> Row:
    """Write `facts` into a row that has an edition and a code, new or old, and the line in the log.

    `add_<noun>` or `change_<noun>` is recorded. Refused for a code that is taken.
    """
    edition: Edition = row.edition  # type: ignore[attr-defined]  # every row that comes here has one
    guard(actor, edition)
    is_new = row.pk is None
    if not is_new:  # a form may have written into the row that it was given
        row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    changed = sorted(name for name, value in facts.items() if getattr(row, name, None) != value)
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("Another one has this code.")) from None
    record(edition, actor, f"{'add' if is_new else 'change'}_{noun}", facts.get("code", row.pk), fields=", ".join(changed))
    return row


def delete_row(actor: User, row: models.Model, noun: str, refusal: str) -> None:
    """Delete a row that has an edition and a code; Refused with that sentence where others hang on it."""
    edition: Edition = row.edition  # type: ignore[attr-defined]  # every row that comes here has one
    guard(actor, edition)
    code = getattr(row, "code", row.pk)
    try:
        with transaction.atomic():
            row.delete()
    except (models.ProtectedError, models.RestrictedError, IntegrityError):
        raise Refused(refusal) from None
    record(edition, actor, f"delete_{noun}", code)


@transaction.atomic
def save_activity(
    actor: User, edition: Edition, facts: Mapping[str, Any], goals: Iterable[Goal], activity: Activity | None = None
) -> Activity:
    """A new activity, or other facts and goals of one. Refused for a code that is taken."""
    row = write_row(actor, activity or Activity(edition=edition), facts, "activity")
    row.goals.set([goal for goal in goals if goal.edition_id == edition.pk])
    return row


@transaction.atomic
def delete_activity(actor: User, activity: Activity) -> None:
    """Refused while it has budget lines or shifts."""
    delete_row(actor, activity, "activity", _("It has budget lines or shifts: move or delete these first."))


@transaction.atomic
def save_line(actor: User, edition: Edition, facts: Mapping[str, Any], line: BudgetLine | None = None) -> BudgetLine:
    """A new budget line, or another plan for one: the log keeps what was planned before. Refused for a code that is taken."""
    was = BudgetLine.objects.get(pk=line.pk) if line else None
    row = write_row(actor, line or BudgetLine(edition=edition), facts, "budget_line")
    if was is not None and (was.currency, was.planned) != (row.currency, row.planned):
        before, after = f"{was.currency} {was.planned}", f"{row.currency} {row.planned}"
        record(edition, actor, "change_planned", row.code, before=before, after=after)
    return row


@transaction.atomic
def delete_line(actor: User, line: BudgetLine) -> None:
    """Refused once anything was posted on it, be it withdrawn."""
    delete_row(actor, line, "budget_line", _("Something was posted on it: set what is planned to 0 instead."))


@transaction.atomic
def add_posting(
    actor: User,
    line: BudgetLine,
    facts: Mapping[str, Any],
    *,
    settles: Posting | None = None,
    replaces: Posting | None = None,
) -> Posting:
    """Post an amount on a line. Only a payment settles, a standing commitment of its line in its currency.

    `replaces`: a standing posting of the line and kind, which this one corrects.
    """
    edition = line.edition
    guard(actor, edition)
    BudgetLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if settles is not None:
        _check_settles(line, facts, settles)
    if replaces is not None:
        _check_replaces(line, facts, replaces)
    posting = Posting(line=line, settles=settles, replaces=replaces, by=actor, at=edition.now(), **facts)
    try:
        with transaction.atomic():
            posting.save()
    except IntegrityError:
        raise Refused(_("This posting has been replaced already.")) from None
    verb = "replace_posting" if replaces else "add_posting"
    record(edition, actor, verb, posting.pk, **posting_facts(posting), **({"before": replaces.pk} if replaces else {}))
    return posting


def posting_facts(posting: Posting) -> dict[str, Any]:
    """For the log."""
    return {"line": posting.line.code, "kind": posting.kind, "amount": f"{posting.currency} {posting.amount}"}


def _check_settles(line: BudgetLine, facts: Mapping[str, Any], settles: Posting) -> None:
    if facts["kind"] != PostingKind.SPENT:
        raise Refused(_("Only a payment can settle a commitment."))
    stands = current_postings(line.edition).filter(pk=settles.pk, line=line, kind=PostingKind.COMMITTED).exists()
    if not stands:
        raise Refused(_("That is no commitment of this line that still stands."))
    if facts["currency"] != settles.currency:
        text = _("The commitment is in %(currency)s: post its payment in the same currency.")
        raise Refused(text % {"currency": settles.currency})


def _check_replaces(line: BudgetLine, facts: Mapping[str, Any], replaces: Posting) -> None:
    if replaces.line_id != line.pk or facts["kind"] != replaces.kind:
        raise Refused(_("A posting is replaced by one of the same line and kind; withdraw it instead, and post anew."))
    if not current_postings(line.edition).filter(pk=replaces.pk).exists():
        raise Refused(_("This posting does not stand any more."))
    paid = replaces.settled_by.filter(withdrawn_at=None, replaced_by=None).first()
    if paid is not None and paid.currency != facts["currency"]:
        text = _("It was paid on in %(currency)s: its replacement must be in the same currency.")
        raise Refused(text % {"currency": paid.currency})


@transaction.atomic
def withdraw_posting(actor: User, posting: Posting, because: str) -> None:
    """It stays to be seen, and counts no more. Refused for a commitment on which payments stand."""
    edition = posting.line.edition
    guard(actor, edition)
    BudgetLine.objects.select_for_update(of=("self",)).get(pk=posting.line_id)
    if posting.pk in settlements(_of_line(posting)).values():
        raise Refused(_("Payments stand on this commitment: withdraw or replace these first."))
    standing = current_postings(edition).filter(pk=posting.pk)
    if not Posting.objects.filter(pk__in=standing.values("pk")).update(
        withdrawn_at=edition.now(), withdrawn_because=because[:300]
    ):
        raise Refused(_("This posting does not stand any more."))
    record(edition, actor, "withdraw_posting", posting.pk, reason=isolated(because[:300]), **posting_facts(posting))


def _of_line(posting: Posting) -> list[Posting]:
    return list(Posting.objects.filter(line=posting.line_id).select_related("replaced_by"))
