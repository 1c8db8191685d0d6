"""Questions after the demo's editions: planned for the new one; asked and answered, by some, for the one before."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from madang.accounts.models import User
from madang.deals.models import Document, DocumentKind
from madang.markets.models import Edition
from madang.meetings.models import Attendee
from madang.outcomes.actions.rounds import plan_rounds
from madang.outcomes.models import Answer, Asked, Came, Round
from madang.outcomes.queries.rounds import LED_ON, MONTHS, OPEN_DAYS, months_after, people_to_ask, those_who_came
from madang.people.models import Notice
from madang.site.demo.people import weighted
from madang.site.demo.sizes import ZONE

RESPONSE = {3: 0.52, 6: 0.44, 12: 0.21}
"""How many answer; the round of twelve months is open, and still fills."""
CAME = {
    3: {Came.NOTHING: 34, Came.TALKING: 48, Came.OFFER: 12, Came.MEMO: 3, Came.ELSEWHERE: 3},
    6: {Came.NOTHING: 48, Came.TALKING: 30, Came.OFFER: 13, Came.MEMO: 5, Came.ELSEWHERE: 4},
    12: {Came.NOTHING: 62, Came.TALKING: 16, Came.OFFER: 12, Came.MEMO: 5, Came.ELSEWHERE: 5},
}
AGREES = 0.8
"""How often the second side says the same."""
WORDS = [
    "Two good contacts, both still alive.", "새 파트너를 만났습니다. 내년에도 오겠습니다.",
    "Trop de rendez-vous le premier jour.",
    "The timetable was kept, which is rare.", "We would like more documentary buyers.", "한 편을 계약했습니다.",
]  # fmt: skip


def make_rounds(rng: random.Random, edition: Edition, earlier: Edition, organiser: User, known: list[int]) -> None:
    """`known`: ids of users whose answers still wait in the open round."""
    plan_rounds(organiser, edition)
    for months in MONTHS:
        opens = months_after(earlier.ends_on, months)
        closes = opens + dt.timedelta(days=OPEN_DAYS)
        asking = Round.objects.create(edition=earlier, months=months, opens_on=opens, closes_on=closes)
        opened = dt.datetime.combine(opens, dt.time(9), ZONE)
        if opened <= earlier.now():
            asking.opened_at = opened
            asking.closed_at = dt.datetime.combine(closes, dt.time(23, 59), ZONE) if months < 12 else None
            asking.save()
            ask(rng, asking, opened, known)


def ask(rng: random.Random, asking: Round, opened: dt.datetime, known: list[int]) -> None:
    """Everybody is asked; some answer, on some day of the round, the others are reminded."""
    end, rows = min(asking.closed_at or asking.edition.now(), asking.edition.now()), []
    days = max(1, (end - opened).days)
    stopped = set(
        Asked.objects.filter(round__edition=asking.edition, stopped_at__isnull=False).values_list("participant", flat=True)
    )
    for person in people_to_ask(asking.edition):
        row = Asked(round=asking, participant=person, sent_at=opened)
        is_waiting = person.user_id in known and asking.closed_at is None
        if person.pk in stopped:
            row.sent_at, row.stopped_at = None, opened
        elif not is_waiting and rng.random() < RESPONSE[asking.months]:
            reply(rng, row, opened + dt.timedelta(days=rng.randrange(days), hours=rng.randint(1, 9)))
        elif not is_waiting and rng.random() < 0.03:
            row.stopped_at = opened + dt.timedelta(days=1)
        if row.sent_at and not row.answered_at and not row.stopped_at:
            row.reminded = min(2, days // 7)
            row.reminded_at = opened + dt.timedelta(days=7 * row.reminded) if row.reminded else None
        rows.append(row)
    Asked.objects.bulk_create(rows, batch_size=500)
    tell(rows, opened, known)
    say(rng, asking, [row for row in rows if row.answered_at])


def reply(rng: random.Random, row: Asked, at: dt.datetime) -> None:
    row.opened_at = row.answered_at = at
    if rng.random() < 0.9:
        row.satisfaction = rng.choice([2, 3, 3, 4, 4, 4, 5, 5])
    if rng.random() < 0.6:
        row.share = rng.choice([10, 20, 30, 50, 50, 60, 80])
    if rng.random() < 0.12:
        row.words = rng.choice(WORDS)


def tell(rows: list[Asked], opened: dt.datetime, known: list[int]) -> None:
    """Those who can sign in find the open round in their notices; it was mailed long ago."""
    edition = rows[0].round.edition if rows else None
    Notice.objects.bulk_create(
        Notice(
            edition=edition, recipient=row.participant, kind="round_opened", key=f"{row.round.months}:0", created_at=opened,
            mailed_at=opened,
            data={"asked": row.key, "zone": ZONE.key, "what": row.round.edition.name, "what_ko": row.round.edition.name_ko,
                  "what_fr": row.round.edition.name_fr,
                  "starts_at": dt.datetime.combine(row.round.closes_on, dt.time(23, 59), ZONE).isoformat()},
        )
        for row in rows
        if row.sent_at and row.participant.user_id in known
    )  # fmt: skip


def say(rng: random.Random, asking: Round, rows: list[Asked]) -> None:
    """What each says of her meetings; both sides of one mostly agree."""
    by_person = {row.participant_id: row for row in rows}
    seats = those_who_came(asking.edition).filter(participant__in=by_person).order_by("request", "pk")
    papers = Document.objects.filter(edition=asking.edition, kind=DocumentKind.LICENCE, signed_at__date__lt=asking.opens_on)
    signed = set(papers.values_list("deal__request", flat=True))
    said: dict[int, str] = {}
    answers = [_answer(rng, seat, by_person[seat.participant_id], asking, seat.request_id in signed, said) for seat in seats]
    Answer.objects.bulk_create(answers, batch_size=500)


def _answer(rng: random.Random, seat: Attendee, row: Asked, asking: Round, is_signed: bool, said: dict[int, str]) -> Answer:
    drawn = weighted(rng, CAME[asking.months].items())
    if is_signed:
        drawn = Came.SIGNED
    if seat.request_id in said and rng.random() < AGREES:
        drawn = said[seat.request_id]
    said.setdefault(seat.request_id, drawn)
    answer = Answer(asked=row, request_id=seat.request_id, came=drawn, at=row.answered_at or asking.edition.now())
    if drawn in (*LED_ON, Came.SIGNED) and rng.random() < 0.5:
        answer.amount, answer.currency = Decimal(rng.randint(5, 90) * 1000), rng.choice(["EUR", "USD"])
    return answer
