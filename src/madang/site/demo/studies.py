"""Studies, lotteries and benefits of the demo. Every count and candidate is made up, and says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import random
from decimal import Decimal

from madang.accounts.models import User
from madang.kernels.impact import commitment, draw
from madang.markets.models import Edition, LogEntry
from madang.outcomes.models import Benefit, BenefitKind, Lot, Lottery, MonthlyCount, StudiedTitle, Study
from madang.outcomes.queries.studies import registration_of, showcase_titles
from madang.site.demo.sizes import ZONE

DONORS = 90
LIFT = 1.75
"""What the demo's earlier showcase brought its titles, on average; the study does not know."""
SOURCE = "Made up for this demo; not the views of any real title"
BENEFITS = [
    ("Licences signed at the market", BenefitKind.LICENCES, "KRW", (600, 900, 1400), ("0.1", "0.35", "0.7"),
     "Values confirmed by both sides; share: what people answer"),
    ("Two series shot in Busan", BenefitKind.PRODUCTION, "KRW", (300, 800, 1500), ("0", "0.2", "0.5"),
     "Busan's film office, estimate"),
    ("What visitors from abroad spent", BenefitKind.VISITORS, "KRW", (900, 1100, 1300), ("0.6", "0.8", "0.95"),
     "Nights of participants from abroad, by the tourist office's day rates"),
]  # fmt: skip
MILLION = Decimal(1_000_000)


def make_study(rng: random.Random, edition: Edition, organiser: User, *, first: dt.date, last: dt.date, lift: float) -> Study:
    """Nine titles and ninety donors, with counts of each month from `first` to `last`."""
    event = edition.starts_on.replace(day=1)
    study = Study.objects.create(
        edition=edition, code=f"showcase-{event.year}", name=f"Showcase {event.year}: page views",
        name_ko=f"쇼케이스 {event.year}: 페이지 조회수", name_fr=f"Vitrine {event.year} : pages vues",
        measure="Page views in online encyclopedias", source=SOURCE, event=event, months_before=12, months_after=12,
        way={"skip": 1, "nearest": 10},
    )  # fmt: skip
    shown = [
        StudiedTitle(study=study, code=title.code, name=title.name or "To be announced", title=title)
        for title in showcase_titles(edition)[:9]
    ]
    donors = [
        StudiedTitle(study=study, code=f"X{n:02}", name=f"Fictional series {n}", is_donor=True) for n in range(1, DONORS + 1)
    ]
    titles = StudiedTitle.objects.bulk_create([*shown, *donors])
    MonthlyCount.objects.bulk_create(
        (row for title in titles for row in counts(rng, title, event, first, last, lift)), batch_size=2000
    )
    return study


def counts(
    rng: random.Random, title: StudiedTitle, event: dt.date, first: dt.date, last: dt.date, lift: float
) -> list[MonthlyCount]:
    """A level, a slow drift, chance from month to month; what was shown rises by about `lift` after the event."""
    level, drift = math.exp(rng.gauss(7.2, 0.8)), rng.gauss(-0.006, 0.012)
    gain = 1.0 if title.is_donor else lift * math.exp(rng.gauss(0, 0.35))
    rows, number = [], first.year * 12 + first.month - 1
    while number <= last.year * 12 + last.month - 1:
        month = dt.date(number // 12, number % 12 + 1, 1)
        wave = 1 + 0.15 * math.sin(month.month / 12 * 2 * math.pi)
        step = number - (first.year * 12 + first.month - 1)
        mean = level * wave * math.exp(drift * step + rng.gauss(0, 0.18)) * (gain if month > event else 1.0)
        rows.append(MonthlyCount(title=title, month=month, count=round(mean)))
        number += 1
    return rows


def register(study: Study, organiser: User, at: dt.datetime) -> None:
    """As the organiser did it on that day."""
    study.registered_at, study.registered_by = at, organiser
    study.digest = registration_of(study).digest
    study.save()
    LogEntry.objects.create(
        edition=study.edition, at=at, actor=organiser, verb="register_study", subject=study.code, details={"digest": study.digest}
    )


def make_lottery(rng: random.Random, edition: Edition, organiser: User, *, is_counted: bool) -> Lottery:
    """Four last places of the pitches among fourteen projects, drawn in April."""
    year = edition.starts_on.year
    seed = hashlib.sha256(f"the demo's lottery of {year}".encode()).hexdigest()
    closed = dt.datetime(year, 4, 15, 10, tzinfo=ZONE)
    drawn = closed + dt.timedelta(days=7)
    lottery = Lottery.objects.create(
        edition=edition, code=f"pitch-{year}", name="The last four places of the pitches", name_ko="피칭 마지막 네 자리",
        name_fr="Les quatre dernières places des pitchs", places=4, seed=seed, commitment=commitment(seed), closed_at=closed,
        drawn_at=drawn, drawn_by=organiser,
    )  # fmt: skip
    codes = [f"PROJECT-{n:02}" for n in range(1, 15)]
    ranked = draw(codes, 4, seed).ranked
    rows = []
    for place, code in enumerate(ranked, 1):
        outcome = Decimal(rng.randint(1, 6) + (4 if place <= 4 else 0)) if is_counted and rng.random() < 0.9 else None
        facts = {"place": place, "is_drawn": place <= 4, "outcome": outcome, "at": closed - dt.timedelta(days=9)}
        rows.append(Lot(lottery=lottery, code=code, name=f"Fictional project {code[-2:]}", **facts))
    Lot.objects.bulk_create(rows)
    LogEntry.objects.create(
        edition=edition, at=drawn, actor=organiser, verb="draw_lottery", subject=lottery.code, details={"seed": seed}
    )
    return lottery


def make_benefits(edition: Edition) -> None:
    """Three benefits, low to high."""
    Benefit.objects.bulk_create(
        Benefit(
            edition=edition, name=name, kind=kind, currency=currency, source=source,
            **dict(zip(("low", "central", "high"), (MILLION * end for end in ends), strict=True)),
            **dict(zip(("share_low", "share_central", "share_high"), map(Decimal, shares), strict=True)),
        )
        for name, kind, currency, ends, shares, source in BENEFITS
    )  # fmt: skip


def make_evidence(rng: random.Random, edition: Edition, earlier: Edition | None, organiser: User, now: dt.datetime) -> None:
    """As far as `now` knows: a study written down, registered on 28 April, counted; a lottery; benefits once all is over."""
    registered = dt.datetime(2025, 4, 28, 11, tzinfo=ZONE)
    last = min(dt.date(2025, 5, 1), now.date().replace(day=1))
    study = make_study(rng, edition, organiser, first=dt.date(2024, 5, 1), last=last, lift=1.0)
    if now > registered:
        register(study, organiser, registered)
        make_lottery(rng, edition, organiser, is_counted=False)
    if earlier is not None:
        old = make_study(rng, earlier, organiser, first=dt.date(2022, 3, 1), last=dt.date(2025, 5, 1), lift=LIFT)
        register(old, organiser, registered.replace(year=2024))
        make_lottery(rng, earlier, organiser, is_counted=True)
        make_benefits(edition)
