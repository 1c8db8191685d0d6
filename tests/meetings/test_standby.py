"""The standby list: who is first, what is offered when a place comes free, and to whom next."""

from __future__ import annotations

import datetime as dt

import pytest
from factories import TitleFactory
from hall import hall

from madang.meetings.actions import proposals as actions
from madang.meetings.actions.live import change_meeting
from madang.meetings.models import Cause, Meeting, MeetingPolicy, Proposal, Unavailability
from madang.meetings.queries.standby import standby_list
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    """One table and its four slots taken by B3 with S3 and three more; B0-S0, B1-S1, B2-S2 wait, wanted 1, 9 and 4."""
    here = hall(people=8, tables=1)
    here.ask(0, 0, sender_wish=1, receiver_wish=1), here.ask(1, 1, sender_wish=3, receiver_wish=3)
    here.ask(2, 2, sender_wish=2, receiver_wish=2)
    for number in range(4, 8):
        here.ask(number, number)
    here.version = here.publish((3, 0, 0), (4, 1, 0), (5, 2, 0), (6, 3, 0))
    Notice.objects.all().delete()
    return here


def free(here, number):
    """The organiser cancels a meeting; the request ends."""
    meeting = Meeting.objects.get(request=here.requests[number], is_cancelled=False)
    return actions.cancel_meeting(here.organiser, meeting)


def offers(here):
    number = {request.pk: n for n, request in enumerate(here.requests)}
    rows = Proposal.objects.filter(kind="standby").select_related("slot", "table").order_by("pk")
    return [(number[row.request_id], row.slot.code, row.table and row.table.code, row.state) for row in rows]


def test_the_list_is_by_weight_then_age(full):
    codes = {request.pk: n for n, request in enumerate(full.requests)}
    assert [(codes[row.pk], row.weight) for row in standby_list(full.version)] == [(1, 9), (2, 4), (0, 1)]
    full.requests[1].title = TitleFactory(edition=full.edition, is_withdrawn=True)
    full.requests[1].save()
    assert [codes[row.pk] for row in standby_list(full.version)] == [2, 0]


def test_a_freed_place_goes_to_the_most_wanted_when_both_agree(full):
    free(full, 3)
    assert offers(full) == [(1, "S0", "T0", "open")]
    offer = Proposal.objects.get()
    assert offer.expires_at - offer.created_at == pytest.approx(dt.timedelta(minutes=30), abs=dt.timedelta(seconds=1))
    asked = [person.family_name for person in (full.buyers[1], full.sellers[1])]
    assert sorted(Notice.objects.filter(kind="proposal_standby").values_list("recipient__family_name", flat=True)) == asked
    assert actions.answer_proposal(full.buyers[1].user, offer, agrees=True).state == "open"
    assert actions.answer_proposal(full.sellers[1].user, offer, agrees=True).state == "taken"
    meeting = Meeting.objects.get(request=full.requests[1])
    assert (meeting.slot.code, meeting.table.code) == ("S0", "T0")
    assert full.version.changes.get(request=full.requests[1]).cause == Cause.STANDBY


def test_a_no_and_a_silence_pass_it_on_and_nobody_is_asked_twice(full):
    free(full, 3)
    actions.answer_proposal(full.sellers[1].user, Proposal.objects.get(state="open"), agrees=False)
    assert offers(full) == [(1, "S0", "T0", "refused"), (2, "S0", "T0", "open")]
    Proposal.objects.filter(state="open").update(expires_at=full.edition.now())
    actions.lapse_proposals(full.edition)
    assert offers(full)[1:] == [(2, "S0", "T0", "lapsed"), (0, "S0", "T0", "open")]
    actions.answer_proposal(full.buyers[0].user, Proposal.objects.get(state="open"), agrees=False)
    assert (len(offers(full)), Proposal.objects.filter(state="open").count()) == (3, 0)


def test_two_places_are_offered_to_two(full):
    free(full, 3), free(full, 4)
    assert offers(full) == [(1, "S0", "T0", "open"), (2, "S1", "T0", "open")]


def test_who_cannot_then_is_passed_over(full):
    when = full.slots[0]
    Unavailability.objects.create(participant=full.buyers[1], starts_at=when.starts_at, ends_at=when.ends_at)
    free(full, 3)
    assert offers(full) == [(2, "S0", "T0", "open")]


def test_who_gave_the_time_up_is_not_offered_it(full):
    meeting = Meeting.objects.get(request=full.requests[3])
    full.ask(4, 1, sender_wish=3, receiver_wish=3)  # B4 waits for S1 too, and is the one who cancels
    actions.cancel_meeting(full.buyers[4].user, meeting, again=True)
    assert offers(full) == [(1, "S0", "T0", "open")]
    actions.answer_proposal(full.buyers[1].user, Proposal.objects.get(state="open"), agrees=False)
    assert offers(full)[1:] == [(2, "S0", "T0", "open")]


def test_a_place_that_another_takes_is_not_held(full):
    free(full, 3)
    change_meeting(
        full.version, full.requests[0], slot=full.slots[0], table=full.tables[0], cause=Cause.ORGANISER, by=full.organiser
    )
    offer = Proposal.objects.get(state="open")
    for person in (full.buyers[1], full.sellers[1]):
        answered = actions.answer_proposal(person.user, offer, agrees=True)
    assert answered.state == "lapsed"
    assert not Meeting.objects.filter(request=full.requests[1]).exists()


def test_an_offer_whose_request_is_placed_elsewhere_goes_to_the_next(full):
    free(full, 3)
    MeetingPolicy.objects.create(edition=full.edition, standby_minutes=30)
    free(full, 4)  # S1 is offered to request 2
    change_meeting(
        full.version, full.requests[2], slot=full.slots[1], table=full.tables[0], cause=Cause.ORGANISER, by=full.organiser
    )
    assert offers(full) == [(1, "S0", "T0", "open"), (2, "S1", "T0", "withdrawn")]
    free(full, 5)
    assert offers(full)[2:] == [(0, "S2", "T0", "open")]


def test_with_no_minutes_nothing_is_offered(full):
    MeetingPolicy.objects.create(edition=full.edition, standby_minutes=0)
    free(full, 3)
    assert offers(full) == []
