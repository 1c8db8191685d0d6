"""Checks of meeting requests: who asks whom, what is fixed, what comes before what."""

from __future__ import annotations

from collections.abc import Iterator

from madang.workbook.faults import Fault
from madang.workbook.places import fault_in
from madang.workbook.records import Contents, Record, Records, Values

OPEN = ("sent", "accepted")
PROFESSIONAL = {"buyer", "seller", "creator"}


def check_requests(records: Records, after: Contents) -> list[Fault]:
    """Every fault of the file's requests; `after` is the edition as it would be."""
    return [
        *_sides(records, after),
        *_pairs(records, after),
        *_fixed(records, after),
        *_cycles(records, after),
    ]


def _requests(records: Records, after: Contents) -> Iterator[tuple[Record, Values]]:
    for record in records.of("Requests"):
        yield record, after["Requests"][record.code]


def _sides(records: Records, after: Contents) -> Iterator[Fault]:
    people, titles = after.get("People", {}), after.get("Titles", {})
    for record, request in _requests(records, after):
        sender, receiver = people.get(request.get("sender", "")), people.get(request.get("receiver", ""))
        if request.get("sender") and request.get("sender") == request.get("receiver"):
            yield fault_in(records, record, "receiver", "request_to_oneself")
            continue
        if request.get("receiver_wish") and request.get("status") == "sent":
            yield fault_in(records, record, "receiver_wish", "answer_without_answer", warning=True)
        if sender is None or receiver is None:
            continue
        if sender.get("company") and sender.get("company") == receiver.get("company"):
            yield fault_in(records, record, "receiver", "own_company", company=sender["company"])
        for key, person in (("sender", sender), ("receiver", receiver)):
            if not PROFESSIONAL & set(person.get("roles") or ()):
                yield fault_in(records, record, key, "not_professional", warning=True, person=request[key])
        seller = titles.get(request.get("title") or "", {}).get("company")
        if seller and seller not in (sender.get("company"), receiver.get("company")):
            yield fault_in(records, record, "title", "foreign_title", warning=True, title=request["title"])


def _pairs(records: Records, after: Contents) -> Iterator[Fault]:
    """Two open requests between the same two people, whoever asked."""
    own = {record.code: record for record in records.of("Requests")}
    first: dict[frozenset[str], str] = {}
    rows = sorted(after.get("Requests", {}).items(), key=lambda row: row[0] in own)  # those of the edition come first
    for code, request in rows:
        pair = frozenset((request.get("sender", ""), request.get("receiver", "")))
        if request.get("status") not in OPEN or len(pair) != 2 or "" in pair:
            continue
        other = first.setdefault(pair, code)
        if other != code and code in own:
            yield fault_in(records, own[code], "receiver", "doubled_pair", other=other)


def _fixed(records: Records, after: Contents) -> Iterator[Fault]:
    """What is fixed must be possible at all."""
    slots, away = after.get("Slots", {}), _away(after)
    people: dict[tuple[str, str], str] = {}
    tables: dict[tuple[str, str], str] = {}
    for record, request in _requests(records, after):
        slot = slots.get(request.get("fixed_slot") or "")
        if slot is None or request.get("status") != "accepted":
            continue
        code = request["fixed_slot"]
        if request.get("session") and slot.get("session") and request["session"] != slot["session"]:
            yield fault_in(records, record, "fixed_slot", "session_of_slot", slot=code)
        for person in (request.get("sender", ""), request.get("receiver", "")):
            if any(
                start < slot["ends_at"] and slot["starts_at"] < end for start, end in away.get(person, ()) if "starts_at" in slot
            ):
                yield fault_in(records, record, "fixed_slot", "away_in_slot", person=person, slot=code)
            other = people.setdefault((person, code), record.code)
            if other != record.code:
                yield fault_in(records, record, "fixed_slot", "slot_taken", person=person, slot=code, other=other)
        table = request.get("fixed_table")
        is_shared = not after.get("Tables", {}).get(table or "", {}).get("is_booth")
        if table and is_shared and tables.setdefault((table, code), record.code) != record.code:
            yield fault_in(records, record, "fixed_table", "table_taken", other=tables[table, code])


def _away(after: Contents) -> dict[str, list[tuple[object, object]]]:
    away: dict[str, list[tuple[object, object]]] = {}
    for span in after.get("Unavailable", {}).values():
        away.setdefault(span.get("person", ""), []).append((span["starts_at"], span["ends_at"]))
    return away


def _cycles(records: Records, after: Contents) -> Iterator[Fault]:
    """Circles in After, each told once, at a row of the file."""
    graph = {code: request.get("after") or () for code, request in after.get("Requests", {}).items()}
    own = {record.code: record for record in records.of("Requests")}
    done: set[str] = set()
    for start in graph:
        circle = _circle_from(start, graph, done)
        place = next((code for code in circle if code in own), None)
        if place:
            yield fault_in(records, own[place], "after", "cycle", circle=" → ".join([*circle, circle[0]][:12]))


def _circle_from(start: str, graph: dict[str, tuple[str, ...]], done: set[str]) -> list[str]:
    """A circle reachable from `start` that passes only codes not yet done; walks without recursion."""
    if start in done:
        return []
    path, on_path = [start], {start}
    stack = [iter(graph.get(start, ()))]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            left = path.pop()
            on_path.discard(left)
            done.add(left)
        elif step in on_path:
            circle = path[path.index(step) :]
            done.update(path)
            return circle
        elif step not in done and step in graph:
            path.append(step)
            on_path.add(step)
            stack.append(iter(graph[step]))
    return []
