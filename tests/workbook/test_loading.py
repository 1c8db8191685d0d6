"""Loading: whole or not at all, by code, never twice."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from books import book_bytes, examined, told
from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, MarketFactory, ParticipantFactory, SlotFactory, UserFactory
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.kit.sheets import open_book
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Hall, LogEntry, Market, Slot, Table
from madang.meetings.models import Meeting, MeetingRequest, Timetable, TimetableState, Unavailability
from madang.people.models import Company, Introduction, Participant
from madang.workbook.actions import NotLoaded, Outcome, load_workbook
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


def load(
    cells: dict[str, Any] | None = None, change: Any = None, actor: User | None = None, page: Edition | None = None
) -> Outcome:
    found = examined(actor, page, cells, change)
    assert told(found) == []
    return load_workbook(actor, page, found)


def person(code: str) -> Participant:
    return Participant.objects.get(code=code)


def request(code: str) -> MeetingRequest:
    return MeetingRequest.objects.get(code=code)


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


def test_slots_may_change_places() -> None:
    load()
    load({"Slots!A2": "D1-1000", "Slots!A3": "D1-0930"})
    assert Slot.objects.get(code="D1-0930").starts_at == dt.datetime(2026, 5, 27, 1, 0, tzinfo=dt.UTC)
    assert Slot.objects.get(code="D1-1000").starts_at == dt.datetime(2026, 5, 27, 0, 30, tzinfo=dt.UTC)


def test_one_request_may_take_the_place_of_another() -> None:
    load()
    load(
        {
            "Requests!I2": "withdrawn",
            "Requests!B18": "P03",
            "Requests!C18": "P01",
            "Requests!I18": "accepted",
            "Requests!L2": None,
        }
    )
    assert (request("R001").status, request("R017").status, request("R017").pair) == (
        "withdrawn",
        "accepted",
        request("R001").pair,
    )
    load(
        {
            "Requests!B2": "P07",
            "Requests!C2": "P14",
            "Requests!B9": "P01",
            "Requests!C9": "P03",
            "Requests!B18": "P20",
            "Requests!C18": "P03",
        }
    )
    assert (request("R001").sender.code, request("R008").sender.code) == ("P07", "P01")


def test_booths_move() -> None:
    load()
    load({"Tables!G8": "C06", "Tables!G9": "C01, C03"})
    booths = {company.code: company.booth.code for company in Company.objects.filter(booth__isnull=False).select_related("booth")}
    assert booths == {"C06": "B01", "C01": "B02", "C03": "B02"}


def test_order_of_requests_is_replaced() -> None:
    load()
    load({"Requests!N11": "R002, R003", "Requests!N28": None})
    assert sorted(row.code for row in request("R010").after.all()) == ["R002", "R003"]
    assert request("R027").after.count() == 0


def publish(code: str = "R001", state: str = TimetableState.PUBLISHED) -> None:
    row = request(code)
    timetable = Timetable.objects.create(edition=row.edition, state=state, version=1 if state != TimetableState.DRAFT else None)
    Meeting.objects.create(timetable=timetable, request=row, slot=row.fixed_slot, table=Table.objects.get(code="T01"))


FROZEN = {
    "time of its slot": ({"Slots!C3": dt.time(10, 5)}, [("Slots!C3", "slot_in_use")], []),
    "time of another slot": ({"Slots!C4": dt.time(10, 35)}, [], []),
    "its people": ({"Requests!C2": "P04"}, [("Requests!C2", "request_in_use")], []),
    "zone": ({"Edition!G2": "Asia/Tokyo"}, [("Edition!G2", "zone_in_use")], []),
    "status": ({"Requests!I2": "withdrawn"}, [], [("Requests!I2", "request_published")]),
    "its reason": ({"Requests!F2": "Because"}, [], []),
}


@pytest.mark.parametrize(("cells", "errors", "hints"), FROZEN.values(), ids=FROZEN)
def test_a_published_timetable_stays_true(cells: dict[str, Any], errors: list[Any], hints: list[Any]) -> None:
    edition = load().edition
    publish()
    found = examined(None, edition, cells)
    assert (told(found), told(found, "warning")) == (errors, hints)


def test_a_draft_freezes_nothing() -> None:
    edition = load().edition
    publish(state=TimetableState.DRAFT)
    assert told(examined(None, edition, {"Slots!C3": dt.time(10, 5), "Requests!C2": "P04"})) == []


def test_a_fault_keeps_everything_out() -> None:
    load()
    before = edition_contents(Edition.objects.get())
    found = examined(None, None, {"People!C2": "Gim", "Requests!I2": "maybe"})
    with pytest.raises(NotLoaded):
        load_workbook(None, None, found)
    assert edition_contents(Edition.objects.get()) == before


def test_what_changed_after_the_preview_is_seen() -> None:
    edition = load().edition
    found = examined(None, edition, {"Requests!I18": "accepted"})
    other = MeetingRequest(edition=edition, code="X1", sender=person("P13"), receiver=person("P12"))
    other.save()
    with pytest.raises(NotLoaded) as refusal:
        load_workbook(None, edition, found)
    assert [(fault.place, fault.code) for fault in refusal.value.faults] == [("Requests!C18", "doubled_pair")]
    assert request("R017").status == "declined"


def test_an_account_of_another_person_is_not_taken() -> None:
    edition = load().edition
    ParticipantFactory(edition=edition, code="X1", user=UserFactory(email="boss@example.org"), email="old@example.org")
    assert told(examined(None, edition, {"People!G2": "boss@example.org"})) == [("People!G2", "email_account")]
    assert told(examined(None, edition, {"People!G2": "old@example.org"})) == [("People!G2", "doubled_email")]


def test_a_slot_of_the_edition_that_the_file_does_not_have_is_seen() -> None:
    edition = load().edition
    SlotFactory(edition=edition, code="X1", starts_at=dt.datetime(2026, 5, 27, 3, tzinfo=dt.UTC))
    found = examined(None, edition, {"Slots!C5": "11:45", "Slots!D5": "12:15"})
    assert told(found) == [("Slots!C5", "slot_overlap")]


def organisers() -> dict[str, User | None]:
    EditionFactory(slug="taken", market=MarketFactory(slug="theirs"))
    mine = MarketFactory(slug="mine")
    organiser = UserFactory()
    mine.organisers.add(organiser)
    EditionFactory(slug="mine-2025", market=mine)
    return {
        "command line": None,
        "administrator": UserFactory(is_superuser=True),
        "staff": UserFactory(is_staff=True),
        "organiser of another market": organiser,
        "participant": UserFactory(),
    }


MAY = {
    # who: (a new edition in a new market, the code of an edition of others, a new edition in their market)
    "command line": ([], [], []),
    "administrator": ([], [], []),
    "staff": ([], ["edition_refused"], ["market_refused"]),
    "organiser of another market": ([], ["edition_refused"], ["market_refused"]),
    "participant": (["may_not_create"], ["edition_refused"], ["market_refused"]),
}


@pytest.mark.parametrize("who", MAY)
def test_who_may_bring_in_which_edition(who: str) -> None:
    actor = organisers()[who]
    found = [examined(actor, None), examined(actor, None, code="taken"), examined(actor, None, {"Edition!M2": "theirs"})]
    assert tuple([fault.code for fault in one.target.faults] for one in found) == MAY[who]


def test_a_new_edition_from_the_desk_of_another_and_its_organiser() -> None:
    organiser = organisers()["organiser of another market"]
    desk = Edition.objects.get(slug="mine-2025")
    outcome = load(actor=organiser, page=desk)
    assert (outcome.is_new, outcome.edition.market.slug) == (True, "mine")
    assert told(examined(organiser, desk, code="taken")) == [("Edition!A2", "edition_refused")]
    assert told(examined(organiser, desk, {"Edition!M2": "new-one"}, code="x1")) == [("Edition!M2", "market_refused")]
    assert told(examined(organiser, outcome.edition, code="mine-2025")) == [("Edition!A2", "edition_differs")]


def test_the_organiser_of_a_market_makes_a_new_one_and_organises_it() -> None:
    organiser = organisers()["organiser of another market"]
    outcome = load(actor=organiser)
    assert list(outcome.edition.market.organisers.all()) == [organiser]
    log = LogEntry.objects.get(edition=outcome.edition)
    assert (log.verb, log.actor, log.details["counts"]["People"]["created"]) == ("import_workbook", organiser, 20)


def test_an_import_into_an_edition_that_is_no_longer_ones_own() -> None:
    organiser = organisers()["organiser of another market"]
    desk = Edition.objects.get(slug="mine-2025")
    found = examined(organiser, desk, code="mine-2025")
    desk.market.organisers.clear()
    with pytest.raises(NotLoaded):
        load_workbook(organiser, desk, found)
    assert (Participant.objects.count(), AnonymousUser().is_authenticated) == (0, False)


def test_two_editions_keep_apart() -> None:
    load()
    data = book_bytes(code="example-2027")
    found = examine(None, None, open_book(io.BytesIO(data)))
    load_workbook(None, None, found)
    assert [Participant.objects.filter(edition__slug=slug).count() for slug in ("example-2026", "example-2027")] == [20, 20]
    assert (User.objects.count(), Market.objects.count()) == (20, 1)


def test_where_and_about_what_besides_is_kept_and_changed() -> None:
    load({"Requests!P2": "online", "Requests!Q2": "meet.example.org/yard", "Requests!O2": "W02, W03"})
    first = MeetingRequest.objects.get(code="R001")
    also = sorted(first.also_about.values_list("code", flat=True))
    assert (first.form, first.link, also) == ("online", "https://meet.example.org/yard", ["W02", "W03"])
    load({"Requests!P2": "", "Requests!O2": "W03"})
    first.refresh_from_db()
    assert (first.form, list(first.also_about.values_list("code", flat=True))) == ("in_person", ["W03"])


def test_a_hidden_buyer_is_introduced_as_the_file_is_loaded() -> None:
    """P13 buys family drama; who sells family titles, and whom she met, finds her; nobody else."""
    load({"People!N14": "matches", "Mandates!G4": "matches"})
    hidden = Participant.objects.get(code="P13")
    assert hidden.seen_by == "matches"
    known = Introduction.objects.filter(hidden=hidden).values_list("to__code", "cause")
    assert sorted(known) == [("P01", "request"), ("P08", "request"), ("P19", "match"), ("P20", "match"), ("P20", "request")]


def test_drafts_are_nobodys_but_their_writers() -> None:
    load()
    edition = Edition.objects.get()
    people = Participant.objects.filter(code__in=["P01", "P04"]).order_by("code")
    facts = {"edition": edition, "sender": people[0], "receiver": people[1], "status": "draft"}
    draft = MeetingRequest.objects.create(code="R031", **facts)
    assert "R031" not in edition_contents(edition)["Requests"]
    load({"Requests!A2": "R031", "Requests!B2": "P01", "Requests!C2": "P05"})
    draft.refresh_from_db()
    assert (MeetingRequest.objects.get(code="R031").receiver.code, draft.code[0]) == ("P05", "D")
