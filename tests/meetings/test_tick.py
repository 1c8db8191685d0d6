"""What happens by itself: reminders, expiry, and that a late or doubled tick changes nothing of it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from asking import asked, kinds, refusal_of, signed_in, url
from django.db import connection
from django.utils import timezone
from factories import MeetingPolicyFactory, ParticipantFactory, SlotFactory

from madang.markets.models import LogEntry, Stage
from madang.meetings import tasks
from madang.meetings.actions.requests import answer_request, edit_request, expire_requests, request_meeting, withdraw_request
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.meetings.queries.quotas import quota_in, quota_out
from madang.meetings.queries.requests import history, open_request_between
from madang.meetings.rules import may_request_meeting

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def edition():
    facts = {"expires_after_hours": 72, "remind_before_hours": 24, "buyers_out": 1, "sellers_in": 1}
    return MeetingPolicyFactory(edition__ends_on=dt.date(2025, 6, 30), **facts).edition


@pytest.fixture
def buyer(edition):
    return ParticipantFactory(edition=edition, is_buyer=True)


@pytest.fixture
def seller(edition):
    return ParticipantFactory(edition=edition, is_seller=True)


def after(hours: float) -> dt.datetime:
    """The real moment so many hours from now."""
    return timezone.now() + hours * HOUR


def later(edition, hours: float) -> None:
    """Move the edition's clock."""
    edition.clock_shift += hours * HOUR
    edition.save()


def test_sending_sets_the_time(edition, buyer, seller):
    made = asked(buyer, seller)
    assert made.expires_at == made.created_at + 72 * HOUR


def test_nothing_waits_beyond_the_last_meeting(edition, buyer, seller):
    type(edition).objects.filter(pk=edition.pk).update(ends_on=dt.date(2025, 5, 30))
    without_slots = asked(buyer, seller)
    assert without_slots.expires_at == dt.datetime(2025, 5, 30, 15, tzinfo=dt.UTC)  # midnight in Busan
    withdraw_request(buyer.user, without_slots)
    slot = SlotFactory(edition=edition, number=20)
    page = signed_in(buyer).get(url("ask", edition, seller.code)).content.decode()
    assert ("expires with the last meeting:" in page, "after 3 days" in page) == (True, False)
    assert asked(buyer, seller).expires_at == slot.ends_at


def test_after_the_last_meeting_nobody_asks(edition, buyer, seller):
    SlotFactory(edition=edition, number=20)
    later(edition, 48)
    sentence = "The event is over: no meetings can be asked for any more."
    page = signed_in(buyer).get(url("ask", edition, seller.code))
    assert (refusal_of(asked, buyer, seller), sentence in page.content.decode()) == ("too_late", True)
    assert (MeetingRequest.objects.count(), may_request_meeting(buyer.user, edition, seller)) == (0, False)


def test_without_the_setting_nothing_expires(edition, buyer, seller):
    edition.meeting_policy.expires_after_hours = None
    edition.meeting_policy.save()
    assert asked(buyer, seller).expires_at is None
    tasks.tick(after(24 * 365))
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_the_receiver_is_reminded_once_and_both_are_told_of_the_end_once(edition, buyer, seller):
    made = asked(buyer, seller)
    told = []
    for hours in (0, 47, 49, 49, 71, 73, 73, 200):
        tasks.tick(after(hours))
        told.append((len(kinds(seller)), len(kinds(buyer))))
    assert told == [(1, 0), (1, 0), (2, 0), (2, 0), (2, 0), (3, 1), (3, 1), (3, 1)]
    assert kinds(seller) == ["request_received", "request_reminder", "request_expired"]
    assert kinds(buyer) == ["request_unanswered"]
    made.refresh_from_db()
    assert made.status == RequestStatus.EXPIRED
    assert [step.code for step in history(made)] == ["asked", "expired"]
    assert LogEntry.objects.filter(verb="expire_request").count() == 1


def test_a_reminder_that_would_come_with_the_request_is_left_out(edition, buyer, seller):
    edition.meeting_policy.expires_after_hours = 12
    edition.meeting_policy.save()
    asked(buyer, seller)
    tasks.tick(after(1))
    assert kinds(seller) == ["request_received"]


def test_an_answered_or_withdrawn_request_does_not_expire(edition, buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True)
    tasks.tick(after(100))
    assert MeetingRequest.objects.get().status == RequestStatus.ACCEPTED


def test_it_is_over_even_where_the_clock_is_late(edition, buyer, seller):
    """Nobody has ticked: yet it is neither answered, edited nor withdrawn, holds neither quota nor pair, and pages say so."""
    made = asked(buyer, seller)
    later(edition, 73)
    assert refusal_of(answer_request, seller.user, made, accept=True) == "expired"
    assert refusal_of(edit_request, buyer.user, made, reason="New words") == "expired"
    assert refusal_of(withdraw_request, buyer.user, made) == "expired"
    buyer.edition.refresh_from_db()
    assert open_request_between(buyer, seller) is None
    assert (quota_out(buyer).used, quota_in(seller).used) == (0, 0)
    page = signed_in(seller).get(url("request", edition, made.code)).content.decode()
    assert ("Expired" in page, url("answer", edition, made.code) in page) == (True, False)
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_whoever_asks_again_first_closes_what_is_over(edition, buyer, seller):
    first = asked(buyer, seller)
    later(edition, 73)
    buyer.edition.refresh_from_db()
    second = request_meeting(buyer.user, edition, seller, reason="Once more.")
    first.refresh_from_db()
    assert (first.status, second.status) == (RequestStatus.EXPIRED, RequestStatus.SENT)
    assert kinds(buyer) == ["request_unanswered"]


def test_expiry_frees_the_quotas_of_both(edition, buyer, seller):
    asked(buyer, seller)
    other = ParticipantFactory(edition=edition, is_seller=True)
    assert refusal_of(asked, buyer, other) == "over_quota"
    later(edition, 73)
    buyer.edition.refresh_from_db()
    assert asked(buyer, other).receiver == other


@pytest.mark.parametrize("stage", [Stage.PREPARATION, Stage.AFTER])
def test_nothing_expires_where_nobody_could_answer(edition, buyer, seller, stage):
    asked(buyer, seller)
    edition.stage = stage
    edition.save()
    tasks.tick(after(100))
    assert (MeetingRequest.objects.get().status, kinds(buyer)) == (RequestStatus.SENT, [])


def test_an_idle_tick_writes_nothing_and_asks_little(edition, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        assert tasks.tick() == 0
    assert LogEntry.objects.count() == 0


def test_a_step_that_fails_does_not_keep_the_others_from_being_done(edition, buyer, seller, caplog):
    asked(buyer, seller)
    steps = list(tasks.EVERY_MINUTE)
    try:
        tasks.EVERY_MINUTE.insert(0, lambda edition, now: 1 / 0)
        assert tasks.tick(after(100)) == 1
    finally:
        tasks.EVERY_MINUTE[:] = steps
    assert MeetingRequest.objects.get().status == RequestStatus.EXPIRED
    assert "A step of every minute failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_once(edition, buyer, seller):
    asked(buyer, seller)
    moment = edition.now() + 100 * HOUR

    def run() -> None:
        expire_requests(edition, moment)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (kinds(buyer), LogEntry.objects.filter(verb="expire_request").count()) == (["request_unanswered"], 1)
