"""The budget as tables: what goes out comes back, and a fault keeps everything out."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from factories import EditionFactory
from money_rows import TODAY, activity, grant, line, organiser_of, post
from openpyxl import Workbook, load_workbook
from visits import client_of

from madang.kit.sheets import open_book
from madang.kit.tables import csv_bytes, xlsx_bytes
from madang.markets.models import LogEntry
from madang.outcomes.actions.budget_import import import_budget
from madang.outcomes.budget_sheets import LINES, POSTINGS, head_of, line_rows, posting_rows
from madang.outcomes.models import BudgetLine, Posting
from madang.outcomes.queries.budget import budget_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    return organiser_of(edition)


def book_of(*sheets):
    """A workbook of (name, rows)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(content, name="budget.xlsx"):
    return open_book(io.BytesIO(content), name)


LINE_HEAD = ["code", "activity", "name", "direction", "planned", "currency", "limit", "grows", "grant"]
POSTING_HEAD = ["number", "line", "kind", "amount", "currency", "on", "reference", "counterparty", "settles"]


def test_lines_and_postings_come_in_together(edition, organiser):
    activity(edition, "MEET")
    given = grant(edition, code="F-9")
    content = book_of(
        ("Notes", [["Anything at all"], ["=1+1"]]),
        ("Postings", [POSTING_HEAD, [None, "HALL", "Committed", 300.5, "krw", dt.date(2025, 5, 1), "O-1", "BEXCO", None]]),
        ("Lines", [LINE_HEAD, ["HALL", "MEET", "Halls", "", "1 200,000", "KRW", "", "With the buyers", "F-9"]]),
    )
    reading = import_budget(organiser, edition, opened(content))
    assert reading.faults == []
    found = BudgetLine.objects.get(edition=edition)
    facts = (found.code, found.direction, found.planned, found.limit, found.grows, found.grant)
    assert facts == ("HALL", "cost", D(1_200_000), None, "buyers", given)
    posting = Posting.objects.get()
    assert (posting.kind, posting.amount, posting.currency, posting.on, posting.by) == (
        "committed", D("300.50"), "KRW", dt.date(2025, 5, 1), organiser,
    )  # fmt: skip
    assert LogEntry.objects.get().details == {"lines": 1, "changed": 0, "postings": 1}


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_back_unchanged(edition, organiser, language, ending):
    halls = line(activity(edition), 1000, name="=cmd|' /C calc'!A0 한글 🎬", limit=D("900.50"))
    order = post(halls, "committed", "300.25", organiser, reference="+O-1")
    post(halls, "spent", -50, organiser, settles=order, counterparty="@someone")
    with override(language):
        budget = budget_of(edition)
        tables = [(LINES, line_rows([halls])), (POSTINGS, posting_rows(budget))]
        for labels, rows in tables:
            head = head_of(labels)
            content = csv_bytes(head, rows) if ending == "csv" else xlsx_bytes("x", head, rows)
            reading = import_budget(organiser, edition, opened(content, f"t.{ending}"))
            assert reading.faults == []
            assert (reading.new_lines, reading.changed_lines, reading.postings) == ({}, {}, [])
    assert Posting.objects.count() == 2


def test_a_line_is_changed_and_the_log_says_from_what(edition, organiser):
    halls = line(activity(edition), 1000, code="HALL")
    content = book_of(
        ("x", [["code", "activity", "name", "planned", "currency"], ["HALL", halls.activity.code, halls.name, 1100, "KRW"]])
    )
    import_budget(organiser, edition, opened(content))
    assert BudgetLine.objects.get().planned == D(1100)
    assert LogEntry.objects.get(verb="change_planned").details == {"before": "KRW 1000.00", "after": "KRW 1100.00"}


def test_every_fault_has_its_cell_and_keeps_everything_out(edition, organiser):
    act = activity(edition, "MEET")
    halls = line(act, 1000, code="HALL")
    order = post(halls, "committed", 300, organiser, reference="O-1")
    lines = [
        LINE_HEAD,
        ["OK", "MEET", "Fine", "", 1, "KRW", "", "", ""],
        ["no code!", "MEET", "x", "", 1, "KRW", "", "", ""],
        ["B", "NOPE", "x", "", 1, "KRW", "", "", ""],
        ["C", "MEET", "x" * 300, "", 1, "KRW", "", "", ""],
        ["D", "MEET", "x", "maybe", 1, "KRW", "", "", ""],
        ["E", "MEET", "x", "", "9" * 25, "KRW", "", "", ""],
        ["F", "MEET", "x", "", -1, "KRW", "", "", ""],
        ["G", "MEET", "x", "", 1, "XXX", "", "", ""],
        ["OK", "MEET", "Twice", "", 1, "KRW", "", "", ""],
        ["HALL", "MEET", halls.name, "income", 1000, "KRW", "", "", ""],
    ]
    postings = [
        POSTING_HEAD,
        ["", "HALL", "spent", 1, "KRW", "2025-05-01", "", "", ""],
        ["", "NOPE", "spent", 1, "KRW", "2025-05-01", "", "", ""],
        ["", "HALL", "spent", 0, "KRW", "2025-05-01", "", "", ""],
        ["", "HALL", "spent", 1, "KRW", "1999-05-01", "", "", ""],
        ["", "HALL", "spent", 1, "KRW", "05/06/2025", "", "", ""],
        ["", "HALL", "spent", 1, "EUR", "2025-05-01", "", "", order.pk],
        ["", "HALL", "committed", 300, "KRW", TODAY, "O-1", "", ""],
        [order.pk, "HALL", "committed", 301, "KRW", TODAY, "O-1", "", ""],
        ["77777", "HALL", "committed", 301, "KRW", TODAY, "O-1", "", ""],
        ["", "HALL", "spent", "=1+1", "KRW", "2025-05-01", "", "", ""],
    ]
    before = list(BudgetLine.objects.values()), list(Posting.objects.values())
    reading = import_budget(organiser, edition, opened(book_of(("Lines", lines), ("Posts", postings))))
    found = sorted({(fault.sheet, fault.cell) for fault in reading.faults}, key=lambda one: (one[0], len(one[1]), one[1]))
    assert found == [
        ("Lines", "A3"), ("Lines", "B4"), ("Lines", "C5"), ("Lines", "D6"), ("Lines", "E7"), ("Lines", "E8"), ("Lines", "F9"),
        ("Lines", "A10"), ("Lines", "D11"),
        ("Posts", "A9"), ("Posts", "B3"), ("Posts", "D4"), ("Posts", "E7"), ("Posts", "F5"), ("Posts", "F6"), ("Posts", "G8"),
        ("Posts", "A10"), ("Posts", "D11"),
    ]  # fmt: skip
    assert (list(BudgetLine.objects.values()), list(Posting.objects.values())) == before


def test_a_file_with_no_table_says_so(edition, organiser):
    reading = import_budget(organiser, edition, opened(book_of(("x", [["a", "b"], [1, 2]]))))
    assert [fault.text for fault in reading.faults] == ["There is no table of budget lines or postings in it."]
    reading = import_budget(organiser, edition, opened(book_of(("x", [["line", "kind", "amount"], [1, 2, 3]]))))
    assert [fault.text for fault in reading.faults] == ["These columns are missing: Currency, Day."]


def test_the_pages_of_tables(edition, organiser):
    halls = line(activity(edition), 1000, code="HALL", name="=1+1")
    post(halls, "spent", 5, organiser)
    client = client_of(organiser)
    answer = client.get(reverse("outcomes:budget_table", args=[edition.slug, "lines", "xlsx"]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]][:3] == [("HALL", "s"), (halls.activity.code, "s"), ("=1+1", "s")]
    answer = client.get(reverse("outcomes:budget_table", args=[edition.slug, "postings", "csv"]))
    assert answer.content.decode("utf-8-sig").splitlines()[1].split(",")[1:5] == ["HALL", "Spent or received", "5.00", "KRW"]
    assert client.get(reverse("outcomes:budget_table", args=[edition.slug, "people", "csv"])).status_code == 404
    address = reverse("outcomes:budget_import", args=[edition.slug])
    for name, content, status in (
        ("x.xlsx", b"no workbook", 422),
        ("x.csv", b"line,kind,amount,currency,on\nHALL,spent,nothing,KRW,2025-05-01\n", 422),
        ("x.csv", b"line,kind,amount,currency,on\nHALL,spent,7,KRW,2025-05-01\n", 302),
    ):
        assert client.post(address, {"file": SimpleUploadedFile(name, content)}).status_code == status
    assert client.post(address).status_code == 422
    assert Posting.objects.count() == 2
