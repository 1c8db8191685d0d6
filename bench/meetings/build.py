"""A market for the crowd to change: people with sessions, agreed requests, a published timetable. Prints it as JSON."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # as above
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # as above
from django.db import connection  # noqa: E402  # as above
from django.utils import timezone  # noqa: E402  # as above

from madang.accounts.models import User  # noqa: E402  # as above
from madang.markets.models import Edition, Market, Session, Slot, Stage, Table  # noqa: E402  # as above
from madang.meetings.actions.compute import compute_timetable, start_run  # noqa: E402  # as above
from madang.meetings.actions.publish import publish_timetable  # noqa: E402  # as above
from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus, Unavailability, Wish  # noqa: E402  # as above
from madang.people.models import Company, Participant  # noqa: E402  # as above

BEGIN = dt.datetime(2030, 5, 28, 0, 0, tzinfo=dt.UTC)
EACH = 10
"""Agreed requests of each buyer."""
CAP = 8
"""Meetings a day that each person wishes at most."""


def main(clients: int, seed: int) -> dict[str, Any]:
    """Half of the clients are buyers. Tables are scarce, so that people meet at the same places."""
    dice = random.Random(seed)
    market = Market.objects.create(slug="crowd", name="Crowd Market")
    shift = BEGIN - dt.timedelta(days=1) - timezone.now()
    edition = Edition.objects.create(
        market=market, slug="crowd", name="Crowd Market", starts_on=BEGIN.date(), ends_on=BEGIN.date() + dt.timedelta(days=1),
        stage=Stage.LIVE, is_public=True, clock_shift=shift,
    )  # fmt: skip
    MeetingPolicy.objects.create(edition=edition, buyers_out=EACH + 2, sellers_out=EACH + 2, buyers_in=3, sellers_in=3)
    half = clients // 2
    places(edition, tables=max(2, clients // 8))
    buyers = [person(edition, number, is_buyer=True) for number in range(half)]
    sellers = [person(edition, half + number, is_seller=True) for number in range(half)]
    blocks(edition, [*buyers, *sellers], dice)
    ask(edition, buyers, sellers, dice)
    organiser = User.objects.create(email="organiser@crowd.example")
    market.organisers.add(organiser)
    run, _ = start_run(organiser, edition, limit=10)
    done = compute_timetable(run.key)
    if done is None or done.timetable is None:
        raise SystemExit(f"the timetable was not computed: {run.fault}")
    version, _ = publish_timetable(organiser, edition, done.timetable.revision)
    return {"edition": edition.slug, "timetable": version.pk, "clients": [client(one) for one in (*buyers, *sellers)],
            "slots": list(Slot.objects.filter(edition=edition).values_list("pk", flat=True))}  # fmt: skip


def places(edition: Edition, tables: int) -> None:
    Table.objects.bulk_create(Table(edition=edition, code=f"T{n:03}", position=n) for n in range(tables))
    starts = [BEGIN + dt.timedelta(days=day, minutes=30 * step) for day in range(2) for step in range(12)]
    Slot.objects.bulk_create(
        Slot(edition=edition, code=f"S{n:02}", starts_at=start, ends_at=start + dt.timedelta(minutes=30), session=Session.MORNING)
        for n, start in enumerate(starts)
    )


def person(edition: Edition, number: int, **role: bool) -> Participant:
    user = User(email=f"person{number}@crowd.example", name=f"Person {number}")
    user.set_unusable_password()
    user.save()
    company = Company.objects.create(edition=edition, code=f"C{number:04}", name=f"Company {number}", country="KR")
    return Participant.objects.create(
        edition=edition, code=f"P{number:04}", user=user, company=company, family_name=f"Family{number}", email=user.email,
        max_meetings_per_day=CAP, **role,
    )  # fmt: skip


def blocks(edition: Edition, people: list[Participant], dice: random.Random) -> None:
    """Each cannot meet in two of the slots."""
    slots = list(Slot.objects.filter(edition=edition))
    Unavailability.objects.bulk_create(
        Unavailability(participant=one, starts_at=slot.starts_at, ends_at=slot.ends_at)
        for one in people
        for slot in dice.sample(slots, 2)
    )


def ask(edition: Edition, buyers: list[Participant], sellers: list[Participant], dice: random.Random) -> None:
    number = 0
    for buyer in buyers:
        for seller in dice.sample(sellers, min(EACH, len(sellers))):
            number += 1
            MeetingRequest.objects.create(
                edition=edition, code=f"R{number:05}", sender=buyer, receiver=seller, status=RequestStatus.ACCEPTED, reason="x",
                sender_wish=dice.choice(Wish.values), receiver_wish=dice.choice(Wish.values), answered_at=edition.now(),
            )  # fmt: skip


def client(one: Participant) -> dict[str, Any]:
    """A signed-in person: her session, her requests, and whom she may ask."""
    session, user = SessionStore(), one.user
    if user is None:
        raise ValueError("everybody here has an account")
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    mine = MeetingRequest.objects.filter(sender=one) | MeetingRequest.objects.filter(receiver=one)
    others = Participant.objects.filter(edition=one.edition, is_buyer=not one.is_buyer, user__isnull=False)
    return {
        "session": session.session_key,
        "requests": list(mine.values_list("code", flat=True)),
        "others": list(others.values_list("code", flat=True)[:40]),
    }


if __name__ == "__main__":
    made = main(int(sys.argv[1]), int(sys.argv[2]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a database of some age knows of its tables
    print(json.dumps(made))
