"""Doors without network, in whatever order they are heard of: one seat, one person, and the first by the phones' clocks holds."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from door_rows import scan, ticket_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.door.models import Admission, Outcome, Scan
from madang.seating.models import Allotment, Place, Seating

pytestmark = pytest.mark.django_db

SCANS = st.lists(
    st.tuples(st.sampled_from(["Left", "Right"]), st.integers(0, 2), st.integers(1, 600), st.booleans()),
    min_size=1, max_size=8, unique_by=lambda row: row[2],
)  # fmt: skip
"""(door, which ticket, seconds ago, let in by the door)"""


@pytest.fixture
def tickets(event):
    seating = Seating.objects.create(event=event, mode="free")
    allotment = Allotment.objects.create(seating=seating, kind="public")
    Place.objects.bulk_create(Place(seating=seating, number=n, allotment=allotment) for n in range(3))
    return [ticket_for(event) for _ in range(3)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=SCANS, order=st.randoms(use_true_random=False), again=st.integers(0, 7))
def test_one_person_a_seat_and_every_other_is_told(rows, order, again, door, other_door, event, tickets):
    Admission.objects.all().delete()
    Scan.objects.update(first=None)
    Scan.objects.all().delete()
    doors = {"Left": door, "Right": other_door}
    sent = [(doors[name], tickets[n], ago, "admitted" if is_in else "unknown", uuid.uuid4()) for name, n, ago, is_in in rows]
    heard = [*sent, sent[again % len(sent)]]
    order.shuffle(heard)
    now = event.edition.now()
    for device, ticket, ago, told, token in heard:
        scan(device, event, ticket.key, told=told, token=token, at=now - dt.timedelta(seconds=ago))
    for ticket in tickets:
        let_in = sorted((row for row in sent if row[1] == ticket and row[3] == "admitted"), key=lambda row: -row[2])
        assert list(Admission.objects.filter(ticket=ticket).values_list("scan__token", flat=True)) == [r[4] for r in let_in[:1]]
        others = Scan.objects.filter(outcome=Outcome.CONFLICT, code=ticket.key).values_list("token", "first__token")
        assert set(others) == {(row[4], let_in[0][4]) for row in let_in[1:]}
    assert Scan.objects.count() == len(sent)
