"""Slots, booths and requests of a workbook: what changes places, and what a published timetable holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from books import examined, load, person, request, told
from factories import SlotFactory

from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import Meeting, MeetingRequest, Timetable, TimetableState
from madang.people.models import Company, Introduction, Participant
from madang.workbook.actions import NotLoaded, load_workbook
from madang.workbook.current import edition_contents

pytestmark = pytest.mark.django_db


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


def test_what_changed_after_the_preview_is_seen() -> None:
    edition = load().edition
    found = examined(None, edition, {"Requests!I18": "accepted"})
    other = MeetingRequest(edition=edition, code="X1", sender=person("P13"), receiver=person("P12"))
    other.save()
    with pytest.raises(NotLoaded) as refusal:
        load_workbook(None, edition, found)
    assert [(fault.place, fault.code) for fault in refusal.value.faults] == [("Requests!C18", "doubled_pair")]
    assert request("R017").status == "declined"


def test_a_slot_of_the_edition_that_the_file_does_not_have_is_seen() -> None:
    edition = load().edition
    SlotFactory(edition=edition, code="X1", starts_at=dt.datetime(2026, 5, 27, 3, tzinfo=dt.UTC))
    found = examined(None, edition, {"Slots!C5": "11:45", "Slots!D5": "12:15"})
    assert told(found) == [("Slots!C5", "slot_overlap")]


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
