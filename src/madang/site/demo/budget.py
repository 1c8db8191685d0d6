"""What the demo's market costs and who pays for it, posting by posting over the months before it. All amounts are made up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.outcomes.models import Activity, BudgetLine, Condition, Goal, Grant, Posting, Rate
from madang.site.demo.sizes import ZONE

M = 1_000_000
ACTIVITIES = [
    ("MEET", "Business meetings", "비즈니스 미팅", "Rendez-vous d’affaires", ("meetings", "talked", "reach")),
    ("SHOW", "CANNESERIES X BUSAN", "칸시리즈 X 부산", "CANNESERIES X BUSAN", ("seen", "liked")),
    ("GUEST", "Travel of invited buyers", "초청 바이어 여행", "Voyages des acheteurs invités", ("reach", "contracts")),
    ("CITY", "The city’s programme", "시민 프로그램", "Le programme de la ville", ("city", "access")),
    ("OFFICE", "Office and communication", "사무국과 홍보", "Bureau et communication", ()),
]
"""Code, names, codes of goals that it serves."""
Asked = list[tuple[str, dt.date, dt.date | None, str]]
GRANTS: list[tuple[str, str, str, int, str, dt.date, Asked]] = [
    ("CITY-25", "City culture office (fictional)", "public", 900 * M, "Agreement 2025-114", dt.date(2025, 1, 20), [
        ("Interim account of the costs until April", dt.date(2025, 5, 2), dt.date(2025, 4, 30), "Account sent, number 25-0430"),
        ("Half of the talks are open to the city’s people", dt.date(2025, 5, 28), None, ""),
        ("Report with figures and their evidence", dt.date(2025, 7, 31), None, ""),
    ]),
    ("CONTENT-25", "Content promotion fund (fictional)", "public", 300 * M, "KF-2025-77", dt.date(2025, 2, 14), [
        ("Its name on every poster", dt.date(2025, 4, 15), dt.date(2025, 4, 11), "Proof of print, file 12"),
        ("At least 20 countries at the meetings", dt.date(2025, 6, 5), None, ""),
        ("Final account", dt.date(2025, 8, 29), None, ""),
    ]),
    ("SPONSOR-1", "Haeun Telecom (fictional)", "sponsor", 120 * M, "Contract of 3 March 2025", dt.date(2025, 3, 3), [
        ("Logo on the carpet wall", dt.date(2025, 5, 28), None, ""),
    ]),
]  # fmt: skip
LINES = [
    ("M-HALL", "MEET", "Halls of BEXCO", "cost", 380 * M, "KRW", "fixed", "CITY-25", None),
    ("M-BUILD", "MEET", "Booths and tables", "cost", 240 * M, "KRW", "exhibitors", "CITY-25", None),
    ("M-CATER", "MEET", "Coffee and lunches", "cost", 60 * M, "KRW", "buyers", "", None),
    ("M-INTER", "MEET", "Interpreters", "cost", 48 * M, "KRW", "meetings", "", 50 * M),
    ("M-STAFF", "MEET", "Pay of the staff", "cost", 62 * M, "KRW", "meetings", "", None),
    ("S-RIGHTS", "SHOW", "Screening fees", "cost", 36_000, "EUR", "fixed", "CONTENT-25", None),
    ("S-TECH", "SHOW", "Projection and subtitles", "cost", 95 * M, "KRW", "fixed", "CONTENT-25", None),
    ("S-CARPET", "SHOW", "Carpet and opening", "cost", 110 * M, "KRW", "fixed", "", None),
    ("G-FLIGHT", "GUEST", "Flights", "cost", 84_000, "EUR", "guests", "CITY-25", None),
    ("G-HOTEL", "GUEST", "Hotel nights", "cost", 130 * M, "KRW", "guests", "CONTENT-25", None),
    ("C-STAGE", "CITY", "Open stage and talks", "cost", 90 * M, "KRW", "fixed", "CITY-25", None),
    ("O-PRINT", "OFFICE", "Posters and printed matter", "cost", 42 * M, "KRW", "fixed", "", None),
    ("O-WEB", "OFFICE", "Site and screens", "cost", 28 * M, "KRW", "fixed", "", None),
    ("I-CITY", "MEET", "Grant of the city", "income", 900 * M, "KRW", "fixed", "CITY-25", None),
    ("I-FUND", "SHOW", "Grant of the promotion fund", "income", 300 * M, "KRW", "fixed", "CONTENT-25", None),
    ("I-SPONSOR", "SHOW", "Sponsor of the opening", "income", 120 * M, "KRW", "fixed", "SPONSOR-1", None),
    ("I-FEES", "MEET", "Fees of exhibitors", "income", 260 * M, "KRW", "exhibitors", "", None),
]
"""Code, activity, name, direction, planned, currency, grows with, grant, limit."""
RATES = [
    ("EUR", dt.date(2025, 1, 15), "1502.40"), ("EUR", dt.date(2025, 4, 1), "1588.10"), ("EUR", dt.date(2025, 5, 26), "1553.75"),
]  # fmt: skip
NOTED = dt.date(2025, 2, 3)
"""When forecasts were noted."""


@dataclass(frozen=True)
class Order:
    """A commitment made on a day for a day, and the invoices paid on it: day, share of it in hundredths, reference.

    Days are month and day: 520 is 20 May 2025.
    """

    line: str
    made: int
    due: int
    amount: int
    whom: str
    paid: tuple[tuple[int, int, str], ...] = ()
    reference: str = ""


def day_of(number: int) -> dt.date:
    """520 -> 20 May 2025."""
    return dt.date(2025, number // 100, number % 100)


ORDERS = [
    Order("M-HALL", 210, 520, 372 * M, "BEXCO", ((224, 30, "BX-2502"), (520, 70, "BX-2505")), "O-0001"),
    Order("M-BUILD", 317, 602, 236 * M, "Mirae Booth", ((414, 40, "MB-114"),), "O-0004"),
    Order("M-CATER", 421, 609, 57 * M, "Dongbaek Catering", ((512, 25, "DC-31"),), "O-0011"),
    Order("M-INTER", 428, 613, 52 * M, "Hana Interpreters", ((519, 20, "HI-7"),), "O-0013"),
    Order("S-RIGHTS", 324, 516, 33_500, "Nine sales companies", ((516, 100, "R-1 to R-9"),), "O-0006"),
    Order("S-TECH", 407, 606, 88 * M, "Gwangan Projection", ((514, 50, "GP-22"),), "O-0009"),
    Order("S-CARPET", 430, 604, 98 * M, "Stage One", ((515, 50, "SO-5"),), "O-0014"),
    Order("G-FLIGHT", 403, 509, 71_200, "Ocean Travel", ((509, 103, "OT-88"),), "O-0008"),
    Order("G-HOTEL", 410, 611, 118 * M, "Two hotels at Haeundae", ((502, 30, "H-204"),), "O-0010"),
    Order("C-STAGE", 507, 610, 81 * M, "Stage One", (), "O-0016"),
    Order("O-PRINT", 305, 411, 38 * M, "Print House", ((411, 100, "PH-90"),), "O-0003"),
    Order("I-CITY", 120, 715, 900 * M, "City culture office", ((228, 50, "B-2502"), (508, 30, "B-2505")), "2025-114"),
    Order("I-FUND", 214, 829, 300 * M, "Content promotion fund", ((402, 70, "KF-77-1"),), "KF-2025-77"),
    Order("I-SPONSOR", 303, 523, 120 * M, "Haeun Telecom", ((523, 100, "HT-1"),), "3 March"),
]  # fmt: skip
ALONE = [
    ("I-FEES", "spent", 331, 96 * M, "F-2503", "Exhibitors, early fees"),
    ("I-FEES", "spent", 430, 88 * M, "F-2504", "Exhibitors"),
    ("I-FEES", "spent", 521, 61 * M, "F-2505", "Exhibitors, late"),
    ("O-WEB", "spent", 219, 11 * M, "W-19", "Server and sign-in"),
    ("O-WEB", "spent", 506, 9 * M, "", "Screens, paid by card"),
    ("O-PRINT", "spent", 522, 6_200_000, "PH-97", "Print House"),
    ("M-STAFF", "spent", 530, 14 * M, "PAY-05", "Staff, first part"),
    ("M-STAFF", "spent", 609, 41 * M, "PAY-06", "Staff"),
    ("M-STAFF", "forecast", 609, 55 * M, "", "Staff"),
    ("M-CATER", "forecast", 609, 3 * M, "", "Water on warm days"),
    ("I-FEES", "forecast", 620, 12 * M, "", "Fees that are late"),
]
"""Line, kind, day, amount, reference, whom: what hangs on no order. Forecasts of what was paid by now are withdrawn."""


def make_budget(edition: Edition, organiser: User, now: dt.datetime) -> None:
    """As far as it was known by `now`; goals are named where they are there."""
    activities = make_activities(edition)
    rates = [Rate(edition=edition, currency=c, on=on, rate=Decimal(r), source="Bank of Korea (made up)") for c, on, r in RATES]
    Rate.objects.bulk_create(rate for rate in rates if rate.on <= now.date())
    grants = make_grants(edition, organiser, now)
    lines = {
        code: BudgetLine(
            edition=edition, activity=activities[activity], code=code, name=name, direction=direction,
            planned=Decimal(planned), currency=currency, grows=grows, grant=grants.get(grant),
            limit=Decimal(limit) if limit else None,
        )
        for code, activity, name, direction, planned, currency, grows, grant, limit in LINES
    }  # fmt: skip
    BudgetLine.objects.bulk_create(lines.values())
    post(lines, organiser, now)


def make_activities(edition: Edition) -> dict[str, Activity]:
    goals: dict[str, list[Goal]] = defaultdict(list)
    for goal in Goal.objects.filter(edition=edition):
        goals[goal.code].append(goal)
    found = {}
    for position, (code, name, name_ko, name_fr, served) in enumerate(ACTIVITIES):
        names = {"name": name, "name_ko": name_ko, "name_fr": name_fr}
        found[code] = Activity.objects.create(edition=edition, code=code, position=position, **names)
        found[code].goals.set([goal for one in served for goal in goals[one]])
    return found


def make_grants(edition: Edition, organiser: User, now: dt.datetime) -> dict[str, Grant]:
    found = {}
    for code, funder, kind, amount, reference, agreed, conditions in GRANTS:
        if agreed > now.date():
            continue
        facts = {"funder": funder, "kind": kind, "amount": Decimal(amount), "currency": "KRW", "reference": reference}
        found[code] = Grant.objects.create(edition=edition, code=code, agreed_on=agreed, **facts)
        for text, due_on, met, evidence in conditions:
            is_met = met is not None and met <= now.date()
            done = {"met_at": moment(met), "met_by": organiser, "evidence": evidence} if is_met and met else {}
            Condition.objects.create(grant=found[code], text=text, due_on=due_on, **done)
    return found


def moment(day: dt.date) -> dt.datetime:
    """When things were noted on a day."""
    return dt.datetime.combine(day, dt.time(15, 30), ZONE)


def post(lines: dict[str, BudgetLine], organiser: User, now: dt.datetime) -> None:
    """Orders and what was paid on them, then the rest."""
    made = [order for order in ORDERS if moment(day_of(order.made)) <= now]
    commitments = [
        Posting(
            line=lines[order.line], kind="committed", amount=Decimal(order.amount), currency=lines[order.line].currency,
            on=day_of(order.due), reference=order.reference, counterparty=order.whom, by=organiser, at=moment(day_of(order.made)),
        )
        for order in made
    ]  # fmt: skip
    Posting.objects.bulk_create(commitments)
    rows = [
        Posting(
            line=one.line, kind="spent", amount=one.amount * share / 100, currency=one.currency, on=day_of(day),
            reference=invoice, counterparty=order.whom, settles=one, by=organiser, at=moment(day_of(day)),
        )
        for order, one in zip(made, commitments, strict=True)
        for day, share, invoice in order.paid
        if moment(day_of(day)) <= now
    ]  # fmt: skip
    Posting.objects.bulk_create([*rows, *alone(lines, organiser, now)])


def alone(lines: dict[str, BudgetLine], organiser: User, now: dt.datetime) -> list[Posting]:
    rows = []
    for code, kind, number, amount, reference, whom in ALONE:
        day = day_of(number)
        noted = NOTED if kind == "forecast" else day
        if moment(noted) > now:
            continue
        is_past = kind == "forecast" and moment(day) <= now
        gone = {"withdrawn_at": moment(day), "withdrawn_because": "It came."} if is_past else {}
        facts = {"amount": Decimal(amount), "currency": lines[code].currency, "reference": reference, "counterparty": whom}
        rows.append(Posting(line=lines[code], kind=kind, on=day, by=organiser, at=moment(noted), **facts, **gone))
    return rows
