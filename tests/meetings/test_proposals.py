"""Times that people propose to each other: booked, moved, swapped, cancelled; who may, what is refused, what lapses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from factories import UserFactory
from hall import hall

from madang.meetings.actions import proposals as actions
from madang.meetings.actions.refusals import InThePast, NotPossible, Refused
from madang.meetings.models import (
    Attendee,
    Change,
    Meeting,
    MeetingPolicy,
    MeetingRequest,
    Proposal,
    RequestStatus,
    Timetable,
    Unavailability,
    Unplaced,
)
from madang.meetings.queries.live import swappable_meetings, waiting_proposals
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Published: B0-S0 at S0 T0, B1-S1 at S0 T1; B0-S1 has no place."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(0, 1)
    here.version = here.publish((0, 0, 0), (1, 0, 1))
    Notice.objects.all().delete()
    return here


def places(here):
    rows = Meeting.objects.filter(timetable__state="published", is_cancelled=False).select_related("slot", "table")
    number = {request.pk: n for n, request in enumerate(here.requests)}
    return {number[row.request_id]: f"{row.slot.code} {row.table.code if row.table else '-'}" for row in rows}


def told():
    return sorted(Notice.objects.values_list("recipient__family_name", "kind"))


def propose(here, person, number, slot):
    return actions.propose_time(person.user, here.requests[number], here.slots[slot])


def answer(proposal, person, *, agrees=True):
    return actions.answer_proposal(person.user, proposal, agrees=agrees)


def test_a_time_is_booked_when_the_other_side_agrees(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    assert (proposal.kind, proposal.state) == ("book", "open")
    assert proposal.expires_at - proposal.created_at == pytest.approx(dt.timedelta(hours=24), abs=dt.timedelta(seconds=1))
    assert dict(proposal.consents.values_list("participant__family_name", "agrees")) == {"B0": True, "S1": None}
    assert (told(), places(three)) == ([("S1", "proposal_book")], {0: "S0 T0", 1: "S0 T1"})
    assert [list(waiting_proposals(person.user, three.edition)) for person in (three.buyers[0], three.sellers[1])] == [
        [], [proposal]
    ]  # fmt: skip
    assert answer(proposal, three.sellers[1]).state == "taken"
    assert places(three) == {0: "S0 T0", 1: "S0 T1", 2: "S1 T0"}
    assert told() == [("B0", "meeting_placed"), ("S1", "proposal_book")]
    assert list(Change.objects.values_list("kind", "cause")) == [("placed", "booked")]


def test_proposing_the_time_that_the_other_proposed_is_a_yes(three):
    propose(three, three.buyers[0], 2, 1)
    assert propose(three, three.sellers[1], 2, 1).state == "taken"
    assert (places(three)[2], Proposal.objects.count()) == ("S1 T0", 1)


def test_a_meeting_moves_by_consent(three):
    proposal = propose(three, three.sellers[0], 0, 2)
    assert (proposal.kind, places(three)[0]) == ("move", "S0 T0")
    answer(proposal, three.buyers[0])
    assert places(three) == {0: "S2 T0", 1: "S0 T1"}
    assert list(Change.objects.values_list("kind", "cause")) == [("moved", "swapped")]


def test_a_no_ends_it_and_nothing_has_changed(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    assert answer(proposal, three.sellers[1], agrees=False).state == "refused"
    assert (told(), places(three)) == (
        [("B0", "proposal_refused"), ("S1", "proposal_book")],
        {0: "S0 T0", 1: "S0 T1"},
    )
    assert answer(proposal, three.sellers[1]).state == "refused"  # too late
    assert propose(three, three.buyers[0], 2, 2).state == "open"


def test_a_yes_may_become_a_no_while_others_are_asked(three):
    request = three.requests[2]
    Attendee.objects.create(request=request, participant=three.sellers[0], side="receiver")
    proposal = propose(three, three.buyers[0], 2, 1)
    assert answer(proposal, three.sellers[1]).state == "open"
    assert answer(proposal, three.sellers[1], agrees=False).state == "refused"
    said = proposal.consents.order_by("participant__family_name").values_list("participant__family_name", "agrees")
    assert list(said) == [("B0", True), ("S0", None), ("S1", False)]


def test_a_proposal_is_withdrawn_by_who_made_it(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    with pytest.raises(PermissionDenied):
        actions.withdraw_proposal(three.sellers[1].user, proposal)
    for _ in range(2):
        assert actions.withdraw_proposal(three.buyers[0].user, proposal).state == "withdrawn"
    assert told() == [("S1", "proposal_book"), ("S1", "proposal_withdrawn")]


def test_the_place_may_have_gone_when_the_last_yes_comes(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    when = three.slots[1]
    Unavailability.objects.create(participant=three.buyers[0], starts_at=when.starts_at, ends_at=when.ends_at)
    assert answer(proposal, three.sellers[1]).state == "lapsed"
    assert (places(three), Change.objects.count()) == ({0: "S0 T0", 1: "S0 T1"}, 0)
    assert ("B0", "proposal_lapsed") in told()


def test_it_lapses_when_its_time_is_over(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    Proposal.objects.update(expires_at=three.edition.now() - dt.timedelta(seconds=1))
    assert [actions.lapse_proposals(three.edition) for _ in range(2)] == [1, 0]
    proposal.refresh_from_db()
    assert proposal.state == "lapsed"
    assert told() == [("B0", "proposal_lapsed"), ("S1", "proposal_book"), ("S1", "proposal_lapsed")]


def test_an_answer_that_comes_too_late_is_none(three):
    proposal = propose(three, three.buyers[0], 2, 1)
    Proposal.objects.update(expires_at=three.edition.now() - dt.timedelta(seconds=1))
    assert (answer(proposal, three.sellers[1]).state, places(three)) == ("lapsed", {0: "S0 T0", 1: "S0 T1"})


def test_what_cannot_be_proposed_writes_no_row(three):
    people, (first, _second, unplaced) = three.buyers, three.requests
    stranger, slots = UserFactory(), three.slots

    def refused(kind, actor, request, slot):
        with pytest.raises(kind):
            actions.propose_time(actor, request, slot)

    refused(PermissionDenied, stranger, unplaced, slots[1])
    refused(PermissionDenied, three.organiser, unplaced, slots[1])  # she places it herself
    refused(PermissionDenied, people[1].user, unplaced, slots[1])
    refused(NotPossible, people[0].user, unplaced, slots[0])  # both are in meetings
    refused(NotPossible, people[0].user, first, slots[0])  # it stands there
    MeetingRequest.objects.filter(pk=unplaced.pk).update(status=RequestStatus.SENT)
    refused(NotPossible, people[0].user, unplaced, slots[1])
    MeetingRequest.objects.filter(pk=unplaced.pk).update(status=RequestStatus.ACCEPTED)
    policy = MeetingPolicy.objects.create(edition=three.edition, booking="none")
    refused(NotPossible, people[0].user, unplaced, slots[1])
    policy.delete()
    three.at(1)
    refused(InThePast, people[0].user, unplaced, slots[1])
    Timetable.objects.update(state="superseded")
    refused(NotPossible, people[0].user, unplaced, slots[2])
    assert (Proposal.objects.count(), told()) == (0, [])


def test_one_proposal_at_a_time_for_a_request(three):
    first = propose(three, three.buyers[0], 2, 1)
    assert propose(three, three.buyers[0], 2, 1) == first  # a double click
    for person in (three.buyers[0], three.sellers[1]):
        with pytest.raises(NotPossible, match="already"):
            propose(three, person, 2, 2)
    assert Proposal.objects.count() == 1


@pytest.fixture
def swapping():
    """Published: B0-S0 at S0 T0, B0-S1 at S1 T0."""
    here = hall()
    here.ask(0, 0), here.ask(0, 1), here.ask(1, 1)
    here.version = here.publish((0, 0, 0), (1, 1, 0))
    Notice.objects.all().delete()
    return here


def test_two_meetings_swap_when_all_four_agree(swapping):
    me, first, second = swapping.buyers[0], *swapping.requests[:2]
    meeting = Meeting.objects.get(request=first)
    assert [row.request for row in swappable_meetings(me.user, meeting)] == [second]
    proposal = actions.propose_swap(me.user, first, second)
    assert dict(proposal.consents.values_list("participant__family_name", "agrees")) == {"B0": True, "S0": None, "S1": None}
    assert told() == [("S0", "proposal_swap"), ("S1", "proposal_swap")]
    facts = {notice.recipient.family_name: notice.data for notice in Notice.objects.select_related("recipient")}
    assert [facts[name]["request"] for name in ("S0", "S1")] == [first.code, second.code]
    assert all(facts[name]["who"] == me.name for name in facts)  # each is told of her own meeting alone
    assert facts["S1"]["starts_at"] == swapping.slots[0].starts_at.isoformat()
    assert answer(proposal, swapping.sellers[0]).state == "open"
    assert answer(proposal, swapping.sellers[1]).state == "taken"
    assert places(swapping) == {0: "S1 T0", 1: "S0 T0"}
    assert len(set(Change.objects.values_list("revision", flat=True))) == 1


def test_a_swap_that_somebody_cannot_is_not_offered(swapping):
    when = swapping.slots[0]
    Unavailability.objects.create(participant=swapping.sellers[1], starts_at=when.starts_at, ends_at=when.ends_at)
    me, first, second = swapping.buyers[0], *swapping.requests[:2]
    assert swappable_meetings(me.user, Meeting.objects.get(request=first)) == []
    for other in (second, swapping.requests[2]):
        with pytest.raises((Refused, PermissionDenied)):
            actions.propose_swap(me.user, first, other)
    assert Proposal.objects.count() == 0


def test_cancelling_ends_the_request_or_keeps_the_wish(three):
    first, second = (Meeting.objects.get(request=request) for request in three.requests[:2])
    for _ in range(2):
        actions.cancel_meeting(three.buyers[0].user, first, "My flight is late.")
    actions.cancel_meeting(three.sellers[1].user, second, again=True)
    assert [request.status for request in MeetingRequest.objects.order_by("pk")] == ["withdrawn", "accepted", "accepted"]
    assert list(Unplaced.objects.filter(code="cancelled").values_list("request", flat=True)) == [three.requests[1].pk]
    notices = Notice.objects.filter(kind="meeting_cancelled").order_by("pk")
    assert [(one.recipient.family_name, one.data.get("answer", "")) for one in notices] == [
        ("S0", "My flight is late."), ("B1", "")
    ]  # fmt: skip
    assert list(Change.objects.order_by("pk").values_list("kind", "cause")) == [("cancelled", "cancelled")] * 2


def test_the_notice_period_binds_participants_and_not_organisers(three):
    three.edition.clock_shift += three.slots[0].starts_at - dt.timedelta(minutes=59) - three.edition.now()
    three.edition.save()
    meeting = Meeting.objects.get(request=three.requests[0])
    with pytest.raises(NotPossible, match="60 minutes"):
        actions.cancel_meeting(three.buyers[0].user, meeting)
    with pytest.raises(PermissionDenied):
        actions.cancel_meeting(three.buyers[1].user, meeting)
    assert actions.cancel_meeting(three.organiser, meeting).is_cancelled
    assert list(Change.objects.values_list("cause", flat=True)) == ["organiser"]


def test_an_organiser_places_at_once(three):
    with pytest.raises(PermissionDenied):
        actions.place_meeting(three.buyers[0].user, three.requests[2], three.slots[1])
    for _ in range(2):
        actions.place_meeting(three.organiser, three.requests[2], three.slots[1])
    assert (places(three)[2], Change.objects.count()) == ("S1 T0", 1)
    with pytest.raises(NotPossible):
        actions.place_meeting(three.organiser, three.requests[2], three.slots[0])
