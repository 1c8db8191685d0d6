"""A company's rights as a workbook: out, in again, changed, refused; whole or not at all."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from openpyxl import load_workbook
from rights_rows import add_line, hold, restrict, sold

from madang.deals.models import Document, DocumentKind, Line, LineKind, LineReason, Milestone
from madang.kit.sheets import open_book
from madang.markets.models import LogEntry
from madang.workbook.actions.load import NotLoaded
from madang.workbook.actions.rights import load_rights
from madang.workbook.rights import export_rights, plan_of, read_rights_book, rights_contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    edition = EditionFactory()
    return ParticipantFactory(edition=edition, is_seller=True, company=CompanyFactory(edition=edition, name="Hanbada"))


@pytest.fixture
def title(seller):
    """One with a line of every sort."""
    title = TitleFactory(edition=seller.edition, company=seller.company, code="W01")
    event = Milestone.objects.create(
        edition=seller.edition, title=title, code="E01", name="Release", earliest=dt.date(2025, 9, 1)
    )
    other = CompanyFactory(edition=seller.edition, code="C-B")
    hold(seller.company, title, ended_early_by=[event], paper={"reference": "2020/1"})
    line = sold(seller.company, title, "DE", "SVOD", exclusive=True, runs=3, clause="4.1", paper={"reference": "2024/7"})
    facts = {"reason": LineReason.HOLDBACK, "start": event, "start_lag": -30, "exempt": [other]}
    add_line(line.document, title, LineKind.RESTRICTION, "World excl. US", "FREE", "fr:dub", **facts)
    restrict(seller.company, title, LineReason.OPTION, "FR", "SVOD", end="tba", only_party=True, subject_to=[line.document],
             paper={"reference": "2024/9", "standing": "option"})  # fmt: skip
    return title


def book_of(seller, change=lambda book: None, language="en"):
    file = io.BytesIO()
    export_rights(seller.user, seller.edition, file, language)
    book = load_workbook(io.BytesIO(file.getvalue()))
    change(book)
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def reading_of(data):
    return read_rights_book(open_book(io.BytesIO(data), "rights.xlsx"))


def row(**values):
    """A row for the English sheet, appended by the words of its headers."""

    def append(book):
        sheet = book["Rights"]
        headers = {cell.value: cell.column for cell in sheet[1]}
        number = sheet.max_row + 1
        for header, value in values.items():
            sheet.cell(number, headers[header.replace("_", " ")], value)

    return append


NEW = {"Contract": "2025/3", "Line": 1, "Title": "W01", "What_it_does": "licence", "Other_party": "Kanal Zwölf",
       "Territories": "Benelux", "Media": "AVOD", "First_day": "2025-01-01", "Last_day": "2025-12-31"}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_what_was_taken_out_comes_back_unchanged(seller, title, language):
    before = rights_contents(seller.user, seller.edition)
    reading = reading_of(book_of(seller, language=language))
    assert plan_of(seller.user, seller.edition, reading).counts == {"new": 0, "changed": 0, "unchanged": 5}
    assert load_rights(seller.user, seller.edition, reading) == {"new": 0, "changed": 0, "unchanged": 5}
    assert rights_contents(seller.user, seller.edition) == before
    assert LogEntry.objects.count() == 0


def test_an_empty_company_reads_back_what_another_wrote(seller, title):
    before = rights_contents(seller.user, seller.edition)
    data = book_of(seller)
    Line.objects.all().delete()
    Document.objects.all().delete()
    Milestone.objects.all().delete()
    assert load_rights(seller.user, seller.edition, reading_of(data)) == {"new": 5, "changed": 0, "unchanged": 0}
    after = rights_contents(seller.user, seller.edition)
    assert after["Milestones"] == before["Milestones"]
    assert sorted(map(str, after["Rights"].values())) == sorted(map(str, before["Rights"].values()))
    assert load_rights(seller.user, seller.edition, reading_of(data)) == {"new": 0, "changed": 0, "unchanged": 5}


def test_a_new_row_is_a_contract_and_a_changed_one_is_changed(seller, title):
    def change(book):
        row(**NEW)(book)
        sheet = book["Rights"]
        headers = {cell.value: cell.column for cell in sheet[1]}
        german = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[headers["Territories"] - 1].value == "DE")
        sheet.cell(german, headers["Territories"], "DE, AT")

    assert load_rights(seller.user, seller.edition, reading_of(book_of(seller, change))) == {
        "new": 1,
        "changed": 1,
        "unchanged": 4,
    }
    made = Document.objects.get(reference="2025/3")
    assert (made.kind, made.source, made.counterparty, made.company) == (
        DocumentKind.SOLD, "workbook", "Kanal Zwölf", seller.company,
    )  # fmt: skip
    assert [(line.number, line.territories_said, line.exclusive, line.end) for line in made.lines.all()] == [
        (1, "Benelux", False, dt.date(2025, 12, 31))
    ]
    assert Line.objects.get(document__reference="2024/7", number=1).territories.members == "AT DE"


@pytest.mark.parametrize(
    ("facts", "place", "words"),
    [
        ({"Territories": "Atlantis"}, "Rights!G6", "This cannot be read. “Atlantis” is no territory we know"),
        ({"Title": "W99"}, "Rights!C6", "There is no such code in “Titles”."),
        ({"What_it_does": "given away"}, "Rights!D6", "This value is not known here."),
        ({"Last_day": "2024-12-31"}, "Rights!O6", "The last day is before the first."),
        ({"Does_not_bind": "C-X"}, "Rights!U6", "There is no such code in “Companies”."),
        ({"Subject_to": "1999/1"}, "Rights!X6", "There is no such code in “Rights”."),
        ({"Media": None}, "Rights!H6", "The cell is empty."),
    ],
)
def test_a_fault_keeps_the_whole_file_out_and_says_where(seller, title, facts, place, words):
    good = NEW | {"Contract": "2025/4"}
    data = book_of(seller, lambda book: (row(**(NEW | facts))(book), row(**good)(book)))
    reading = reading_of(data)
    [fault] = plan_of(seller.user, seller.edition, reading).faults
    assert fault.place == place
    assert fault.message().startswith(words)
    with pytest.raises(NotLoaded):
        load_rights(seller.user, seller.edition, reading)
    assert Document.objects.filter(reference__startswith="2025").count() == 0


def test_a_line_stands_once_and_a_foreign_title_is_unknown(seller, title):
    TitleFactory(edition=seller.edition, code="W02")
    data = book_of(seller, lambda book: (row(**NEW)(book), row(**NEW)(book), row(**(NEW | {"Title": "W02", "Line": 2}))(book)))
    faults = plan_of(seller.user, seller.edition, reading_of(data)).faults
    assert [(fault.place, fault.code) for fault in faults] == [("Rights!B7", "doubled_code"), ("Rights!C8", "unknown_code")]


def test_the_page_shows_what_a_file_would_do_and_then_does_it(client, seller, title):
    client.force_login(seller.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/e/{seller.edition.slug}/rights/workbook/"
    upload = SimpleUploadedFile("rights.xlsx", book_of(seller, row(**NEW)))
    looked = client.post(address, {"file": upload})
    assert looked.context["plan"].counts == {"new": 1, "changed": 0, "unchanged": 5}
    assert Document.objects.filter(reference="2025/3").count() == 0
    loaded = client.post(address, {"kept": looked.context["kept"], "name": "rights.xlsx", "act": "load"})
    assert (loaded.status_code, loaded.url) == (302, f"/e/{seller.edition.slug}/rights/")
    assert Document.objects.filter(reference="2025/3").count() == 1
    assert client.post(address, {}).status_code == 422
    assert client.get(address + "export/")["Content-Disposition"] == f'attachment; filename="{seller.edition.slug}-rights.xlsx"'


def test_nobody_else_takes_rights_out(client, seller, title):
    people = {
        "buyer": ParticipantFactory(edition=seller.edition, is_buyer=True).user,
        "organiser": ParticipantFactory(edition=seller.edition, company=None).user,
        "stranger": ParticipantFactory(edition=seller.edition, is_seller=True).user,
    }
    seller.edition.market.organisers.add(people["organiser"])
    found = {}
    for who, user in people.items():
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(f"/e/{seller.edition.slug}/rights/workbook/export/")
        found[who] = (
            load_workbook(io.BytesIO(answer.content))["Rights"].max_row if answer.status_code == 200 else answer.status_code
        )
    assert found == {"buyer": 404, "organiser": 404, "stranger": 1}
