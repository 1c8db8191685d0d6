"""Load a workbook: whole or not at all."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.db import IntegrityError, OperationalError, transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, Market
from madang.meetings.actions.introductions import introduce
from madang.workbook.actions.accounts import link_accounts
from madang.workbook.actions.rows import (
    Codes,
    keep_written,
    write_companies,
    write_mandates,
    write_people,
    write_slots,
    write_tables,
    write_titles,
)
from madang.workbook.actions.wanted import write_requests, write_spans
from madang.workbook.comparing import Examination, Progress, recompare, silent
from madang.workbook.current import EDITION_FIELDS
from madang.workbook.differing import Differences, nothing_differs
from madang.workbook.faults import Fault, errors
from madang.workbook.records import Records
from madang.workbook.rules import Target, may_import, target_of

logger = logging.getLogger(__name__)

WRITERS = {
    "Companies": write_companies,
    "Tables": write_tables,
    "Slots": write_slots,
    "People": write_people,
    "Titles": write_titles,
    "Mandates": write_mandates,
    "Requests": write_requests,
    "Unavailable": write_spans,
}
"""Sheet -> its writer, each after what it refers to."""


class NotLoaded(Exception):
    """Nothing was written; `faults` say why (empty: another import was writing at the same time)."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(slots=True)
class Outcome:
    """What an import did: rows by sheet and act."""

    edition: Edition
    is_new: bool
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def load_workbook(
    actor: User | None, page: Edition | None, found: Examination, progress: Progress = silent, *, market: str = ""
) -> Outcome:
    """Write everything that differs, in one transaction; an import of the same file again writes nothing.

    `found` is what `examine` gave; it is compared anew with the edition as it stands when the writing begins.
    Raises `NotLoaded`, with nothing written. None as actor is the installation's administrator at the command line.
    """
    if errors(found.faults):
        raise NotLoaded(errors(found.faults))
    try:
        with transaction.atomic():
            return _load(actor, page, found, progress, market)
    except IntegrityError as fault:  # somebody wrote between our look and our writing
        logger.exception("An import met rows that were not there a moment before")
        raise NotLoaded([]) from fault
    except OperationalError as fault:
        if "locked" in str(fault):  # SQLite's one writer is busy for longer than we wait
            raise NotLoaded([]) from fault
        raise


def _load(actor: User | None, page: Edition | None, found: Examination, progress: Progress, market: str) -> Outcome:
    records = found.records
    target = target_of(actor, page, market, records)
    _hold(target)
    if target.faults or (target.edition and actor is not None and not may_import(actor, target.edition)):
        raise NotLoaded(target.faults)
    faults, differing = recompare(records, target.edition, found.current)
    if errors(faults):
        raise NotLoaded(errors(faults))
    is_new = target.edition is None
    edition = _write_edition(actor, target, records, differing)
    counts = {sheet: difference.counts() for sheet, difference in differing.items()}
    _write_rows(actor, edition, differing, progress)
    introduce(edition)
    if is_new or not nothing_differs(differing):
        record(edition, actor, "import_workbook", edition.slug, counts=counts)
    return Outcome(edition, is_new, counts)


def _hold(target: Target) -> None:
    """A second import into the same market waits here until the first is done (SQLite's writers wait anyway)."""
    if target.market:
        Market.objects.select_for_update().get(pk=target.market.pk)
    if target.edition:
        target.edition.refresh_from_db()


def _write_edition(actor: User | None, target: Target, records: Records, differing: Differences) -> Edition:
    row = records.edition
    if target.edition is None:
        assert row is not None  # noqa: S101 # a new edition has its row
        fields = {name: row.values[name] for name in EDITION_FIELDS if name in row.values}
        return Edition.objects.create(market=target.market or _new_market(actor, target, records), slug=row.code, **fields)
    for change in differing["Edition"].changed if "Edition" in differing else ():
        for name, (_, new) in change.fields.items():
            setattr(target.edition, name, new)
        target.edition.save()
    return target.edition


def _new_market(actor: User | None, target: Target, records: Records) -> Market:
    row = records.edition
    assert row is not None  # noqa: S101 # a new edition has its row
    name = row.values.get("market_name") or str(row.values["name"]).rstrip("0123456789 ") or target.market_slug
    market = Market.objects.create(slug=target.market_slug, name=name)
    if actor is not None:
        market.organisers.add(actor)
    return market


def _write_rows(actor: User | None, edition: Edition, differing: Differences, progress: Progress) -> None:
    total = sum(len(difference.created) + len(difference.changed) for difference in differing.values())
    codes, done = Codes(edition), 0
    for sheet, write in WRITERS.items():
        if sheet not in differing:
            continue
        difference = differing[sheet]
        progress(sheet, done, total)
        write(edition, difference, codes)
        if sheet == "People":
            link_accounts(edition, difference)
        if sheet == "Mandates":
            keep_written(actor, edition, difference)
        done += len(difference.created) + len(difference.changed)
    progress("done", total, total)
