"""Avails files in the browser: upload, report, confirm, done; taking rights out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from avails_rows import MOVIE, book_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from openpyxl import load_workbook
from rights_rows import hold

from madang.avails.files import read_avails
from madang.deals.models import AvailsImport, Line
from madang.markets.models import LogEntry, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller():
    company = CompanyFactory(edition=EditionFactory(slug="yard"), code="YARD", name="Yard Pictures")
    TitleFactory(edition=company.edition, company=company, code="W1", name="The Harbour")
    return ParticipantFactory(edition=company.edition, company=company, is_seller=True)


@pytest.fixture
def browser(client: Client, seller) -> Client:
    client.force_login(seller.user)
    return client


def page(name: str, *args: str) -> str:
    return reverse(f"deals:{name}", args=["yard", *args])


def send(browser: Client, data: bytes, name: str = "avails.xlsx", **fields: str) -> AvailsImport:
    response = browser.post(page("avails"), {"file": SimpleUploadedFile(name, data), "matching": "any", **fields})
    assert response.status_code == 302, response.content.decode()[:3000]
    run = AvailsImport.objects.order_by("-pk")[0]
    assert response["Location"] == page("avails_import", run.key)
    return run


def seen(browser: Client, run: AvailsImport, query: str = "") -> str:
    response = browser.get(page("avails_import", run.key) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_file_to_the_rights(browser: Client) -> None:
    run = send(browser, book_of(MOVIE, MOVIE | {"Territory": "JP"}))
    text = seen(browser, run)
    assert "Nothing is changed yet" in text
    assert "The Harbour" in text
    assert (run.report["counts"]["new"], Line.objects.count()) == (2, 0)
    done = browser.post(page("avails_confirm", run.key), follow=True).content.decode()
    assert "Your rights are as the file says." in done
    run.refresh_from_db()
    assert (run.state, run.stored, Line.objects.count()) == (RunState.DONE, "", 2)
    again = browser.post(page("avails_confirm", run.key), follow=True).content.decode()
    assert "nothing was done twice" in again
    assert (Line.objects.count(), LogEntry.objects.filter(verb="import_avails").count()) == (2, 1)
    assert "It would change nothing" in seen(browser, send(browser, book_of(MOVIE, MOVIE | {"Territory": "JP"})))


def test_faults_keep_the_file_out_and_say_where(browser: Client) -> None:
    run = send(browser, book_of(MOVIE | {"TitleInternalAlias": "Harbor", "ContentID": ""}, MOVIE | {"Start": "=A1+1"}))
    text = seen(browser, run)
    assert "2 faults keep the file out" in text
    assert "Do you mean W1 “The Harbour”?" in text
    assert "A formula stands in the cell." in text
    assert (run.report["may_load"], run.stored) == (False, "")
    assert "Harbor" not in seen(browser, run, "?kind=warning")
    browser.post(page("avails_confirm", run.key))
    assert Line.objects.count() == 0


def test_the_report_is_in_the_language_of_the_page(browser: Client) -> None:
    browser.cookies["django_language"] = "ko"
    run = send(browser, book_of(MOVIE | {"Start": "=A1"}))
    with translation.override("ko"):
        assert run.report["findings"][0]["message"] == gettext("A formula stands in the cell.")
    assert run.report["findings"][0]["message"] != "A formula stands in the cell."


def test_what_cannot_be_read_is_said(browser: Client) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><AvailList>&b;</AvailList>'
    for data, name in ((b"no workbook", "a.xlsx"), (bomb, "a.xml")):
        run = send(browser, data, name)
        assert "The file cannot be read" in seen(browser, run)
    assert browser.post(page("avails"), {"matching": "any"}).status_code == 422


def test_rights_go_out_in_three_files(browser: Client, seller) -> None:
    title = seller.company.titles.get()
    hold(seller.company, title, "KR, JP", "SVOD, THEA", paper={"reference": "=cmd|' /C calc'!A0"})
    workbook = browser.get(page("avails_export", "xlsx"))
    assert workbook["Content-Disposition"] == 'attachment; filename="yard-YARD-avails.xlsx"'
    file = read_avails(workbook.content, "a.xlsx")
    records = file.records
    assert file.version == "1.9"
    assert [(r.get("LicenseType"), r.get("Territory")) for r in records] == [("SVOD", "JP, KR")]
    sheet = load_workbook(io.BytesIO(workbook.content)).worksheets[0]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet[4] if str(cell.value).startswith("=")] == [
        ("=cmd|' /C calc'!A0", "s", True)
    ]
    xml = read_avails(browser.get(page("avails_export", "xml")).content, "a.xml")
    assert (xml.version, [r.get("LicenseType") for r in xml.records]) == ("2.7", ["SVOD"])
    rights = read_avails(browser.get(page("avails_export", "rights")).content, "a.xlsx")
    assert (rights.version, [r.get("LicenseType") for r in rights.records]) == ("rights", ["madang:THEA"])
    assert browser.get(page("avails_export", "pdf")).status_code == 404


def test_imports_are_the_companys_own(browser: Client, seller, client: Client) -> None:
    run = send(browser, book_of(MOVIE))
    other = ParticipantFactory(edition=seller.edition, is_seller=True)
    client.force_login(other.user)
    for address in (page("avails_import", run.key), page("avails_progress", run.key)):
        assert client.get(address).status_code == 404
    assert client.post(page("avails_confirm", run.key)).status_code == 404
    assert run.file_name not in client.get(page("avails")).content.decode()
    buyer = ParticipantFactory(edition=seller.edition, is_buyer=True)
    client.force_login(buyer.user)
    assert [client.get(page("avails")).status_code, client.get(page("avails_export", "xml")).status_code] == [404, 404]


def test_the_list_asks_as_often_for_three_as_for_one(browser: Client, seller) -> None:
    def queries(files: int) -> int:
        while AvailsImport.objects.count() < files:
            AvailsImport.objects.create(
                edition=seller.edition, company=seller.company, asked_by=seller.user, state=RunState.DONE, file_name="a.xlsx"
            )
        browser.get(page("avails"))
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(page("avails")).status_code == 200
        return len(found)

    assert queries(1) == queries(3)
