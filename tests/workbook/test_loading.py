"""Loading: whole or not at all, by code, never twice."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from books import examined, load, person, request, told
from factories import ParticipantFactory, UserFactory
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.kit.sheets import open_book
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Hall, LogEntry, Market, Slot, Table
from madang.meetings.models import MeetingRequest, Unavailability
from madang.people.models import Company, Participant
from madang.workbook.actions import NotLoaded, load_workbook
from madang.workbook.columns import spec_of
from madang.workbook.comparing import examine
from madang.workbook.current import edition_contents
from madang.workbook.example import example_contents
from madang.workbook.exporting import export_edition

pytestmark = pytest.mark.django_db
MODELS = [
    Market,
    Edition,
    Hall,
    Table,
    Slot,
    Company,
    Participant,
    Title,
    Mandate,
    MeetingRequest,
    Unavailability,
    User,
    LogEntry,
]


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_the_template_loads_as_it_stands_and_again_changes_nothing() -> None:
    outcome = load()
    assert (outcome.edition.slug, outcome.is_new, outcome.edition.market.slug) == ("example-2026", True, "example")
    assert counts() == [1, 1, 2, 8, 16, 10, 20, 6, 4, 30, 4, 20, 1]
    before = edition_contents(outcome.edition)
    assert {sheet: list(rows) for sheet, rows in before.items()}.keys() == example_contents().keys()
    again = load()
    assert [again.counts[sheet]["unchanged"] for sheet in again.counts] == [1, 8, 16, 10, 20, 6, 4, 30, 4]
    assert counts() == [1, 1, 2, 8, 16, 10, 20, 6, 4, 30, 4, 20, 1]
    assert edition_contents(outcome.edition) == before


def test_what_was_loaded_is_what_stood_there() -> None:
    load()
    haneul, suryani = person("P01"), person("P17")
    assert (haneul.latin_name, haneul.native_name, haneul.is_seller, haneul.is_creator, haneul.is_buyer) == (
        "Kim Haneul",
        "김하늘",
        True,
        True,
        False,
    )
    assert (suryani.latin_name, suryani.company.name, suryani.time_zone) == ("Suryani", "Wayang Media (example)", "Asia/Jakarta")
    assert Company.objects.get(code="C01").booth.code == "B01"
    first = request("R001")
    assert (first.fixed_slot.code, first.status, first.sender_wish, first.pair) == (
        "D1-1000",
        "accepted",
        3,
        f"{haneul.pk}-{person('P03').pk}",
    )
    assert [row.code for row in request("R010").after.all()] == ["R001"]
    assert Slot.objects.get(code="D1-0930").starts_at == dt.datetime(2026, 5, 27, 0, 30, tzinfo=dt.UTC)
    assert "김하늘" in haneul.search_text


def test_an_export_imports_without_a_change_in_every_language() -> None:
    edition = load().edition
    for language in ("en", "ko", "fr"):
        file = io.BytesIO()
        export_edition(edition, file, language)
        file.seek(0)
        found = examine(None, edition, open_book(file))
        assert found.faults == []
        assert [(d.created, d.changed, d.absent) for d in found.differences.values()] == [([], [], 0)] * 9


def test_an_export_keeps_what_is_awkward() -> None:
    edition = load().edition
    Participant.objects.filter(code="P01").update(job_title="=1+1", given_name="-Ha")
    Title.objects.filter(code="W01").update(synopsis="One\n\nTwo", name="007")
    Slot.objects.filter(code="D2-1530").update(
        ends_at=dt.datetime(2026, 5, 28, 16, 30, tzinfo=dt.UTC)
    )  # past midnight at the venue
    file = io.BytesIO()
    export_edition(edition, file, "en")
    file.seek(0)
    found = examine(None, edition, open_book(file))
    assert told(found) == []
    assert [d.changed for d in found.differences.values()] == [[]] * 9


def test_changes_are_written_by_code() -> None:
    load()
    outcome = load(
        {"People!C2": "Gim", "Companies!D3": "JP", "Titles!C7": "Named now", "Edition!B2": "Renamed", "Tables!B2": "By the door"}
    )
    assert {sheet: c["changed"] for sheet, c in outcome.counts.items() if c["changed"]} == {
        "Edition": 1,
        "Tables": 1,
        "Companies": 1,
        "People": 1,
        "Titles": 1,
    }
    assert person("P01").family_name == "Gim"
    assert "gim" in person("P01").search_text
    assert Company.objects.get(code="C02").country == "JP"
    assert Edition.objects.get().name == "Renamed"


def title_cells(row: int, **values: Any) -> dict[str, Any]:
    """Cells of a row of Titles by the keys of its columns."""
    return {f"Titles!{column(key)}{row}": value for key, value in values.items()}


def test_seasons_and_episodes_belong_to_what_the_file_says() -> None:
    cells = title_cells(2, part_of="W02", level="season", number=1) | title_cells(3, level="series", eidr="10.5240/1-2-3")
    load(cells)
    season, series = Title.objects.get(code="W01"), Title.objects.get(code="W02")
    assert (season.part_of, season.level, season.number, series.level) == (series, "season", 1, "series")
    assert [(number.scheme, number.value) for number in series.identifiers.all()] == [("eidr", "10.5240/1-2-3")]
    assert load(cells).counts["Titles"] == {"created": 0, "changed": 0, "unchanged": 6, "absent": 0}
    outcome = load(title_cells(3, part_of="W01", level="season") | title_cells(2, level="series", number=None))
    assert outcome.counts["Titles"]["changed"] == 2
    series.refresh_from_db()
    assert (series.part_of, Title.objects.get(code="W01").part_of, series.identifiers.count()) == (season, None, 0)


def test_no_title_is_part_of_itself_and_a_part_has_its_level() -> None:
    found = examined(None, None, title_cells(2, part_of="W02", level="season") | title_cells(3, part_of="W01"))
    assert told(found) == [
        (f"Titles!{column('part_of')}2", "part_of_itself"),
        (f"Titles!{column('level')}3", "part_without_level"),
        (f"Titles!{column('part_of')}3", "part_of_itself"),
    ]


def column(key: str) -> str:
    return get_column_letter([column.key for column in spec_of("Titles").columns].index(key) + 1)


def test_a_column_that_is_not_there_changes_nothing_and_a_blank_one_empties() -> None:
    load()

    def change(book: Workbook) -> None:
        book["People"].delete_cols(8)  # position
        book["People"]["E2"] = None  # name in own script

    load(change=change)
    assert (person("P01").job_title, person("P01").native_name) == ("Producer", "")


def test_what_is_not_in_the_file_stays() -> None:
    load()

    def change(book: Workbook) -> None:
        book["Requests"].delete_rows(20, 12)
        del book["Mandates"]

    found = examined(None, None, change=change)
    assert told(found) == []
    assert ("Requests", "absent_rows") in told(found, "warning")
    load_workbook(None, None, found)
    assert (MeetingRequest.objects.count(), Mandate.objects.count()) == (30, 4)


def test_accounts_are_found_or_made_and_never_changed() -> None:
    owner = UserFactory(email="P01@Example.org", name="My own name", language="fr")
    load()
    owner.refresh_from_db()
    assert person("P01").user == owner
    assert (owner.name, owner.language, owner.check_password("a good password")) == ("My own name", "fr", True)
    made = person("P09").user
    assert (made.email, made.name, made.language, made.has_usable_password()) == (
        "p09@example.org",
        "Maëlle Delacroix",
        "fr",
        False,
    )
    assert EmailAddress.objects.get(user=made).verified is True


def test_a_new_address_is_a_new_account_and_two_may_change_places() -> None:
    load()
    first, second = person("P01").user, person("P02").user
    load({"People!G2": "p02@example.org", "People!G3": "p01@example.org", "People!G4": "third@example.org", "People!G5": None})
    assert (person("P01").user, person("P02").user) == (second, first)
    assert (person("P03").user.email, person("P04").user) == ("third@example.org", None)


def test_a_fault_keeps_everything_out() -> None:
    load()
    before = edition_contents(Edition.objects.get())
    found = examined(None, None, {"People!C2": "Gim", "Requests!I2": "maybe"})
    with pytest.raises(NotLoaded):
        load_workbook(None, None, found)
    assert edition_contents(Edition.objects.get()) == before


def test_an_account_of_another_person_is_not_taken() -> None:
    edition = load().edition
    ParticipantFactory(edition=edition, code="X1", user=UserFactory(email="boss@example.org"), email="old@example.org")
    assert told(examined(None, edition, {"People!G2": "boss@example.org"})) == [("People!G2", "email_account")]
    assert told(examined(None, edition, {"People!G2": "old@example.org"})) == [("People!G2", "doubled_email")]
