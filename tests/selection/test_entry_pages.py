"""The pages of calls and entries, as an applicant and an organiser use them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from entry_rows import WHOLE, make_entry, make_open_call, make_poster, picture
from factories import UserFactory

from madang.people.models import Letter
from madang.selection.models import Entry, EntryState, Material

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def client_of(user, client):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def form_of(entry, **facts):
    """What the browser sends of the whole form."""
    names = dict(WHOLE)
    names = names | {"countries": "Korea, France", "languages": "Korean", "subtitles": "English"}
    rows = {"shown-TOTAL_FORMS": "2", "shown-INITIAL_FORMS": "0", "shown-0-on": "", "shown-0-country": "", "shown-0-place": ""}
    return {**names, "language": "en", **rows, "version": entry.version, **facts}


@pytest.fixture
def call():
    return make_open_call()


@pytest.fixture
def author(client):
    user = UserFactory(name="Bora Yoo")
    client_of(user, client)
    return user


def address(entry, rest=""):
    return f"/e/{entry.call.edition.slug}/entries/{entry.code}/{rest}"


def test_a_visitor_is_asked_for_her_address_and_comes_back(call, client):
    page = client.get(f"/e/{call.edition.slug}/calls/SERIES/")
    assert f"?next=/e/{call.edition.slug}/calls/SERIES/" in page.content.decode()


def test_a_draft_begins_at_once_with_what_is_known(call, author, client):
    answer = client.post(f"/e/{call.edition.slug}/calls/SERIES/enter/")
    entry = Entry.objects.get()
    assert answer["Location"] == address(entry)
    assert (entry.state, entry.user, entry.contact_name, entry.contact_email) == ("draft", author, "Bora Yoo", author.email)
    assert entry.code.startswith("SERIES-")
    assert client.get(address(entry)).status_code == 200


def test_what_is_typed_is_saved_and_judged(author, client):
    entry = make_entry(make_open_call(year_from=2024, year_until=2026), author, year=None)
    answer = client.post(address(entry), form_of(entry, year="2019", name="Changed"), headers=HTMX)
    entry.refresh_from_db()
    assert (answer.status_code, entry.name, entry.year, entry.version) == (200, "Changed", 2019, 1)
    text = answer.content.decode()
    assert "Made from 2024 to 2026. 2019 is outside of this" in text
    assert 'name="version" id="version" value="1"' in text
    client.post(address(entry), form_of(entry, year="2025", name="Changed"), headers=HTMX)
    entry.refresh_from_db()
    assert (entry.year, entry.version) == (2025, 2)


def test_a_field_that_makes_no_sense_is_told_and_the_rest_saved(call, author, client):
    entry = make_entry(call, author)
    wrong = {"year": "9" * 25, "countries": "Korea, Atlantis", "name": "New name", "synopsis": "가" * 5001}
    answer = client.post(address(entry), form_of(entry, **wrong), headers=HTMX)
    entry.refresh_from_db()
    assert (entry.name, entry.year, entry.countries, entry.synopsis) == ("New name", 2025, "KR, FR", "A pilot stays.")
    text = answer.content.decode()
    assert "This is not known here: Atlantis" in text
    assert "less than or equal to 2100" in text


def test_without_a_script_the_page_comes_back_with_what_was_typed(call, author, client):
    entry = make_entry(call, author)
    answer = client.post(address(entry), form_of(entry, year="20x5", name="New name", **{"and": "save"}))
    assert answer.status_code == 422
    assert 'value="20x5"' in answer.content.decode()
    entry.refresh_from_db()
    assert entry.name == "New name"
    good = client.post(address(entry), form_of(entry, name="Better", **{"and": "save"}))
    entry.refresh_from_db()
    assert (good.status_code, entry.name) == (302, "Better")


def test_two_windows_lose_nothing(call, author, client):
    entry = make_entry(call, author)
    client.post(address(entry), form_of(entry, name="First window"), headers=HTMX)
    late = client.post(address(entry), form_of(entry, name="Second window"), headers=HTMX)
    text = late.content.decode()
    entry.refresh_from_db()
    assert entry.name == "First window"
    assert "First window" in text
    assert "Second window" in text
    assert 'id="version" value="0"' in text  # it goes on being told until she decides
    whole = client.post(address(entry), form_of(entry, name="Second window", version=0, **{"and": "save"}))
    assert whole.status_code == 422
    assert 'id="version" value="0"' in whole.content.decode()
    kept = client.post(address(entry), form_of(entry, name="Second window", version=0, there="1", **{"and": "keep"}))
    entry.refresh_from_db()
    assert (kept.status_code, entry.name, entry.version) == (302, "Second window", 2)


def test_submitting_writes_a_receipt_once(call, author, client):
    entry = make_entry(call, author)
    for _press in range(2):
        client.post(address(entry), form_of(entry, **{"and": "submit"}))
    entry.refresh_from_db()
    assert entry.state == EntryState.SUBMITTED
    letter = Letter.objects.get()
    assert (letter.address, letter.subject) == (author.email, f"Yard Market 2025: your entry {entry.code} has arrived")
    assert f"Its number is {entry.code}." in letter.body


def test_submitting_what_is_not_fit_says_what_would_mend_it(author, client):
    entry = make_entry(make_open_call(required="poster"), author, to_keep="")
    answer = client.post(address(entry), form_of(entry, to_keep="", **{"and": "submit"}), headers=HTMX)
    text = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#main")
    assert "What must not be changed, in any language" in text
    assert "#material-poster" in text
    entry.refresh_from_db()
    assert entry.state == EntryState.DRAFT


def test_a_submitted_entry_stays_whole(author, client):
    entry = make_entry(make_open_call(year_from=2024), author, state=EntryState.SUBMITTED)
    client.post(address(entry), form_of(entry, year="2019"), headers=HTMX)
    entry.refresh_from_db()
    assert (entry.year, entry.version) == (2025, 0)
    bad = client.post(address(entry), form_of(entry, year="2019", **{"and": "save"}))
    entry.refresh_from_db()
    assert (bad.status_code, entry.year) == (422, 2025)
    client.post(address(entry), form_of(entry, year="2024", **{"and": "save"}))
    entry.refresh_from_db()
    assert (entry.year, entry.state) == (2024, EntryState.SUBMITTED)


def test_a_poster_is_kept_without_what_came_with_it_and_shown_to_those_who_may(call, author, client):
    entry = make_entry(call, author)
    exif = (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0e\x00\x02\x00\x00\x00\x07\x00\x00\x00\x1aSecret\x00\x00\x00\x00\x00"
    )
    answer = client.post(address(entry, "materials/poster/"), {"poster-file": picture(exif=exif)})
    assert answer.status_code == 302
    row = Material.objects.get()
    with row.file.open() as file:
        kept = file.read()
    assert (row.facts, row.file_name, kept[:3], b"Secret" in kept) == (
        {"width": 900, "height": 1200}, "poster.jpg", b"\xff\xd8\xff", False,
    )  # fmt: skip
    page = f"/e/{entry.call.edition.slug}/materials/{row.pk}/"
    shown = client.get(page)
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert b"".join(shown.streaming_content) == kept
    client_of(UserFactory(), client)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (lambda: picture(name="a.svg").__class__("a.svg", b"<svg onload='alert(1)'/>"), "SVG, HTML"),
        (lambda: picture().__class__("a.jpg", b"no picture"), "no picture that can be read"),
        (lambda: picture().__class__("a.jpg", picture().read()[:400]), "damaged"),
        (lambda: picture(300, 400), "300 × 400 pixels"),
        (lambda: picture(9000, 8000, "PNG"), "more than 60 million"),
        (lambda: picture().__class__("a.jpg", b""), "This file is empty"),
    ],
    ids=["svg", "text", "cut off", "small", "bomb", "empty"],
)
def test_pictures_that_are_not_taken(call, author, client, file, words):
    entry = make_entry(call, author)
    answer = client.post(address(entry, "materials/poster/"), {"poster-file": file()}, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Material.objects.count() == 0


def test_a_file_that_is_too_big_is_cut_off(call, author, client):
    entry = make_entry(call, author)
    big = picture().__class__("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n" * 60_000)
    answer = client.post(address(entry, "materials/subtitles/"), {"subtitles-language": "ko", "subtitles-file": big})
    assert answer.status_code == 422
    assert "The file is too big: 2 MB are allowed." in answer.content.decode()
    assert Material.objects.count() == 0


def test_subtitles_are_counted_and_their_faults_told_by_line(call, author, client):
    entry = make_entry(call, author)
    text = "1\n00:00:01,000 --> 00:00:04,000\n안녕\n\n2\n00:00:03,000 --> 00:00:05,000\nTwo\n\n3\n0:00:xx --> 1\nThree\n"
    file = picture().__class__("a.srt", text.encode())
    answer = client.post(
        address(entry, "materials/subtitles/"),
        {"subtitles-language": "ko", "subtitles-file": file},
        headers=HTMX,
    )
    assert "Line 6: begins before the subtitle above it has ended." in answer.content.decode()
    row = Material.objects.get()
    assert (row.facts, row.warnings, row.language) == (
        {"cues": 2, "minutes": 0}, [{"code": "overlap", "line": 6}, {"code": "timing", "line": 10}], "ko",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("http://vimeo.example/1", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("https://me:secret@vimeo.example/1", "No name and password"),
    ],
)
def test_links_that_are_not_taken(call, author, client, link, words):
    entry = make_entry(call, author)
    answer = client.post(address(entry, "materials/screener/"), {"screener-link": link})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_withdrawing_and_entering_again(call, author, client):
    entry = make_entry(call, author, state=EntryState.SUBMITTED)
    client.post(address(entry, "withdraw/"))
    entry.refresh_from_db()
    assert entry.state == EntryState.WITHDRAWN
    assert client.get(address(entry)).status_code == 200
    client.post(address(entry, "again/"))
    entry.refresh_from_db()
    assert (entry.state, Letter.objects.count()) == (EntryState.DRAFT, 1)


def test_entries_of_others_are_not_there(call, author, client):
    other = make_entry(call, state=EntryState.SUBMITTED)
    paths = ["", "withdraw/", "again/", "delete/", "materials/poster/"]
    assert [client.post(address(other, path)).status_code for path in paths] == [404] * 5


@pytest.fixture
def organiser(call, client):
    user = UserFactory()
    call.edition.market.organisers.add(user)
    client_of(user, client)
    return user


def test_the_organiser_reads_what_was_submitted_but_no_drafts(call, organiser, client):
    make_entry(call, name="Draft of somebody")
    entry = make_entry(call, name="=HYPERLINK(1)", state=EntryState.SUBMITTED)
    desk = f"/e/{call.edition.slug}/desk/"
    text = client.get(desk + "entries/").content.decode()
    assert "HYPERLINK" in text
    assert "Draft of somebody" not in text
    table = client.get(desk + "entries/table.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    assert table.count("\n") == 2
    assert client.get(desk + "entries/table.xlsx").content[:2] == b"PK"
    assert client.get(desk + f"entries/{entry.code}/").status_code == 200


def test_the_organiser_refuses_with_a_reason_and_takes_it_back(call, organiser, client):
    entry = make_entry(call, state=EntryState.SUBMITTED)
    desk = f"/e/{call.edition.slug}/desk/entries/{entry.code}/"
    assert client.post(desk + "refuse/", {"reason": ""}).status_code == 422
    client.post(desk + "refuse/", {"reason": "Too long for this call."})
    entry.refresh_from_db()
    assert (entry.state, entry.state_reason) == (EntryState.REFUSED, "Too long for this call.")
    assert "Too long for this call." in Letter.objects.get().body
    client.post(desk + "reopen/")
    entry.refresh_from_db()
    assert (entry.state, entry.state_reason, Letter.objects.count()) == (EntryState.SUBMITTED, "", 2)


@pytest.mark.parametrize("page", ["desk/entries/", "desk/calls/", "entries/", "calls/", "desk/calls/SERIES/"])
def test_lists_take_the_same_queries_for_1_and_3_rows(call, organiser, client, page):
    counts = []
    for number in (1, 2):
        for _row in range(number):
            make_entry(call, organiser, state=EntryState.SUBMITTED)
            make_open_call(call.edition, code=f"C{call.edition.calls.count()}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"/e/{call.edition.slug}/{page}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_call_is_made_in_the_venues_time_and_copied(call, organiser, client):
    base = f"/e/{call.edition.slug}/desk/calls/"
    facts = {
        "code": "DOCS", "name": "Documentaries", "is_public": "on",
        "opens_at": "2025-05-01T00:00:00", "closes_at": "2025-06-30T23:59:59",
        "formats": ["documentary", "film"], "countries": "Korea, 일본", "readers": "3", "year_from": "2024",
    }  # fmt: skip
    answer = client.post(base + "new/", facts)
    assert answer.status_code == 302, answer.content.decode()
    made = call.edition.calls.get(code="DOCS")
    assert made.closes_at == dt.datetime(2025, 6, 30, 14, 59, 59, tzinfo=dt.UTC)
    assert (made.formats, made.countries) == ("documentary, film", "KR, JP")
    copy = client.get(base + f"new/?like={made.pk}").content.decode()
    assert 'value="Documentaries"' in copy
    assert 'value="2024"' in copy
    changed = client.post(base + "DOCS/change/", facts | {"closes_at": "2025-04-30T23:59:59"})
    assert changed.status_code == 422
    assert "It closes after it opens." in changed.content.decode()


def test_a_required_poster_stays_with_what_is_submitted(author, client):
    entry = make_entry(make_open_call(required="poster"), author)
    poster = make_poster(entry)
    client.post(address(entry), form_of(entry, **{"and": "submit"}))
    client.post(address(entry, f"materials/{poster.pk}/take-away/"))
    assert Material.objects.filter(pk=poster.pk).exists()
