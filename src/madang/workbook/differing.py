"""Records against contents: what would be made, what changed, what stays. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from madang.kit.sheets.values import ValueFault, as_text
from madang.workbook.columns import SHEETS
from madang.workbook.records import Contents, Record, Records, Values

NOT_OF_THE_EDITION = ("market", "market_name")


@dataclass(slots=True)
class Change:
    """A row that is there already: the columns that differ, old and new."""

    record: Record
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Difference:
    """What an import does to one sheet's rows. `absent`: rows of the edition that the file does not have; they stay."""

    created: list[Record] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    absent: int = 0

    def counts(self) -> dict[str, int]:
        return {"created": len(self.created), "changed": len(self.changed), "unchanged": self.unchanged, "absent": self.absent}


Differences = dict[str, Difference]
"""By sheet key, for the sheets of the file."""


def differences(records: Records, current: Contents) -> Differences:
    """Compare every row of the file with the row of the same code."""
    found: Differences = {}
    for spec in SHEETS:
        if spec.key in records.rows:
            found[spec.key] = _difference(records.of(spec.key), current.get(spec.key, {}))
    return found


def _difference(rows: list[Record], there: dict[str, Values]) -> Difference:
    difference = Difference()
    for record in rows:
        old = there.get(record.code)
        if old is None:
            difference.created.append(record)
            continue
        said = {key: new for key, new in stated(record).items() if key not in record.assumed}
        fields = {key: (old.get(key), new) for key, new in said.items() if not same(old.get(key), new)}
        if fields:
            difference.changed.append(Change(record, fields))
        else:
            difference.unchanged += 1
    difference.absent = len(there.keys() - {record.code for record in rows})
    return difference


def stated(record: Record) -> Values:
    """What a row says of itself: a hall's name that is left out says nothing, nor does the market of an edition."""
    if record.sheet == "Edition":
        return {key: value for key, value in record.values.items() if key not in NOT_OF_THE_EDITION}
    if record.sheet == "Tables":
        return {key: value for key, value in record.values.items() if not (key.startswith("hall_name") and not value)}
    return record.values


def same(old: Any, new: Any) -> bool:
    """Equal, apart from spaces and the composition of letters that a workbook does not keep."""
    if old == new:
        return True
    if isinstance(old, str) and isinstance(new, str):
        try:
            return as_text(old, many_lines="\n" in new) == new
        except ValueFault:
            return False
    return False


def nothing_differs(found: Differences) -> bool:
    return not any(difference.created or difference.changed for difference in found.values())
