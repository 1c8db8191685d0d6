"""The pages of a living timetable: free times, swaps, cancelling, proposals, the standby list."""

from __future__ import annotations

import pytest
from django.urls import reverse
from factories import UserFactory
from hall import hall

from madang.meetings.actions.proposals import propose_swap, propose_time
from madang.meetings.models import Meeting, MeetingPolicy, MeetingRequest, Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Published: B0-S0 at S0 T0, B0-S2 at S1 T0; B0-S1 has no place."""
    here = hall()
    here.ask(0, 0), here.ask(0, 2), here.ask(0, 1)
    here.version = here.publish((0, 0, 0), (1, 1, 0))
    return here


def url(here, name, *args):
    return reverse(f"meetings:{name}", args=[here.edition.slug, *args])


def get(client, user, path):
    client.force_login(user)
    return client.get(path)


def post(client, user, path, **facts):
    client.force_login(user)
    return client.post(path, facts)


def test_booking_from_the_free_times_to_the_agenda(three, client):
    buyer, seller, asked = three.buyers[0].user, three.sellers[1].user, three.requests[2]
    page = get(client, buyer, url(three, "times", asked.code)).content.decode()
    offered = [slot.pk for slot in three.slots if f'name="slot" value="{slot.pk}"' in page]
    assert offered == [three.slots[2].pk, three.slots[3].pk]
    answer = post(client, buyer, url(three, "propose", asked.code), slot=three.slots[2].pk)
    assert (answer.status_code, answer.url) == (302, url(three, "meeting", asked.code))
    key = Proposal.objects.get().key
    page = get(client, seller, url(three, "proposal", key)).content.decode()
    assert "Yes, that suits me" in page
    assert three.buyers[0].name in page
    post(client, seller, url(three, "answer_proposal", key), answer="yes")
    assert Meeting.objects.get(request=asked).slot == three.slots[2]


def test_a_time_that_is_not_free_is_refused_with_a_sentence(three, client):
    answer = post(client, three.buyers[0].user, url(three, "propose", three.requests[2].code), slot=three.slots[0].pk)
    assert answer.status_code == 422
    assert "That time is not free for everybody" in answer.content.decode()
    for bad in ("", "x", "9" * 30, "0"):
        assert post(client, three.buyers[0].user, url(three, "propose", three.requests[2].code), slot=bad).status_code == 422
    assert Proposal.objects.count() == 0


def test_where_the_organiser_places_people_read_so(three, client):
    MeetingPolicy.objects.create(edition=three.edition, booking="none")
    page = get(client, three.buyers[0].user, url(three, "times", three.requests[2].code)).content.decode()
    assert "The organiser places the meetings of this edition" in page
    assert 'name="slot"' not in page
    post(client, three.organiser, url(three, "propose", three.requests[2].code), slot=three.slots[3].pk)
    assert Meeting.objects.get(request=three.requests[2]).slot == three.slots[3]


def test_a_swap_shows_each_only_her_own_meeting(three, client):
    me, first, second = three.buyers[0], three.requests[0], three.requests[1]
    assert three.sellers[2].name in get(client, me.user, url(three, "times", first.code)).content.decode()
    assert post(client, me.user, url(three, "swap", first.code), other=second.code).status_code == 302
    key = Proposal.objects.get().key
    page = get(client, three.sellers[0].user, url(three, "proposal", key)).content.decode()
    assert (me.name in page, three.sellers[2].name in page) == (True, False)
    assert "Somebody of the other meeting" in page
    for person in (three.sellers[0], three.sellers[2]):
        post(client, person.user, url(three, "answer_proposal", key), answer="yes")
    assert Meeting.objects.get(request=first).slot == three.slots[1]


def test_cancelling_with_and_without_another_time(three, client):
    first, second = three.requests[:2]
    path = url(three, "cancel", first.code)
    assert "Cancel the meeting" in get(client, three.buyers[0].user, path).content.decode()
    answer = post(client, three.buyers[0].user, path, words="Flight", again="again")
    assert answer.url == url(three, "times", first.code)
    assert post(client, three.sellers[0].user, path, again="end").status_code == 302  # the other was quicker
    post(client, three.sellers[2].user, url(three, "cancel", second.code), again="end")
    assert list(MeetingRequest.objects.order_by("pk").values_list("status", flat=True)) == ["accepted", "withdrawn", "accepted"]
    assert Meeting.objects.filter(is_cancelled=True).count() == 2


def test_what_was_settled_meanwhile_is_said_as_it_is(three, client):
    me, other = three.buyers[0].user, three.sellers[1].user
    proposal = propose_time(me, three.requests[2], three.slots[2])
    answer, withdraw = (url(three, name, proposal.key) for name in ("answer_proposal", "withdraw_proposal"))
    post(client, other, answer, answer="no")
    for user, path, facts, said in [
        (other, answer, {"answer": "yes"}, "Somebody has said no in the meantime; nothing has changed."),
        (me, withdraw, {}, "There is nothing to withdraw: it was settled in the meantime."),
    ]:
        assert said in client.get(post(client, user, path, **facts).url).content.decode()
    unplaced = get(client, me, url(three, "cancel", three.requests[2].code))
    assert "This meeting is cancelled." not in client.get(unplaced.url).content.decode()


def test_a_stranger_finds_nothing(three, client):
    proposal = propose_time(three.buyers[0].user, three.requests[2], three.slots[2])
    code = three.requests[2].code
    paths = [url(three, "times", code), url(three, "cancel", three.requests[0].code), url(three, "proposal", proposal.key)]
    posts = [
        (url(three, "propose", code), {"slot": three.slots[3].pk}),
        (url(three, "swap", three.requests[0].code), {"other": three.requests[1].code}),
        (url(three, "answer_proposal", proposal.key), {"answer": "yes"}),
        (url(three, "withdraw_proposal", proposal.key), {}),
    ]
    for stranger in (UserFactory(), three.buyers[1].user):
        assert [get(client, stranger, path).status_code for path in paths] == [404] * 3
        assert [post(client, stranger, path, **facts).status_code for path, facts in posts] == [404] * 4
    assert get(client, three.buyers[0].user, url(three, "standby")).status_code == 404
    assert post(client, three.organiser, posts[2][0], answer="yes").status_code == 404  # nobody agrees for others
    assert post(client, three.sellers[1].user, posts[3][0]).status_code == 404  # who did not propose
    assert Proposal.objects.get().state == "open"


def test_the_panel_of_a_meeting(three, client):
    page = get(client, three.buyers[0].user, url(three, "meeting", three.requests[0].code)).content.decode()
    assert ("Another time" in page, "Cancel the meeting" in page) == (True, True)
    page = get(client, three.buyers[0].user, url(three, "meeting", three.requests[2].code)).content.decode()
    assert ("Book a time" in page, "Cancel the meeting" in page) == (True, False)
    assert ("It has no time." in page, "the timetable finds one" in page) == (True, False)
    three.at(0)
    page = get(client, three.buyers[0].user, url(three, "meeting", three.requests[0].code)).content.decode()
    assert ("Another time" in page, "Cancel the meeting" in page) == (False, False)


def queries(client, user, path, count):
    client.force_login(user)
    client.get(path)
    with count() as context:
        assert client.get(path).status_code == 200
    return len(context)


def test_lists_ask_the_database_equally_often(three, client, django_assert_max_num_queries):
    def count():
        return django_assert_max_num_queries(200)

    standby, times = url(three, "standby"), url(three, "times", three.requests[0].code)
    one = queries(client, three.organiser, standby, count), queries(client, three.buyers[0].user, times, count)
    three.ask(1, 1), three.ask(2, 2)
    three.ask(0, 0 + 1, status="declined")
    three_rows = queries(client, three.organiser, standby, count), queries(client, three.buyers[0].user, times, count)
    assert one == three_rows


def test_a_proposal_asks_equally_often_for_two_people_and_three(three, client, django_assert_max_num_queries):
    def count():
        return django_assert_max_num_queries(200)

    me, first, second = three.buyers[0], three.requests[0], three.requests[1]
    swap = propose_swap(me.user, first, second)
    book = propose_time(me.user, three.requests[2], three.slots[2])
    paths = [url(three, "proposal", one.key) for one in (swap, book)]
    assert len({queries(client, me.user, path, count) for path in paths}) == 1
