"""Guests of a meeting: invited, coming, declining; and whom nobody may bring."""

from __future__ import annotations

import pytest
from django.urls import reverse
from team import Team, guest_of, signed_in

from madang.meetings.actions.attendees import answer_invitation, invite_guest, leave_meeting, name_colleague
from madang.meetings.actions.refusals import NotPossible
from madang.meetings.models import MeetingPolicy, Side
from madang.meetings.queries.colleagues import found_guests, new_colleagues
from madang.meetings.queries.timetable import timetable_problem
from madang.meetings.rules import may_cancel, may_invite, may_name_people, may_set_place
from madang.people.models import Block, SeenBy

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return Team()


def test_a_guest_comes_only_when_she_says_yes(team):
    guest = guest_of(team)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    assert team.parts()["Gita"] == "invited"
    assert timetable_problem(team.edition)[0].requests[0].participants == (team.buyer.pk, team.seller.pk)
    assert team.told() == {("Gita", "guest_invited", "Camille Kim")}
    answer_invitation(guest.user, team.request, accept=True)
    assert timetable_problem(team.edition)[0].requests[0].participants == (team.buyer.pk, team.seller.pk, guest.pk)
    assert team.told() - {("Gita", "guest_invited", "Camille Kim")} == {
        ("Camille", "person_joins", "Gita Kim"),
        ("Haneul", "person_joins", "Gita Kim"),
    }
    with pytest.raises(NotPossible, match="no longer open"):
        answer_invitation(guest.user, team.request, accept=False)


def test_a_guest_joins_a_meeting_that_has_a_place_if_she_is_free(team):
    guest, busy = guest_of(team), guest_of(team, "Busy")
    meeting = team.place()
    team.place(team.ask(busy, team.colleague), table=1)
    for person in (guest, busy):
        invite_guest(team.seller.user, team.request, person, Side.RECEIVER)
    answer_invitation(guest.user, team.request, accept=True)
    with pytest.raises(NotPossible, match="Busy Kim is not free"):
        answer_invitation(busy.user, team.request, accept=True)
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    assert set(meeting.attendances.values_list("participant__given_name", flat=True)) == {"Camille", "Haneul", "Gita"}


def test_a_guest_who_declines_is_not_asked_again_and_sees_no_more(team):
    guest = guest_of(team)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    assert signed_in(guest).get(team.url()).status_code == 200
    agenda = reverse("meetings:agenda", args=[team.edition.slug])
    assert team.url() in signed_in(guest).get(agenda).content.decode()
    response = signed_in(guest).post(team.url("answer_guest"), {"decision": "decline"})
    assert (response.status_code, team.parts()["Gita"]) == (302, "declined")
    assert signed_in(guest).get(team.url()).status_code == 404
    assert team.url() not in signed_in(guest).get(agenda).content.decode()
    assert ("Camille", "guest_declines", "Gita Kim") in team.told()
    with pytest.raises(NotPossible):
        invite_guest(team.buyer.user, team.request, guest, Side.SENDER)


def test_a_meeting_has_so_many_people(team):
    MeetingPolicy.objects.create(edition=team.edition, most_people=3)
    invite_guest(team.buyer.user, team.request, guest_of(team), Side.SENDER)
    with pytest.raises(NotPossible, match="3 people at most"):
        invite_guest(team.buyer.user, team.request, guest_of(team, "Hana"), Side.SENDER)
    with pytest.raises(NotPossible, match="3 people at most"):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, instead_of=team.seller)


def test_only_those_whom_everybody_may_meet_are_invited(team):
    """(who is in the way) -> whether the buyer's guest may be invited by the seller."""
    allowed = {}
    for case in ("nobody", "buyer hides", "buyer blocked her", "she blocked the buyer", "she hides", "no account"):
        guest = guest_of(team, case)
        team.buyer.seen_by = SeenBy.NOBODY if case == "buyer hides" else SeenBy.EVERYONE
        team.buyer.save()
        if case == "buyer blocked her":
            Block.objects.create(participant=team.buyer, company=guest.company)
        if case == "she blocked the buyer":
            Block.objects.create(participant=guest, company=team.buyer.company)
        if case == "she hides":
            guest.seen_by = SeenBy.NOBODY
        if case == "no account":
            guest.user = None
        guest.save()
        try:
            invite_guest(team.seller.user, team.request, guest, Side.RECEIVER)
            allowed[case] = True
        except NotPossible:
            allowed[case] = False
    assert [case for case, yes in allowed.items() if yes] == ["nobody"]


def test_a_hidden_buyer_may_bring_her_own_guest(team):
    team.buyer.seen_by = SeenBy.NOBODY
    team.buyer.save()
    guest = guest_of(team)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    assert team.parts()["Gita"] == "invited"


def test_an_invited_guest_reads_no_hidden_name(team):
    guest = guest_of(team)
    invite_guest(team.seller.user, team.request, guest, Side.RECEIVER)
    team.buyer.seen_by = SeenBy.NOBODY
    team.buyer.save()
    page = signed_in(guest).get(team.url()).content.decode()
    assert ("Camille" in page, "Haneul Kim" in page, "One more person" in page) == (False, True, True)
    request = reverse("meetings:request", args=[team.edition.slug, team.request.code])
    answer = signed_in(guest).get(request)
    assert (answer.status_code, answer["Location"]) == (302, team.url())
    with pytest.raises(NotPossible, match="no longer open"):
        answer_invitation(guest.user, team.request, accept=True)


def test_hidden_people_are_found_neither_as_colleagues_nor_as_guests(team):
    hidden = [guest_of(team, "Hidden", seen_by=SeenBy.NOBODY)]
    team.colleague.seen_by = SeenBy.NOBODY
    team.colleague.save()
    assert list(new_colleagues(team.seller.user, team.request, Side.RECEIVER)) == []
    assert found_guests(team.seller.user, team.request, "Hidden") == []
    assert found_guests(team.organiser, team.request, "Hidden") == hidden
    response = signed_in(team.seller).post(team.url("invite"), {"person": hidden[0].code})
    assert response.status_code == 404
    response = signed_in(team.seller).post(team.url("name"), {"person": team.colleague.code})
    assert response.status_code == 404


def test_an_invitation_is_taken_back(team):
    guest = guest_of(team)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    leave_meeting(team.buyer.user, team.request, guest)
    assert "Gita" not in team.parts()


def test_a_guest_from_elsewhere_decides_nothing_for_the_two_companies(team):
    guest = guest_of(team)
    team.place()
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    answer_invitation(guest.user, team.request, accept=True)
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)

    def may(user):
        rules = [may_cancel(user, team.request), may_set_place(user, team.request)]
        return rules + [rule(user, team.request, side) for rule in (may_name_people, may_invite) for side in Side]

    assert may(guest.user) == [False] * 6
    assert may(team.buyer.user) == [True, True, True, False, True, False]
    assert may(team.colleague.user) == [True, True, False, True, False, True]
    assert may(team.organiser) == [True] * 6
    page = signed_in(guest).get(team.url())
    assert page.status_code == 200
    assert [name for name in ("people", "place", "cancel") if f'"{team.url(name)}"' in page.content.decode()] == []
    asked = [("get", "people"), ("post", "name"), ("post", "invite"), ("get", "place"), ("post", "cancel")]
    assert [getattr(signed_in(guest), method)(team.url(name)).status_code for method, name in asked] == [404] * 5
    leave_meeting(guest.user, team.request, guest)
    assert team.parts()["Gita"] == "declined"
