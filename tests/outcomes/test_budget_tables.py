"""The budget as tables: what goes out comes back, and a fault keeps everything out."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
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
from madang.outcomes.actions.budget_import import import_budget, load_budget, preview_budget
from madang.outcomes.budget_sheets import LINES, POSTINGS, head_of, line_rows, posting_rows
from madang.outcomes.models import BudgetImport, BudgetLine, Posting
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
    assert client.post(address).status_code == 422
    assert client.post(address, {"file": SimpleUploadedFile("x.xlsx", b"no workbook")}).status_code == 422


HEAD = "line,kind,amount,currency,on\n"


def test_a_file_is_shown_before_it_is_written(edition, organiser):
    """What is added and changed stands with its row and cell; only the second word writes it, and writes it once."""
    act = activity(edition, "MEET")
    line(act, 1000, code="HALL", name="Halls", limit=D(1200))
    content = book_of(
        ("Lines", [["code", "activity", "name", "planned", "currency", "limit"], ["HALL", "MEET", "Halls", 1100, "KRW", None],
                   ["NEW", "MEET", "한글 🎬", 5, "EUR", None]]),
        ("Posts", [["line", "kind", "amount", "currency", "on"], ["NEW", "spent", "7.5", "EUR", dt.date(2025, 5, 1)]]),
    )  # fmt: skip
    client, address = client_of(organiser), reverse("outcomes:budget_import", args=[edition.slug])
    answer = client.post(address, {"file": SimpleUploadedFile("b.xlsx", content)})
    waiting = BudgetImport.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{address}{waiting.key}/")
    assert waiting.report["effects"] == [
        {"kind": "new_line", "sheet": "Lines", "row": 3, "code": "NEW", "cells": [
            ["activity", "B3", "", "MEET"], ["name", "C3", "", "한글 🎬"], ["direction", "", "", "cost"],
            ["planned", "D3", "", "5.00"], ["currency", "E3", "", "EUR"], ["grows", "", "", "fixed"]]},
        {"kind": "changed_line", "sheet": "Lines", "row": 2, "code": "HALL", "cells": [
            ["planned", "D2", "1000.00", "1100.00"], ["limit", "F2", "1200.00", ""]]},
        {"kind": "new_posting", "sheet": "Posts", "row": 2, "code": "NEW", "cells": [
            ["kind", "B2", "", "spent"], ["amount", "C2", "", "7.50"], ["currency", "D2", "", "EUR"],
            ["on", "E2", "", "2025-05-01"]]},
    ]  # fmt: skip
    page = client.get(answer.url).content.decode()
    assert "<del>1,200.00</del> → <strong><bdi>–</bdi></strong>" in page
    assert (BudgetLine.objects.count(), Posting.objects.count()) == (1, 0)
    for _click in range(2):
        assert client.post(answer.url + "load/").url == reverse("outcomes:budget", args=[edition.slug])
    assert list(BudgetLine.objects.order_by("code").values_list("code", "planned", "limit")) == [
        ("HALL", D(1100), None), ("NEW", D(5), None),
    ]  # fmt: skip
    assert (Posting.objects.count(), LogEntry.objects.filter(verb="import_budget").count()) == (1, 1)
    waiting.refresh_from_db()
    assert (waiting.stored, waiting.is_confirmed) == ("", True)


def test_a_preview_that_is_no_longer_true_is_shown_anew(edition, organiser):
    halls = line(activity(edition), 1000, code="HALL")
    rows = f"code,activity,name,planned,currency\nHALL,{halls.activity.code},{halls.name},1100,KRW\n".encode()
    first = preview_budget(organiser, edition, rows, "b.csv").kept
    BudgetLine.objects.update(planned=D(900))
    answer = client_of(organiser).post(reverse("outcomes:load_budget", args=[edition.slug, first.key]))
    second = BudgetImport.objects.exclude(pk=first.pk).get()
    assert answer.url == reverse("outcomes:budget_preview", args=[edition.slug, second.key])
    assert second.report["effects"][0]["cells"] == [["planned", "D2", "900.00", "1100.00"]]
    assert BudgetLine.objects.get().planned == D(900)


def test_a_file_with_faults_or_without_news_is_not_kept(edition, organiser):
    line(activity(edition), 1000, code="HALL")
    for rows, faults, effects in (
        (HEAD + "HALL,spent,nothing,KRW,2025-05-01\nHALL,spent,7,KRW,2025-05-01\n", ["C2"], 1),
        ("code,activity,name,planned,currency\n", [], 0),
    ):
        found = preview_budget(organiser, edition, rows.encode(), "x.csv")
        told = ([fault.cell for fault in found.reading.faults], len(found.effects), found.kept)
        assert told == (faults, effects, None)
    assert not BudgetImport.objects.exists()


def test_a_preview_is_thrown_away_and_nobody_else_sees_it(edition, organiser):
    line(activity(edition), 1000, code="HALL")
    kept = preview_budget(organiser, edition, (HEAD + "HALL,spent,7,KRW,2025-05-01\n").encode(), "x.csv").kept
    other = EditionFactory()
    stranger = client_of(organiser_of(other))
    assert stranger.get(reverse("outcomes:budget_preview", args=[other.slug, kept.key])).status_code == 404
    with pytest.raises(PermissionDenied):
        load_budget(organiser_of(other), kept)
    client_of(organiser).post(reverse("outcomes:discard_budget", args=[edition.slug, kept.key]))
    assert (load_budget(organiser, kept), Posting.objects.count()) == (False, 0)
