"""Holder and organiser report the same badge lost, and orders come in, at the same moment: one new badge, each order once."""

import threading

import pytest
from badges import badge_type, organised_edition
from django.db import connections
from factories import ParticipantFactory
from yard_badges import order, orders_file

from madang.accreditation.actions.badges import hand_out, issue_missing, replace_badge
from madang.accreditation.actions.order_imports import carry_out_import, confirm_order_import, start_order_import
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import Badge, Order
from madang.markets.models import LogEntry

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts):
    """Each act in a thread of its own, all begun together."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)


def test_a_badge_is_replaced_once_and_numbers_are_given_once():
    edition = organised_edition()
    organiser = edition.market.organisers.get()
    badge_type(edition)
    people = [ParticipantFactory(edition=edition, is_buyer=True) for _n in range(3)]
    issue_missing(organiser, edition)
    refused = []

    def lose(user, badge):
        try:
            replace_badge(user, badge, is_lost=True)
        except Refused as why:
            refused.append(str(why))

    badges = list(Badge.objects.select_related("participant__user"))
    at_once([lambda user=user, b=b: lose(user, b) for b in badges for user in (organiser, b.participant.user)])
    assert len(refused) == 3
    states = list(Badge.objects.order_by("number").values_list("number", "state"))
    assert states == list(enumerate(["lost"] * 3 + ["valid"] * 3, 1))
    for person in people:
        person.refresh_from_db()
        assert person.badges.get(state="valid").key == person.badge_key


def test_a_badge_is_handed_out_once():
    edition = organised_edition()
    organiser = edition.market.organisers.get()
    badge_type(edition)
    ParticipantFactory(edition=edition, is_buyer=True)
    issue_missing(organiser, edition)
    done = []
    at_once([lambda: done.append(hand_out(organiser, Badge.objects.select_related("edition").get())) for _n in range(4)])
    assert sorted(done) == [False, False, False, True]
    assert LogEntry.objects.filter(verb="hand_out_badge").count() == 1


def test_two_imports_of_the_same_orders_write_each_once():
    edition = organised_edition()
    organiser, runs = edition.market.organisers.get(), []
    for number in range(2):
        orders = [order(f"A{n}", "a@example.org") for n in range(5)] + [order(f"B{number}", "b@example.org")]
        run, _new = start_order_import(organiser, edition, orders_file(*orders))
        carry_out_import(run.key)
        run.refresh_from_db()
        confirm_order_import(organiser, run)
        runs.append(run)
    at_once([lambda run=run: carry_out_import(run.key) for run in runs])
    assert sorted(Order.objects.values_list("code", flat=True)) == ["A0", "A1", "A2", "A3", "A4", "B0", "B1"]
    assert [type(run).objects.get(pk=run.pk).state for run in runs] == ["done", "done"]
