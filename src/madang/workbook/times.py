"""Slots and unavailable times: what stands in their cells -> `starts_at` and `ends_at` in UTC."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from madang.kit.sheets.values import ValueFault
from madang.workbook.clocks import end_of, midnight, session_of, start_of, to_utc
from madang.workbook.faults import Fault
from madang.workbook.places import fault_in
from madang.workbook.records import Contents, Record, Records, Values

LONGEST_SLOT = dt.timedelta(hours=12)


def resolve_slots(records: Records, zone: ZoneInfo, faults: list[Fault]) -> None:
    """Give each slot its times and session. A slot with a fault keeps no times, so later checks pass over it."""
    for record in records.of("Slots"):
        values = record.values
        day, start, end = values.pop("day", None), values.pop("start", None), values.pop("end", None)
        if start is None or end is None:
            continue
        first = _moment(records, record, "start", day or None, start, zone, faults)
        last = _moment(records, record, "end", day or _day_of(first, zone), end, zone, faults) if first else None
        if first is None or last is None:
            continue
        if last <= first:
            faults.append(fault_in(records, record, "end", "time_reversed"))
        elif last - first > LONGEST_SLOT:
            faults.append(fault_in(records, record, "end", "slot_too_long"))
        else:
            if "session" not in values:
                record.assumed = frozenset(["session"])
            values |= {"starts_at": first, "ends_at": last, "session": values.get("session") or session_of(first, zone)}


def _day_of(moment: dt.datetime | None, zone: ZoneInfo) -> dt.date | None:
    return moment.astimezone(zone).date() if moment else None


def _moment(
    records: Records,
    record: Record,
    key: str,
    day: dt.date | None,
    value: dt.timedelta | dt.datetime,
    zone: ZoneInfo,
    faults: list[Fault],
) -> dt.datetime | None:
    """The cell's moment in UTC; None and a fault where there is none."""
    if isinstance(value, dt.timedelta):
        if day is None:
            faults.append(fault_in(records, record, "day" if "day" in records.columns["Slots"] else key, "day_missing"))
            return None
        value = midnight(day) + value
    try:
        return to_utc(value, zone)
    except ValueFault as fault:
        faults.append(fault_in(records, record, key, fault.code, False, **fault.params))
    except OverflowError:
        faults.append(fault_in(records, record, key, "not_a_date"))
    return None


def resolve_spans(records: Records, current: Contents, zone: ZoneInfo, faults: list[Fault]) -> None:
    """Give each unavailable time its span, from its slot or its own cells, and its name: person and start."""
    slots = {**current.get("Slots", {}), **{record.code: record.values for record in records.of("Slots")}}
    seen: dict[str, Record] = {}
    kept = []
    for record in records.of("Unavailable"):
        span = _span(records, record, slots, zone, faults)
        if span is None or not record.values.get("person"):
            continue
        record.values |= {"starts_at": span[0], "ends_at": span[1]}
        record.code = span_code(record.values["person"], span[0])
        if record.code in seen:
            faults.append(fault_in(records, record, "person", "doubled_span", other=seen[record.code].row))
            continue
        seen[record.code] = record
        kept.append(record)
    if "Unavailable" in records.rows:
        records.rows["Unavailable"] = kept


def span_code(person: str, start: dt.datetime) -> str:
    """An unavailable time has no code of its own: it is named by its person and start."""
    return f"{person} {start.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}"


def _span(
    records: Records, record: Record, slots: dict[str, Values], zone: ZoneInfo, faults: list[Fault]
) -> tuple[dt.datetime, dt.datetime] | None:
    slot, start, end = (record.values.pop(key, None) for key in ("slot", "start", "end"))
    if slot and (start or end):
        faults.append(fault_in(records, record, "slot", "two_spans"))
        return None
    if slot:
        return _span_of_slot(records, record, slot, slots, faults)
    if not start or not end:
        missing = "start" if not start else "end"
        faults.append(fault_in(records, record, missing if missing in records.columns["Unavailable"] else "person", "no_span"))
        return None
    first = _moment(records, record, "start", None, start_of(start), zone, faults)
    last = _moment(records, record, "end", None, end_of(end), zone, faults)
    if first and last and last <= first:
        faults.append(fault_in(records, record, "end", "time_reversed"))
        return None
    return (first, last) if first and last else None


def _span_of_slot(
    records: Records, record: Record, slot: str, slots: dict[str, Values], faults: list[Fault]
) -> tuple[dt.datetime, dt.datetime] | None:
    found = slots.get(slot)
    if found is None:
        record.values["slot"] = slot  # the check of codes names it, with what was probably meant
        faults.append(fault_in(records, record, "slot", "unknown_code", target=records.names.get("Slots", "Slots")))
        return None
    if "starts_at" not in found:
        return None
    return found["starts_at"], found["ends_at"]
