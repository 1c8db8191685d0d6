"""Versions of mandates: one at every write, told in words to her who wrote them and to organisers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from factories import MandateFactory, ParticipantFactory, UserFactory
from visits import get, queries_of

from madang.mandates.actions import change_mandate, write_mandate
from madang.mandates.models import Mandate, MandateVersion
from madang.mandates.versions import keep_versions, said_at, told_versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer():
    return ParticipantFactory(is_buyer=True)


def numbers(mandate) -> list[tuple[int, str]]:
    return list(MandateVersion.objects.filter(mandate=mandate).order_by("number").values_list("number", "facts__text"))


def test_every_write_is_a_version_and_saving_the_same_is_none(buyer):
    made = write_mandate(buyer.user, buyer.edition, text="One", budget_to=Decimal(5000), budget_currency="EUR")
    change_mandate(buyer.user, made, text="Two", window_from=dt.date(2027, 1, 1))
    changed = change_mandate(buyer.user, made, text="Two", budget_to=Decimal("5000.00"))
    assert (numbers(made), changed.version) == ([(1, "One"), (2, "Two")], 2)
    assert [version.by for version in made.versions.all()] == [buyer.user, buyer.user]
    [two, one] = told_versions(made)
    assert (one.changes, two.changes) == ([], [("What I look for", "One", "Two"), ("Rights from", "", "Jan. 1, 2027")])


def test_a_row_without_a_version_gets_its_first_at_its_first_change(buyer):
    since = buyer.edition.now() - dt.timedelta(days=9)
    row = MandateFactory(edition=buyer.edition, buyer=buyer, text="Before", changed_at=since)
    change_mandate(buyer.user, row, text="After")
    assert numbers(row) == [(1, "Before"), (2, "After")]
    first, second = row.versions.order_by("number")
    assert ((first.by, first.at), (second.by, second.at > first.at)) == ((None, since), (buyer.user, True))


def test_what_it_said_at_a_moment(buyer):
    row, day = MandateFactory(edition=buyer.edition, buyer=buyer, text="Monday"), dt.timedelta(days=1)
    keep_versions([row], None)
    row.text = "Tuesday"
    row.save()
    keep_versions([row], None, row.changed_at + day)
    start = MandateVersion.objects.get(number=1).at
    said = [said_at(row, start + day * days) for days in (-1, 0, 0.5, 1, 9)]
    assert said == [("Monday", 1), ("Monday", 1), ("Monday", 1), ("Tuesday", 2), ("Tuesday", 2)]
    assert said_at(MandateFactory(text="Never changed"), start) == ("Never changed", 0)
    assert Mandate.objects.get(pk=row.pk).version == 2


def test_who_reads_the_versions(buyer):
    row = MandateFactory(edition=buyer.edition, buyer=buyer, code="M1")
    keep_versions([row], buyer.user)
    organiser = UserFactory()
    buyer.edition.market.organisers.add(organiser)
    users = {"owner": buyer.user, "organiser": organiser, "stranger": UserFactory()}
    for role in ("buyer", "seller", "juror"):
        users[role] = ParticipantFactory(edition=buyer.edition, **{f"is_{role}": True}).user
    seen = {role: get(user, "mandates:versions", buyer.edition, "M1").status_code for role, user in users.items()}
    assert seen == {"owner": 200, "organiser": 200, "stranger": 404, "buyer": 404, "seller": 404, "juror": 404}


def test_the_page_takes_the_same_queries_for_1_and_3_versions(buyer):
    row = MandateFactory(edition=buyer.edition, buyer=buyer, code="M1")
    keep_versions([row], buyer.user)
    one = queries_of(buyer.user, "mandates:versions", buyer.edition, "M1")
    for text in ("Two", "Three"):
        change_mandate(buyer.user, row, text=text)
    assert queries_of(buyer.user, "mandates:versions", buyer.edition, "M1") == one
