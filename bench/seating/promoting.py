"""Waiting lists that move up while processes die: python bench/seating/promoting.py KILLS SEED; prints facts as JSON.

Two lists of badges with a quota, two events with places. Processes give badges and places back, confirm offers or let them run
out, and do the clock's steps. They are killed (SIGKILL), half of them by us at any moment, half at one of their own SQL
statements, and others begin anew with what is left to do.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import django

django.setup()

from build import build  # noqa: E402  # after setup
from django.contrib.auth.models import AnonymousUser  # noqa: E402  # as above
from django.db import OperationalError, connections, transaction  # noqa: E402  # as above
from django.utils import timezone  # noqa: E402  # as above

from madang.accounts.models import User  # noqa: E402  # as above
from madang.accreditation.actions.applying import withdraw_application  # noqa: E402  # as above
from madang.accreditation.actions.deciding import Decision, decide, revoke_application  # noqa: E402  # as above
from madang.accreditation.models import Application, BadgeType  # noqa: E402  # as above
from madang.markets.models import Edition  # noqa: E402  # as above
from madang.seating.actions.claiming import Reader  # noqa: E402  # as above
from madang.seating.actions.refusals import HoldOver, SeatsRefused  # noqa: E402  # as above
from madang.seating.actions.returning import cancel_booking  # noqa: E402  # as above
from madang.seating.actions.taking import confirm_booking, hold_places  # noqa: E402  # as above
from madang.seating.actions.waiting import join_waiting_list  # noqa: E402  # as above
from madang.seating.models import Allotment, Booking, Place  # noqa: E402  # as above
from madang.seating.rules import bookings_by_key  # noqa: E402  # as above
from madang.seating.tasks import EVERY_MINUTE  # noqa: E402  # as above
from madang.seating.together import Party  # noqa: E402  # as above

NOBODY = AnonymousUser()
AT_ONCE = 3
"""Processes beside each other."""
QUOTA, APPLICANTS, LEAVING = 12, 40, 20
"""Badges of a kind, those who want one, and how many of the accepted give theirs up."""
PLACES, VISITORS = 24, 60
LONGEST_FUSE = 120
"""SQL statements after which a process dies at the latest, where it dies by itself."""
Job = tuple[str, int]
"""What to do, and with which row."""


def main(kills: int, seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    jobs = [*badges(), *places("free"), *places("reserved")]
    dice.shuffle(jobs)
    connections.close_all()
    begun, killed = time.monotonic(), 0
    running: dict[int, float] = {}
    while not (killed >= kills and is_done(jobs)):
        while len(running) < AT_ONCE:
            may_die = killed < kills
            pid = begin(jobs, random.Random(dice.random()), dice.choice([0, dice.randint(1, LONGEST_FUSE)]) if may_die else 0)
            running[pid] = time.monotonic() + (dice.uniform(0.05, 3) if may_die else 600)
        killed += reap(running)
    for pid in running:
        os.waitpid(pid, 0)
    return {"killed": killed, "seconds": round(time.monotonic() - begun, 1), "places": Place.objects.count()}


def badges() -> list[Job]:
    """Two kinds of badges with fewer places than applicants, and who will give hers up."""
    edition = Edition.objects.get(slug=build(1, "free", "badges")["edition"])
    boss = edition.market.organisers.get()
    jobs: list[Job] = []
    for code in ("B", "P"):
        kind = BadgeType.objects.create(edition=edition, code=code, role="press", name=code, quota=QUOTA)
        rows = [applied(edition, kind, number) for number in range(APPLICANTS)]
        decide(boss, edition, [row.pk for row in rows], Decision.ACCEPT)
        first = Application.objects.filter(badge_type=kind).order_by("submitted_at", "pk").values_list("pk", flat=True)
        jobs += [("withdraw" if number % 2 else "revoke", pk) for number, pk in enumerate(first[:LEAVING])]
    return jobs


def applied(edition: Edition, kind: BadgeType, number: int) -> Application:
    """The later a draft was begun, the earlier it was handed in: ids and turns are two orders."""
    email = f"{kind.code}{number}@example.org".lower()
    user = User.objects.create(email=email, name=f"Applicant {number}")
    at = timezone.now() - dt.timedelta(minutes=number)
    return Application.objects.create(
        edition=edition, badge_type=kind, code=f"{kind.code}{number}", user=user, email=email, family_name=f"Name {number}",
        state="submitted", submitted_at=at,
    )  # fmt: skip


def places(mode: str) -> list[Job]:
    """A full event and who waits for one or two places; who gives back, who takes an offer, who lets it run out."""
    facts = build(PLACES, mode, mode)
    allotment = Allotment.objects.select_related("seating__event__edition", "seating__event__hall").get(seating=facts["seating"])
    counts, jobs = [1 + (number % 3 == 0) for number in range(VISITORS)], []
    left = PLACES
    for number, count in enumerate(counts):
        reader = Reader(email=f"{mode}{number}@example.org", name=f"Visitor {number}", language="ko")
        if left:
            held = hold_places(NOBODY, allotment, Party(min(count, left)), reader)
            confirm_booking(NOBODY, held, held.key)
            left -= held.count
            jobs.append(("cancel", held.pk))
        else:
            waiting = join_waiting_list(NOBODY, allotment, Party(count), reader)
            jobs.append(("lapse" if number % 4 == 0 else "confirm", waiting.pk))
    return jobs


# --- One process ---


def begin(jobs: list[Job], dice: random.Random, fuse: int) -> int:
    """A process of its own that works on what is left; with a `fuse` it kills itself at its n-th SQL statement."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    with suppress(KeyboardInterrupt):
        burn(fuse)
        work(jobs, dice)
        code = 0
    os._exit(code)


def burn(fuse: int) -> None:
    left = [fuse]

    def count(execute: Callable[..., Any], *facts: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*facts)

    if fuse:
        connections["default"].execute_wrappers.append(count)


def work(jobs: list[Job], dice: random.Random) -> None:
    """All jobs once, in an order of its own; what cannot be done yet (nobody has been offered anything) is left."""
    editions = list(Edition.objects.filter(slug__startswith="bench-"))
    for kind, pk in dice.sample(jobs, len(jobs)):
        with suppress(SeatsRefused, OperationalError):
            ACTS[kind](pk)
        if dice.random() < 0.1:
            with suppress(OperationalError):
                clock(editions)


def clock(editions: Any) -> None:
    for edition in editions:
        for step in EVERY_MINUTE:
            step(edition, edition.now())


def withdraw(pk: int) -> None:
    row = Application.objects.select_related("user", "edition").get(pk=pk)
    if row.state == "accepted":
        withdraw_application(row.user, row)


def revoke(pk: int) -> None:
    row = Application.objects.select_related("user", "edition__market").get(pk=pk)
    if row.state == "accepted":
        revoke_application(row.edition.market.organisers.get(), row, reason="Bench")


def fetched(pk: int) -> Booking:
    row = Booking.objects.select_related("seating__event__edition").get(pk=pk)
    return bookings_by_key(row.seating.event.edition, row.key).get()


def cancel(pk: int) -> None:
    row = fetched(pk)
    if row.state == "booked":
        cancel_booking(NOBODY, row, row.key)


def confirm(pk: int) -> None:
    row = fetched(pk)
    if row.state == "offered":
        with suppress(HoldOver):
            confirm_booking(NOBODY, row, row.key)


def lapse(pk: int) -> None:
    """Her hours are over at once; the clock does the rest."""
    with transaction.atomic():
        if Booking.objects.filter(pk=pk, state="offered").update(held_until=timezone.now()):
            Place.objects.filter(booking=pk).update(held_until=timezone.now())


ACTS: dict[str, Callable[[int], None]] = {
    "withdraw": withdraw, "revoke": revoke, "cancel": cancel, "confirm": confirm, "lapse": lapse,
}  # fmt: skip


# --- Those who kill and count ---


def reap(running: dict[int, float]) -> int:
    """Kill whose time has come, take away who is dead; how many died by SIGKILL."""
    for pid, until in running.items():
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
    ended = {pid: status for pid, status in (os.waitpid(pid, os.WNOHANG) for pid in running) if pid}
    for pid in ended:
        del running[pid]
    time.sleep(0.01)
    return sum(os.WIFSIGNALED(status) for status in ended.values())


def is_done(jobs: list[Job]) -> bool:
    """Whether nothing is left to give back, and every offer has its answer. (No connection lives on into a fork.)"""
    clock(Edition.objects.filter(slug__startswith="bench-"))
    of = {kind: [pk for one, pk in jobs if one == kind] for kind in ACTS}
    to_leave = Application.objects.filter(pk__in=of["withdraw"] + of["revoke"], state="accepted")
    to_return = Booking.objects.filter(pk__in=of["cancel"], state="booked")
    to_answer = Booking.objects.filter(pk__in=of["confirm"] + of["lapse"], state="offered")
    left = to_leave.exists() or to_return.exists() or to_answer.exists()
    connections.close_all()
    return not left


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
