"""What a juror has to read, and how far the jury has come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.selection.models import Call, Criterion, Entry, EntryState, Juror, Reading, ReadingState, Score
from madang.selection.rules.jury import OPEN, own_readings

LAG = 0.25
"""A juror is late who is further behind the days that have passed than this share of her readings."""

ORDER = Case(
    When(state=ReadingState.BEGUN, then=Value(0)),
    When(state=ReadingState.ASSIGNED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Share:
    """How much is done of how much."""

    done: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.done


def to_read(user: User, call: Call) -> QuerySet[Reading]:
    """A juror's list: what she has begun, what waits, what is done."""
    return own_readings(user, call).select_related("entry").annotate(order=ORDER).order_by("order", "entry__code")


def share_of(readings: QuerySet[Reading]) -> Share:
    """Of a juror's readings those that are done."""
    counts = readings.aggregate(done=Count("pk", filter=Q(state=ReadingState.DONE)), total=Count("pk"))
    return Share(counts["done"], counts["total"])


def next_reading(user: User, call: Call, after: Entry) -> Reading | None:
    """The next one that waits, in the order of codes and round again."""
    waiting = own_readings(user, call).filter(state__in=OPEN).exclude(entry=after).select_related("entry")
    later = waiting.filter(entry__code__gt=after.code).order_by("entry__code").first()
    return later or waiting.order_by("entry__code").first()


def given_scores(reading: Reading) -> dict[int, int]:
    """Criterion -> score."""
    return dict(Score.objects.filter(reading=reading).values_list("criterion", "value"))


def criteria_by_axis(call: Call) -> list[tuple[str, list[Criterion]]]:
    """(words of the axis, its criteria), authorship first."""
    rows = list(call.criteria.all())
    found: dict[str, list[Criterion]] = {}
    for row in sorted(rows, key=lambda r: r.axis != "authorship"):
        found.setdefault(row.get_axis_display(), []).append(row)
    return list(found.items())


@dataclass(frozen=True)
class JurorRow:
    """A juror on the progress board."""

    juror: Juror
    done: int
    begun: int
    waiting: int
    given_back: int
    is_late: bool

    @property
    def total(self) -> int:
        return self.done + self.begun + self.waiting


def juror_rows(call: Call) -> list[JurorRow]:
    """Everybody of the jury, those who are late first; one query."""
    counts = {s.value: Count("readings", filter=Q(readings__state=s)) for s in ReadingState}
    since = Min("readings__assigned_at")
    rows = call.jurors.select_related("participant__edition", "participant__company").annotate(since=since, **counts)
    found = [_row(call, juror) for juror in rows]
    return sorted(found, key=lambda r: (r.juror.left_at is not None, not r.is_late, r.juror.participant.search_text))


def _row(call: Call, juror: Juror) -> JurorRow:
    done, begun, waiting, back = (getattr(juror, state) for state in ("done", "begun", "assigned", "recused"))
    since: dt.datetime | None = getattr(juror, "since", None)
    late = juror.left_at is None and is_late(call, done, begun + waiting, since)
    return JurorRow(juror, done, begun, waiting, back, late)


def is_late(call: Call, done: int, waiting: int, since: dt.datetime | None) -> bool:
    """Behind the calendar: by more than LAG of her readings, or the time is over."""
    if not waiting or call.scoring_until is None or since is None:
        return False
    now, whole = call.edition.now(), call.scoring_until - since
    if now >= call.scoring_until or whole <= dt.timedelta(0):
        return True
    return done / (done + waiting) < (now - since) / whole - LAG


def entry_rows(call: Call) -> QuerySet[Entry]:
    """Entries with the number of their readings: `done`, `waiting`, and both as `readers`; the least read first."""
    live = ~Q(readings__state=ReadingState.RECUSED)
    counts = {
        "done": Count("readings", filter=Q(readings__state=ReadingState.DONE)),
        "waiting": Count("readings", filter=Q(readings__state__in=OPEN)),
        "readers": Count("readings", filter=live),
    }
    entries = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).select_related("call__edition")
    counted: QuerySet[Entry] = entries.annotate(**counts)
    return counted.order_by("readers", "done", "code")  # type: ignore[misc]  # counted just now


def discussion_rows(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries that a chair reads, with the numbers of their readers, of those who are done, of remarks; the most said first."""
    done = Count("readings", filter=Q(readings__state=ReadingState.DONE), distinct=True)
    readers = Count("readings", filter=~Q(readings__state=ReadingState.RECUSED), distinct=True)
    said = Count("remarks", distinct=True)
    rows: QuerySet[Entry] = entries.select_related("call").annotate(done=done, readers=readers, said=said)
    return rows.order_by("-said", "-done", "code")  # type: ignore[misc]  # counted just now


def comments_on(entry: Entry) -> QuerySet[Reading]:
    """What jurors wrote who are done with an entry."""
    done = Reading.objects.filter(entry=entry, state=ReadingState.DONE).exclude(comment="")
    return done.select_related("juror__participant__edition").order_by("done_at", "pk")


def board_figures(call: Call) -> dict[str, int]:
    """Entries, readings wanted, dealt out and done."""
    entries = call.entries.filter(state=EntryState.SUBMITTED).count()
    live = Reading.objects.filter(juror__call=call, entry__state=EntryState.SUBMITTED).exclude(state=ReadingState.RECUSED)
    share = share_of(live)
    return {"entries": entries, "wanted": entries * call.readers, "dealt": share.total, "done": share.done}


def jury_calls(edition: Edition) -> QuerySet[Call]:
    """The edition's calls with their numbers of entries and jurors, those that closed last first."""
    entries = Count("entries", filter=Q(entries__state=EntryState.SUBMITTED), distinct=True)
    jurors = Count("jurors", filter=Q(jurors__left_at=None), distinct=True)
    calls = Call.objects.filter(edition=edition).select_related("edition")
    return calls.annotate(entry_count=entries, juror_count=jurors).order_by("-closes_at")
