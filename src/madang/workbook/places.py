"""Where a fault stands: the cell of a record in the reader's own sheet."""

from __future__ import annotations

from madang.workbook.faults import ERROR, WARNING, Fault, fault_at
from madang.workbook.records import Record, Records


def fault_in(records: Records, record: Record, key: str, code: str, /, warning: bool = False, **params: object) -> Fault:
    """A fault in the record's cell of the column `key`."""
    sheet = records.names.get(record.sheet, record.sheet)
    column = records.columns.get(record.sheet, {}).get(key, 0)
    header = records.headers.get(record.sheet, {}).get(key, "")
    severity = WARNING if warning else ERROR
    return fault_at(sheet, record.row, column, header, record.shown.get(key, ""), code, severity, **params)
