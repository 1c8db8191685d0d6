"""The showcase CANNESERIES X BUSAN of 2025: its public facts, from `showcase.csv`. What is not known stays empty."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files
from typing import Any

from madang.catalogue.models import Genre, Title
from madang.markets.models import Edition, Hall
from madang.people.models import Participant
from madang.programme.models import Event, EventKind
from madang.site.demo.people import saved
from madang.site.demo.sizes import DAYS, ZONE

CARPET = dt.datetime.combine(DAYS[0], dt.time(17, 0), ZONE)
"""The pink carpet: a known fact. The times of the single screenings were not published: the demo sets its own."""
SCREENINGS = [
    ("SC1", 0, dt.time(18, 0)),
    ("SC5", 0, dt.time(20, 0)),
    ("SC2", 1, dt.time(10, 0)),
    ("SC6", 1, dt.time(11, 30)),
    ("SC3", 1, dt.time(13, 30)),
    ("SC7", 1, dt.time(15, 0)),
    ("SC8", 1, dt.time(16, 30)),
    ("SC4", 1, dt.time(18, 0)),
    ("SC9", 1, dt.time(19, 30)),
]
GREETING = dt.timedelta(minutes=15)
LENGTH = dt.timedelta(minutes=60)


def facts() -> list[dict[str, str]]:
    """The nine titles' known facts, one row a title."""
    text = (files(__package__) / "showcase.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def make_showcase(edition: Edition) -> list[Title]:
    """The nine titles, without a company of the fictional market."""
    return saved([Title(edition=edition, is_showcase=True, **fields(row)) for row in facts()])


def fields(row: dict[str, str]) -> dict[str, Any]:
    """A row as the fields of a title: an unknown number is None, an unknown word is empty, an unknown genre is "other"."""
    known = {name: (int(value) if value else None) if name in ("episodes", "minutes") else value for name, value in row.items()}
    return known | {"genre": row["genre"] or Genre.OTHER}


def make_programme(edition: Edition, halls: dict[str, Hall], titles: list[Title], people: list[Participant]) -> list[Event]:
    """The carpet at its known time; greetings and screenings at times of our own, marked so; three talks of fictional people."""
    by_code = {title.code: title for title in titles}
    auditorium = halls["AUD"]
    events = [
        Event(
            edition=edition,
            code="CARPET",
            kind=EventKind.CARPET,
            hall=auditorium,
            name="Pink carpet",
            name_ko="핑크 카펫",
            name_fr="Tapis rose",
            starts_at=CARPET,
            ends_at=CARPET + dt.timedelta(minutes=45),
        )
    ]
    for code, day, time in SCREENINGS:
        start = dt.datetime.combine(DAYS[day], time, ZONE)
        events += screening(edition, auditorium, by_code[code], start)
    return saved(events + talks(edition, halls["TALK"], people))


def screening(edition: Edition, hall: Hall, title: Title, start: dt.datetime) -> list[Event]:
    """The stage greeting and the screening after it."""
    shared: dict[str, Any] = {"edition": edition, "hall": hall, "title": title, "time_is_provisional": True}
    return [
        Event(code=f"{title.code}-G", kind=EventKind.GREETING, starts_at=start, ends_at=start + GREETING, **shared),
        Event(
            code=f"{title.code}-S",
            kind=EventKind.SCREENING,
            starts_at=start + GREETING,
            ends_at=start + GREETING + LENGTH,
            **shared,
        ),
    ]


def talks(edition: Edition, hall: Hall, people: list[Participant]) -> list[Event]:
    """Three talks of the fictional market, for its participants."""
    subjects = [
        (
            "What a webtoon keeps when it becomes a series",
            "웹툰이 시리즈가 될 때 남는 것",
            "Ce qu'un webtoon garde en devenant série",
        ),
        ("Co-producing across nine time zones", "아홉 시간대를 넘는 공동제작", "Coproduire à travers neuf fuseaux horaires"),
        (
            "Pitches: eight series in search of a partner",
            "피칭: 파트너를 찾는 여덟 편의 시리즈",
            "Pitchs : huit séries cherchent un partenaire",
        ),
    ]
    events = []
    for number, (name, name_ko, name_fr) in enumerate(subjects):
        start = dt.datetime.combine(DAYS[number], dt.time(14, 0), ZONE)
        kind = EventKind.PITCH if number == 2 else EventKind.TALK
        events.append(
            Event(
                edition=edition,
                code=f"TALK{number + 1}",
                kind=kind,
                hall=hall,
                name=name,
                name_ko=name_ko,
                name_fr=name_fr,
                starts_at=start,
                ends_at=start + dt.timedelta(minutes=50),
                is_public=False,
                time_is_provisional=True,
            )
        )
    return events
