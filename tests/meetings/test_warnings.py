"""The organiser's list of what would make meetings fail."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from team import Team, guest_of, signed_in

from madang.desk.queries import facts_of
from madang.meetings.actions.attendees import name_colleague
from madang.meetings.models import Attendee, Form, RequestStatus, Side, Unavailability
from madang.meetings.queries.timetable import timetable_problem
from madang.meetings.queries.warnings import KINDS, warning_counts, warning_rows, warnings_of

pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(KINDS, 0)


@pytest.fixture
def team() -> Team:
    return Team()


def rows(team, kind) -> list[tuple[str, str]]:
    """(title, where it is mended) of each line."""
    return [(row.title, row.link) for row in warning_rows(team.edition, kind, warnings_of(team.edition, kind))]


def leave(team, person) -> None:
    person.left_at = team.edition.now()
    person.save()


def test_a_sound_edition_has_no_warnings(team):
    team.place()
    assert warning_counts(team.edition) == NONE
    assert facts_of(team.edition).warnings == 0


def test_a_side_without_anybody_is_named_until_somebody_is(team):
    waiting = team.ask(team.second, team.colleague, status=RequestStatus.SENT)
    team.ask(team.buyer, guest_of(team), status=RequestStatus.DECLINED).attendees.all().delete()
    leave(team, team.seller)
    Attendee.objects.filter(request=waiting, side=Side.SENDER).update(part="replaced")
    assert warning_counts(team.edition) == NONE | {"nobody": 2}
    assert {title for title, _link in rows(team, "nobody")} == {"Camille Kim and Haneul Kim", "Louise Kim and Bora Kim"}
    assert (team.edition.slug in rows(team, "nobody")[0][1], rows(team, "nobody")[0][1].endswith("/people/")) == (True, True)
    problem, maps = timetable_problem(team.edition)
    assert (problem.requests, maps.left_out) == ((), {team.request.pk: "nobody_named"})
    name_colleague(team.organiser, team.request, team.colleague, Side.RECEIVER)
    name_colleague(team.organiser, waiting, team.buyer, Side.SENDER)
    assert warning_counts(team.edition) == NONE


def test_who_dropped_out_and_still_stands_in_a_meeting_is_named(team):
    team.place()
    leave(team, team.seller)
    assert warning_counts(team.edition) == NONE | {"left": 1, "nobody": 1}
    assert rows(team, "left") == [("Haneul Kim", team.url("people"))]
    name_colleague(team.organiser, team.request, team.colleague, Side.RECEIVER, instead_of=team.seller)
    assert (warning_counts(team.edition), team.at_table()) == (NONE, {"Camille", "Bora"})


def test_a_calendar_gone_stale_is_named(team):
    team.place()
    Unavailability.objects.create(participant=team.buyer, starts_at=team.slots[0].starts_at, ends_at=team.slots[1].starts_at)
    assert warning_counts(team.edition) == NONE | {"busy": 1}
    assert rows(team, "busy") == [("Camille Kim", team.url("meeting"))]


def test_online_without_an_address_and_people_nobody_can_reach_are_named(team):
    team.request.form = Form.ONLINE
    team.request.save()
    team.seller.user, team.seller.email = None, ""
    team.seller.save()
    assert warning_counts(team.edition) == NONE | {"link": 1, "unreachable": 1}
    assert rows(team, "link") == [("Camille Kim and Haneul Kim", team.url("place"))]
    assert rows(team, "unreachable") == [("Haneul Kim", reverse("desk:people", args=[team.edition.slug]) + "?gap=email")]


def test_the_page_is_the_organisers_and_needs_the_same_queries_for_one_and_three(team):
    address = reverse("meetings:warnings", args=[team.edition.slug])
    assert signed_in(team.buyer).get(address).status_code == 404
    client = signed_in(team.organiser)

    def queries(kind: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address, {"kind": kind}).status_code == 200
        return len(seen)

    def spoil(number: int) -> None:
        buyer, seller = guest_of(team, f"A{number}"), guest_of(team, f"B{number}")
        meeting = team.place(team.ask(buyer, seller), slot=number, table=number)
        Unavailability.objects.create(participant=buyer, starts_at=meeting.slot.starts_at, ends_at=meeting.slot.ends_at)
        leave(team, seller)

    spoil(0)
    one = {kind: queries(kind) for kind in ("nobody", "left", "busy")}
    spoil(1)
    spoil(2)
    assert {kind: queries(kind) for kind in one} == one
    assert "A2 Kim" in client.get(address, {"kind": "nobody"}).content.decode()
    assert client.get(address, {"kind": "nonsense"}).context["kind"] == "nobody"
