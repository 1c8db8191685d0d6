"""Reads what the ticket shop pretix exports: orders as JSON (of its API, or its data export), or order positions as a table.

Formats: docs.pretix.eu, REST API, order resource; its exporter "Order data", sheet or file of order positions, whose headers
come in the language of whoever exported. Nothing here knows a database. Secrets of tickets are not read.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from madang.accreditation.shop_words import HEADERS, NO_POSITIONS, STATES
from madang.kit.sheets import Limits, Table, UnreadableFile, as_table, is_blank, letter, open_book
from madang.kit.sheets.values import ValueFault, as_moment, as_text, shown
from madang.markets.models import Edition

MOST_ORDERS = 50_000
LONGEST = {"code": 40, "email": 254, "attendee_name": 300, "company_name": 300, "item": 300}
JSON_STATES = {"n": "pending", "p": "paid", "e": "expired", "c": "cancelled"}


@dataclass(slots=True)
class Position:
    """One position of an order. `where`: its row or place in the file; `hints`: texts where an application's code may stand.

    Of the whole order, where the shop tells it: `refunded` went back, `kept` stays of what was paid, `total` is to be paid.
    """

    code: str
    position: int
    state: str
    where: str
    email: str = ""
    buyer_email: str = ""
    attendee_name: str = ""
    company_name: str = ""
    item: str = ""
    price: Decimal | None = None
    currency: str = ""
    ordered_at: dt.datetime | None = None
    paid_at: dt.datetime | None = None
    refunded: Decimal = Decimal(0)
    kept: Decimal | None = None
    total: Decimal | None = None
    hints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read, and where: `row` as the spreadsheet counts, or the place in the JSON; `code` is a key of FAULTS."""

    row: str
    column: str
    value: str
    code: str


@dataclass(slots=True)
class Export:
    """What stands in a file. `orders`: codes of those told whole; `tests`: orders of the shop's test mode, which are left out."""

    positions: list[Position] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    tests: int = 0


class Unfit(ValueError):
    """A value that cannot be read; `code` is a key of FAULTS."""

    def __init__(self, code: str, column: str, value: object) -> None:
        super().__init__(code)
        self.code, self.column, self.value = code, column, value


class NoPositions(UnreadableFile):
    """A table that does not list positions of orders."""

    def text(self, translate: Callable[[str], str] = str) -> str:
        return translate(str(NO_POSITIONS))


def read_export(data: bytes, name: str, edition: Edition) -> Export:
    """The positions of an export and its faults. Raises `UnreadableFile` for what is neither JSON of orders nor a table.

    Times without an offset (tables have none) are in the edition's zone; a table's currency is the edition's badge types'.
    """
    found = Export()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        _read_json(data, found)
    else:
        _read_table(data, name, edition, found)
    _find_doubles(found)
    return found


def _find_doubles(found: Export) -> None:
    seen: dict[tuple[str, int], str] = {}
    for one in found.positions:
        if (one.code, one.position) in seen:
            found.faults.append(Fault(one.where, "", f"{one.code}-{one.position}", "doubled"))
        seen[one.code, one.position] = one.where


# --- JSON --------------------------------------------------------------------------------------------------------------


def _read_json(data: bytes, found: Export) -> None:
    if len(data) > Limits().packed * 3:
        raise UnreadableFile("too_big", size=f"{len(data) / 1e6:.0f}", limit=Limits().packed * 3 // 1_000_000)
    try:
        whole = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _word: None)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFile("truncated") from fault
    names = _item_names(whole)
    for number, order in enumerate(_orders(whole), 1):
        if number > MOST_ORDERS:
            raise UnreadableFile("too_many_rows", sheet="orders", limit=MOST_ORDERS)
        if isinstance(order, dict) and order.get("testmode") is True:
            found.tests += 1
            continue
        _read_order(order, number, names, found)


def _orders(whole: Any) -> Iterator[Any]:
    """Orders of a page of the API, of several pages, of a bare list, of a single order, or of the shop's data export."""
    if isinstance(whole, list):
        for part in whole:
            yield from _orders(part) if isinstance(part, dict) and ("results" in part or "event" in part) else [part]
    elif isinstance(whole, dict) and isinstance(whole.get("results"), list):
        yield from whole["results"]
    elif isinstance(whole, dict) and isinstance(whole.get("event"), dict) and isinstance(whole["event"].get("orders"), list):
        yield from whole["event"]["orders"]
    elif isinstance(whole, dict) and "code" in whole and "positions" in whole:
        yield whole
    else:
        raise UnreadableFile("not_a_workbook")


def _item_names(whole: Any) -> dict[str, str]:
    """The shop's data export names its items beside the orders; the API gives their numbers alone.

    An item without an internal name is exported with the four letters "None" in its place.
    """
    event = whole.get("event") if isinstance(whole, dict) else None
    items = event.get("items") if isinstance(event, dict) else None
    rows = [row for row in items if isinstance(row, dict)] if isinstance(items, list) else []
    return {str(row.get("id")): _words(row.get("internal_name")) or _words(row.get("name")) for row in rows}


def _words(value: Any) -> str:
    """A text, or the first of a text in several languages."""
    if isinstance(value, Mapping):
        value = value.get("en") or next((text for text in value.values() if text), "")
    return "" if value in (None, "None") else str(value)


def _read_order(order: Any, number: int, names: Mapping[str, str], found: Export) -> None:
    where = str(number)
    if not isinstance(order, dict):
        found.faults.append(Fault(where, "", shown(order), "not_an_order"))
        return
    positions = order.get("positions")
    if isinstance(positions, list):
        found.orders.add(str(order.get("code") or ""))
    for place, row in enumerate(positions if isinstance(positions, list) else [], 1):
        spot = f"{number}.{place}"
        try:
            if not isinstance(row, dict):
                raise Unfit("not_an_order", "positions", row)
            found.positions.append(_json_position(order, row, place, spot, names))
        except Unfit as unfit:
            found.faults.append(Fault(spot, unfit.column, shown(unfit.value), unfit.code))


def _json_position(order: dict[str, Any], row: dict[str, Any], place: int, spot: str, names: Mapping[str, str]) -> Position:
    state = JSON_STATES.get(str(order.get("status")))
    if state is None:
        raise Unfit("state", "status", order.get("status"))
    raw = row.get("item")
    item = names.get(str(raw), "") or _words(raw)
    buyer = _text(order, "email", "email") or _text(order, "user", "email")
    invoice = order.get("invoice_address")
    company = _text(row, "company", "company_name")
    if not company and isinstance(invoice, dict):
        company = _text(invoice, "company", "company_name")
    return Position(
        code=_text(order, "code", "code", required=True), position=_whole(row.get("positionid", place), "positionid"),
        state="cancelled" if row.get("canceled") is True else state, where=spot,
        email=(_text(row, "attendee_email", "email") or buyer).lower(), buyer_email=buyer.lower(),
        attendee_name=_text(row, "attendee_name", "attendee_name"), company_name=company, item=_checked(item, "item", "item"),
        price=_price(row.get("price"), "price"), currency=str(order.get("currency") or "")[:3],
        ordered_at=_moment(order.get("datetime"), "datetime"), paid_at=_paid_at(order), **_money(order),
        hints=_json_hints(order, row),
    )  # fmt: skip


def _text(row: Mapping[str, Any], key: str, kind: str, *, required: bool = False) -> str:
    value = row.get(key)
    if value is None or value == "":
        if required:
            raise Unfit("missing", key, "")
        return ""
    if not isinstance(value, str | int):
        raise Unfit("unreadable", key, value)
    return _checked(value, key, kind)


def _checked(value: object, column: str, kind: str) -> str:
    try:
        text = re.sub(r"^'(?=[@+=|%-])", "", as_text(value))  # the shop's mark against formulas
    except ValueFault as fault:
        raise Unfit("unreadable", column, value) from fault
    if len(text) > LONGEST[kind]:
        raise Unfit("too_long", column, value)
    return text


def _whole(value: object, column: str) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,8}(\.0)?", text, re.ASCII):
        raise Unfit("not_a_number", column, value)
    return int(text.partition(".")[0])


def _price(value: object, column: str) -> Decimal | None:
    """An amount with a point or a comma before its parts, with or without marks of thousands."""
    if value is None or value == "":
        return None
    text = re.sub(r"[\s\u202f'’]", "", str(value))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", text) or re.fullmatch(r"-?\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(text) if re.fullmatch(r"-?\d{1,10}(\.\d{1,4})?", text, re.ASCII) else None
    except InvalidOperation:
        amount = None
    if amount is None:
        raise Unfit("not_an_amount", column, value)
    return amount.quantize(Decimal("0.01"))


def _moment(value: object, column: str) -> dt.datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = dt.datetime.fromisoformat(str(value).strip())
    except ValueError as fault:
        raise Unfit("not_a_time", column, value) from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _paid_at(order: Mapping[str, Any]) -> dt.datetime | None:
    """When the last payment that was confirmed came in."""
    dates = [
        _moment(row.get("payment_date") or row.get("created"), "payments") for row in _rows(order, "payments", ("confirmed",))
    ]
    return max((date for date in dates if date), default=None)


def _money(order: Mapping[str, Any]) -> dict[str, Any]:
    """What went back of the whole order, or is on its way; where that is some, what stays of its payments and what it costs."""
    refunded = _sum(_rows(order, "refunds", ("done", "created", "transit", "external")), "refunds")
    payments = _rows(order, "payments", ("confirmed", "refunded"))
    if not refunded or not payments:
        return {"refunded": refunded}
    return {"refunded": refunded, "kept": _sum(payments, "payments") - refunded, "total": _price(order.get("total"), "total")}


def _sum(rows: Iterable[Mapping[str, Any]], column: str) -> Decimal:
    return sum((_price(row.get("amount"), column) or Decimal(0) for row in rows), Decimal(0))


def _rows(order: Mapping[str, Any], key: str, states: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = order.get(key)
    return [row for row in rows if isinstance(row, dict) and row.get("state") in states] if isinstance(rows, list) else []


def _json_hints(order: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Comments, answers and vouchers."""
    voucher = row.get("voucher")
    texts = [order.get("comment"), voucher.get("code") if isinstance(voucher, dict) else voucher, row.get("voucher_code")]
    answers = row.get("answers")
    if isinstance(answers, list):
        texts += [answer.get("answer") for answer in answers if isinstance(answer, dict)]
    return _short(texts)


def _short(texts: Iterable[object]) -> list[str]:
    return [str(text).replace("\x00", "")[:200] for text in texts if isinstance(text, str | int) and str(text).strip()][:30]


# --- Tables ------------------------------------------------------------------------------------------------------------


def normal(words: str) -> str:
    """A header as it is compared: letters and digits alone."""
    return re.sub(r"[\W_]+", " ", words.casefold()).strip()


KEYS = {normal(words): key for key, several in HEADERS.items() for words in several}
STATE_WORDS = {normal(words): state for state, several in STATES.items() for words in several}


def _read_table(data: bytes, name: str, edition: Edition, found: Export) -> None:
    book = open_book(io.BytesIO(data), name)
    try:
        tables = [as_table(book.read(sheet), KEYS, normal) for sheet in book.sheet_names if not book.is_hidden(sheet)]
    finally:
        book.close()
    fitting = [table for table in tables if {"code", "position", "state"} <= table.columns.keys()]
    if not fitting:
        raise NoPositions("no_positions")
    table = fitting[0]
    found.orders |= {str(row.values.get(table.columns["code"], "")).strip() for row in table.rows}
    found.faults += [Fault(str(f.row), letter(f.column), f.value, f.code) for f in table.faults if f.code != "doubled_header"]
    for row in table.rows:
        try:
            found.positions.append(_table_position(table, row.number, row.values, edition))
        except Unfit as unfit:
            column = letter(table.columns.get(unfit.column, 0))
            found.faults.append(Fault(str(row.number), column, shown(unfit.value), unfit.code))


def _table_position(table: Table, number: int, values: Mapping[int, Any], edition: Edition) -> Position:
    cell = {key: values.get(column) for key, column in table.columns.items()}
    cell["company"] = _company(table, values)
    state = STATE_WORDS.get(normal(str(cell["state"] or "")))
    if state is None:
        raise Unfit("state", "state", cell["state"])
    buyer = _text(cell, "buyer_email", "email").lower()
    known = set(table.columns.values())
    hints = [cell.get("voucher"), cell.get("comment"), *(text for column, text in values.items() if column not in known)]
    return Position(
        code=_text(cell, "code", "code", required=True), position=_whole(cell["position"], "position"), state=state,
        where=str(number), email=_text(cell, "email", "email").lower() or buyer, buyer_email=buyer,
        attendee_name=_text(cell, "attendee_name", "attendee_name"), company_name=_text(cell, "company", "company_name"),
        item=_text(cell, "item", "item"), price=_price(cell.get("price"), "price"),
        ordered_at=_table_moment(cell.get("date"), cell.get("time"), edition), hints=_short(hints),
    )  # fmt: skip


def _company(table: Table, values: Mapping[int, Any]) -> object:
    """ "Company" stands twice in the shop's table: the attendee's, or where that is empty the one that gets the bill."""
    columns = [column for column, words in table.headers.items() if KEYS.get(normal(words)) == "company"]
    return next((values[column] for column in columns if not is_blank(values.get(column))), None)


def _table_moment(date: object, time: object, edition: Edition) -> dt.datetime | None:
    if date in (None, ""):
        return None
    if isinstance(date, dt.date) and isinstance(time, dt.time):
        return dt.datetime.combine(date, time, edition.zone)
    try:
        found = as_moment(date if isinstance(date, dt.date) or time in (None, "") else f"{date} {time}")
    except ValueFault as fault:
        raise Unfit("not_a_time", "date", date) from fault
    moment = found if isinstance(found, dt.datetime) else dt.datetime.combine(found, dt.time())
    return moment if moment.tzinfo else moment.replace(tzinfo=edition.zone)
