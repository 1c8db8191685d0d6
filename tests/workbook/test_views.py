"""The workbook in the browser."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from books import TEMPLATE, book_bytes
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import EditionFactory, MarketFactory, ParticipantFactory, UserFactory

from madang.accounts.models import User
from madang.kit.sheets import open_book
from madang.kit.tables import harmless
from madang.markets.models import Edition, LogEntry, RunState
from madang.people.models import Participant
from madang.workbook import actions
from madang.workbook.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def organiser() -> User:
    return UserFactory(name="The organiser")


@pytest.fixture
def edition(organiser: User) -> Edition:
    market = MarketFactory(slug="example")
    market.organisers.add(organiser)
    return EditionFactory(slug="example-2026", market=market)


@pytest.fixture
def browser(client: Client, organiser: User) -> Client:
    client.force_login(organiser)
    return client


def page(name: str, *args: str) -> str:
    return reverse(f"workbook:{name}", args=args)


def send(browser: Client, data: bytes, name: str = "edition.xlsx", slug: str = "example-2026") -> ImportRun:
    response = browser.post(page("uploads", slug), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()[:500]
    run = ImportRun.objects.order_by("-pk")[0]
    assert response["Location"] == page("upload_page", slug, run.key)
    return run


def seen(browser: Client, run: ImportRun, query: str = "") -> str:
    response = browser.get(page("upload_page", "example-2026", run.key) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_file_to_the_edition(browser: Client, edition: Edition) -> None:
    run = send(browser, TEMPLATE)
    assert run.report["may_load"] is True
    assert "Nothing is changed yet" in seen(browser, run)
    assert Participant.objects.count() == 0
    response = browser.post(page("confirm", "example-2026", run.key), follow=True)
    assert "Every row of the file is in the edition now." in response.content.decode()
    assert Participant.objects.filter(edition=edition).count() == 20
    run.refresh_from_db()
    assert (run.state, run.stored, LogEntry.objects.get().verb) == (RunState.DONE, "", "import_workbook")


def test_a_second_click_loads_nothing_twice(browser: Client, edition: Edition) -> None:
    run = send(browser, TEMPLATE)
    browser.post(page("confirm", "example-2026", run.key))
    response = browser.post(page("confirm", "example-2026", run.key), follow=True)
    assert "nothing was done twice" in response.content.decode()
    assert (Participant.objects.count(), LogEntry.objects.count()) == (20, 1)


def test_faults_are_shown_filtered_and_downloaded(browser: Client, edition: Edition) -> None:
    run = send(browser, book_bytes(cells={"People!G3": "@SUM(A1)", "Requests!I2": "maybe", "Companies!H1": "Notes"}))
    text = seen(browser, run)
    assert "2 faults keep the file out" in text
    assert "This is not an e-mail address." in text
    assert "This value is not known here." not in seen(browser, run, "?sheet=People")
    assert "The column “Notes” is not known and was left out." not in seen(browser, run, "?kind=error")
    table = browser.get(page("faults_csv", "example-2026", run.key)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert [row[:5] for row in rows[1:]] == [
        ["People", "3", "G", "E-mail", "'@SUM(A1)"],
        ["Requests", "2", "I", "Status", "maybe"],
        ["Companies", "1", "H", "Notes", ""],
    ]
    assert browser.post(page("confirm", "example-2026", run.key)).status_code == 302
    assert (Participant.objects.count(), run.stored) == (0, "")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\xff\xd8\xff\xe0", "edition.xlsx", "This is not a workbook."),
        (TEMPLATE[:-2000], "edition.xlsx", "The file is cut off or damaged"),
        (b"", "edition.xlsx", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(browser: Client, edition: Edition, data: bytes, name: str, words: str) -> None:
    run = send(browser, data, name)
    assert words in seen(browser, run)
    assert (run.state, run.stored) == (RunState.FAILED, "")


def test_a_file_that_is_too_big_or_missing_is_not_taken(browser: Client, edition: Edition) -> None:
    big = browser.post(page("uploads", "example-2026"), {"file": SimpleUploadedFile("x.xlsx", b"0" * 20_000_001)})
    none = browser.post(page("uploads", "example-2026"))
    assert [
        (r.status_code, words in r.content.decode())
        for r, words in ((big, "The file is too big"), (none, "Choose the file first."))
    ] == [
        (422, True),
        (422, True),
    ]
    assert ImportRun.objects.count() == 0


def test_a_new_edition_of_the_same_market(browser: Client, edition: Edition) -> None:
    run = send(browser, book_bytes(code="example-2027"))
    assert "This makes the new edition example-2027." in seen(browser, run)
    response = browser.post(page("confirm", "example-2026", run.key), follow=True)
    assert reverse("site:edition", args=["example-2027"]) in response.content.decode()
    assert Edition.objects.get(slug="example-2027").market == edition.market


def test_the_same_file_again_would_change_nothing(browser: Client, edition: Edition) -> None:
    browser.post(page("confirm", "example-2026", send(browser, TEMPLATE).key))
    assert "It would change nothing" in seen(browser, send(browser, TEMPLATE))


def test_changes_are_shown_old_and_new(browser: Client, edition: Edition) -> None:
    browser.post(page("confirm", "example-2026", send(browser, TEMPLATE).key))
    text = seen(browser, send(browser, book_bytes(cells={"People!C2": "Gim", "Slots!C2": "09:25"})))
    for words in ("Kim</td>", "Gim</td>", "2026-05-27 09:30 KST</td>", "2026-05-27 09:25 KST</td>"):
        assert words in text


def test_template_and_export_open_again(browser: Client, edition: Edition) -> None:
    for name in ("template", "export"):
        response = browser.get(page(name, "example-2026"), headers={"accept-language": "ko"})
        book = open_book(io.BytesIO(response.content))
        assert (response["Content-Disposition"].startswith("attachment"), book.sheet_names[1]) == (True, "에디션")


def test_an_interrupted_reading_and_an_interrupted_loading(browser: Client, edition: Edition, organiser: User) -> None:
    run = send(browser, TEMPLATE)
    for is_confirmed, words in (
        (False, "send the file again"),
        (True, "Nothing was changed: a workbook is loaded whole or not at all."),
    ):
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, is_confirmed=is_confirmed)
        caches["progress"].set(f"beat:{run.key}", 1.0)  # the worker was last seen long ago
        assert words in seen(browser, run)
        run.refresh_from_db()
        assert run.state == RunState.INTERRUPTED
    browser.post(page("confirm", "example-2026", run.key))
    assert Participant.objects.count() == 20


def test_progress_is_a_part_of_the_page_and_then_the_page(browser: Client, edition: Edition) -> None:
    run = send(browser, TEMPLATE)
    address = page("progress", "example-2026", run.key)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    caches["progress"].set(f"run:{run.key}", {"what": "People", "done": 7, "total": 0})
    part = browser.get(address, headers={"hx-request": "true"}).content.decode()
    assert "Reading the sheet People: row 7." in part
    assert "<html" not in part
    assert 'http-equiv="refresh"' in seen(browser, run)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.DONE)
    assert browser.get(address, headers={"hx-request": "true"})["HX-Redirect"] == page("upload_page", "example-2026", run.key)
    assert browser.get(address).status_code == 302


def test_the_same_file_sent_twice_at_once_is_read_once(edition: Edition, organiser: User) -> None:
    first, is_new = actions.start_import(organiser, edition, SimpleUploadedFile("a.xlsx", TEMPLATE))
    second, is_second_new = actions.start_import(organiser, edition, SimpleUploadedFile("a.xlsx", TEMPLATE))
    assert (first, is_new, is_second_new) == (second, True, False)
    assert len(default_storage.listdir("workbooks")[1]) == 1
    default_storage.delete(first.stored)


PAGES = ["uploads", "template", "export", "upload_page", "progress", "faults_csv", "confirm"]
MAY = {"organiser": 200, "administrator": 200, "organiser of another market": 404, "participant": 404, "visitor": 302}


@pytest.mark.parametrize("who", MAY)
def test_who_sees_the_pages(client: Client, edition: Edition, organiser: User, who: str) -> None:
    run = ImportRun.objects.create(edition=edition, asked_by=organiser, file_name="x", stored="", digest="", state=RunState.DONE)
    other = UserFactory()
    EditionFactory().market.organisers.add(other)
    people: dict[str, Any] = {
        "organiser": organiser,
        "administrator": UserFactory(is_superuser=True),
        "organiser of another market": other,
        "participant": ParticipantFactory(edition=edition, is_buyer=True).user,
    }
    if who != "visitor":
        client.force_login(people[who])
    for name in PAGES:
        args = ["example-2026"] if name in PAGES[:3] else ["example-2026", run.key]
        response = client.post(page(name, *args)) if name == "confirm" else client.get(page(name, *args))
        allowed = 302 if name in ("progress", "confirm") and MAY[who] == 200 else MAY[who]
        assert (name, response.status_code) == (name, allowed)


def test_a_run_of_another_edition_is_not_found(browser: Client, edition: Edition, organiser: User) -> None:
    second = EditionFactory(slug="second", market=edition.market)
    run = ImportRun.objects.create(edition=second, asked_by=organiser, file_name="x", stored="", digest="", state=RunState.DONE)
    assert browser.get(page("upload_page", "example-2026", run.key)).status_code == 404


def test_the_history_asks_as_often_for_sixty_as_for_one(browser: Client, edition: Edition) -> None:
    def add() -> None:
        ImportRun.objects.create(
            edition=edition, asked_by=UserFactory(), file_name="x", stored="", digest="", state=RunState.DONE
        )

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(page("uploads", "example-2026"))
        return len(queries)

    add()
    asked()
    one = asked()
    for _ in range(60):
        add()
    assert asked() == one


def test_korean_pages_say_it_in_korean_words_of_the_sheet(browser: Client, edition: Edition) -> None:
    run = send(browser, book_bytes(cells={"Requests!I2": "maybe"}))
    response = browser.get(page("upload_page", "example-2026", run.key), headers={"accept-language": "ko"})
    assert "대기, 수락, 거절, 철회" in response.content.decode()
