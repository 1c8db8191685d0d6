"""A budget that comes as tables: written whole, or not at all."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit.sheets import Book
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.budget import guard
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.budget_sheets import Reading, counted, read_budget
from madang.outcomes.models import BudgetLine, Posting
from madang.outcomes.queries.budget import budget_of


@transaction.atomic
def import_budget(actor: User, edition: Edition, book: Book) -> Reading:
    """Write what the book says; with any fault, nothing. Raises `UnreadableFile` for a sheet that cannot be read."""
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    reading = read_budget(book, budget_of(edition))
    if reading.faults or not any(counted(reading)):
        return reading
    try:
        with transaction.atomic():
            _write(actor, edition, reading)
    except IntegrityError:
        raise Refused(_("Somebody changed the budget at the same moment: send the file again.")) from None
    lines, changed, postings = counted(reading)
    record(edition, actor, "import_budget", edition.slug, lines=lines, changed=changed, postings=postings)
    return reading


def _write(actor: User, edition: Edition, reading: Reading) -> None:
    new = [BudgetLine(edition=edition, code=code, **facts) for code, facts in reading.new_lines.items()]
    BudgetLine.objects.bulk_create(new, batch_size=500)
    rows = {line.code: line for line in BudgetLine.objects.filter(edition=edition).select_related("activity", "grant")}
    for code, facts in reading.changed_lines.items():
        _change(actor, rows[code], facts)
    now = edition.now()
    settled = Posting.objects.in_bulk([facts["settles"] for facts in reading.postings if facts["settles"]])
    postings = [
        Posting(**{**facts, "line": rows[facts["line"]], "settles": settled.get(facts["settles"])}, by=actor, at=now)
        for facts in reading.postings
    ]
    Posting.objects.bulk_create(postings, batch_size=500)


def _change(actor: User, line: BudgetLine, facts: dict[str, object]) -> None:
    before = f"{line.currency} {line.planned}"
    for name, value in facts.items():
        setattr(line, name, value)
    line.save(update_fields=list(facts))
    if before != f"{line.currency} {line.planned}":
        record(line.edition, actor, "change_planned", line.code, before=before, after=f"{line.currency} {line.planned}")
