"""Answering, changing one's mind, withdrawing: who may, what is told, and what stays unsaid."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from asking import asked, kinds, notices, refusal_of, signed_in, url
from django.core import mail
from django.db import connection
from django.urls import reverse
from factories import MeetingPolicyFactory, SlotFactory, TableFactory, UserFactory

from madang.markets.models import LogEntry
from madang.meetings.actions.requests import RequestRefused, answer_request, change_wish, edit_request, withdraw_request
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState, Wish
from madang.meetings.queries.requests import history
from madang.meetings.tasks import mail_notices
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return MeetingPolicyFactory(buyers_out=2).edition


def test_accepting_keeps_the_wish_and_tells_the_sender(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True, wish=Wish.MUST, answer=" With pleasure. ")
    made.refresh_from_db()
    assert (made.status, made.receiver_wish, made.answer) == (RequestStatus.ACCEPTED, Wish.MUST, "With pleasure.")
    assert made.answered_at.year == 2025
    assert notices(buyer) == [("request_accepted", made.code)]


def test_declining_shows_the_reason_to_the_sender(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=False, answer="No slots for factual this year.")
    page = signed_in(buyer).get(url("request", buyer.edition, made.code)).content.decode()
    assert "No slots for factual this year." in page
    assert Notice.objects.get(recipient=buyer).data["answer"] == "No slots for factual this year."


def test_the_same_answer_twice_is_one(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True)
    answer_request(seller.user, made, accept=True)
    made.refresh_from_db()
    assert made.status == RequestStatus.ACCEPTED
    assert notices(buyer) == [("request_accepted", made.code)]
    assert LogEntry.objects.filter(verb="answer_request").count() == 1


def test_a_yes_becomes_a_must_or_a_no_until_the_meeting_is_placed(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True, wish=Wish.IF_ROOM)
    answer_request(seller.user, made, accept=True, wish=Wish.MUST)
    made.refresh_from_db()
    assert (made.status, made.receiver_wish) == (RequestStatus.ACCEPTED, Wish.MUST)
    answer_request(seller.user, made, accept=False, answer="We have to leave early.")
    made.refresh_from_db()
    assert (made.status, made.receiver_wish, made.answer) == (RequestStatus.DECLINED, None, "We have to leave early.")
    assert kinds(buyer) == ["request_accepted", "request_taken_back"]
    assert [step.code for step in history(made)] == ["asked", "accepted", "declined"]


def test_a_no_stands(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=False)
    assert refusal_of(answer_request, seller.user, made, accept=True) == "answered"
    answer_request(seller.user, made, accept=False)
    assert kinds(buyer) == ["request_declined"]


def placed(request):
    timetable = Timetable.objects.create(edition=request.edition, state=TimetableState.PUBLISHED, version=1)
    slot, table = SlotFactory(edition=request.edition), TableFactory(edition=request.edition)
    return Meeting.objects.create(timetable=timetable, request=request, slot=slot, table=table)


def test_what_is_placed_is_answered_and_wished_no_more(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=True)
    change_wish(buyer.user, made, wish=Wish.MUST)
    change_wish(buyer.user, made, wish=Wish.MUST)
    assert LogEntry.objects.filter(verb="change_wish").count() == 1
    placed(made)
    assert refusal_of(answer_request, seller.user, made, accept=False) == "placed"
    assert refusal_of(change_wish, buyer.user, made, wish=Wish.IF_ROOM) == "placed"
    assert refusal_of(withdraw_request, buyer.user, made) == "placed"
    made.refresh_from_db()
    assert (made.status, made.sender_wish) == (RequestStatus.ACCEPTED, Wish.MUST)


def test_only_the_sender_changes_her_wish_and_only_of_what_was_agreed(buyer, seller):
    made = asked(buyer, seller)
    assert refusal_of(change_wish, buyer.user, made, wish=Wish.MUST) == "closed"
    answer_request(seller.user, made, accept=True)
    assert refusal_of(change_wish, seller.user, made, wish=Wish.MUST) == "not_yours"


@pytest.mark.parametrize("shown", [True, False])
def test_whether_the_sender_reads_why_not(edition, buyer, seller, shown):
    made, words = asked(buyer, seller), "Nothing of yours ever sold."
    answer_request(seller.user, made, accept=False, answer=words, answer_shown=shown)
    mail_notices.enqueue()
    organiser = UserFactory()
    edition.market.organisers.add(organiser)
    seen = {name: words in signed_in(user).get(url("request", edition, made.code)).content.decode() for name, user in
            {"sender": buyer, "receiver": seller, "organiser": organiser}.items()}  # fmt: skip
    seen["list"] = words in signed_in(buyer).get(url("requests", edition) + "?side=sent").content.decode()
    seen["notices"] = words in signed_in(buyer).get(reverse("people:notices", args=[edition.slug])).content.decode()
    seen["notice row"] = words in str(list(Notice.objects.filter(recipient=buyer).values_list("data", flat=True)))
    seen["mail"] = any(words in message.body for message in mail.outbox if message.to == [buyer.email])
    by_sender = {"sender": shown, "notices": shown, "notice row": shown, "mail": shown, "list": False}
    assert seen == by_sender | {"receiver": True, "organiser": True}


def test_who_reads_an_edited_request_answers_what_she_has_read(buyer, seller):
    made = asked(buyer, seller)
    edited = edit_request(buyer.user, made, reason="Another reason.")
    read = edited.edited_at - dt.timedelta(seconds=1)
    assert refusal_of(answer_request, seller.user, made, accept=True, read_at_edit=read) == "edited"
    assert answer_request(seller.user, made, accept=True, read_at_edit=edited.edited_at).status == RequestStatus.ACCEPTED


def test_nobody_but_the_receiver_answers_and_nobody_but_the_sender_withdraws(edition, buyer, seller):
    made, organiser = asked(buyer, seller), UserFactory()
    edition.market.organisers.add(organiser)
    for user in (buyer.user, organiser):
        assert refusal_of(answer_request, user, made, accept=True) == "not_yours"
    for user in (seller.user, organiser):
        assert refusal_of(withdraw_request, user, made) == "not_yours"
    assert MeetingRequest.objects.get().status == RequestStatus.SENT


def test_withdrawing_tells_the_other_side_once_and_opens_the_pair_again(buyer, seller):
    made = asked(buyer, seller)
    withdraw_request(buyer.user, made)
    withdraw_request(buyer.user, made)
    assert notices(seller) == [("request_received", made.code), ("request_withdrawn", made.code)]
    assert refusal_of(answer_request, seller.user, made, accept=True) == "withdrawn"
    assert asked(buyer, seller).code == "R00002"


def test_withdrawn_at_the_editions_clock(edition, buyer, seller):
    edition.clock_shift = dt.timedelta(days=-1000)
    edition.save()
    first, last = history(withdraw_request(buyer.user, asked(buyer, seller)))
    assert (first.code, last.code) == ("asked", "withdrawn")
    assert dt.timedelta(0) <= last.at - first.at < dt.timedelta(minutes=1)


def test_a_declined_request_cannot_be_withdrawn(buyer, seller):
    made = asked(buyer, seller)
    answer_request(seller.user, made, accept=False)
    assert refusal_of(withdraw_request, buyer.user, made) == "answered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["edit", "withdraw"])
def test_an_answer_and_a_change_at_the_same_moment(buyer, seller, other):
    """One comes first: nobody says yes to words that change afterwards, or to a request that is withdrawn before."""
    made = asked(buyer, seller)
    acts = {
        "answer": lambda: answer_request(seller.user, made, accept=True),
        "edit": lambda: edit_request(buyer.user, made, reason="Other words."),
        "withdraw": lambda: withdraw_request(buyer.user, made),
    }
    refused: list[str] = []

    def run(act: str) -> None:
        try:
            acts[act]()
        except RequestRefused as caught:
            refused.append(f"{act}: {caught.refusal.code}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in ("answer", other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.refresh_from_db()
    if other == "withdraw":
        assert (made.status, refused) in [(RequestStatus.WITHDRAWN, []), (RequestStatus.WITHDRAWN, ["answer: withdrawn"])]
    else:
        assert made.status == RequestStatus.ACCEPTED
        assert (made.reason == "Other words.") is (refused == [])
        assert refused in ([], ["edit: answered"])
        assert made.edited_at is None or made.edited_at <= made.answered_at
