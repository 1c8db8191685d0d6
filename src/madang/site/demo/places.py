"""The edition itself: market, halls, tables, booths, slots."""

from __future__ import annotations

import datetime as dt

from madang.markets.models import Edition, Hall, Market, Session, Slot, Stage, Table
from madang.site.demo.sizes import DAYS, ZONE, Size

SLOT = dt.timedelta(minutes=30)
HOURS = [(Session.MORNING, dt.time(9, 30), 6), (Session.AFTERNOON, dt.time(13, 30), 10)]
"""(session, first start, number of half hours); lunch is between."""
TABLES_A_HALL = 90


def make_edition(stage: Stage) -> Edition:
    """The market and its edition of 2025, marked as a demo with fictional people."""
    market = Market.objects.create(
        slug="bcm", name="Busan Content Market", name_ko="부산콘텐츠마켓", name_fr="Marché des contenus de Busan"
    )
    return Edition.objects.create(
        market=market,
        slug="bcm-2025",
        name="Busan Content Market 2025",
        name_ko="부산콘텐츠마켓 2025",
        name_fr="Marché des contenus de Busan 2025",
        starts_on=DAYS[0],
        ends_on=DAYS[-1],
        time_zone=ZONE.key,
        venue="BEXCO",
        city="Busan",
        country="KR",
        stage=stage,
        is_public=True,
        is_fictional=True,
    )


def make_halls(edition: Edition) -> dict[str, Hall]:
    """Two halls with shared tables, the exhibition hall with booths, the auditorium, a room for talks."""
    named = [
        ("M1", "Meeting hall 1", "미팅홀 1"),
        ("M2", "Meeting hall 2", "미팅홀 2"),
        ("EX", "Exhibition hall", "전시장"),
        ("AUD", "BEXCO Auditorium", "벡스코 오디토리움"),
        ("TALK", "Talk room", "토크룸"),
    ]
    halls = [Hall(edition=edition, code=code, name=name, name_ko=name_ko) for code, name, name_ko in named]
    return {hall.code: hall for hall in Hall.objects.bulk_create(halls)}


def make_tables(edition: Edition, halls: dict[str, Hall], size: Size) -> tuple[list[Table], list[Table]]:
    """Shared tables 1, 2, ... over the two halls, and booths A01, A02, ..."""
    shared = [
        Table(edition=edition, hall=halls["M1" if n <= TABLES_A_HALL else "M2"], code=f"T{n:03}", name=f"{n}", position=n)
        for n in range(1, size.tables + 1)
    ]
    booths = []
    for n in range(size.booths):
        name = f"{chr(ord('A') + n // 24)}{n % 24 + 1:02}"
        booths.append(Table(edition=edition, hall=halls["EX"], code=f"B-{name}", name=name, is_booth=True, position=1000 + n))
    made = Table.objects.bulk_create(shared + booths)
    return made[: size.tables], made[size.tables :]


def make_slots(edition: Edition) -> list[Slot]:
    """Sixteen half hours a day."""
    slots = []
    for number, day in enumerate(DAYS, 1):
        for session, first, count in HOURS:
            for step in range(count):
                start = dt.datetime.combine(day, first, ZONE) + step * SLOT
                slots.append(
                    Slot(edition=edition, code=f"D{number}-{start:%H%M}", starts_at=start, ends_at=start + SLOT, session=session)
                )
    return Slot.objects.bulk_create(slots)
