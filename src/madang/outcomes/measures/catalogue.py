"""The catalogue of measures: what each room of measures offers, by code."""

from __future__ import annotations

from madang.outcomes.measures import asked, deals, meetings, money, people, programme, rounds, showcase
from madang.outcomes.measures.face import Measure

ROOMS: tuple[tuple[Measure, ...], ...] = (
    people.MEASURES,
    asked.MEASURES,
    meetings.MEASURES,
    deals.MEASURES,
    programme.MEASURES,
    money.MEASURES,
    rounds.MEASURES,
    showcase.MEASURES,
)
"""MEASURES of each module beside this one, in the order of reports."""

CATALOGUE: dict[str, Measure] = {measure.code: measure for room in ROOMS for measure in room}
