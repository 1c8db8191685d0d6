"""The settings of meetings: who sets them, what is refused, what the log keeps; quotas both ways."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from asking import asked, refusal_of, signed_in, url
from django.core.exceptions import PermissionDenied
from django.db import connection
from factories import EditionFactory, MeetingPolicyFactory, MeetingRequestFactory, ParticipantFactory, UserFactory
from visits import get, post

from madang.desk.log import sentence
from madang.markets.models import LogEntry
from madang.meetings.actions.policy import FIELDS, change_policy
from madang.meetings.actions.requests import RequestRefused, answer_request
from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus, policy_of
from madang.meetings.policy_forms import PARTS
from madang.meetings.queries.quotas import Quota, quota_in, quota_out

pytestmark = pytest.mark.django_db

FACTS = {
    "buyers_out": "20",
    "sellers_out": "",
    "buyers_in": "40",
    "sellers_in": "",
    "expires_after_hours": "72",
    "remind_before_hours": "24",
    "booking": "none",
    "cancel_minutes": "60",
    "standby_minutes": "30",
    "most_people": "6",
    "walk_minutes": "5",
    "door_minutes": "10",
    "lunch_from": "12:00",
    "lunch_until": "14:00",
    "lunch_minutes": "45",
    "most_in_a_row": "4",
}


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    user = UserFactory(name="Oh Organiser")
    edition.market.organisers.add(user)
    return user


def test_every_setting_has_its_place_on_the_page():
    assert sorted(name for _heading, names in PARTS for name in names) == sorted(FIELDS)
    assert set(FIELDS) == {field.name for field in MeetingPolicy._meta.fields} - {"id", "edition"}


def test_who_reaches_the_page(edition, organiser):
    users = {"visitor": None, "stranger": UserFactory(), "organiser": organiser, "administrator": UserFactory(is_superuser=True)}
    users["buyer"] = ParticipantFactory(edition=edition, is_buyer=True).user
    statuses = {role: get(user, "meetings:policy", edition).status_code for role, user in users.items()}
    assert statuses == {"visitor": 302, "stranger": 404, "organiser": 200, "administrator": 200, "buyer": 404}
    assert post(users["buyer"], "meetings:policy", edition, **FACTS).status_code == 404
    with pytest.raises(PermissionDenied):
        change_policy(users["buyer"], edition, buyers_out=1)
    assert MeetingPolicy.objects.count() == LogEntry.objects.count() == 0


def test_settings_are_saved_once_and_logged_in_words(edition, organiser):
    for _ in range(2):
        assert post(organiser, "meetings:policy", edition, **FACTS).status_code == 302
    policy = policy_of(edition)
    assert (policy.buyers_out, policy.sellers_out, policy.lunch_from, policy.booking) == (20, None, dt.time(12), "none")
    entry = LogEntry.objects.get()
    assert entry.details["after"]["lunch_from"] == "12:00:00"
    assert sentence(entry).startswith(
        "Oh Organiser changed the settings of meetings: requests a buyer may send, requests a seller"
    )


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"buyers_out": "-1"}, ["buyers_out"]),
        ({"buyers_in": "0"}, ["buyers_in"]),
        ({"most_people": "7"}, ["most_people"]),
        ({"most_people": ""}, ["most_people"]),
        ({"remind_before_hours": "72"}, ["remind_before_hours"]),
        ({"lunch_from": ""}, ["lunch_from"]),
        ({"lunch_until": ""}, ["lunch_until"]),
        ({"lunch_until": "11:30"}, ["lunch_until"]),
        ({"lunch_until": "12:30"}, ["lunch_minutes"]),
        ({"lunch_from": "noon"}, ["lunch_from"]),
        ({"booking": "sometimes"}, ["booking"]),
    ],
)
def test_what_cannot_be_is_explained(edition, organiser, facts, wrong):
    answer = post(organiser, "meetings:policy", edition, **FACTS | facts)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, wrong)
    assert MeetingPolicy.objects.count() == 0


@pytest.mark.parametrize(
    ("roles", "out", "into"),
    [
        (["buyer"], 3, 5),
        (["seller"], 4, None),
        (["creator"], 4, None),
        (["buyer", "seller"], 4, 5),
        (["seller", "creator"], 4, None),
        (["juror"], None, None),
    ],
)
def test_limits_by_role(edition, roles, out, into):
    MeetingPolicyFactory(edition=edition, buyers_out=3, sellers_out=4, buyers_in=5, sellers_in=None)
    person = ParticipantFactory(edition=edition, **{f"is_{role}": True for role in roles})
    assert (quota_out(person), quota_in(person)) == (Quota(0, out), Quota(0, into))


def test_what_counts(edition):
    me = ParticipantFactory(edition=edition, is_buyer=True)
    for status in RequestStatus.values:
        MeetingRequestFactory(edition=edition, sender=me, status=status)
        MeetingRequestFactory(edition=edition, receiver=me, status=status)
    assert (quota_out(me).used, quota_in(me).used) == (3, 1)


def test_a_full_list_refuses_with_a_sentence_and_opens_with_an_answer(edition):
    MeetingPolicyFactory(edition=edition, buyers_in=1)
    buyer = ParticipantFactory(edition=edition, is_buyer=True, given_name="Camille", family_name="Lefèvre")
    first, second = (ParticipantFactory(edition=edition, is_seller=True) for _ in range(2))
    waiting = asked(first, buyer)
    page = signed_in(second).get(url("ask", edition, buyer.code)).content.decode()
    assert "The list of Camille Lefèvre is full: 1 open request waits." in page
    assert refusal_of(asked, second, buyer) == "list_full"
    answer_request(buyer.user, waiting, accept=True)
    assert asked(second, buyer).receiver == buyer


def test_quotas_are_shown_where_one_asks_and_where_one_reads(edition):
    MeetingPolicyFactory(edition=edition, buyers_out=30, buyers_in=60, sellers_out=None)
    buyer, seller = ParticipantFactory(edition=edition, is_buyer=True), ParticipantFactory(edition=edition, is_seller=True)
    MeetingRequestFactory(edition=edition, sender=buyer, status="accepted")
    MeetingRequestFactory(edition=edition, receiver=buyer, status="sent")
    shown = {
        "asking": "1 of 30 requests sent." in signed_in(buyer).get(url("ask", edition, seller.code)).content.decode(),
        "asked": "1 of 60 open requests wait." in signed_in(seller).get(url("ask", edition, buyer.code)).content.decode(),
        "without a limit": "0 requests sent." in signed_in(seller).get(url("ask", edition, buyer.code)).content.decode(),
        "sent": "1 of 30 requests sent." in signed_in(buyer).get(url("requests", edition) + "?side=sent").content.decode(),
        "received": "At most 60 can wait" in signed_in(buyer).get(url("requests", edition)).content.decode(),
    }
    assert shown == dict.fromkeys(shown, True)


@pytest.mark.django_db(transaction=True)
def test_a_list_never_gets_longer_than_its_limit(edition):
    MeetingPolicyFactory(edition=edition, buyers_in=3)
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    sellers = [ParticipantFactory(edition=edition, is_seller=True) for _ in range(8)]
    refused: list[str] = []

    def ask(seller) -> None:
        try:
            asked(seller, buyer)
        except RequestRefused as caught:
            refused.append(caught.refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(seller,)) for seller in sellers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (MeetingRequest.objects.filter(receiver=buyer).count(), refused) == (3, ["list_full"] * 5)
