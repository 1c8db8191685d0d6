"""A workbook against the edition in the database: what an import would do, and what it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from madang.accounts.models import User
from madang.kit.sheets import Book
from madang.markets.models import Edition
from madang.meetings.models import Meeting, TimetableState
from madang.people.models import Participant
from madang.workbook.checks import check
from madang.workbook.current import edition_contents
from madang.workbook.differing import Change, Differences, differences
from madang.workbook.faults import WARNING as WARN
from madang.workbook.faults import Fault, errors, fault_at
from madang.workbook.places import fault_in
from madang.workbook.reading import Reading, checked, read_sheets
from madang.workbook.records import Contents, Records
from madang.workbook.rules import Target, target_of

Progress = Callable[[str, int, int], None]
"""Told what is being done (a sheet's key, or a stage), how many rows are done, and of how many (0: not known)."""


def silent(what: str, done: int, total: int) -> None:
    """Nobody is waiting."""


@dataclass(slots=True)
class Examination:
    """All that is known of a workbook before it is loaded."""

    reading: Reading
    target: Target
    current: Contents
    differences: Differences = field(default_factory=dict)

    @property
    def records(self) -> Records:
        return self.reading.records

    @property
    def faults(self) -> list[Fault]:
        return [*self.target.faults, *self.reading.faults]

    @property
    def may_load(self) -> bool:
        return not errors(self.faults) and self.records.total > 0


def examine(user: User | None, page: Edition | None, book: Book, *, market: str = "", progress: Progress = silent) -> Examination:
    """Read a workbook and compare it with the edition it names (or with `page`, the edition whose desk it came to)."""
    reading = read_sheets(book, lambda sheet, rows: progress(sheet, rows, 0))
    target = target_of(user, page, market, reading.records)
    progress("compare", 0, 0)
    current = {} if target.faults else edition_contents(target.edition)
    checked(reading, current)
    found = Examination(reading, target, current, differences(reading.records, current))
    reading.faults.extend(guards(reading.records, target.edition, found.differences))
    return found


def recompare(records: Records, edition: Edition | None, before: Contents) -> tuple[list[Fault], Differences]:
    """The same against the edition as it stands at this moment, inside the transaction that will write."""
    current = edition_contents(edition)
    found = differences(records, current)
    faults = [] if current == before else check(records, current)
    return [*faults, *guards(records, edition, found)], found


def guards(records: Records, edition: Edition | None, found: Differences) -> list[Fault]:
    """What only the database knows: frozen timetables, accounts, rows that the file leaves out."""
    if edition is None:
        return []
    return [*_frozen(records, edition, found), *_accounts(records, edition, found), *_absent(records, found)]


def _frozen(records: Records, edition: Edition, found: Differences) -> Iterator[Fault]:
    """A published version stays true: its slots keep their times, its meetings their people."""
    meetings = Meeting.objects.filter(timetable__edition=edition).exclude(timetable__state=TimetableState.DRAFT)
    if not meetings.exists():
        return
    for change in _changes(found, "Edition", {"time_zone"}):
        yield fault_in(records, change.record, "time_zone", "zone_in_use")
    slots = set(meetings.values_list("slot__code", flat=True))
    for change in _changes(found, "Slots", {"starts_at", "ends_at"}):
        if change.record.code in slots:
            yield fault_in(records, change.record, "start", "slot_in_use")
    requests = set(meetings.values_list("request__code", flat=True))
    for change in _changes(found, "Requests", {"sender", "receiver"}):
        if change.record.code in requests:
            side = "sender" if "sender" in change.fields else "receiver"
            yield fault_in(records, change.record, side, "request_in_use")
    yield from _stale(records, edition, found)


def _stale(records: Records, edition: Edition, found: Differences) -> Iterator[Fault]:
    standing = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    published = set(standing.values_list("request__code", flat=True))
    for change in _changes(found, "Requests", {"status", "fixed_slot", "fixed_table", "session"}):
        if change.record.code in published:
            key = next(key for key in ("status", "fixed_slot", "fixed_table", "session") if key in change.fields)
            yield fault_in(records, change.record, key, "request_published", warning=True)


def _changes(found: Differences, sheet: str, keys: set[str]) -> list[Change]:
    return [change for change in found[sheet].changed if keys & change.fields.keys()] if sheet in found else []


def _accounts(records: Records, edition: Edition, found: Differences) -> Iterator[Fault]:
    """An account takes part once: its address may not move to a second person of the edition."""
    if "People" not in found:
        return
    moved = {change.record.code: change.record for change in found["People"].changed if "email" in change.fields}
    asked = moved | {record.code: record for record in found["People"].created}
    holders = Participant.objects.filter(edition=edition, user__isnull=False).values_list("user__email", "email", "code")
    # Where the two addresses are the same, the check of doubled addresses has told it.
    kept = {own.casefold(): code for own, given, code in holders if code not in moved and own.casefold() != given.casefold()}
    for code, record in asked.items():
        other = kept.get((record.values.get("email") or "").casefold())
        if other and other != code:
            yield fault_in(records, record, "email", "email_account", other=other)


def _absent(records: Records, found: Differences) -> Iterator[Fault]:
    for sheet, difference in found.items():
        if difference.absent and sheet != "Edition":
            yield fault_at(records.names[sheet], 0, 0, "", "", "absent_rows", WARN, count=difference.absent)
