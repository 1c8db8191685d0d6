"""Who drops out with meetings that stand: she cancels, a colleague goes on without her, or the repair sees to them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from team import Team, signed_in

from madang.meetings.actions.attendees import name_colleague
from madang.meetings.actions.finding import leave_edition, return_to_edition
from madang.meetings.actions.proposals import cancel_meeting
from madang.meetings.actions.repair import accept_repair, leave_repair, search_repair, start_repair
from madang.meetings.models import Meeting, RequestStatus, Side
from madang.meetings.queries.warnings import KINDS, warning_counts
from madang.meetings.rules import may_arrange, may_cancel
from madang.people.models import Notice

pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(KINDS, 0)


@pytest.fixture
def team() -> Team:
    team = Team()
    team.meeting = team.place()
    return team


def status(team, request=None) -> str:
    row = request or team.request
    row.refresh_from_db()
    return row.status


def test_who_may_still_do_what(team):
    name_colleague(team.organiser, team.request, team.second, Side.SENDER)
    people = {"sender": team.buyer, "with her": team.second, "asked": team.seller, "stranger": team.colleague}
    leave_edition(team.buyer.user, team.buyer)
    leave_edition(team.seller.user, team.seller)
    may = {role: (may_arrange(one.user, team.request), may_cancel(one.user, team.request)) for role, one in people.items()}
    assert may == {
        "sender": (False, True), "with her": (True, True), "asked": (False, True), "stranger": (False, False)
    }  # fmt: skip


def test_she_cancels_what_she_left_behind(team):
    leave_edition(team.seller.user, team.seller)
    client = signed_in(team.seller)
    agenda = client.get(reverse("meetings:agenda", args=[team.edition.slug])).content.decode()
    page = client.get(team.url()).content.decode()
    links = [team.url() in agenda, team.url("cancel") in page, team.url("times") in page, team.url("why") in page]
    assert links == [True, True, False, False]
    answer = client.post(team.url("cancel"), {"words": "I am ill."}, follow=True)
    assert (answer.status_code, Meeting.objects.get().is_cancelled, status(team)) == (200, True, RequestStatus.WITHDRAWN)
    assert warning_counts(team.edition) == NONE


def test_the_notice_for_cancelling_holds_for_her_too(team):
    leave_edition(team.seller.user, team.seller)
    team.edition.clock_shift += team.slots[0].starts_at - team.edition.now()  # it begins
    team.edition.save()
    answer = signed_in(team.seller).post(team.url("cancel"), {"words": "", "again": "end"})
    assert (answer.status_code, Meeting.objects.get().is_cancelled) == (422, False)


def test_with_a_colleague_it_goes_on_without_her_and_with_her_again(team):
    name_colleague(team.organiser, team.request, team.colleague, Side.RECEIVER)
    Notice.objects.all().delete()
    leave_edition(team.seller.user, team.seller)
    assert (team.at_table(), warning_counts(team.edition)) == ({"Camille", "Bora"}, NONE)
    assert team.told() == {("Camille", "person_leaves", "Haneul Kim"), ("Bora", "person_leaves", "Haneul Kim")}
    return_to_edition(team.seller.user, team.seller)
    assert team.at_table() == {"Camille", "Bora", "Haneul"}


@pytest.mark.parametrize("colleague", [False, True])
def test_the_repair_leaves_no_warning_behind(team, colleague):
    waiting = team.ask(team.second, team.seller)
    if colleague:
        name_colleague(team.organiser, team.request, team.colleague, Side.RECEIVER)
    run, _new = start_repair(team.organiser, team.edition, "left", participant=team.seller)
    found = search_repair(run.key)
    assert [(one["kind"], one["reason"]) for one in found.proposal["changes"]] == (
        [("reassigned", "dropped_out")] if colleague else [("cancelled", "nobody_named")]
    )
    page = signed_in(team.organiser).get(reverse("meetings:repair", args=[team.edition.slug, run.key]))
    assert page.status_code == 200
    accept_repair(team.organiser, found)
    assert warning_counts(team.edition) == NONE
    assert (status(team), status(team, waiting)) == (RequestStatus.ACCEPTED if colleague else "withdrawn", "declined")
    assert team.at_table() == ({"Camille", "Bora"} if colleague else set())


def test_a_proposal_that_is_left_closes_what_nobody_comes_to(team):
    waiting = team.ask(team.second, team.seller)
    run, _new = start_repair(team.organiser, team.edition, "left", participant=team.seller)
    leave_repair(team.organiser, search_repair(run.key))
    assert (status(team), status(team, waiting)) == (RequestStatus.ACCEPTED, RequestStatus.DECLINED)
    assert warning_counts(team.edition) == NONE | {"nobody": 1, "left": 1}


def test_a_mistake_closes_nothing(team):
    waiting = team.ask(team.second, team.seller)
    run, _new = start_repair(team.organiser, team.edition, "left", participant=team.seller)
    leave_repair(team.organiser, search_repair(run.key), happened=False)
    assert (status(team, waiting), warning_counts(team.edition)) == (RequestStatus.ACCEPTED, NONE)


def test_a_meeting_that_is_over_is_no_warning(team):
    leave_edition(team.seller.user, team.seller)
    assert warning_counts(team.edition) == NONE | {"nobody": 1, "left": 1}
    team.edition.clock_shift += team.slots[0].ends_at - team.edition.now()
    team.edition.save()
    assert warning_counts(team.edition) == NONE


def test_no_other_time_where_a_side_has_dropped_out(team):
    leave_edition(team.seller.user, team.seller)
    cancelled = cancel_meeting(team.buyer.user, team.meeting, again=True)
    assert (cancelled.is_cancelled, status(team)) == (True, RequestStatus.WITHDRAWN)


def test_no_time_is_offered_where_nobody_comes_for_a_side(team):
    leave_edition(team.seller.user, team.seller)
    client = signed_in(team.buyer)
    sentence = "Nobody comes for one of the two sides any more"
    page, times = client.get(team.url()).content.decode(), client.get(team.url("times")).content.decode()
    assert (team.url("times") in page, sentence in page, sentence in times) == (False, True, True)
