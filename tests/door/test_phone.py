"""A phone: paired once, its signed copy, what it sends."""

from __future__ import annotations

import base64
import json
import uuid

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.exceptions import PermissionDenied
from django.test import Client
from door_rows import MINUTE, badge_for, buyer, event_in, paired, scan, ticket_for
from factories import EditionFactory, HallFactory, ParticipantFactory, UserFactory

from madang.door.actions.devices import make_device, pair_device, renew_device, revoke_device
from madang.door.codes import digest, short_digest
from madang.door.models import Admission, Device, Queue, Scan
from madang.door.queries.copy import copy_of, signed_copy, stamp
from madang.door.rules import device_with, kept
from madang.door.signing import public_key, sign
from madang.seating.models import Ticket

pytestmark = pytest.mark.django_db


def test_only_an_organiser_makes_devices(edition, organiser, door):
    for actor in (UserFactory(), ParticipantFactory(edition=edition).user):
        for act in (lambda who: make_device(who, edition, name="X", hall=None), lambda who: revoke_device(who, door)):
            with pytest.raises(PermissionDenied):
                act(actor)


def test_a_link_pairs_one_phone_and_its_key_is_nowhere_in_the_table(edition, organiser):
    made = make_device(organiser, edition, name="Left", hall=None)
    phone = pair_device(edition, made.key)
    assert (pair_device(edition, made.key), device_with(edition, made.key)) == (None, None)
    assert device_with(edition, phone.key) == made.device
    assert Device.objects.get().key == kept(phone.key) != phone.key
    assert device_with(EditionFactory(), phone.key) is None
    again = renew_device(organiser, phone.device)
    assert device_with(edition, phone.key) is None
    newer = pair_device(edition, again.key)
    revoke_device(organiser, newer.device)
    assert device_with(edition, newer.key) is None


@pytest.fixture
def phone(edition, organiser):
    """A browser that was paired as the left door."""
    made = make_device(organiser, edition, name="Left", hall=None)
    client = Client()
    answer = client.post(f"/e/{edition.slug}/door/pair/{made.key}/")
    assert (answer.status_code, answer.url) == (302, f"/e/{edition.slug}/door/")
    morsel = answer.cookies["door"]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", f"/e/{edition.slug}/door/")
    client.get(f"/e/{edition.slug}/door/")
    return client


def send(phone, edition, *entries):
    token = phone.cookies["csrftoken"].value
    body = json.dumps({"sent": list(entries)})
    return phone.post(f"/e/{edition.slug}/door/sync/", body, "application/json", headers={"X-CSRFToken": token})


def entry(event, **facts):
    return {"kind": "scan", "token": str(uuid.uuid4()), "event": event.code, "age": 0} | facts


def test_what_a_phone_sends_is_answered_by_its_token(phone, edition, seated):
    ticket = ticket_for(seated)
    scanned = entry(seated, code=ticket.key)
    told = send(phone, edition, scanned).json()
    assert told["answers"] == [
        {
            "token": scanned["token"], "event": seated.code, "outcome": "admitted", "told": "admitted", "allotment": "public",
            "seat": "", "is_late": False, "reason": "", "first": None, "uses": [digest(ticket.key)],
        }
    ]  # fmt: skip
    assert told["counts"][seated.code]["by"]["public"] == [1, 2, 1]
    assert Device.objects.get().seen_at is not None


def test_age_is_counted_by_the_phones_own_clock_and_the_oldest_comes_first(phone, edition, seated):
    ticket = ticket_for(seated)
    rows = [entry(seated, code=ticket.key, told="admitted", age=age) for age in (1_000, 60_000)]
    answers = send(phone, edition, *rows).json()["answers"]
    assert [(one["token"], one["outcome"]) for one in answers] == [(rows[1]["token"], "admitted"), (rows[0]["token"], "conflict")]
    assert round((edition.now() - Admission.objects.get().at) / MINUTE) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"token": "x"}, {"token": None}, {"kind": "dance"}, {"told": "perhaps"}, {"kind": "hand", "allotment": "cats"},
        {"age": "x"}, {"age": float("nan")}, {"kind": "queue", "minutes": "9" * 25}, {"event": "no such"},
        {"kind": "slip", "code": "7"}, {"code": "a\0b"},
    ],
)  # fmt: skip
def test_nonsense_is_answered_and_does_nothing(phone, edition, event, facts):
    answer = send(phone, edition, entry(event, code="nobody", minutes=1) | facts)
    assert (answer.status_code, [set(one) - {"token"} for one in answer.json()["answers"]]) in [
        (200, [{"fault"}]),
        (200, [{"event", "minutes"}]),  # 25 digits of minutes are three hours
    ]
    assert (Scan.objects.count(), Admission.objects.count()) == (0, 0)
    assert all(row.minutes == 180 for row in Queue.objects.all())


@pytest.mark.parametrize("body", ["", "[]", "{", '{"sent": 3}', "[" * 100_000])
def test_no_json_is_no_fault_of_ours(phone, edition, body):
    token = phone.cookies["csrftoken"].value
    answer = phone.post(f"/e/{edition.slug}/door/sync/", body, "application/json", headers={"X-CSRFToken": token})
    assert answer.status_code in (200, 400)


def test_who_is_not_paired_is_told_so(edition, phone):
    stranger = Client()
    assert [stranger.get(f"/e/{edition.slug}/door/{part}").status_code for part in ("", "copy/")] == [404, 410]
    assert stranger.post(f"/e/{edition.slug}/door/sync/", "{}", "application/json").json() == {"fault": "unpaired"}
    Device.objects.update(revoked_at=edition.now())
    assert phone.get(f"/e/{edition.slug}/door/copy/").json() == {"fault": "unpaired"}


def test_a_post_from_elsewhere_is_refused(edition, phone):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.cookies
    assert strict.post(f"/e/{edition.slug}/door/sync/", "{}", "application/json").status_code == 403


# --- The copy ---


def test_the_copy_is_signed_and_every_other_text_is_not(edition, door):
    key = serialization.load_der_public_key(base64.b64decode(public_key(edition)))
    made = signed_copy(door)
    raw = base64.b64decode(made["signature"])
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(signature, made["payload"].encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(signature, made["payload"].replace("BIG", "SMALL").encode() + b" ", ec.ECDSA(hashes.SHA256()))
    assert public_key(EditionFactory()) != public_key(edition)
    assert len(base64.b64decode(sign(edition, "x"))) == 64


def test_the_copy_holds_what_a_door_needs_and_no_key_or_name(edition, door, seated, hall):
    person = buyer(edition)
    ticket = ticket_for(seated, "industry", participant=person)
    badge = badge_for(person, key="lost key", state="lost", void_reason="Lost")
    event_in(hall, 60 * 40, code="too-late")
    scan(door, seated, ticket_for(seated).key)
    text = json.dumps(copy_of(door, edition.now()))
    for secret in (ticket.key, person.badge_key, badge.key, person.family_name, person.email):
        assert secret not in text
    copy = json.loads(text)
    assert [event["code"] for event in copy["events"]] == [seated.code]
    event = copy["events"][0]
    assert event["tickets"][0] == [digest(ticket.key), "industry", "", "valid", 0, digest(person.badge_key)]
    assert event["codes"] == {
        short_digest(edition.slug, seated.code, row.booking.code): [digest(row.key)] for row in Ticket.objects.all()
    }
    assert event["counts"]["by"] == {"industry": [0, 3, 2], "public": [1, 2, 1]}
    assert copy["badges"] == [[digest("lost key"), "industry", "Lost"], [digest(person.badge_key), "industry", ""]]


def test_a_phone_is_not_sent_what_it_has(phone, edition, seated):
    first = phone.get(f"/e/{edition.slug}/door/copy/").json()
    assert phone.get(f"/e/{edition.slug}/door/copy/?have={first['version']}").status_code == 204
    ticket_for(seated)
    assert phone.get(f"/e/{edition.slug}/door/copy/?have={first['version']}").status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_the_copy_asks_a_constant_number_of_queries(edition, door, seated, hall, many, django_assert_num_queries):
    for number in range(many):
        event_in(hall, 30 + number)
        buyer(edition)
    with django_assert_num_queries(14):
        copy_of(door, edition.now())


def test_a_device_of_a_hall_carries_its_events_only(edition, organiser, event, hall):
    other = paired(organiser, edition, "Other", HallFactory(edition=edition))
    everywhere = paired(organiser, edition, "All")
    assert [len(copy_of(device, edition.now())["events"]) for device in (other, everywhere)] == [0, 1]


def test_the_page_and_its_worker(phone, edition):
    page = phone.get(f"/e/{edition.slug}/door/")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    worker = phone.get(f"/e/{edition.slug}/door/worker.js")
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    facts = json.loads(worker.content.decode().split("\n")[0].removeprefix("const DOOR = ").removesuffix(";"))
    assert facts["page"] == f"/e/{edition.slug}/door/"
    assert "/static/madang/door.js" in facts["shell"]
    assert phone.get(f"/e/{edition.slug}/door/manifest.json").json()["scope"] == facts["page"]


def test_a_door_hears_by_its_copy_that_another_had_been_earlier(edition, door, other_door, seated):
    ticket, token = ticket_for(seated), uuid.uuid4()
    assert scan(other_door, seated, ticket.key, told="admitted", ago=60, token=token).outcome == "admitted"
    assert copy_of(other_door, edition.now())["conflicts"] == []
    first = scan(door, seated, ticket.key, told="admitted", ago=90)
    row = Scan.objects.get(token=token)
    assert copy_of(door, edition.now())["conflicts"] == []
    assert copy_of(other_door, edition.now())["conflicts"] == [
        {"token": str(token), "at": stamp(row.at), "told": "admitted", "outcome": "conflict",
         "first": {"door": "Left", "at": stamp(first.at)}}
    ]  # fmt: skip


def test_a_phone_of_another_hall_is_answered_and_does_nothing(edition, organiser, seated):
    made = make_device(organiser, edition, name="Small hall", hall=HallFactory(edition=edition, name="Small hall"))
    phone = Client()
    phone.post(f"/e/{edition.slug}/door/pair/{made.key}/")
    phone.get(f"/e/{edition.slug}/door/")
    ticket = ticket_for(seated)
    sent = [entry(seated, kind="slip", code="Q7"), entry(seated, kind="queue", minutes=5), entry(seated, code=ticket.key)]
    answers = send(phone, edition, *sent).json()["answers"]
    assert [one.get("fault") or (one["outcome"], one["reason"]) for one in answers] == [
        "other_hall", "other_hall", ("other_hall", "this phone is a door of Small hall"),
    ]  # fmt: skip
    assert (Queue.objects.count(), Admission.objects.count(), Scan.objects.get().outcome) == (0, 0, "other_hall")
