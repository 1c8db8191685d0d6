"""What comes of scans: decided once, whoever sends them, in whatever order."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from door_rows import MINUTE, badge_for, buyer, event_in, paired, scan, ticket_for
from factories import HallFactory

from madang.accreditation.models import BadgeState
from madang.door.actions.release import release_places
from madang.door.actions.scans import Entry, count_by_hand, take_back
from madang.door.codes import digest, keys_in, slip_in
from madang.door.models import Admission, Outcome, Scan
from madang.door.queries.live import conflicts, live_counts
from madang.markets.models import LogEntry
from madang.programme.models import Event
from madang.seating.models import Place, TicketState

pytestmark = pytest.mark.django_db


def state():
    """(door, told, outcome, door of the first) of each scan, by moment."""
    rows = Scan.objects.order_by("at", "id").select_related("device", "first__device")
    return [(row.device.name, row.told, row.outcome, row.first.device.name if row.first else "") for row in rows]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("abc", ["abc"]),
        ("  abc ", ["abc"]),
        (
            "https://m.example/e/bcm/tickets/abc/?x=1#y",
            ["https://m.example/e/bcm/tickets/abc/?x=1#y", "abc", "tickets", "bcm", "e"],
        ),
        ("", []),
    ],
)
def test_a_key_stands_alone_or_in_an_address(text, keys):
    assert keys_in(text) == keys


def test_codes_of_slips_and_digests():
    assert [slip_in(text) for text in ("Q7", "q007", "Q12345", "7", "Q-7")] == [7, 7, None, None, None]
    assert len(digest("a key")) == 32


def test_a_ticket_lets_one_person_in_once(door, other_door, seated):
    ticket = ticket_for(seated, country="FR")
    assert scan(door, seated, f"https://m.example/tickets/{ticket.key}/").outcome == Outcome.ADMITTED
    assert scan(other_door, seated, ticket.key).outcome == Outcome.TWICE
    row = Admission.objects.get()
    assert (row.ticket, row.allotment, row.country, row.is_late, row.scan.device) == (ticket, "public", "FR", False, door)
    assert state() == [("Left", "admitted", "admitted", ""), ("Right", "twice", "twice", "Left")]


def test_the_same_scan_sent_again_changes_nothing(door, seated):
    ticket, token = ticket_for(seated), uuid.uuid4()
    first = scan(door, seated, ticket.key, token=token)
    again = scan(door, seated, ticket.key, token=token)
    assert (again.pk, Admission.objects.count(), Scan.objects.count()) == (first.pk, 1, 1)


def test_a_booking_code_that_somebody_types_opens_its_tickets_one_after_another(door, seated):
    ticket = ticket_for(seated, count=2)
    said = [scan(door, seated, ticket.booking.code.lower()).outcome for _ in range(3)]
    assert (said, Admission.objects.count()) == ([Outcome.ADMITTED, Outcome.ADMITTED, Outcome.TWICE], 2)


@pytest.mark.parametrize(
    ("minutes", "outcome", "is_late"),
    [(20, "admitted", [False]), (-14, "admitted", [True]), (-16, "late", [])],
)
def test_before_after_and_too_late(door, seated, minutes, outcome, is_late):
    ticket = ticket_for(seated)
    Event.objects.filter(pk=seated.pk).update(
        starts_at=seated.edition.now() + minutes * MINUTE, ends_at=seated.edition.now() + 90 * MINUTE
    )
    seated.refresh_from_db()
    assert scan(door, seated, ticket.key).outcome == outcome
    assert list(Admission.objects.values_list("is_late", flat=True)) == is_late


def test_void_tickets_other_events_and_strangers(door, seated, hall):
    returned = ticket_for(seated)
    returned.state, returned.ended_at = TicketState.RETURNED, seated.edition.now() - MINUTE
    returned.save()
    later = event_in(hall, 200)
    assert scan(door, seated, returned.key).outcome == Outcome.VOID
    assert scan(door, later, returned.key).outcome == Outcome.OTHER_EVENT
    assert scan(door, seated, "nobody's").outcome == Outcome.UNKNOWN
    assert scan(door, seated, "").outcome == Outcome.UNKNOWN
    assert Admission.objects.count() == 0


# --- Badges ---


def test_a_badge_takes_free_places_of_its_allotment_and_no_more(door, seated, edition):
    people = [buyer(edition) for _ in range(4)]
    said = [scan(door, seated, person.badge_key).outcome for person in people]
    assert said == [Outcome.ADMITTED] * 3 + [Outcome.NO_PLACE]
    assert scan(door, seated, people[0].badge_key).outcome == Outcome.TWICE
    assert sorted(Admission.objects.values_list("ticket__place__number", flat=True)) == [1, 2, 3]
    assert live_counts([seated], edition.now())[seated.pk].as_json() == {
        "by": {"industry": [3, 3, 0], "public": [0, 2, 2]}, "inside": 3, "left": 2, "extra": 0, "queue": None,
    }  # fmt: skip


def test_from_the_release_on_any_empty_place_is_everybodys(door, seated, edition):
    Event.objects.filter(pk=seated.pk).update(starts_at=edition.now() + 5 * MINUTE)
    seated.refresh_from_db()
    said = [scan(door, seated, buyer(edition).badge_key).outcome for _ in range(6)]
    assert said == [Outcome.ADMITTED] * 5 + [Outcome.NO_PLACE]


def test_her_badge_opens_her_own_ticket(door, seated, edition):
    person = buyer(edition)
    ticket = ticket_for(seated, "public", participant=person)
    assert scan(door, seated, person.badge_key).outcome == Outcome.ADMITTED
    assert Admission.objects.get().ticket == ticket
    assert scan(door, seated, ticket.key).outcome == Outcome.TWICE


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "admitted"),
        ({"state": BadgeState.LOST, "void_reason": "Lost on the tram"}, "void"),
        ({"state": BadgeState.REVOKED}, "void"),
    ],
)
def test_a_badge_that_does_not_count_is_refused_with_its_reason(door, seated, edition, facts, outcome):
    badge = badge_for(buyer(edition), key="the old key", **facts)
    assert scan(door, seated, badge.key).outcome == outcome


def test_who_dropped_out_stays_out(door, seated, edition):
    person = buyer(edition, left_at=edition.now() - MINUTE)
    assert scan(door, seated, person.badge_key).outcome == Outcome.VOID


def test_without_a_seating_the_hall_is_the_limit(door, event, edition, hall):
    hall.capacity = 1
    hall.save()
    event.refresh_from_db()
    assert [scan(door, event, buyer(edition).badge_key).outcome for _ in range(2)] == [Outcome.ADMITTED, Outcome.NO_PLACE]


# --- Two doors without network ---


@pytest.mark.parametrize("late_first", [False, True])
def test_two_doors_offline_let_one_seat_in_once_whoever_is_heard_first(door, other_door, seated, late_first):
    ticket = ticket_for(seated)
    told = [(door, 120), (other_door, 60)]
    for device, ago in reversed(told) if late_first else told:
        scan(device, seated, ticket.key, told="admitted", ago=ago)
    assert state() == [("Left", "admitted", "admitted", ""), ("Right", "admitted", "conflict", "Left")]
    assert Admission.objects.get().scan.device == door
    assert [(row.device.name, row.first.device.name) for row in conflicts()] == [("Right", "Left")]
    assert LogEntry.objects.get(verb="find_door_conflict").details == {"door": "Right", "first": "Left"}
    assert live_counts([seated], seated.edition.now())[seated.pk].extra == 1


def test_a_door_that_refused_lets_nobody_in(door, seated):
    ticket = ticket_for(seated)
    assert scan(door, seated, ticket.key, told="unknown").outcome == Outcome.UNKNOWN
    assert (Admission.objects.count(), list(conflicts())) == (0, [])


def test_free_places_given_away_twice_are_told(door, other_door, seated, edition):
    for _ in range(2):
        scan(door, seated, buyer(edition).badge_key)
    for device in (door, other_door):
        scan(device, seated, buyer(edition).badge_key, told="admitted", ago=10)
    assert [row[1:3] for row in state()].count(("admitted", "no_place")) == 1
    assert Admission.objects.count() == 3


def test_an_answer_that_got_lost(door, other_door, seated):
    """The site refused a ticket, the door did not hear it and let her in; or the other way round."""
    ticket, token = ticket_for(seated), uuid.uuid4()
    scan(door, seated, ticket.key)
    scan(other_door, seated, ticket.key, token=token)
    assert scan(other_door, seated, ticket.key, token=token, told="admitted").outcome == Outcome.CONFLICT
    second, token = ticket_for(seated), uuid.uuid4()
    scan(door, seated, second.key, token=token)
    scan(door, seated, second.key, token=token, told="unknown")
    assert list(Admission.objects.values_list("ticket", flat=True)) == [ticket.pk]


def test_a_ticket_counts_as_it_stood_when_it_was_scanned(door, other_door, organiser, seated, edition):
    """Let in without network, given away meanwhile: the place is hers, and who got it since is the conflict."""
    Event.objects.filter(pk=seated.pk).update(starts_at=edition.now() + 5 * MINUTE)
    seated.refresh_from_db()
    Place.objects.filter(allotment__kind="industry").delete()
    ticket_for(seated)
    ticket = ticket_for(seated, country="FR")
    release_places(organiser, seated)
    people = [buyer(edition), buyer(edition)]
    assert [scan(other_door, seated, person.badge_key).outcome for person in people] == [Outcome.ADMITTED] * 2
    assert scan(door, seated, ticket.key, told="admitted", ago=120).outcome == Outcome.ADMITTED
    assert state() == [
        ("Left", "admitted", "admitted", ""),
        ("Right", "admitted", "admitted", ""),
        ("Right", "admitted", "conflict", "Left"),
    ]
    mine = Admission.objects.get(scan__device=door)
    assert (mine.ticket, mine.participant, mine.country, mine.allotment) == (ticket, None, "FR", "public")
    assert Admission.objects.count() == 2


# --- By hand ---


def test_counted_by_hand_once_and_taken_back(door, seated, edition):
    entry = Entry(uuid.uuid4(), "", edition.now())
    for _ in range(2):
        count_by_hand(door, seated, entry, "public")
    assert live_counts([seated], edition.now())[seated.pk].as_json()["by"]["public"] == [1, 2, 1]
    for _ in range(2):
        take_back(door, seated, entry.token)
    assert (Admission.objects.count(), Scan.objects.get().outcome) == (0, Outcome.VOID)


def test_a_phone_takes_back_only_what_it_counted(door, seated, edition, organiser, hall):
    entry = Entry(uuid.uuid4(), "", edition.now() - dt.timedelta(seconds=5))
    count_by_hand(door, seated, entry, "public")
    assert take_back(paired(organiser, edition, "Third", hall), seated, entry.token) is None
    assert Admission.objects.count() == 1


# --- A phone of another hall ---


@pytest.fixture
def elsewhere(edition, organiser):
    return paired(organiser, edition, "Small hall", HallFactory(edition=edition, name="Small hall"))


@pytest.mark.parametrize(("told", "is_conflict"), [("", False), ("admitted", True), ("unknown", False)])
def test_a_phone_of_another_hall_lets_nobody_in(elsewhere, door, seated, told, is_conflict):
    ticket = ticket_for(seated)
    assert scan(elsewhere, seated, ticket.key, told=told).outcome == Outcome.OTHER_HALL
    assert ([row.device for row in conflicts()], Admission.objects.count()) == ([elsewhere] * is_conflict, 0)
    assert list(LogEntry.objects.filter(verb="find_other_hall").values_list("details", flat=True)) == [
        {"door": "Small hall", "hall": "Auditorium"}
    ] * int(is_conflict)
    assert scan(door, seated, ticket.key).outcome == Outcome.ADMITTED


def test_what_a_phone_of_another_hall_counts_by_hand_is_listed_and_counts_nobody(elsewhere, seated):
    entry = Entry(uuid.uuid4(), "", seated.edition.now())
    said = [count_by_hand(elsewhere, seated, entry, "public").outcome for _twice in range(2)]
    assert (said, Admission.objects.count(), conflicts().count()) == ([Outcome.OTHER_HALL] * 2, 0, 1)
