"""Meeting requests and unavailable times -> the database."""

from __future__ import annotations

from typing import Any

from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus, Unavailability, pair_of, seat_principals
from madang.workbook.actions.rows import BATCH, Codes, changed_rows, linked, only, rows_of, update_rows
from madang.workbook.differing import Difference
from madang.workbook.records import Values

LINKS = {
    "sender": "People",
    "receiver": "People",
    "title": "Titles",
    "mandate": "Mandates",
    "fixed_slot": "Slots",
    "fixed_table": "Tables",
}
OWN = ("reason", "sender_wish", "receiver_wish", "status", "answer", "session", "form", "link")
ANSWERED = (RequestStatus.ACCEPTED, RequestStatus.DECLINED)


def write_requests(edition: Edition, difference: Difference, codes: Codes) -> None:
    """Changed requests step aside first, so that one may take the place of another between the same two people."""
    open_now = {change.record.code for change in difference.changed if {"status", "sender", "receiver"} & change.fields.keys()}
    aside = list(rows_of(MeetingRequest, edition, open_now))
    statuses = {row.code: row.status for row in aside}
    for row in aside:
        row.status = RequestStatus.WITHDRAWN
    MeetingRequest.objects.bulk_update(aside, ["status"], batch_size=BATCH)
    changed = []
    for row, attributes in changed_rows(edition, difference, codes, "Requests", _fields):
        attributes |= _settled(edition, row, attributes, statuses)
        if attributes:
            changed.append((row, attributes))
    update_rows(MeetingRequest, changed)
    _drafts_aside(edition, {record.code for record in difference.created})
    MeetingRequest.objects.bulk_create(_made(edition, difference, codes), batch_size=BATCH)
    seat_principals(MeetingRequest.objects.filter(edition=edition))
    codes.forget("Requests")
    order = (MeetingRequest.after.through, "from_meetingrequest", "to_meetingrequest")
    _write_lists(difference, codes, "after", order, "Requests")
    _write_lists(difference, codes, "also_about", (MeetingRequest.also_about.through, "meetingrequest", "title"), "Titles")


def _fields(values: Values, codes: Codes) -> dict[str, Any]:
    """Never empty, so that a request that changes nothing but its order is seen too."""
    return only(values, OWN) | linked(values, LINKS, codes)


def _settled(edition: Edition, row: MeetingRequest, attributes: dict[str, Any], statuses: dict[str, str]) -> dict[str, Any]:
    """What follows from the new attributes: the pair, the status that had stepped aside, when it was answered."""
    if "status" not in attributes and row.code in statuses:
        row.status = RequestStatus(statuses[row.code])
    found: dict[str, Any] = {"status": row.status} if row.code in statuses else {}
    if "sender_id" in attributes or "receiver_id" in attributes:
        row.pair = pair_of(row.sender_id, row.receiver_id)
        found["pair"] = row.pair
    if "status" in attributes and row.status in ANSWERED:
        row.answered_at = edition.now()
        found["answered_at"] = row.answered_at
    return found


def _made(edition: Edition, difference: Difference, codes: Codes) -> list[MeetingRequest]:
    now, made = edition.now(), []
    for record in difference.created:
        row = MeetingRequest(edition=edition, code=record.code, created_at=now, **_fields(record.values, codes))
        row.pair = pair_of(row.sender_id, row.receiver_id)
        row.answered_at = now if row.status in ANSWERED else None
        made.append(row)
    return made


def _drafts_aside(edition: Edition, taken: set[str]) -> None:
    """A draft, of which the organiser knows nothing, gives way to a request that the workbook calls by the same code."""
    for draft in MeetingRequest.objects.filter(edition=edition, status=RequestStatus.DRAFT).order_by("pk"):
        if draft.code in taken:
            draft.code = f"D{draft.uid.hex[:12]}"
            draft.save(update_fields=["code"])


def _write_lists(difference: Difference, codes: Codes, key: str, table: tuple[Any, str, str], kind: str) -> None:
    """A request's list of codes -> its links, once every row is there; `table`: their model and its two ends."""
    links, own, other = table
    ids, others = codes.of("Requests"), codes.of(kind)
    changed = {change.record.code: change.fields[key][1] for change in difference.changed if key in change.fields}
    left = [ids[code] for code in changed]
    for start in range(0, len(left), BATCH):
        links.objects.filter(**{f"{own}__in": left[start : start + BATCH]}).delete()
    wanted = changed | {record.code: record.values.get(key) or () for record in difference.created}
    rows = [links(**{f"{own}_id": ids[code], f"{other}_id": others[one]}) for code, many in wanted.items() for one in many]
    links.objects.bulk_create(rows, batch_size=BATCH)


def write_spans(edition: Edition, difference: Difference, codes: Codes) -> None:
    """When people cannot meet."""
    made = [
        Unavailability(
            participant_id=codes.of("People")[record.values["person"]],
            starts_at=record.values["starts_at"],
            ends_at=record.values["ends_at"],
            reason=record.values.get("reason", ""),
        )
        for record in difference.created
    ]
    Unavailability.objects.bulk_create(made, batch_size=BATCH)
    for change in difference.changed:
        fields = {key: new for key, (_, new) in change.fields.items() if key in ("ends_at", "reason")}
        values = change.record.values
        rows = Unavailability.objects.filter(participant_id=codes.of("People")[values["person"]], starts_at=values["starts_at"])
        rows.update(**fields)
