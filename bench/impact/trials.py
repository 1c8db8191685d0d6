"""One replication of each world: every way makes its interval, and the truth is held against it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import rivals
import worlds

from madang.kernels.impact import (
    Counts,
    Interval,
    Registration,
    Series,
    Study,
    cost_each,
    cv_prior,
    deal_clock,
    difference,
    draw,
    experiment,
    forecast,
    placebo_titles,
    pool,
    rate,
    uplift,
    wilson,
)
from madang.kernels.impact.uplift import usable

LIFTS = (1.0, 1.3, 2.0)
SEED = 20261001
"""Of the published table. The ways were settled on with another one."""
Facts = dict[str, list[float]]
Note = Callable[..., None]


@dataclass(frozen=True)
class Bar:
    """What must hold of a way: coverage from `low` to `high`, false alarms at most `alarms`. A naive way must not hold it."""

    low: float
    high: float
    alarms: float = 1.0
    naive: bool = False


@dataclass(frozen=True)
class World:
    """A name, what one replication notes, the bars by way, and whether it needs the shared data."""

    name: str
    once: Callable[[np.random.Generator, Note], None]
    bars: dict[str, Bar] = field(default_factory=dict)
    needs_data: bool = False


def chunk(name: str, index: int, size: int) -> dict[str, Facts]:
    """`size` replications of a world, noted by way and fact; the same for the same name and index."""
    generator = np.random.default_rng([SEED, zlib.crc32(name.encode()), index])
    world = next(world for world in WORLDS if world.name == name)
    noted: dict[str, Facts] = {}

    def note(way: str, found: tuple[float, float, float], truth: float, **shows: bool) -> None:
        facts = noted.setdefault(way, {})
        estimate, low, high = found
        for fact, value in {"error": estimate - truth, "inside": low <= truth <= high, "width": high - low, **shows}.items():
            facts.setdefault(fact, []).append(float(value))

    for _ in range(size):
        world.once(generator, note)
    return noted


def three(interval: Interval) -> tuple[float, float, float]:
    """As the rivals give it."""
    return interval.estimate, interval.low, interval.high


def uplift_ways(counts: Counts, registration: Registration) -> dict[str, tuple[float, float, float]]:
    """Every estimate of a showcase, in log units."""
    everybody, windows = replace(registration, nearest=0), usable(counts, registration)
    found, alike = uplift(counts, registration).log, uplift(counts, everybody).log
    placebo = placebo_titles(counts, registration, draws=200)
    return {
        KERNEL: three(found),
        "the same, all donors": three(alike),
        "the same, all donors, placebo interval": (alike.estimate, alike.estimate - placebo.high, alike.estimate - placebo.low),
        "before and after": rivals.pre_post(windows),
        "ratio of sums": rivals.ratio_of_sums(windows),
        "Poisson of sums": rivals.poisson_sums(windows),
    }


def uplift_once(make: Callable[..., tuple[Counts, Registration]], **how: object) -> Callable[[np.random.Generator, Note], None]:
    """One showcase at each lift."""

    def once(generator: np.random.Generator, note: Note) -> None:
        for lift in LIFTS:
            for way, found in uplift_ways(*make(generator, lift, **how)).items():
                note(way, found, np.log(lift), **{f"shows{lift:g}": found[1] > 0})

    return once


def funnel_once(buyers: int, p: float, icc: float) -> Callable[[np.random.Generator, Note], None]:
    """Deals a meeting at one edition."""

    def once(generator: np.random.Generator, note: Note) -> None:
        events, tried = worlds.meetings(generator, buyers, p, icc)
        note("Wilson on effective n", three(rate(events, tried).rate), p)
        note("Wilson, as if independent", three(wilson(events.sum() / tried.sum(), tried.sum())), p)
        note("Wald", rivals.wald(events, tried), p)
        note("Wald on buyers", rivals.wald_clustered(events, tried), p)
        note("bootstrap of buyers", rivals.bootstrap(events, tried, generator), p)

    return once


def editions_once(generator: np.random.Generator, note: Note) -> None:
    """Two editions with the same rate: is a difference seen?"""
    pairs = [worlds.meetings(generator, buyers, 0.15, 0.15) for buyers in (40, 25)]
    found = three(difference(rate(*pairs[0]), rate(*pairs[1])))
    note("Newcombe on effective n", found, 0.0, shows1=found[1] > 0)
    (p, low, high), (q, below, above) = (rivals.wald(*pair) for pair in pairs)
    half = np.hypot(high - low, above - below) / 2
    note("Wald", (p - q, p - q - half, p - q + half), 0.0, shows1=p - q - half > 0)


def forecast_once(generator: np.random.Generator, note: Note) -> None:
    """All series of an installation: each is forecast with the prior that all of them teach."""
    series = worlds.installation(generator)
    prior = cv_prior([Series.of(past) for past, _ in series])
    for past, truth in series[:4]:
        note("negative binomial, pooled CV", three(forecast(Series.of(past), prior=prior).count), truth)
        note("negative binomial, default CV", three(forecast(Series.of(past)).count), truth)
        note("Poisson", rivals.poisson_next(past), truth)
        note("t of the past", rivals.t_next(past), truth)
        note("last edition, Wald", rivals.last_year(past), truth)


def pool_once(number: int) -> Callable[[np.random.Generator, Note], None]:
    """A few editions with nine titles each, whose true effects differ (0.2 log units)."""

    def once(generator: np.random.Generator, note: Note) -> None:
        studies, truth = worlds.editions(generator, number, 0.2), float(np.log(1.5))
        note("Paule-Mandel, Hartung-Knapp", three(pool([Study(*one) for one in studies]).log), truth)
        note("DerSimonian-Laird, normal", rivals.dersimonian_laird(studies), truth)
        note("one effect for all, normal", rivals.fixed_effect(studies), truth)

    return once


def lottery_once(generator: np.random.Generator, note: Note) -> None:
    """Six of eighteen places by lot; log ratios with heavy tails; no effect on anybody, then a doubling."""
    for lift in LIFTS:
        names = [f"title-{index}" for index in range(18)]
        record = draw(names, 6, f"{generator.integers(2**62):020d}")
        values = dict(zip(names, 0.55 * generator.standard_t(4, 18) / np.sqrt(2), strict=True))
        for winner in record.winners:
            values[winner] += np.log(lift)
        found = experiment(record, values)
        for way, interval in (("Welch's t", found.difference), ("randomisation", found.randomised)):
            note(way, three(interval), np.log(lift), **{f"shows{lift:g}": interval.low > 0})


def clock_once(generator: np.random.Generator, note: Note) -> None:
    """Sixty meetings of different ages: which share has led to a deal within 12 months?"""
    months, happened, truth = worlds.deals_by_age(generator, 60)
    come = deal_clock(months, happened.tolist()).hands[2].come
    assert come is not None
    note("Kaplan-Meier, Wilson", three(come), truth)
    note("share of all so far", rivals.share_so_far(months, happened), truth)


def cost_once(generator: np.random.Generator, note: Note) -> None:
    """Cost a deal: deals from the rate by buyer, cost estimated from invoices so far (5 % standard error)."""
    events, tried = worlds.meetings(generator, 60, 0.15, 0.15)
    found, spent = rate(events, tried).rate, 100_000 * (1 + 0.05 * generator.normal())
    truth = 100_000 / (0.15 * tried.sum())
    cost = Interval(spent, spent * (1 - 0.05 * rivals.Z), spent * (1 + 0.05 * rivals.Z), 0.90)
    each = cost_each(cost, found.mapped(lambda share: share * tried.sum()))
    if each.low is None or each.central is None or each.high is None:
        return
    note("MOVER on effective n", (each.central, each.low, each.high), truth)
    half = rivals.Z * each.central / np.sqrt(events.sum())
    note("Wald, Poisson deals, known cost", (each.central, each.central - half, each.central + half), truth)


FAILS = Bar(0.88, 0.94, 0.07, naive=True)
KERNEL = "DiD of log ratios, 10 nearest donors, t"
DID = {KERNEL: Bar(0.88, 0.94, 0.07), "before and after": FAILS, "Poisson of sums": FAILS}
REAL = {way: bar for way, bar in DID.items() if way != "Poisson of sums"}
"""Ratings of films come one a viewer and few a month: there, counts nearly are Poisson."""
FUNNEL = {"Wilson on effective n": Bar(0.88, 0.93), "Wald": FAILS}
FORECAST = {"negative binomial, pooled CV": Bar(0.88, 0.93), "Poisson": FAILS, "last edition, Wald": FAILS}
WORLDS = [
    World("nine of 200 titles, made up, at random", uplift_once(worlds.showcase), DID),
    World("nine of 200 titles, made up, rising ones", uplift_once(worlds.showcase, rising=True), DID),
    World("the same at random, about one a month", uplift_once(worlds.showcase, typical=1), {KERNEL: DID[KERNEL]}),
    World("the same at random, a fifth of the months lost", uplift_once(worlds.showcase, gaps=0.2), {KERNEL: DID[KERNEL]}),
    World("nine real films, 12 ratings in the year before, at random", uplift_once(worlds.real_showcase), REAL, needs_data=True),
    World("the same, rising ones", uplift_once(worlds.real_showcase, rising=True), REAL, needs_data=True),
    World("the same, 6 ratings are enough", uplift_once(worlds.real_showcase, rising=True, least=6), needs_data=True),
    World("deals a meeting, 20 buyers, about 80 meetings", funnel_once(20, 0.15, 0.15), FUNNEL),
    World("deals a meeting, 100 buyers, about 400 meetings", funnel_once(100, 0.15, 0.15), FUNNEL),
    World("deals a meeting, 40 buyers, rare deals (5 %)", funnel_once(40, 0.05, 0.1), FUNNEL),
    World("two editions with the same rate", editions_once),
    World("the next edition's count, from 3 to 8", forecast_once, FORECAST),
    World("three editions pooled", pool_once(3)),
    World("six editions pooled", pool_once(6)),
    World("six of 18 places by lot", lottery_once),
    World("deals within 12 months, young meetings among them", clock_once),
    World("cost a deal", cost_once),
]
