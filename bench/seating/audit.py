"""What is in the database afterwards, in plain SQL: nothing sold twice, nothing lost, nobody written to twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rows = Callable[[str], list[tuple[Any, ...]]]

NEVER = {
    "a place has two valid tickets": """
        select place_id from seating_ticket where state = 'valid' group by place_id having count(*) > 1""",
    "a valid ticket of a place that another booking has": """
        select t.id from seating_ticket t join seating_place p on p.id = t.place_id
        where t.state = 'valid' and (p.booking_id is null or p.booking_id <> t.booking_id)""",
    "a booking has not as many places as it counts": """
        select b.id from seating_booking b where b.state = 'booked'
        and b.count <> (select count(*) from seating_place p where p.booking_id = b.id and p.held_until is null)""",
    "a booking has not as many tickets as it counts": """
        select b.id from seating_booking b where b.state = 'booked'
        and b.count <> (select count(*) from seating_ticket t where t.booking_id = b.id and t.state = 'valid')""",
    "a seat has two places": """
        select seat_id from seating_place where seat_id is not null group by seating_id, seat_id having count(*) > 1""",
    "a booking without its one letter": """
        select b.id from seating_booking b where b.state = 'booked' and 1 <> (
        select count(*) from people_letter l where l.once = 'seats/' || b.id || '/booked')""",
    "somebody was written to twice": "select once from people_letter where once is not null group by once having count(*) > 1",
    "a place that is booked for nobody": """
        select p.id from seating_place p join seating_booking b on b.id = p.booking_id
        where b.state in ('waiting', 'cancelled', 'expired')""",
    "an address has two open bookings": """
        select email from seating_booking where state in ('held', 'booked', 'waiting', 'offered') and group_name = ''
        group by seating_id, email having count(*) > 1""",
}


def faults(rows: Rows, places: int, booked: dict[str, tuple[str, int]]) -> list[str]:
    """One line a fault. `booked`: what clients were told is theirs."""
    found = [f"{words}: {len(wrong)}" for words, query in NEVER.items() if (wrong := rows(query))]
    if (there := rows("select count(*) from seating_place")[0][0]) != places:
        found.append(f"{there} places, not {places}")
    stored = {row[0]: (row[1], row[2]) for row in rows("select key, email, count from seating_booking where state = 'booked'")}
    lost = [key for key, facts in booked.items() if stored.get(key) != facts]
    return [*found, *([f"{len(lost)} bookings that clients were told of are not there"] if lost else [])]


def out_of_order(rows: Rows) -> list[str]:
    """Whoever waits while somebody who came later, for as many places, was offered some."""
    wrong = rows("""
        select w.id from seating_booking w join seating_booking o on o.allotment_id = w.allotment_id and o.count = w.count
        where w.state = 'waiting' and o.state in ('offered', 'booked') and o.waiting_since is not null
        and (o.waiting_since > w.waiting_since or (o.waiting_since = w.waiting_since and o.id > w.id))""")
    return [f"{len(wrong)} who wait were passed over"] if wrong else []
