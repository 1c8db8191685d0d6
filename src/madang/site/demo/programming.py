"""The programmer's table of the demo: halls that seat people, market screenings, talks and pitches, a version, a later draft."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.markets.models import Edition, Hall, LogEntry, Stage
from madang.meetings.models import Unavailability
from madang.people.models import Participant
from madang.programme.models import Event
from madang.programming.actions.items import items_from_events
from madang.programming.actions.publishing import publish_programme
from madang.programming.models import Item, ItemGuest, Opening, Travel
from madang.site.demo.sizes import DAYS, MOMENTS, PUBLISHED_AT, ZONE

SEATS = {"AUD": (400, 15, "DCP, interpretation"), "TALK": (120, 10, "interpretation")}
"""Hall -> seats, minutes between two events, equipment."""
NEW_HALLS = [
    ("CIN", "Market cinema", "마켓 시네마", "Cinéma du marché", 180, 15, "DCP"),
    ("STG", "Open stage", "오픈 스테이지", "Scène ouverte", 250, 10, "interpretation"),
]
SCREENINGS = [dt.time(9, 30), dt.time(11), dt.time(12, 30), dt.time(14), dt.time(15, 30), dt.time(17), dt.time(18, 30)]
"""When market screenings begin, in the cinema, on each day."""
ON_STAGE = [
    (dt.time(10, 30), "talk", 45, "Rights that travel", "국경을 넘는 판권", "Des droits qui voyagent"),
    (dt.time(11, 45), "pitch", 60, "Pitches: stories from small places", "피칭: 작은 곳의 이야기", "Pitchs : petits lieux"),
    (dt.time(14, 15), "talk", 45, "Writing rooms across two languages", "두 언어 사이의 작가실", "Écrire à deux langues"),
    (dt.time(16, 0), "pitch", 60, "Pitches: documentaries", "피칭: 다큐멘터리", "Pitchs : documentaires"),
]
"""What is on the open stage each day."""
MINUTES = 60


def make_programming(
    rng: random.Random, edition: Edition, organiser: User, works: list[Title], people: list[Participant]
) -> None:
    """About sixty items; from the stage of meeting requests on a published version, and a draft with two conflicts."""
    halls = make_screens(edition)
    items_from_events(organiser, edition)
    Item.objects.filter(edition=edition, kind="screening").update(expected=380, needs="DCP")
    make_items(rng, edition, halls, works, people)
    stage = Stage(edition.stage)
    if stage in (Stage.MEETINGS, Stage.LIVE, Stage.AFTER):
        publish(edition, organiser)
    if stage in (Stage.MEETINGS, Stage.LIVE):
        make_draft(edition, halls)


def make_screens(edition: Edition) -> dict[str, Hall]:
    """Seats, hours and ways of the halls in which something is shown."""
    for code, (seats, changeover, equipment) in SEATS.items():
        Hall.objects.filter(edition=edition, code=code).update(capacity=seats, changeover=changeover, equipment=equipment)
    rows = [
        Hall(edition=edition, code=code, name=name, name_ko=ko, name_fr=fr, capacity=seats, changeover=minutes, equipment=needs)
        for code, name, ko, fr, seats, minutes, needs in NEW_HALLS
    ]
    Hall.objects.bulk_create(rows)
    halls = {hall.code: hall for hall in Hall.objects.filter(edition=edition, code__in=[*SEATS, "CIN", "STG"])}
    for day in DAYS:
        hours = [dt.datetime.combine(day, time, ZONE) for time in (dt.time(9), dt.time(22, 30))]
        Opening.objects.bulk_create([Opening(hall=hall, starts_at=hours[0], ends_at=hours[1]) for hall in halls.values()])
    far = sorted((halls["AUD"], halls["CIN"]), key=lambda hall: hall.pk)
    Travel.objects.create(one=far[0], other=far[1], minutes=12)
    return halls


def make_items(
    rng: random.Random, edition: Edition, halls: dict[str, Hall], works: list[Title], people: list[Participant]
) -> None:
    """Market screenings of titles for sale; talks and pitches with people who have nothing else to do then."""
    shown = rng.sample([work for work in works if work.name], min(len(works), len(SCREENINGS) * len(DAYS)))
    spots = [(day, time) for day in DAYS for time in SCREENINGS]
    shared: dict[str, Any] = {"edition": edition, "is_public": False, "has_arrived": True}
    items = [
        Item(code=f"MKT{n + 1:02}", kind="screening", title=work, minutes=MINUTES, expected=rng.randrange(40, 170), needs="DCP",
             hall=halls["CIN"], starts_at=dt.datetime.combine(*spot, ZONE), **shared)
        for n, (work, spot) in enumerate(zip(shown, spots, strict=False))
    ]  # fmt: skip
    for number, (day, (time, kind, minutes, name, ko, fr)) in enumerate([(day, one) for day in DAYS for one in ON_STAGE], 1):
        start = dt.datetime.combine(day, time, ZONE)
        facts = {"name": name, "name_ko": ko, "name_fr": fr, "minutes": minutes, "expected": rng.randrange(60, 240)}
        items.append(Item(code=f"STG{number:02}", kind=kind, hall=halls["STG"], starts_at=start, **facts, **shared))
    made = Item.objects.bulk_create(items)
    talks = [item for item in made if item.kind in ("talk", "pitch")]
    away = set(Unavailability.objects.filter(participant__edition=edition).values_list("participant", flat=True))
    known = set(Participant.objects.filter(edition=edition, user__email__endswith="@demo.example").values_list("pk", flat=True))
    free = [person for person in people if person.pk not in away | known and person.is_seller]
    guests = rng.sample(free, min(len(free), len(talks)))
    ItemGuest.objects.bulk_create([ItemGuest(item=item, participant=guest) for item, guest in zip(talks, guests, strict=False)])


def publish(edition: Edition, organiser: User) -> None:
    """The first version, with its day in the demo's history; times of the showcase stay marked as the demo's own."""
    moment = min(PUBLISHED_AT, MOMENTS[Stage(edition.stage)] - dt.timedelta(days=3))
    outcome = publish_programme(organiser, edition, "The whole programme")
    outcome.version.published_at = moment
    outcome.version.save(update_fields=["published_at"])
    Event.objects.filter(pk__in=[event.pk for event in outcome.new]).update(time_is_provisional=True)
    edition.notices.filter(kind="on_stage").update(created_at=moment, mailed_at=moment)
    LogEntry.objects.filter(edition=edition, verb__in=["items_from_events", "publish_programme"]).update(at=moment)


def make_draft(edition: Edition, halls: dict[str, Hall]) -> None:
    """What the programmer is at: two screenings in one hall at once, somebody on two stages, a print that is late, a new talk."""
    day = DAYS[-1]
    items = {item.code: item for item in Item.objects.filter(edition=edition, starts_at__gt=edition.now())}
    last = [item for item in items.values() if item.starts_at and item.starts_at.astimezone(ZONE).date() == day]
    market = sorted((item for item in last if item.code.startswith("MKT")), key=lambda item: item.code)
    stage = sorted((item for item in last if item.code.startswith("STG")), key=lambda item: item.code)
    if len(market) > 2:
        market[1].starts_at = market[0].starts_at
        market[2].ready_at, market[2].has_arrived = dt.datetime.combine(day, dt.time(18), ZONE), False
        Item.objects.bulk_update(market[1:3], ["starts_at", "ready_at", "has_arrived"])
    guest = ItemGuest.objects.filter(item=stage[0]).first() if stage else None
    facts = {"edition": edition, "kind": "talk", "minutes": 45, "name": "What the jury saw", "name_ko": "심사위원이 본 것"}
    if guest:
        added = Item.objects.create(code="TALK4", hall=halls["TALK"], starts_at=stage[0].starts_at, **facts)
        ItemGuest.objects.create(item=added, participant_id=guest.participant_id)
    Item.objects.create(code="TALK5", **facts | {"name": "A breakfast with the archive", "name_ko": "아카이브와의 아침"})
