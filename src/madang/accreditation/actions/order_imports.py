"""An export of the ticket shop in the browser: it comes in, is read and compared, and is loaded when the organiser says so."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from madang.accounts.models import User
from madang.accreditation.actions.locking import lock_accreditation
from madang.accreditation.actions.orders import FIELDS, aside, compare, match_all
from madang.accreditation.models import Order, OrderImport
from madang.accreditation.rules_badges import may_hand_out
from madang.accreditation.shop import Export, read_export
from madang.kit import progress
from madang.kit.sheets import UnreadableFile
from madang.markets.actions import close_run, record
from madang.markets.files import ask_to_load, digest_of, forget_file, forget_file_of_done, keep_file, throw_away_old
from madang.markets.models import Edition, RunState
from madang.markets.runs import carry_out, edition_of

MOST_SHOWN = 200


def start_order_import(actor: User, edition: Edition, file: File[Any]) -> tuple[OrderImport, bool]:
    """Keep the file and open an import; False where the same file is being read for her already (a second click)."""
    if not may_hand_out(actor, edition):
        raise PermissionDenied
    digest = digest_of(file)
    throw_away_old(OrderImport, edition)
    reading = Q(state__in=[RunState.QUEUED, RunState.RUNNING])
    same = OrderImport.objects.filter(reading, edition=edition, asked_by=actor, digest=digest, is_confirmed=False).first()
    if same is not None:
        return same, False
    run = OrderImport(
        edition=edition, asked_by=actor, file_name=(file.name or "")[-200:], digest=digest, created_at=edition.now()
    )
    keep_file(run, file, "orders")
    return run, True


def carry_out_import(key: str) -> OrderImport | None:
    """Load the file where that was confirmed; else read and compare it, which writes nothing but the report of the preview."""
    run = carry_out(OrderImport, key, lambda found: _load(found) if found.is_confirmed else _read(found))
    if run is not None and run.is_confirmed:
        forget_file_of_done(run)
    return run


def _read(run: OrderImport) -> None:
    progress.tell(run.key, what="reading", done=0, total=0)
    try:
        export = _export(run)
    except UnreadableFile as fault:
        forget_file(run)
        run.report = {"refusal": {"code": fault.code, "params": fault.params}}
        close_run(run, RunState.FAILED, fault.text())
        return
    run.report = _report(edition_of(run), export)
    if not run.report["may_load"]:
        forget_file(run)
    close_run(run, RunState.DONE)


def _export(run: OrderImport) -> Export:
    with default_storage.open(run.stored) as file:
        return read_export(file.read(), run.file_name, edition_of(run))


def _report(edition: Edition, export: Export) -> dict[str, Any]:
    found = compare(edition, export)
    matched = match_all(edition, found.new)
    columns = [[str(row), *change] for row, changes in found.changed for change in changes if change[0] != "told"]
    return {
        "positions": len(export.positions),
        "tests": export.tests,
        "states": dict(Counter(one.state for one in export.positions)),
        "new": len(found.new),
        "changed": len(found.changed),
        "same": found.same,
        "matched": matched,
        "aside": aside(edition, found.new),
        "changes": columns[:MOST_SHOWN],
        "faults": [[fault.row, fault.column, fault.value, fault.code] for fault in export.faults[:MOST_SHOWN]],
        "errors": len(export.faults),
        "may_load": not export.faults and bool(found.new or found.changed),
    }


def confirm_order_import(actor: User, run: OrderImport) -> bool:
    """Ask for the loading; False where it was asked for already, or cannot be."""
    if run.edition is None or not may_hand_out(actor, run.edition):
        raise PermissionDenied
    return ask_to_load(run)


def _load(run: OrderImport) -> None:
    """Whole or not at all; the run is closed in the same transaction."""
    export = _export(run)
    with transaction.atomic():
        edition = lock_accreditation(edition_of(run))
        outcome = write_orders(edition, export)
        if outcome["new"] or outcome["changed"]:
            record(edition, run.asked_by, "import_orders", run.file_name, **outcome)
        run.report |= {"outcome": outcome}
        close_run(run, RunState.DONE)


def write_orders(edition: Edition, export: Export) -> dict[str, int]:
    """New and changed orders, matched where they have no application. The same file again changes nothing."""
    found = compare(edition, export)
    changed, now = [row for row, _changes in found.changed], edition.now()
    matched = match_all(edition, [*found.new, *changed])
    for row in [*found.new, *changed]:
        row.read_at = now
    Order.objects.bulk_create(found.new, batch_size=500)
    Order.objects.bulk_update(changed, [*FIELDS, "application", "matched", "read_at"], batch_size=200)
    return {"new": len(found.new), "changed": len(changed), "same": found.same, "matched": matched}
