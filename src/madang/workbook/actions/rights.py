"""Load a company's workbook of rights: whole or not at all."""

from __future__ import annotations

from django.db import transaction

from madang.accounts.models import User
from madang.deals.actions.milestones import add_milestone, change_milestone
from madang.deals.actions.statements import add_to_statement, change_line, change_statement, state_rights
from madang.deals.models import Document, DocumentKind, Source
from madang.markets.models import Edition
from madang.workbook.actions.load import NotLoaded
from madang.workbook.faults import errors
from madang.workbook.reading import Reading
from madang.workbook.rights import Plan, PlannedLine, plan_of


@transaction.atomic
def load_rights(actor: User, edition: Edition, reading: Reading) -> dict[str, int]:
    """Write what differs, and give the numbers of new, changed and unchanged rows; the same file again writes nothing.

    Raises `NotLoaded`, with nothing written, where the file has a fault.
    """
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    plan = _sound(plan_of(actor, edition, reading))
    counts = plan.counts
    for row in plan.milestones:
        if row.there is None:
            add_milestone(actor, row.title, code=row.record.code, **row.facts)
        elif row.differs:
            change_milestone(actor, row.there, **row.facts)
    _write_lines(actor, edition, _sound(plan_of(actor, edition, reading)))
    again = _sound(plan_of(actor, edition, reading))  # contracts that are subject to one which was not there yet
    for late in again.lines:
        if late.differs and late.line is not None:
            change_line(actor, late.line, late.entry)
    return counts


def _sound(plan: Plan) -> Plan:
    if errors(plan.faults):
        raise NotLoaded(errors(plan.faults))
    return plan


def _write_lines(actor: User, edition: Edition, plan: Plan) -> None:
    made: dict[tuple[bool, str], Document] = {}
    for row in sorted(plan.lines, key=lambda row: row.number):
        document = row.document or made.get((row.is_held, row.contract))
        if document is None:
            made[row.is_held, row.contract] = _state(actor, edition, row)
        elif row.line is None:
            add_to_statement(actor, document, row.entry, first=row.number)
        elif row.differs:
            change_line(actor, row.line, row.entry)
        if row.document is not None:
            change_statement(actor, row.document, row.paper)


def _state(actor: User, edition: Edition, row: PlannedLine) -> Document:
    kind = DocumentKind.HOLDING if row.is_held else DocumentKind.SOLD
    paper = row.paper | {"reference": row.contract, "note": ""}
    return state_rights(actor, edition, kind, paper, row.entry, Source.WORKBOOK, first=row.number)
