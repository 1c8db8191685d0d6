"""What must be true of the database afterwards, in SQL and plain Python: nothing here is Madang's own code."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlsplit

Rows = list[tuple[Any, ...]]


class Reader:
    """Reads a SQLite or PostgreSQL database by its address."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "sqlite":
            self.connection: Any = sqlite3.connect(f"file:/{parts.path.lstrip('/')}?mode=ro", uri=True)
        else:
            import psycopg

            self.connection = psycopg.connect(url)

    def rows(self, query: str) -> Rows:
        cursor = self.connection.cursor()
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


STANDING = "select request_id, slot_id, table_id from meetings_meeting where timetable_id = {} and not is_cancelled"
CHANGES = (
    "select revision, request_id, kind, from_slot_id, from_table_id, to_slot_id, to_table_id, cause"
    " from meetings_change where timetable_id = {} order by revision, id"
)
COMING = "select request_id, participant_id from meetings_attendee where part = 'coming'"
ATTENDING = (
    "select m.request_id, a.participant_id, a.slot_id from meetings_attendance a"
    " join meetings_meeting m on m.id = a.meeting_id where a.timetable_id = {}"
)
SENT = (
    "select sender_id, count(*) from meetings_meetingrequest where status in ('sent', 'accepted', 'declined') group by sender_id"
)
WAITING = "select receiver_id, count(*) from meetings_meetingrequest where status = 'sent' group by receiver_id"
BLOCKS = "select participant_id, starts_at, ends_at from meetings_unavailability"
SLOTS = "select id, starts_at, ends_at from markets_slot"
OPEN = "select request_id, count(*) from meetings_proposal where state = 'open' group by request_id"
OFFERED = (
    "select slot_id, table_id, count(*) from meetings_proposal"
    " where state = 'open' and kind = 'standby' and table_id is not null group by slot_id, table_id"
)
TAKEN = "select count(*) from meetings_proposal where state = 'taken'"


def standing(reader: Reader, timetable: int) -> dict[int, tuple[Any, Any]]:
    """request -> slot and table."""
    return {request: (slot, table) for request, slot, table in reader.rows(STANDING.format(timetable))}


def faults(reader: Reader, timetable: int, before: dict[int, tuple[Any, Any]], policy: dict[str, int]) -> list[str]:
    """Everything that must not be; `before` is what stood when the crowd was let loose, `policy`: out, in and cap."""
    now = standing(reader, timetable)
    coming: dict[int, set[int]] = defaultdict(set)
    for request, person in reader.rows(COMING):
        coming[request].add(person)
    found = [*_twice(now, coming), *_attendances(reader, timetable, now, coming)]
    found += _history(reader.rows(CHANGES.format(timetable)), before, now)
    found += _quotas(reader, policy) + _days(reader, now, coming, policy["cap"])
    found += [f"request {request} has {n} open proposals" for request, n in reader.rows(OPEN) if n > 1]
    found += [f"table {table} is offered {n} times in slot {slot}" for slot, table, n in reader.rows(OFFERED) if n > 1]
    return found


def _twice(now: dict[int, tuple[Any, Any]], coming: dict[int, set[int]]) -> list[str]:
    tables = Counter(place for place in now.values() if place[1] is not None)
    people = Counter((person, slot) for request, (slot, _table) in now.items() for person in coming[request])
    found = [f"table {table} has {n} meetings in slot {slot}" for (slot, table), n in tables.items() if n > 1]
    found += [f"person {person} has {n} meetings in slot {slot}" for (person, slot), n in people.items() if n > 1]
    return found + [f"meeting {request} has no table" for request, (_slot, table) in now.items() if table is None]


def _attendances(reader: Reader, timetable: int, now: dict[int, tuple[Any, Any]], coming: dict[int, set[int]]) -> list[str]:
    """Who is counted as being there is who comes."""
    kept = set(reader.rows(ATTENDING.format(timetable)))
    wanted = {(request, person, slot) for request, (slot, _table) in now.items() for person in coming[request]}
    return [f"attendance {row} is missing" for row in wanted - kept] + [f"attendance {row} is left over" for row in kept - wanted]


def _history(changes: Rows, before: dict[int, tuple[Any, Any]], now: dict[int, tuple[Any, Any]]) -> list[str]:
    """Each change begins where the one before ended, and all together lead from what stood to what stands."""
    found, state = [], dict(before)
    nothing = (None, None)
    for revision, request, kind, from_slot, from_table, to_slot, to_table, _cause in changes:
        if state.get(request, nothing) != (from_slot, from_table):
            found.append(f"change {revision} of {request} begins at {(from_slot, from_table)}, it stood at {state.get(request)}")
        if kind == "cancelled" and to_slot is not None:
            found.append(f"change {revision} of {request} is cancelled and has a place")
        state.pop(request, None)
        if to_slot is not None:
            state[request] = (to_slot, to_table)
    lost = state.keys() - now.keys()
    found += [f"meeting {request} is lost without a change" for request in lost]
    found += [f"meeting {request} stands at {now[request]}, its changes say {state.get(request)}"
              for request in now if state.get(request) != now[request]]  # fmt: skip
    return found


def _quotas(reader: Reader, policy: dict[str, int]) -> list[str]:
    found = [f"person {person} has sent {n} requests" for person, n in reader.rows(SENT) if n > policy["out"]]
    return found + [f"{n} requests wait for person {person}" for person, n in reader.rows(WAITING) if n > policy["in"]]


def _days(reader: Reader, now: dict[int, tuple[Any, Any]], coming: dict[int, set[int]], cap: int) -> list[str]:
    """Nobody has more meetings a day than wished, or a meeting when she cannot."""
    slots = {slot: (str(start)[:19], str(end)[:19]) for slot, start, end in reader.rows(SLOTS)}
    held = Counter((person, slots[slot][0][:10]) for request, (slot, _table) in now.items() for person in coming[request])
    found = [f"person {person} has {n} meetings on {day}" for (person, day), n in held.items() if n > cap]
    away: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for person, start, end in reader.rows(BLOCKS):
        away[person].append((str(start)[:19], str(end)[:19]))
    for request, (slot, _table) in now.items():
        begin, finish = slots[slot]
        found += [f"person {person} meets in slot {slot} and is away" for person in coming[request]
                  if any(start < finish and begin < end for start, end in away[person])]  # fmt: skip
    return found
