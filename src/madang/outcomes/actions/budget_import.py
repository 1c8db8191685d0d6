"""A budget that comes as tables: shown first, then written whole or not at all."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit.sheets import Book, open_book
from madang.markets.actions import record
from madang.markets.files import forget_file, keep_file, throw_away_old
from madang.markets.models import Edition, RunState
from madang.markets.runs import edition_of
from madang.outcomes.actions.budget import guard
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.budget_preview import Effect, effects_of
from madang.outcomes.budget_sheets import Reading, counted, read_budget
from madang.outcomes.models import BudgetImport, BudgetLine, Posting
from madang.outcomes.queries.budget import budget_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do. `kept` waits for a word of the organiser; None while there are faults, or nothing to do."""

    reading: Reading
    effects: list[Effect]
    kept: BudgetImport | None


def preview_budget(actor: User, edition: Edition, data: bytes, name: str) -> Preview:
    """Read the file beside the budget and write nothing. Raises `UnreadableFile` for one that cannot be read."""
    guard(actor, edition)
    throw_away_old(BudgetImport, edition)
    budget = budget_of(edition)
    reading = read_budget(open_book(io.BytesIO(data), name), budget)
    effects = effects_of(reading, budget)
    if reading.faults or not effects:
        return Preview(reading, effects, None)
    report = {"effects": effects, "same": reading.same_lines + reading.same_postings, "may_load": True}
    kept = BudgetImport(
        edition=edition, asked_by=actor, file_name=name[-200:], digest=hashlib.sha256(data).hexdigest(), report=report,
        created_at=edition.now(), finished_at=edition.now(), state=RunState.DONE,
    )  # fmt: skip
    keep_file(kept, ContentFile(data, name="budget"), "budgets")
    return Preview(reading, effects, kept)


def load_budget(actor: User, waiting: BudgetImport) -> bool:
    """Write what the preview has shown; False where that was done before (a second click).

    Raises Refused where the budget has changed since: the preview then says what the file would do now.
    """
    edition = edition_of(waiting)
    guard(actor, edition)
    with transaction.atomic():
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        claimed = BudgetImport.objects.filter(pk=waiting.pk, is_confirmed=False).exclude(stored="").update(is_confirmed=True)
        if not claimed:
            return False
        with default_storage.open(waiting.stored) as file:
            book = open_book(io.BytesIO(file.read()), waiting.file_name)
        import_budget(actor, edition, book, shown=waiting.report["effects"])
    forget_file(waiting)
    BudgetImport.objects.filter(pk=waiting.pk).update(stored="")
    return True


def look_again(actor: User, waiting: BudgetImport) -> Preview:
    """The preview anew, after the budget has changed; the old one is gone."""
    with default_storage.open(waiting.stored) as file:
        data = file.read()
    discard_budget(actor, waiting)
    return preview_budget(actor, edition_of(waiting), data, waiting.file_name)


def discard_budget(actor: User, waiting: BudgetImport) -> None:
    """Throw the file away unread; what was loaded stays."""
    guard(actor, edition_of(waiting))
    forget_file(waiting)
    waiting.save(update_fields=["stored"])


@transaction.atomic
def import_budget(actor: User, edition: Edition, book: Book, *, shown: list[Effect] | None = None) -> Reading:
    """Write what the book says; with any fault, nothing. `shown`: what the preview said; anything else is refused.

    Raises `UnreadableFile` for a sheet that cannot be read.
    """
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    budget = budget_of(edition)
    reading = read_budget(book, budget)
    if shown is not None and (reading.faults or effects_of(reading, budget) != shown):
        raise Refused(_("The budget has changed since the file was read."))
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
