"""A workbook's faults, all at once, each in its place; and what is understood."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from books import book_bytes, reading_of, template_bytes, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.kit.sheets import open_book
from madang.workbook.columns import SHEETS
from madang.workbook.example import example_contents
from madang.workbook.reading import read_records
from madang.workbook.writing import _source


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_the_template_reads_as_the_example_without_a_word(language: str) -> None:
    reading = read_records(open_book(io.BytesIO(template_bytes(language))))
    assert reading.faults == []
    example = example_contents()
    assert {sheet: [record.code for record in rows] for sheet, rows in reading.records.rows.items()} == {
        sheet: list(rows) for sheet, rows in example.items()
    }
    for record in reading.records.everything():
        expected = example[record.sheet][record.code]
        assert {key: record.values[key] for key in expected} == expected


CASES = {
    "required": ({"People!C3": None}, [("People!C3", "required")]),
    "spaces only": ({"People!C3": "  "}, [("People!C3", "required")]),
    "e-mail": ({"People!G3": "kim@"}, [("People!G3", "bad_email")]),
    "country": ({"Companies!D3": "Atlantis"}, [("Companies!D3", "not_a_country")]),
    "choice": ({"Companies!E3": "bank"}, [("Companies!E3", "not_a_choice")]),
    "role": ({"People!L3": "buyer, boss"}, [("People!L3", "not_a_choice")]),
    "zone": ({"People!K3": "Asia/Busan"}, [("People!K3", "not_a_zone")]),
    "number": ({"People!M3": "many"}, [("People!M3", "not_a_number")]),
    "half a number": ({"People!M3": 2.5}, [("People!M3", "not_a_number")]),
    "big number": ({"People!M3": 900}, [("People!M3", "number_range")]),
    "name of 400 letters": ({"People!C3": "김" * 400}, [("People!C3", "too_long")]),
    "code of 41 letters": ({"Titles!A7": "W" * 41}, [("Titles!A7", "too_long"), ("Requests!D31", "unknown_code")]),
    "code with a slash": (
        {"Mandates!A5": "M/4"},
        [("Mandates!A5", "bad_code"), ("Requests!E25", "unknown_code"), ("Requests!E30", "unknown_code")],
    ),
    "code of dots": ({"Titles!A7": ".."}, [("Titles!A7", "bad_code"), ("Requests!D31", "unknown_code")]),
    "code that became a date": (
        {"Titles!A7": dt.datetime(2026, 1, 2)},
        [("Titles!A7", "date_for_text"), ("Requests!D31", "unknown_code")],
    ),
    "control characters": ({"People!C3": "Kim\u202eevil"}, [("People!C3", "control_characters")]),
    "doubled code": ({"Slots!A3": "D1-0930"}, [("Slots!A3", "doubled_code"), ("Requests!L2", "unknown_code_near")]),
    "doubled e-mail": ({"People!G3": "P01@Example.org"}, [("People!G3", "doubled_email")]),
    "unknown code": ({"People!B3": "XYZ"}, [("People!B3", "unknown_code")]),
    "nearly a code": ({"People!B3": "c-2"}, [("People!B3", "unknown_code_near")]),
    "to oneself": ({"Requests!C2": "P01"}, [("Requests!C2", "request_to_oneself")]),
    "own company": ({"Requests!C5": "P01"}, [("Requests!C5", "own_company")]),
    "same pair again": ({"Requests!B3": "P03", "Requests!C3": "P01"}, [("Requests!C3", "doubled_pair")]),
    "circle": ({"Requests!N2": "R010"}, [("Requests!N2", "cycle")]),
    "session of the fixed slot": ({"Requests!K2": "afternoon"}, [("Requests!L2", "session_of_slot")]),
    "same fixed slot": ({"Requests!L3": "D1-1000"}, [("Requests!L3", "slot_taken")]),
    "same fixed table": (
        {
            "Requests!M2": "T01",
            "Requests!L10": "D1-1000",
            "Requests!M10": "T01",
            "Requests!C10": "P09",
            "Requests!I10": "accepted",
            "Requests!I8": "declined",
        },
        [("Requests!M10", "table_taken")],
    ),
    "away": ({"Requests!L17": "D1-1430"}, [("Requests!L17", "away_in_slot")]),
    "slot ends first": ({"Slots!D2": dt.time(9)}, [("Slots!D2", "time_reversed")]),
    "slot of a day": ({"Slots!D2": "23:59"}, [("Slots!D2", "slot_too_long")]),
    "slot outside": ({"Slots!B17": "2026-06-01"}, [("Slots!C17", "slot_outside")]),
    "slots overlap": ({"Slots!C3": dt.time(9, 45)}, [("Slots!C3", "slot_overlap")]),
    "slot without a day": ({"Slots!B2": None}, [("Slots!B2", "day_missing")]),
    "days reversed": ({"Edition!F2": "2026-05-20"}, [("Edition!F2", "days_reversed")]),
    "ambiguous day": ({"Edition!F2": "05/06/2026"}, [("Edition!F2", "ambiguous_date")]),
    "second edition": (
        {"Edition!A3": "other", "Edition!B3": "x", "Edition!E3": "2026-05-27", "Edition!F3": "2026-05-27", "Edition!G3": "UTC"},
        [("Edition!A3", "one_edition")],
    ),
    "bad slug": ({"Edition!A2": "부산 2026"}, [("Edition!A2", "bad_slug")]),
    "code that is twice a fault": (
        {"Companies!A3": "C/02", "People!B4": "C/02", "People!B5": "C/02"},
        [("Companies!A3", "bad_code")],
    ),
    "two booths": ({"Tables!G9": "C01, C06"}, [("Tables!G9", "two_booths")]),
    "company at a table": ({"Tables!G2": "C02"}, [("Tables!G2", "not_a_booth")]),
    "hall with two names": ({"Tables!D3": "Other hall"}, [("Tables!D3", "hall_names_differ")]),
    "no span": ({"Unavailable!D2": None}, [("Unavailable!D2", "no_span")]),
    "two spans": ({"Unavailable!B2": "D1-1430"}, [("Unavailable!B2", "two_spans")]),
    "unknown slot": (
        {"Unavailable!B2": "D9", "Unavailable!C2": None, "Unavailable!D2": None},
        [("Unavailable!B2", "unknown_code")],
    ),
    "same span": (
        {"Unavailable!A3": "P04", "Unavailable!C3": dt.datetime(2026, 5, 27, 14)},
        [("Unavailable!A3", "doubled_span")],
    ),
}


@pytest.mark.parametrize(("cells", "faults"), CASES.values(), ids=CASES)
def test_each_fault_is_named_in_its_place(cells: dict[str, object], faults: list[tuple[str, str]]) -> None:
    found = told(reading_of(cells))
    # With the edition's days, all slots would be blamed as well.
    assert [fault for fault in found if fault[1] != "slot_outside" or fault in faults] == faults


def test_all_faults_at_once_in_the_order_of_the_file() -> None:
    cells = {"People!G3": "x", "Companies!D3": "y", "Requests!I2": "z", "People!B2": "C 1", "Edition!G2": "Mars"}
    assert told(reading_of(cells)) == [
        ("Edition!G2", "not_a_zone"),
        ("Companies!D3", "not_a_country"),
        ("People!B2", "unknown_code_near"),
        ("People!G3", "bad_email"),
        ("Requests!I2", "not_a_choice"),
    ]


def test_sentences_say_what_and_how() -> None:
    reading = reading_of({"Requests!I2": "maybe", "Requests!B3": "p3"})
    assert [(f.message(), f.mend()) for f in reading.faults] == [
        ("This value is not known here.", "Choose one of: sent, accepted, declined, withdrawn, expired."),
        ("There is no such code in “People”.", "Did you mean P03? Otherwise add its row to “People”."),
    ]
    assert reading.faults[0].mend(language="ko") == "Choose one of: 대기, 수락, 거절, 철회, 만료."


def test_what_is_not_known_is_left_out_with_a_hint() -> None:
    def change(book) -> None:
        book["People"]["N1"], book["People"]["N2"] = "Notes", "=1+1"
        book.create_sheet("Scratch")["A1"] = "=A2"

    reading = reading_of(change=change)
    assert told(reading) == []
    assert told(reading, "warning") == [("Scratch", "unknown_sheet"), ("People!N1", "unknown_column")]


def test_missing_and_doubled_columns_and_sheets() -> None:
    def change(book) -> None:
        book["Companies"].delete_cols(4)
        book["People"]["N1"] = "Prénom"
        book.copy_worksheet(book["Titles"]).title = "Œuvres"

    assert told(reading_of(change=change)) == [
        ("Œuvres", "doubled_sheet"),
        ("Companies", "missing_column"),
        ("People!N1", "doubled_header"),
    ]


def test_a_formula_and_a_merge_in_a_sheet_that_is_read() -> None:
    def change(book) -> None:
        book["Tables"].merge_cells("B2:B3")
        book["Slots"]["C4"] = "=C3"

    assert told(reading_of(change=change)) == [("Tables!B2", "merged"), ("Slots!C4", "formula")]


def test_a_workbook_of_other_sheets() -> None:
    def change(book) -> None:
        for name in book.sheetnames[1:]:
            del book[name]

    assert told(reading_of(change=change)) == [("Read me", "no_sheets")]


def test_choices_in_other_words_and_blanks_take_their_defaults() -> None:
    cells = {
        "Requests!G2": "꼭",
        "Requests!H2": "si possible",
        "Requests!I2": "ACCEPTÉE",
        "People!L2": "셀러, acheteur",
        "People!F2": "예",
        "People!I2": "Corée du Sud",
        "Companies!E2": None,
    }
    reading = reading_of(cells)
    assert told(reading) == []
    request, person, company = (reading.records.of(sheet)[0].values for sheet in ("Requests", "People", "Companies"))
    assert [request[key] for key in ("sender_wish", "receiver_wish", "status")] == [3, 1, "accepted"]
    assert [person[key] for key in ("roles", "family_first", "country")] == [("buyer", "seller"), True, "KR"]
    assert company["kind"] == "other"


def test_times_on_the_venues_clocks_whatever_their_dress() -> None:
    cells = {
        "Slots!B2": None,
        "Slots!C2": "2026-05-27 09:00",
        "Slots!D2": "2026-05-27T00:30Z",
        "Slots!E2": None,
        "Unavailable!C2": dt.datetime(2026, 5, 28),
        "Unavailable!D2": "2026. 5. 28.",
    }
    reading = reading_of(cells)
    assert told(reading) == []
    slot, span = reading.records.of("Slots")[0].values, reading.records.of("Unavailable")[0].values
    assert slot["starts_at"] == dt.datetime(2026, 5, 27, 0, 0, tzinfo=dt.UTC)
    assert slot["ends_at"] == dt.datetime(2026, 5, 27, 0, 30, tzinfo=dt.UTC)
    assert slot["session"] == "morning"
    assert span["starts_at"] == dt.datetime(2026, 5, 27, 15, 0, tzinfo=dt.UTC)
    assert span["ends_at"] == dt.datetime(2026, 5, 28, 15, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "code"), [("02:30", "02:45", "nonexistent_time"), ("01:30", "02:30", "nonexistent_time")]
)
def test_a_day_on_which_the_clocks_go_forward(start: str, end: str, code: str) -> None:
    cells = {
        "Edition!E2": "2026-03-29",
        "Edition!F2": "2026-03-29",
        "Edition!G2": "Europe/Paris",
        "Slots!B2": "2026-03-29",
        "Slots!C2": start,
        "Slots!D2": end,
    }
    found = [fault for fault in told(reading_of(cells)) if fault[1] == code]
    assert found == [("Slots!C2" if start == "02:30" else "Slots!D2", code)]


def test_a_day_on_which_the_clocks_go_back_asks_which() -> None:
    cells = {
        "Edition!E2": "2026-10-25",
        "Edition!F2": "2026-10-25",
        "Edition!G2": "Europe/Paris",
        "Slots!B2": "2026-10-25",
        "Slots!C2": "02:30",
        "Slots!D2": "04:00",
    }
    reading = reading_of(cells)
    fault = next(fault for fault in reading.faults if fault.code == "ambiguous_time")
    assert (fault.place, fault.mend()) == ("Slots!C2", "Write which one, with its distance from UTC: 2026-10-25 02:30+0200.")
    answered = reading_of(cells | {"Slots!C2": "2026-10-25 02:30+0200"})
    assert answered.records.of("Slots")[0].values["starts_at"] == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_names_of_every_script_come_through() -> None:
    names = {
        "C2": "남궁",
        "D2": "보라",
        "C3": "Suryani",
        "D3": None,
        "C4": "أحمد",
        "D4": "علي",
        "C5": "Nguyễn",
        "C6": "🦊",
        "C7": "N'Diaye-O’Neill",
    }
    reading = reading_of({f"People!{cell}": name for cell, name in names.items()})
    assert told(reading) == []
    people = [record.values for record in reading.records.of("People")][:6]
    assert [(person["family_name"], person["given_name"]) for person in people] == [
        ("남궁", "보라"),
        ("Suryani", ""),
        ("أحمد", "علي"),
        ("Nguyễn", "Dasom"),
        ("🦊", "Ara"),
        ("N'Diaye-O’Neill", "Iseul"),
    ]


def test_columns_in_any_order_with_empty_rows_between() -> None:
    def change(book) -> None:
        sheet = book["Companies"]
        sheet.move_range("A1:A20", cols=9)
        sheet.insert_rows(4, 3)

    reading = reading_of(change=change)
    assert told(reading) == []
    assert [(record.row, record.code) for record in reading.records.of("Companies")][:3] == [(2, "C01"), (3, "C02"), (7, "C03")]


CELL = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2100, 1, 1)),
    st.times(),
)


@given(
    st.lists(CELL, min_size=13, max_size=13), st.sampled_from(["People", "Slots", "Requests", "Edition", "Unavailable", "Tables"])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_row_holds_is_read_or_named(cells: list[object], sheet: str) -> None:
    letters = "ABCDEFGHIJKLM"
    data = book_bytes(
        cells={f"{sheet}!{letter}2": cell for letter, cell in zip(letters, cells, strict=True) if not str(cell).startswith("=")}
    )
    reading = read_records(open_book(io.BytesIO(data)))
    for fault in reading.faults:
        assert fault.message()
        assert fault.mend()


def test_a_page_of_blanks_in_a_cell_takes_no_time() -> None:
    blanks = "2026-05-27" + " " * 30_000 + "x"
    places = [
        "Slots!B2",
        "Slots!C2",
        "Unavailable!C2",
        "People!M2",
        "People!I2",
        "People!L2",
        "Requests!N2",
        "People!G2",
        "Companies!F2",
    ]
    reading = reading_of(dict.fromkeys(places, blanks))
    assert {fault[0] for fault in told(reading)} >= set(places) - {"People!I2"}


def test_many_codes_in_a_cell() -> None:
    assert told(reading_of({"Requests!N2": ",".join(f"R{n}" for n in range(5000))})) == [("Requests!N2", "too_many_codes")]
    assert told(reading_of({"Requests!N2": "R" * 60})) == [("Requests!N2", "too_long")]


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_lists_of_choices_fit_into_what_excel_allows(language: str) -> None:
    for spec in SHEETS:
        for column in spec.columns:
            source = _source(column, language)
            assert len(source) <= 255
            assert not source.startswith('"') or source.count(",") == len(column.choices) - 1
