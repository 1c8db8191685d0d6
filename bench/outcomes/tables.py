"""The same questions to the site's own tables, at a smaller size, beside its own files: export, answers, and whether they agree.

Started by across.py with a data folder of its own: tables.py EDITIONS. The last line is JSON: [what, asked of, seconds].
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections import Counter
from typing import Any

import django

MEETINGS, LOG, PEOPLE = 10_000, 50_000, 250


def main(editions: int) -> int:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    rows = [edition_of(number) for number in range(editions)]
    from madang.outcomes.across import engine
    from madang.outcomes.across.marks import root
    from madang.outcomes.actions.across import make_files
    from madang.outcomes.models import EditionFiles

    size = f"{editions} editions, {editions * MEETINGS:,} meetings, {editions * LOG:,} log lines"
    start = time.perf_counter()
    for edition in rows:
        make_files(edition)
    told = [(f"{size}: making the files", "the site's tables", time.perf_counter() - start)]
    folders = [root() / EditionFiles.objects.get(edition=edition).folder for edition in rows]
    chosen = [engine.Asked(edition.pk) for edition in rows]
    asked = ("requests", "meetings", "hours", "months")
    engine.answers(folders, chosen, questions=asked)
    start = time.perf_counter()
    found = engine.answers(folders, chosen, questions=asked)
    told.append((f"{size}: requests, meetings, hours, months", "DuckDB", time.perf_counter() - start))
    start = time.perf_counter()
    straight = by_tables(rows)
    told.append((f"{size}: the same four", "the site's tables in SQLite", time.perf_counter() - start))
    assert straight["requests"] == {row["edition"]: row["requested"] for row in found["requests"]}
    assert straight["held"] == {row["edition"]: row["held"] for row in found["meetings"]}
    assert straight["hours"] == {row["hour"]: row["planned"] for row in found["hours"]}
    assert straight["months"] == {row["month"]: row["lines"] for row in found["months"]}
    print(json.dumps(told))
    return 0


def by_tables(rows: list[Any]) -> dict[str, dict[Any, int]]:
    """Requests, meetings held, meetings by hour, log lines by month: one query an edition each, as its pages ask."""
    from django.db.models import Count
    from django.db.models.functions import ExtractHour, TruncMonth

    from madang.markets.models import LogEntry
    from madang.meetings.models import MeetingRequest
    from madang.meetings.queries.held import said_meetings

    found: dict[str, dict[Any, int]] = {"requests": {}, "held": {}}
    hours: Counter[int] = Counter()
    months: Counter[int] = Counter()
    for edition in rows:
        found["requests"][edition.pk] = MeetingRequest.objects.filter(edition=edition).exclude(status="draft").count()
        stands = said_meetings(edition).order_by()
        found["held"][edition.pk] = dict(stands.values_list("outcome").annotate(n=Count("pk"))).get("held", 0)
        hours.update(dict(stands.values_list(ExtractHour("slot__starts_at", tzinfo=edition.zone)).annotate(n=Count("pk"))))
        lines = LogEntry.objects.filter(edition=edition).order_by()
        by_month = lines.values_list(TruncMonth("at", tzinfo=edition.zone)).annotate(n=Count("pk"))
        months.update({at.year * 100 + at.month: count for at, count in by_month})
    return found | {"hours": dict(hours), "months": dict(months)}


def edition_of(number: int) -> Any:
    """An edition that is over, with so many meetings that were held (three in four) and lines of the log."""
    from madang.markets.models import Edition, LogEntry, Market, Slot
    from madang.meetings.models import Meeting, MeetingRequest, Timetable, TimetableState, seat_principals
    from madang.people.models import Company, Participant

    first = dt.date(2020 + number, 5, 10)
    market, _new = Market.objects.get_or_create(slug="bench", name="Bench")
    facts = {"starts_on": first, "ends_on": first + dt.timedelta(days=3), "stage": "after"}
    edition = Edition.objects.create(market=market, slug=f"bench-{number}", name=f"Bench {number}", **facts)
    at = dt.datetime.combine(first, dt.time(1), dt.UTC)
    slots = Slot.objects.bulk_create(
        Slot(
            edition=edition, code=f"S{n}", starts_at=at + dt.timedelta(days=n // 16, minutes=30 * (n % 16)),
            ends_at=at + dt.timedelta(days=n // 16, minutes=30 * (n % 16) + 30), session="morning",
        )
        for n in range(64)
    )  # fmt: skip
    firms = Company.objects.bulk_create(
        Company(edition=edition, code=f"C{n}", name=f"Company {n}", country=("KR", "JP", "FR")[n % 3]) for n in range(2 * PEOPLE)
    )
    people = Participant.objects.bulk_create(
        Participant(
            edition=edition, code=f"P{n}", company=firms[n], family_name=f"N{n}", is_buyer=n < PEOPLE, is_seller=n >= PEOPLE
        )
        for n in range(2 * PEOPLE)
    )
    pairs = [(people[n % PEOPLE], people[PEOPLE + (n // PEOPLE + n) % PEOPLE]) for n in range(MEETINGS)]
    asked = MeetingRequest.objects.bulk_create(
        (
            MeetingRequest(edition=edition, code=f"R{n}", sender=one, receiver=two, pair=f"{one.pk}-{two.pk}", status="accepted")
            for n, (one, two) in enumerate(pairs)
        ),
        batch_size=500,
    )
    seat_principals(MeetingRequest.objects.filter(edition=edition))
    timetable = Timetable.objects.create(edition=edition, state=TimetableState.PUBLISHED, version=1)
    Meeting.objects.bulk_create(
        (Meeting(timetable=timetable, request=one, slot=slots[n % len(slots)]) for n, one in enumerate(asked)), batch_size=500
    )
    check_in(edition)
    LogEntry.objects.bulk_create(
        (LogEntry(edition=edition, at=at - dt.timedelta(minutes=n), verb=f"verb_{n % 120}") for n in range(LOG)), batch_size=500
    )
    return edition


def check_in(edition: Any) -> None:
    """Both sides of three meetings in four."""
    from django.db.models import F

    from madang.meetings.models import Attendee

    seats = Attendee.objects.filter(request__edition=edition).annotate(rest=F("request") % 4).exclude(rest=0)
    seats.update(checked_in_at=edition.now(), checked_in_by=F("participant"))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
