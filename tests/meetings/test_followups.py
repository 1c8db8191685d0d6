"""What people mean to do after their meetings: theirs alone, reminded of once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hall import hall
from visits import client_of, get, post, queries_of

from madang.markets.models import Stage
from madang.meetings.actions.followups import (
    add_follow_up,
    change_follow_up,
    drop_follow_up,
    finish_follow_up,
    remind_follow_ups,
)
from madang.meetings.actions.held import say_outcome, share_card
from madang.meetings.models import FollowUp, Meeting, TimetableState
from madang.meetings.queries.followups import follow_up_counts
from madang.people.models import Notice

pytestmark = pytest.mark.django_db
JUNE = dt.datetime(2025, 6, 4, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def yard():
    """It is 4 June; buyer 0 met sellers 0, 1 and 2."""
    yard = hall(stage=Stage.AFTER)
    for seller in range(3):
        yard.ask(0, seller)
    draft = yard.draft((0, 0, 0), (1, 1, 0), (2, 2, 0))
    draft.state, draft.version = TimetableState.PUBLISHED, 1
    draft.save()
    to(yard, JUNE)
    return yard


def to(yard, moment):
    yard.edition.clock_shift += moment - yard.edition.now()
    yard.edition.save()


def meeting_of(yard, number):
    return Meeting.objects.select_related("request__edition", "slot").get(request=yard.requests[number])


def add(yard, number=0, what="Call the lawyer", **facts):
    return add_follow_up(yard.buyers[0].user, meeting_of(yard, number), what=what, **facts)


def test_an_own_item_is_added_changed_done_and_dropped(yard):
    me, row = yard.buyers[0].user, add(yard)
    assert add(yard) == row  # the same press twice
    change_follow_up(me, row, what="Call her lawyer", due_on=dt.date(2025, 6, 10))
    row.refresh_from_db()
    assert (row.what, row.due_on, row.attendee.participant) == ("Call her lawyer", dt.date(2025, 6, 10), yard.buyers[0])
    finish_follow_up(me, row, done=True)
    first = FollowUp.objects.get().done_at
    assert finish_follow_up(me, row, done=True).done_at == first
    assert finish_follow_up(me, row, done=False).done_at is None
    drop_follow_up(me, row)
    assert FollowUp.objects.count() == 0


def test_nobody_else_touches_it(yard):
    row = add(yard)
    for user in (yard.sellers[0].user, yard.buyers[1].user, yard.organiser):
        for act in (
            lambda user=user: change_follow_up(user, row, what="x", due_on=None),
            lambda user=user: finish_follow_up(user, row, done=True),
            lambda user=user: drop_follow_up(user, row),
        ):
            with pytest.raises(PermissionDenied):
                act()
    with pytest.raises(PermissionDenied):
        add_follow_up(yard.buyers[1].user, meeting_of(yard, 0), what="x")
    for name in ("change_follow_up", "finish_follow_up", "drop_follow_up"):
        assert post(yard.sellers[0].user, f"meetings:{name}", yard.edition, row.pk, what="x").status_code == 404
    assert "Call the lawyer" not in get(yard.sellers[0].user, "meetings:follow_ups", yard.edition).content.decode()


def test_what_was_done_stays_when_the_outcome_changes(yard):
    me, met = yard.buyers[0].user, meeting_of(yard, 0)
    say_outcome(me, met, "follow_up")
    finish_follow_up(me, FollowUp.objects.get(), done=True)
    say_outcome(me, met, "offer")
    say_outcome(me, met, "none")
    assert [row.done_at is not None for row in FollowUp.objects.all()] == [True]


def test_a_reminder_comes_once_on_its_day(yard):
    row = add(yard, due_on=dt.date(2025, 6, 5))
    done = add(yard, what="Done", due_on=dt.date(2025, 6, 1))
    finish_follow_up(yard.buyers[0].user, done, done=True)
    assert remind_follow_ups(yard.edition, yard.edition.now()) == 0
    to(yard, dt.datetime(2025, 6, 4, 15, 0, 1, tzinfo=dt.UTC))  # midnight in Busan
    assert [remind_follow_ups(yard.edition, yard.edition.now()) for _ in range(2)] == [1, 0]
    told = Notice.objects.get()
    assert (told.recipient, told.kind, told.data["what"]) == (yard.buyers[0], "follow_up_due", "Call the lawyer")
    assert told.data["who"] == yard.sellers[0].latin_name
    change_follow_up(yard.buyers[0].user, row, what="Call the lawyer", due_on=dt.date(2025, 6, 20))
    to(yard, dt.datetime(2025, 6, 20, 1, 0, tzinfo=dt.UTC))
    assert remind_follow_ups(yard.edition, yard.edition.now()) == 1


def test_organisers_count_and_do_not_read(yard):
    say_outcome(yard.buyers[0].user, meeting_of(yard, 0), "offer")
    say_outcome(yard.sellers[0].user, meeting_of(yard, 0), "none")
    add(yard, what="A secret")
    assert follow_up_counts(yard.edition) == {"none": 1, "follow_up": 0, "offer": 1, "open": 2, "done": 0}
    page = get(yard.organiser, "meetings:held_figures", yard.edition).content.decode()
    assert "A secret" not in page
    assert "Send an offer" not in page


def test_the_list_shows_what_is_due_whom_to_ask_and_whose_card(yard):
    share_card(yard.sellers[0].user, meeting_of(yard, 0), gives=True)
    add(yard, due_on=dt.date(2025, 6, 1))
    page = get(yard.buyers[0].user, "meetings:follow_ups", yard.edition).content.decode()
    assert "One thing is due." in page
    assert f"/meetings/{yard.requests[0].code}/card/{yard.sellers[0].code}.vcf" in page
    assert page.count("#held") == 3  # no outcome said yet


def test_the_day_stands_where_korean_has_it(yard):
    add(yard, due_on=dt.date(2025, 6, 1))
    client = client_of(yard.buyers[0].user)
    client.cookies["django_language"] = "ko"
    page = client.get(reverse("meetings:follow_ups", args=[yard.edition.slug])).content.decode()
    assert '<time datetime="2025-06-01">2025년 6월 1일 (일)</time>까지' in page


def test_the_forms(yard):
    me = yard.buyers[0].user
    late = {"meeting_code": yard.requests[1].code, "what": "Ask for the script", "due_on": "2025-06-30"}
    assert post(me, "meetings:follow_ups", yard.edition, **late).status_code == 302
    row = FollowUp.objects.get()
    assert (row.what, row.due_on, row.attendee.request) == ("Ask for the script", dt.date(2025, 6, 30), yard.requests[1])
    for wrong in ({"what": ""}, {"due_on": "tomorrow"}, {"meeting_code": "R99"}, {"what": "x" * 301}):
        assert post(me, "meetings:follow_ups", yard.edition, **(late | wrong)).status_code == 422
    assert post(me, "meetings:change_follow_up", yard.edition, row.pk, what="", due_on="").status_code == 422
    assert post(me, "meetings:change_follow_up", yard.edition, row.pk, what="Read it", due_on="").status_code == 302
    assert post(me, "meetings:finish_follow_up", yard.edition, row.pk, done="1").status_code == 302
    row.refresh_from_db()
    assert (row.what, row.due_on, bool(row.done_at)) == ("Read it", None, True)


def test_the_list_takes_as_many_queries_for_three_as_for_one(yard):
    add(yard)
    one = queries_of(yard.buyers[0].user, "meetings:follow_ups", yard.edition)
    add(yard, 1)
    add(yard, 2)
    assert queries_of(yard.buyers[0].user, "meetings:follow_ups", yard.edition) == one


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("0001-01-01", 422),
        ("2025-05-27", 422),
        ("2025-05-28", 302),
        ("2026-01-01", 302),
        ("2028-06-01", 422),
        ("9999-12-31", 422),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_with_a_sentence(yard, day, status):
    client, row = client_of(yard.buyers[0].user), add(yard)
    sentence = "Choose a day from Wednesday 28 May 2025 to Monday 29 May 2028."
    posts = {
        reverse("meetings:follow_ups", args=[yard.edition.slug]): {"meeting_code": yard.requests[1].code, "what": "Call"},
        reverse("meetings:change_follow_up", args=[yard.edition.slug, row.pk]): {"what": "Write"},
    }
    for address, data in posts.items():
        answer = client.post(address, data | {"due_on": day})
        assert (answer.status_code, sentence in answer.content.decode()) == (status, status == 422)
    assert FollowUp.objects.exclude(due_on=None).count() == (2 if status == 302 else 0)
