"""A workbook's records -> the kernel's problem, for a timetable without a database. Ids are the codes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madang.kernels.timetable.problem import Goal, Participant, Problem, Request, Slot, Table
from madang.meetings.weights import weight_of
from madang.workbook.records import Contents, Records, Values, merged

SESSIONS = {"morning": 1, "afternoon": 2}


def problem_of(records: Records, *, homogeneity: int | None = None) -> Problem:
    """The timetable that sound records ask for: accepted requests, at shared tables or at a company's booth.

    The same that `meetings.queries.timetable.timetable_problem` asks for the edition in the database (a test compares).
    """
    edition = merged(records, {})
    order = sorted(edition.get("Slots", {}), key=lambda code: edition["Slots"][code]["starts_at"])
    numbers = {code: number for number, code in enumerate(order, 1)}
    return Problem(
        slots=_slots(edition, order),
        participants=_participants(edition, order),
        tables=tuple(Table(code) for code, table in edition.get("Tables", {}).items() if not table.get("is_booth")),
        requests=_requests(edition, numbers),
        goal=Goal.WEIGHT,
        homogeneity=homogeneity,
    )


def _slots(edition: Contents, order: list[str]) -> tuple[Slot, ...]:
    zone = ZoneInfo(next(iter(edition["Edition"].values()))["time_zone"])
    rows = [edition["Slots"][code] for code in order]
    days = [row["starts_at"].astimezone(zone).date() for row in rows]
    numbers = {day: number for number, day in enumerate(sorted(set(days)), 1)}
    return tuple(Slot(numbers[day], SESSIONS[row["session"]]) for day, row in zip(days, rows, strict=True))


def _participants(edition: Contents, order: list[str]) -> tuple[Participant, ...]:
    away: dict[str, set[int]] = {}
    for span in edition.get("Unavailable", {}).values():
        for number, code in enumerate(order, 1):
            slot = edition["Slots"][code]
            if span["starts_at"] < slot["ends_at"] and slot["starts_at"] < span["ends_at"]:
                away.setdefault(span["person"], set()).add(number)
    return tuple(
        Participant(code, frozenset(away.get(code, ())), person.get("max_meetings_per_day"))
        for code, person in edition.get("People", {}).items()
    )


def _requests(edition: Contents, numbers: dict[str, int]) -> tuple[Request, ...]:
    withdrawn = {code for code, title in edition.get("Titles", {}).items() if title.get("is_withdrawn")}
    asked = edition.get("Requests", {}).items()
    accepted = {code: row for code, row in asked if row.get("status") == "accepted" and row.get("title") not in withdrawn}
    with_booth = {company for table in edition.get("Tables", {}).values() for company in table.get("companies") or ()}
    return tuple(_request(code, row, edition, numbers, with_booth, set(accepted)) for code, row in accepted.items())


def _request(
    code: str, row: Values, edition: Contents, numbers: dict[str, int], with_booth: set[str], accepted: set[str]
) -> Request:
    table = row.get("fixed_table") or None
    is_at_booth = bool(table and edition["Tables"][table].get("is_booth"))
    companies = {edition["People"][row[side]].get("company") for side in ("sender", "receiver")}
    needs_none = is_at_booth or (table is None and bool(companies & with_booth))
    return Request(
        id=code,
        participants=(row["sender"], row["receiver"]),
        weight=weight_of(row.get("sender_wish") or 2, row.get("receiver_wish")),
        session=SESSIONS.get(row.get("session") or ""),
        fixed_slot=numbers.get(row.get("fixed_slot") or ""),
        fixed_table=None if is_at_booth else table,
        tables=() if needs_none else None,
        after=tuple(other for other in row.get("after") or () if other in accepted),
    )
