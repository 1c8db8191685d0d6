"""Exports of the ticket shop: JSON of its API and its data export, tables in several languages, and what cannot be read."""

import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from yard_badges import order

from madang.accreditation.shop import Fault, read_export
from madang.kit.sheets import UnreadableFile
from madang.markets.models import Edition

EDITION = Edition(time_zone="Asia/Seoul")
ENGLISH = (
    "Event slug,Order code,Position ID,Status,Email,Phone number,Order date,Order time,Product,Variation,Price,"
    "Tax rate,Attendee name,Attendee email,Company,Address,Voucher,Ticket secret,Order comment,Application code,Company"
)
GERMAN = "Bestellnummer;Positions-ID;Status;E-Mail;Bestelldatum;Bestellzeit;Produkt;Preis;Teilnehmername;Firma"
FRENCH = "Code de commande\tIdentifiant de position\tStatut\tE-mail\tProduit\tPrix\tNom du participant"
KOREAN = "주문 코드,위치 ID,상태,이메일,상품,가격,참석자 이름"


def read(data, name="orders.json"):
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    return read_export(raw, name, EDITION)


def short(found):
    return [(one.code, one.position, one.state, one.email, one.price) for one in found.positions]


ONE = order("ABCDE", "Hana@Example.org")
LINE = ("ABCDE", 1, "paid", "hana@example.org", Decimal("250.00"))


@pytest.mark.parametrize(
    "whole",
    [
        {"count": 1, "next": None, "results": [ONE]},
        [{"results": [ONE]}],
        [ONE],
        ONE,
        {"event": {"slug": "yard", "items": [{"id": 7, "name": {"en": "Badge", "ko": "배지"}}], "orders": [ONE]}},
    ],
    ids=["page", "pages", "list", "order", "export"],
)
def test_json_in_its_shapes(whole):
    found = read(whole)
    assert (short(found), found.faults) == ([LINE], [])


def test_json_in_full():
    whole = order(
        "ABCDE", "boss@example.org", currency="KRW", datetime="2025-03-01T10:00:00+09:00", comment="for KW7T2M", secret="s3cret",
        payments=[{"state": "failed", "payment_date": "2025-03-01T01:00:00Z"},
                  {"state": "confirmed", "payment_date": "2025-03-02T01:00:00Z"}],
        refunds=[{"state": "done", "amount": "50.00"}, {"state": "failed", "amount": "1.00"}],
        position={"positionid": 2, "item": {"en": "Buyer badge"}, "attendee_email": "hana@example.org", "company": "Yard",
                  "secret": "hidden", "voucher": {"code": "YARD25"}, "answers": [{"answer": "PX9"}, {"answer": None}]},
    )  # fmt: skip
    (one,) = read(whole).positions
    assert (one.position, one.buyer_email, one.email, one.item) == (2, "boss@example.org", "hana@example.org", "Buyer badge")
    assert (one.currency, one.refunded, one.company_name) == ("KRW", Decimal("50.00"), "Yard")
    assert one.ordered_at == dt.datetime(2025, 3, 1, 1, tzinfo=dt.UTC)
    assert one.paid_at == dt.datetime(2025, 3, 2, 1, tzinfo=dt.UTC)
    assert one.hints == ["for KW7T2M", "YARD25", "PX9"]


@pytest.mark.parametrize(("sign", "state"), [("n", "pending"), ("p", "paid"), ("e", "expired"), ("c", "cancelled")])
def test_states(sign, state):
    assert read(order("A", "a@b.example", status=sign)).positions[0].state == state


def test_a_cancelled_position_of_a_paid_order_and_orders_of_the_test_mode():
    found = read([order("A", "a@b.example", position={"canceled": True}), order("B", "a@b.example", testmode=True)])
    assert ([one.state for one in found.positions], found.tests) == (["cancelled"], 1)


def test_what_cannot_be_read_is_told_with_its_place():
    bad = [
        order("", "a@b.example"),
        order("B", "a@b.example", status="x"),
        order("C", "a@b.example", position={"price": "12,345,6"}),
        order("D", "a@b.example", position={"positionid": "9" * 25}),
        order("E", "a@b.example", datetime="yesterday"),
        order("F" * 41, "a@b.example"),
        order("G", "a@b.example", position={"attendee_name": "Kim\u202e😀" * 80}),
        order("H", "a@b.example", position={"attendee_name": "Kim\x00"}),
        "an order",
        order("Z", "a@b.example"),
        order("Z", "a@b.example"),
    ]
    found = read(bad)
    assert [one.code for one in found.positions] == ["Z", "Z"]
    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [
        ("1.1", "code", "missing"),
        ("2.1", "status", "state"),
        ("3.1", "price", "not_an_amount"),
        ("4.1", "positionid", "not_a_number"),
        ("5.1", "datetime", "not_a_time"),
        ("6.1", "code", "too_long"),
        ("7.1", "attendee_name", "unreadable"),
        ("8.1", "attendee_name", "unreadable"),
        ("9", "", "not_an_order"),
        ("11.1", "", "doubled"),
    ]


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[" * 100_000, b'{"results": 3}', b"\x00\x01", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_what_is_no_export(data):
    with pytest.raises(UnreadableFile):
        read(data, "orders.csv")


KEYS = ["code", "status", "positions", "email", "price", "item", "payments", "refunds", "answers", "voucher", "datetime", "user"]
THINGS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
)


@given(THINGS)
def test_no_json_breaks_the_reader(thing):
    read([thing | {"positions": [thing]} if isinstance(thing, dict) else thing])


def test_items_without_an_internal_name_have_their_own():
    items = [{"id": 7, "name": "Badge", "internal_name": "None"}, {"id": 8, "name": "Badge", "internal_name": "Buyer"}]
    orders = [order("A", "a@b.example", position={"item": 7}), order("B", "a@b.example", position={"item": 8})]
    found = read({"event": {"slug": "yard", "items": items, "orders": orders}})
    assert [one.item for one in found.positions] == ["Badge", "Buyer"]


def test_a_table_names_the_company_that_gets_the_bill_and_undoes_the_mark_against_formulas():
    rows = "yard,A,1,canceled (paid fee),a@b.example,,,,Badge,,250.00,,'=Hana,,,,,,,,Yard Inc."
    (one,) = read(f"{ENGLISH}\n{rows}\n", "orders.csv").positions
    assert (one.state, one.attendee_name, one.company_name) == ("cancelled", "=Hana", "Yard Inc.")


def test_a_list_of_orders_without_positions_says_what_to_export():
    with pytest.raises(UnreadableFile, match="sheet or file of order positions"):
        read("Event slug,Order code,Order total,Status,Positions\nyard,A,250.00,paid,1\n", "orders.csv")


def test_the_table_in_english():
    rows = "yard,ABCDE,1,paid,boss@example.org,'+82,2025-03-01,10:00:00,Buyer badge,,250.00,"
    rows += "10.00,Hana Kim,hana@example.org,Yard,,YARD25,secret,see KW7T2M,PX9,Yard Inc."
    (one,) = read(f"{ENGLISH}\n{rows}\n", "orders.csv").positions
    assert (one.code, one.position, one.state, one.where) == ("ABCDE", 1, "paid", "2")
    assert (one.email, one.buyer_email, one.company_name, one.item) == (
        "hana@example.org",
        "boss@example.org",
        "Yard",
        "Buyer badge",
    )
    assert (one.price, one.ordered_at) == (Decimal("250.00"), dt.datetime(2025, 3, 1, 1, tzinfo=dt.UTC))
    assert {"YARD25", "see KW7T2M", "PX9"} <= set(one.hints)


@pytest.mark.parametrize(
    "table",
    [
        f'{GERMAN}\nABCDE;1;bezahlt;hana@example.org;2025-03-01;10:00:00;Ticket;"1.250,00";Hana Kim;Hof',
        f"{FRENCH}\nABCDE\t1\tpayé\thana@example.org\tBadge\t1250,00\tHana Kim",
        f'{KOREAN}\nABCDE,1,결제됨,hana@example.org,배지,"1,250.00",김하나',
    ],
    ids=["de", "fr", "ko"],
)
def test_tables_in_other_languages(table):
    assert short(read(table, "orders.csv")) == [("ABCDE", 1, "paid", "hana@example.org", Decimal("1250.00"))]


def test_a_workbook():
    book, stream = Workbook(), io.BytesIO()
    book.active.title = "Orders"
    positions = book.create_sheet("Positions")
    positions.append(["Order code", "Position ID", "Status", "Email", "Price", "Order date"])
    positions.append(["ABCDE", 1, "pending", "Hana@example.org", 250.5, dt.datetime(2025, 3, 1)])
    book.save(stream)
    found = read(stream.getvalue(), "orders.xlsx")
    assert short(found) == [("ABCDE", 1, "pending", "hana@example.org", Decimal("250.50"))]


def test_faults_of_a_table_name_row_and_column():
    rows = (
        "ABCDE,1,paid,a@b.example,Badge,=1+1,Hana\nABCDF,x,결제됨,a@b.example,Badge,1,Hana\nABCDG,1,what,a@b.example,Badge,1,Hana"
    )
    assert read(f"{KOREAN}\n{rows}", "orders.csv").faults == [
        Fault("2", "F", "=1+1", "formula"),
        Fault("3", "B", "x", "not_a_number"),
        Fault("4", "C", "what", "state"),
    ]
