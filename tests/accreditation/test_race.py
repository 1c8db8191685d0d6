"""Two organisers at once, in threads with connections of their own: the quota holds, numbers are given once."""

import os
import signal
import threading

import pytest
from badges import badge_type, organised_edition, submitted
from django.db import connections
from factories import UserFactory

from madang.accreditation.actions.applying import withdraw_application
from madang.accreditation.actions.deciding import Decision, decide
from madang.accreditation.models import Application, Badge
from madang.people.models import Letter, Participant

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


def test_two_organisers_never_give_more_than_there_is():
    edition = organised_edition()
    edition.market.organisers.add(UserFactory())
    kind = badge_type(edition, quota=5)
    rows = [submitted(kind, company_name="One House") for _n in range(8)]
    halves = [rows[:4], rows[4:]]
    organisers = list(edition.market.organisers.all())
    at_once(
        [
            lambda user=user, half=half: decide(user, edition, [row.pk for row in half], Decision.ACCEPT)
            for user in organisers
            for half in halves
        ]
    )
    states = sorted(Application.objects.values_list("state", flat=True))
    assert states == ["accepted"] * 5 + ["waiting"] * 3
    assert sorted(Badge.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert (Participant.objects.count(), edition.companies.count()) == (5, 1)
    kinds = sorted(once.split()[1] for once in Letter.objects.values_list("once", flat=True))
    assert kinds == ["accepted"] * 5 + ["received"] * 8 + ["waiting"] * 3


def test_who_withdraws_at_once_makes_room_for_as_many_in_order():
    edition = organised_edition()
    kind = badge_type(edition, quota=3)
    rows = [submitted(kind) for _n in range(7)]
    decide(edition.market.organisers.get(), edition, [row.pk for row in rows], Decision.ACCEPT)
    at_once([lambda row=row: withdraw_application(row.user, row) for row in rows[:2] for _twice in range(2)])
    states = list(Application.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["withdrawn"] * 2 + ["accepted"] * 3 + ["waiting"] * 2
    assert Letter.objects.filter(once__contains="promoted").count() == 2


def killed_in(act, table):
    """The act in a process of its own, which dies by SIGKILL when it is about to write its first row into `table`."""
    connections.close_all()
    child = os.fork()
    if not child:

        def die(execute, sql, params, many, context):
            if f'INTO "{table}"' in sql:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(die):
            act()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("table", ["accreditation_badge", "people_letter"])
def test_a_process_that_is_killed_in_a_promotion_leaves_nothing_half_done(table):
    edition = organised_edition()
    kind = badge_type(edition, quota=1)
    rows = [submitted(kind) for _n in range(2)]
    decide(edition.market.organisers.get(), edition, [row.pk for row in rows], Decision.ACCEPT)

    def facts():
        return sorted(Application.objects.values_list("state", flat=True)), Badge.objects.count(), Letter.objects.count()

    before = facts()
    assert killed_in(lambda: withdraw_application(rows[0].user, rows[0]), table) == signal.SIGKILL
    assert facts() == before == (["accepted", "waiting"], 1, 4)
    withdraw_application(rows[0].user, rows[0])
    assert facts() == (["accepted", "withdrawn"], 2, 6)
