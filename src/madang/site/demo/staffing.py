"""Who works at the demo's market: 40 made-up people, shifts on the day before and the three days, some still open."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from madang.markets.models import Edition, Hall, Stage
from madang.outcomes.models import Activity, Duty, Shift, Skill, Worker
from madang.outcomes.queries.staffing import roster_of
from madang.outcomes.rostering import greedy
from madang.site.demo.people import person_name
from madang.site.demo.sizes import DAYS, ZONE

SKILLS = [
    ("FR", "French", "프랑스어", "français", 5),
    ("EN", "English", "영어", "anglais", 22),
    ("DOOR", "Scanning at doors", "입장 스캔", "contrôle des entrées", 14),
    ("DCP", "Projection", "영사", "projection", 4),
    ("AID", "First aid", "응급 처치", "premiers secours", 5),
]
"""Code, names, how many of the 40 have it."""
WORKERS = 40
SET_UP = [
    ("SETUP", "Setting up", "설치", "Montage", "EX", "MEET", 9, 9, "", 8),
    ("BADGES", "Printing badges", "배지 인쇄", "Impression des badges", "M1", "MEET", 13, 5, "", 3),
]
SHIFTS = [
    ("WELCOME-A", "Welcome desk, morning", "안내 데스크 (오전)", "Accueil, matin", "M1", "MEET", 8, 5, "EN", 4),
    ("WELCOME-B", "Welcome desk, afternoon", "안내 데스크 (오후)", "Accueil, après-midi", "M1", "MEET", 13, 6, "EN", 4),
    ("TABLES-A", "Meeting tables, morning", "미팅 테이블 (오전)", "Tables, matin", "M1", "MEET", 9, 4, "", 5),
    ("TABLES-B", "Meeting tables, afternoon", "미팅 테이블 (오후)", "Tables, après-midi", "M2", "MEET", 13, 6, "", 5),
    ("FRENCH", "French-speaking guests", "프랑스어권 게스트", "Invités francophones", "", "GUEST", 10, 7, "FR", 1),
    ("PROJ-A", "Projection, day", "영사 (낮)", "Projection, journée", "AUD", "SHOW", 12, 6, "DCP", 1),
    ("PROJ-B", "Projection, evening", "영사 (저녁)", "Projection, soirée", "AUD", "SHOW", 18, 6, "DCP", 2),
    ("DOORS", "Doors of the auditorium", "오디토리움 입구", "Entrées de l’auditorium", "AUD", "SHOW", 16, 7, "DOOR", 4),
    ("TALKS", "Talk room", "토크룸", "Salle des débats", "TALK", "CITY", 10, 8, "DOOR", 1),
    ("AID", "First aid", "응급 처치", "Premiers secours", "", "CITY", 9, 10, "AID", 1),
    ("OFFICE", "Office", "사무국", "Bureau", "", "OFFICE", 9, 9, "", 2),
]
"""Code, names, hall, activity, hour, hours, skill, people."""
LISTED = {Stage.MEETINGS: 0.6, Stage.LIVE: 0.97, Stage.AFTER: 1.0}
"""Share of the places that are held at each moment; before, nobody was asked yet."""


def make_staff(rng: random.Random, edition: Edition) -> None:
    """From the stage of meetings on; needs the activities of the budget."""
    if edition.stage not in LISTED:
        return
    skills = [Skill(edition=edition, code=c, name=n, name_ko=ko, name_fr=fr) for c, n, ko, fr, _count in SKILLS]
    Skill.objects.bulk_create(skills)
    make_workers(rng, edition, skills)
    make_shifts(edition, {skill.code: skill for skill in skills})
    hold_shifts(rng, edition)


def make_workers(rng: random.Random, edition: Edition, skills: list[Skill]) -> None:
    rows = []
    for number in range(1, WORKERS + 1):
        name = person_name(rng, "KR" if number > 4 else "FR")
        agreed = {"hours_in_all": Decimal(20) if number % 6 == 0 else None, "pay_an_hour": Decimal(12_000), "currency": "KRW"}
        address = {"email": f"staff{number}@demo.example", "native_name": name.native}
        rows.append(
            Worker(edition=edition, code=f"ST{number:02}", name=f"{name.given} {name.family}".strip(), **address, **agreed)
        )
    Worker.objects.bulk_create(rows)
    for skill, count in zip(skills, (count for *_names, count in SKILLS), strict=True):
        chosen = rows[:4] + rng.sample(rows[4:], count - 4) if skill.code == "FR" else rng.sample(rows, count)
        skill.workers.set(chosen)


def make_shifts(edition: Edition, skills: dict[str, Skill]) -> None:
    halls = {hall.code: hall for hall in Hall.objects.filter(edition=edition)}
    activities = {one.code: one for one in Activity.objects.filter(edition=edition)}
    rows = []
    for day in (DAYS[0] - dt.timedelta(days=1), *DAYS):
        for code, name, name_ko, name_fr, hall, activity, hour, hours, skill, needed in SET_UP if day < DAYS[0] else SHIFTS:
            starts_at = dt.datetime.combine(day, dt.time(hour), ZONE)
            facts = {"hall": halls.get(hall), "skill": skills.get(skill), "activity": activities[activity], "needed": needed}
            names = {"name": name, "name_ko": name_ko, "name_fr": name_fr}
            ends_at = starts_at + dt.timedelta(hours=hours)
            rows.append(Shift(edition=edition, code=f"{code}-{day:%d}", starts_at=starts_at, ends_at=ends_at, **facts, **names))
    Shift.objects.bulk_create(rows)


def hold_shifts(rng: random.Random, edition: Edition) -> None:
    """As a first roster gives it, with some places still open, and one worker who has too little rest."""
    problem = roster_of(edition).problem()
    pairs = sorted(greedy(problem, {work.id: work.needed for work in problem.works}))
    kept = rng.sample(pairs, round(len(pairs) * LISTED[Stage(edition.stage)]))
    asked_at = dt.datetime(2025, 5, 8, 11, 0, tzinfo=ZONE)
    Duty.objects.bulk_create([Duty(shift_id=shift, worker_id=hand, at=asked_at) for shift, hand in sorted(kept)])
    tired = Worker.objects.filter(edition=edition, duties__shift__code=f"PROJ-B-{DAYS[0]:%d}").order_by("pk").first()
    early = Shift.objects.filter(edition=edition, code=f"OFFICE-{DAYS[1]:%d}").first()
    if tired and early and edition.stage != Stage.AFTER:
        Duty.objects.filter(shift=early).delete()
        Duty.objects.get_or_create(shift=early, worker=tired, defaults={"at": asked_at})
