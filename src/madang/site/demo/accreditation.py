"""Accreditation: the seven badge types, three hundred applications in every state, badges, two invitations."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from madang.accounts.models import User
from madang.accreditation.models import (
    Answer,
    Application,
    ApplicationState,
    Badge,
    BadgeState,
    BadgeType,
    Inquiry,
    Invitation,
    Payer,
    Question,
)
from madang.accreditation.sets import STANDARD
from madang.markets.models import Edition, LogEntry
from madang.people.models import ROLES, Participant
from madang.site.demo.people import make_person
from madang.site.demo.sizes import ZONE

State = ApplicationState
OPENS = dt.datetime(2025, 2, 3, 10, 0, tzinfo=ZONE)
EARLY = dt.datetime(2025, 4, 1, 0, 0, tzinfo=ZONE)
CLOSES = dt.datetime(2025, 5, 26, 18, 0, tzinfo=ZONE)
TO_THE_END = dt.datetime(2025, 5, 30, 15, 0, tzinfo=ZONE)
PRICES = {"buyer": (220_000, 180_000), "seller": (330_000, 270_000), "creator": (110_000, 90_000), "public": (15_000, 12_000)}
ACCEPTED = {"buyer": 70, "seller": 60, "creator": 20, "press": 40, "guest": 20, "juror": 5}
"""How many of the edition's people came by an application; the others came with the workbook."""
OTHERS = {
    State.SUBMITTED: 34,
    State.ASKED: 9,
    State.WAITING: 14,
    State.DECLINED: 16,
    State.WITHDRAWN: 8,
    State.REVOKED: 3,
    State.DRAFT: 9,
}
"""Applications of people who do not take part (or not yet)."""
TAKES = {State.WAITING: ["press"], State.REVOKED: ["press"], State.DECLINED: ["buyer", "press", "creator"]}
REASONS = {
    State.DECLINED: [
        "This badge is for people who acquire works. The public badge opens all public screenings to you.",
        "We could not find published work of yours. Please apply again with a letter of your editor.",
        "Each medium gets two badges, and both of yours are given out.",
    ],
    State.REVOKED: ["The badge was offered for sale."],
}
INQUIRIES = [
    "Which works have you acquired in the last two years?",
    "Your press card has expired. Do you have a newer one?",
    "For which company do you come: the name does not match your address.",
]
COUNTRIES = ["KR", "KR", "FR", "JP", "US", "GB", "TH", "VN", "DE", "ES"]
COMPANY_TEAM = 3


def make_accreditation(rng: random.Random, edition: Edition, organiser: User, people: Sequence[Participant]) -> None:
    """All rows, as they stand at the edition's moment."""
    types = make_types(edition, people)
    accepted = list(accepted_ones(rng, edition, organiser, types, people))
    rows = Application.objects.bulk_create(accepted, batch_size=300)
    make_badges(edition, rows)
    others = Application.objects.bulk_create(other_ones(rng, edition, organiser, types), batch_size=300)
    make_answers(rng, edition, organiser, [*rows, *others])
    make_invitations(edition, organiser, types, rows)
    write_lines(edition, organiser, [*rows, *others])


def make_types(edition: Edition, people: Sequence[Participant]) -> dict[str, BadgeType]:
    """The standard types with prices, dates and quotas: all press badges are given out."""
    quotas = {"press": min(ACCEPTED["press"], sum(person.is_press for person in people)), "juror": 8, "creator": 24}
    found = {}
    for position, (role, facts) in enumerate(STANDARD.items(), 1):
        price, early = PRICES.get(role, (None, None))
        more = {name: value for name, value in facts.items() if name != "questions"}
        kind = BadgeType.objects.create(
            edition=edition, code=role, role=role, position=position, opens_at=OPENS,
            closes_at=TO_THE_END if role in ("press", "public") else CLOSES, early_until=EARLY if early else None,
            price=Decimal(price) if price else None, early_price=Decimal(early) if early else None,
            currency="KRW" if price else "", quota=quotas.get(role), shop_item=facts["name"] if price else "", **more,
        )  # fmt: skip
        Question.objects.bulk_create(Question(badge_type=kind, position=n, **q) for n, q in enumerate(facts["questions"], 1))
        found[role] = kind
    return found


def accepted_ones(
    rng: random.Random, edition: Edition, organiser: User, types: dict[str, BadgeType], people: Sequence[Participant]
) -> Iterator[Application]:
    """Applications of people of the edition, first of those who can sign in to the demo."""
    known = sorted(people, key=lambda person: (not (person.user and person.user.email.endswith("@demo.example")), person.pk))
    taken: set[int] = set()
    for role, wanted in ACCEPTED.items():
        fit = [person for person in known if getattr(person, f"is_{role}") and person.user_id and person.pk not in taken]
        for person in fit[:wanted]:
            taken.add(person.pk)
            row = application(rng, edition, types[role], person, State.ACCEPTED, len(taken))
            row.participant, row.company, row.user_id = person, person.company, person.user_id or 0
            row.decided_at, row.decided_by = (row.submitted_at or OPENS) + dt.timedelta(days=1, hours=3), organiser
            yield row


def application(
    rng: random.Random, edition: Edition, kind: BadgeType, person: Participant, state: State, number: int
) -> Application:
    """One row in this state, handed in between the opening and the edition's moment."""
    last = min(edition.now(), CLOSES) - dt.timedelta(days=2)
    moment = OPENS + (last - OPENS) * rng.random()
    return Application(
        edition=edition, badge_type=kind, code=f"{'ABCDEFGH'[number % 8]}{number:04}{'KLMNPQRS'[number % 7]}", state=state,
        family_name=person.family_name, given_name=person.given_name, native_name=person.native_name,
        family_first=person.family_first, email=person.email.lower(), job_title=person.job_title, country=person.country,
        company_name=person.company.name if person.company else "", language=person.language, created_at=moment, saved_at=moment,
        submitted_at=None if state == State.DRAFT else moment, waiting_since=moment if state == State.WAITING else None,
    )  # fmt: skip


def other_ones(rng: random.Random, edition: Edition, organiser: User, types: dict[str, BadgeType]) -> list[Application]:
    """Fictional people with accounts of their own."""
    taken: set[str] = set()
    rows: list[Application] = []
    for state, count in OTHERS.items():
        for _n in range(count):
            kind = types[rng.choice(TAKES.get(state, ["buyer", "seller", "creator", "public"]))]
            role = kind.role if kind.role in ROLES else "guest"
            person = make_person(rng, edition, rng.choice(COUNTRIES), (role,), "applicant.example", taken, None)
            row = application(rng, edition, kind, person, state, 500 + len(rows))
            row.company_name = "" if kind.role == "public" else f"{person.family_name} Media"
            if state in (State.DECLINED, State.REVOKED):
                row.decided_at, row.decided_by = (row.submitted_at or OPENS) + dt.timedelta(days=1), organiser
                row.reason = rng.choice(REASONS[state])
            rows.append(row)
    users = [
        User(email=row.email, name=row.latin_name, language=row.language, password="!")  # noqa: S106  # "!" is no password
        for row in rows
    ]
    for row, user in zip(rows, User.objects.bulk_create(users, batch_size=500), strict=True):
        row.user = user
    return rows


def make_badges(edition: Edition, rows: Sequence[Application]) -> None:
    """A valid badge each, numbered in the order in which they were accepted."""
    ordered = sorted(rows, key=lambda row: (row.decided_at or OPENS, row.pk))
    Badge.objects.bulk_create(
        [
            Badge(
                edition=edition, participant=row.participant, badge_type=row.badge_type, application=row, number=number,
                key=row.participant.badge_key, state=BadgeState.VALID, issued_at=row.decided_at or OPENS,
            )
            for number, row in enumerate(ordered, 1) if row.participant
        ],
        batch_size=300,
    )  # fmt: skip


def make_answers(rng: random.Random, edition: Edition, organiser: User, rows: Sequence[Application]) -> None:
    """What was answered, but for files; what the organiser asked, and some of the answers."""
    questions: dict[int, list[Question]] = {}
    for question in Question.objects.filter(badge_type__edition=edition).exclude(kind="file"):
        questions.setdefault(question.badge_type_id, []).append(question)
    answers = [
        Answer(application=row, question=question, value=answer_to(rng, question))
        for row in rows for question in questions.get(row.badge_type_id, []) if question.is_required or rng.random() < 0.2
    ]  # fmt: skip
    Answer.objects.bulk_create(answers, batch_size=300)
    asked = [row for row in rows if row.state == State.ASKED] + [row for row in rows if row.state == State.SUBMITTED][:5]
    inquiries = []
    for row in asked:
        at = (row.submitted_at or OPENS) + dt.timedelta(hours=20)
        replied = (
            {} if row.state == State.ASKED else {"answer": "“The Long Yard” and two documentaries, for 2024.", "answered_at": at}
        )
        inquiries.append(Inquiry(application=row, text=rng.choice(INQUIRIES), asked_by=organiser, asked_at=at, **replied))
    Inquiry.objects.bulk_create(inquiries)


def answer_to(rng: random.Random, question: Question) -> Any:
    """An answer of the question's kind."""
    values = [row["value"] for row in question.options]
    match question.kind:
        case "choices":
            return sorted(rng.sample(values, min(2, len(values))))
        case "choice":
            return rng.choice(values)
        case "number":
            return rng.randint(1, 30)
        case "yes":
            return True
        case "link":
            return "https://www.example.org/"
    return rng.choice(["Two series and a documentary last year.", "A slate of six, with a short-form series.", "See our site."])


def make_invitations(edition: Edition, organiser: User, types: dict[str, BadgeType], rows: Sequence[Application]) -> None:
    """A company's, of whose five places three are used; and a guest's, which waits."""
    sellers = [row for row in rows if row.badge_type_id == types["seller"].pk and row.company_id]
    company = max((row.company for row in sellers), key=lambda c: sum(r.company_id == c.pk for r in sellers if c), default=None)
    facts: dict[str, Any] = {"edition": edition, "created_by": organiser, "created_at": OPENS}
    if company:
        team = [row.pk for row in sellers if row.company_id == company.pk][:COMPANY_TEAM]
        made = Invitation.objects.create(
            badge_type=types["seller"], company=company, email="team@company.example", language="ko", places=5,
            payer=Payer.COMPANY, **facts,
        )  # fmt: skip
        Application.objects.filter(pk__in=team).update(invitation=made)
    Invitation.objects.create(
        badge_type=types["guest"], email="guest@ministry.example", language="fr", is_accepted_at_once=True, **facts
    )


def write_lines(edition: Edition, organiser: User, rows: Sequence[Application]) -> None:
    """The log of each application that was handed in."""
    verbs = {State.ACCEPTED: "accept_application", State.DECLINED: "decline_application", State.REVOKED: "revoke_application"}
    lines = []
    for row in rows:
        if row.submitted_at:
            facts = {"verb": "submit_application", "details": {"badge": row.badge_type.code}}
            lines.append(LogEntry(edition=edition, at=row.submitted_at, actor=row.user, subject=row.code, **facts))
        if row.decided_at:
            facts = {"verb": verbs[State(row.state)], "details": {"reason": row.reason}}
            lines.append(LogEntry(edition=edition, at=row.decided_at, actor=organiser, subject=row.code, **facts))
    LogEntry.objects.bulk_create(lines, batch_size=300)
