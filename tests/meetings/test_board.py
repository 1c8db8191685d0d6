"""The organiser's live board: now and next, who is late, who did not come, which tables are free."""

import datetime as dt

import pytest
from hall import hall
from visits import client_of, get, queries_of

from madang.markets.models import Stage
from madang.meetings.actions.held import check_in, report_absence, run_late
from madang.meetings.models import Attendee, Meeting, TimetableState
from madang.meetings.queries.board import board_of
from madang.people.models import SeenBy

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    """28 May, 10:05 in Busan: two meetings now, one next, at five tables."""
    yard = hall(tables=5, stage=Stage.LIVE)
    for number in range(3):
        yard.ask(number, number)
    draft = yard.draft((0, 0, 0), (1, 0, 1), (2, 1, 0))
    draft.state, draft.version = TimetableState.PUBLISHED, 1
    draft.save()
    yard.edition.clock_shift += dt.datetime(2025, 5, 28, 1, 5, tzinfo=dt.UTC) - yard.edition.now()
    yard.edition.save()
    return yard


def meeting_of(yard, number):
    return Meeting.objects.select_related("request__edition", "slot").get(request=yard.requests[number])


def states(board):
    return [(str(place.table), place.now.state if place.now else "free", bool(place.next)) for place in board.places]


def test_now_and_next_by_table(yard):
    board = board_of(yard.edition)
    assert states(board) == [("T0", "waiting", True), ("T1", "waiting", False), *((f"T{n}", "free", False) for n in (2, 3, 4))]
    assert (board.now_slot, board.next_slot) == (yard.slots[0], yard.slots[1])
    assert [str(place.table) for place in board.free] == ["T2", "T3", "T4"]
    assert board.places[0].now.names == "Buyer B0 × Seller S0"


def test_what_people_say_is_on_the_board(yard):
    run_late(yard.buyers[0].user, meeting_of(yard, 0), 10)
    check_in(yard.sellers[0].user, meeting_of(yard, 0))
    absent = Attendee.objects.get(request=yard.requests[1], participant=yard.sellers[1])
    report_absence(yard.buyers[1].user, meeting_of(yard, 1), absent, "door")
    board = board_of(yard.edition)
    assert states(board)[:2] == [("T0", "one_sided", True), ("T1", "absent", False)]
    assert [(cell.late, cell.missing) for cell in board.late] == [(10, "Buyer B0")]
    assert [cell.causes for cell in board.absent] == [("Stuck in the queue at the door",)]
    check_in(yard.buyers[0].user, meeting_of(yard, 0))
    board = board_of(yard.edition)
    assert (board.held, board.late) == (1, [])


def test_a_hidden_buyer_is_not_on_the_screen_that_everybody_reads(yard):
    yard.buyers[0].seen_by = SeenBy.NOBODY
    yard.buyers[0].save()
    assert "Buyer B0" in get(yard.organiser, "meetings:board", yard.edition).content.decode()
    screen = get(yard.organiser, "meetings:board", yard.edition, screen="1").content.decode()
    assert "Buyer B0" not in screen
    assert "Seller S0" in screen
    assert "<form" not in screen
    assert "<a " not in screen


def test_between_slots_and_after_the_last(yard):
    yard.edition.clock_shift += dt.timedelta(hours=2)
    yard.edition.save()
    board = board_of(yard.edition)
    assert (board.now_slot, board.next_slot, board.cells) == (None, yard.slots[2], [])
    yard.edition.clock_shift += dt.timedelta(days=3)
    yard.edition.save()
    assert (board_of(yard.edition).next_slot, board_of(yard.edition).places[0].now) == (None, None)
    assert get(yard.organiser, "meetings:board", yard.edition).status_code == 200


def test_it_is_the_organisers_and_moves_by_itself(yard):
    assert get(yard.buyers[0].user, "meetings:board", yard.edition).status_code == 404
    assert get(None, "meetings:board", yard.edition).status_code == 302
    page = client_of(yard.organiser).get(f"/e/{yard.edition.slug}/desk/board/?hall=nowhere", HTTP_HX_REQUEST="true")
    assert page.content.decode().startswith('<div id="board"')
    assert 'hx-trigger="every 15s"' in page.content.decode()


def test_the_board_takes_the_same_queries_however_full(yard):
    full = queries_of(yard.organiser, "meetings:board", yard.edition)
    Meeting.objects.filter(request__in=yard.requests[1:]).update(is_cancelled=True)
    assert queries_of(yard.organiser, "meetings:board", yard.edition) == full


def test_a_hall_larger_than_the_screen_is_shown_in_turns(yard, monkeypatch):
    monkeypatch.setattr("madang.meetings.queries.board.ON_SCREEN", 2)
    seen = []
    for _ in range(3):
        seen += [str(place.table) for place in board_of(yard.edition, is_public=True).shown]
        yard.edition.clock_shift += dt.timedelta(seconds=15)
    assert sorted(seen) == ["T0", "T1", "T2", "T3", "T4"]
    assert len(board_of(yard.edition).shown) == 5
