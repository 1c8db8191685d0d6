"""Matches as pages show them: a picture of what adds up, whom to ask, what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse

from madang.kernels.matching import varied
from madang.mandates.models import Visibility
from madang.matching.forms import SayForm
from madang.matching.models import Feedback
from madang.matching.queries.faces import Gate, Match
from madang.matching.queries.readings import Reading
from madang.matching.queries.words import NAMES
from madang.people.models import Participant
from madang.people.queries import may_be_asked
from madang.people.rules import visible_participants

VARIETY = 0.3
"""How much a list gives up of its chances for not saying the same thing again."""
AMONG = 3
"""A list is chosen among so many times its length."""
MIDDLE, REACH, HIGH = 60.0, 58.0, 20
"""Of the picture of contributions: where zero is, how far bars go from there, the height of a row."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the picture. `x`, `width`, `y` in its units; `signed`: the share as it is written."""

    name: str
    words: str
    signed: str
    is_for: bool
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Card:
    """A match with all that its row shows. `low`..`high` and `chance` in percent; `ask`: where to ask for a meeting;
    `form`: what was wrongly said of it, as it was typed."""

    match: Match
    bars: tuple[Bar, ...]
    gates: tuple[tuple[str, Gate], ...]
    ask: str = ""
    said: Feedback | None = None
    form: SayForm | None = None

    @property
    def chance(self) -> int:
        return round(100 * self.match.chance)

    @property
    def low(self) -> int:
        return round(100 * self.match.low)

    @property
    def high(self) -> int:
        return round(100 * self.match.high)

    @property
    def width(self) -> int:
        """Of the interval."""
        return self.high - self.low

    @property
    def height(self) -> int:
        return HIGH * len(self.bars)


def diverse(reading: Reading, pairs: Sequence[int], most: int) -> list[int]:
    """The best of these pairs, so that titles that are much alike do not stand beside each other (MMR)."""
    if len(pairs) <= 1:
        return list(pairs)
    places = [reading.place(n) for n in pairs]
    alike = reading.catalogue.offered.alike(places)[:, places]
    chosen = varied(np.array([reading.score[n] for n in pairs], np.float32), alike, most, VARIETY)
    return [pairs[n] for n in chosen]


def cards_for_buyer(me: Participant, matches: Iterable[Match], said: Mapping[int, Feedback]) -> list[Card]:
    """Rows of titles; `said`: her feedback by title; two queries."""
    found = list(matches)
    ask = _sellers(me, {match.title.company_id for match in found if match.title.company_id})
    return [card_of(match, _ask(ask.get(match.title.company_id or 0), match), said.get(match.title.pk)) for match in found]


def cards_for_seller(me: Participant, matches: Iterable[Match], said: Mapping[int, Feedback]) -> list[Card]:
    """Rows of mandates; `said`: her feedback by mandate."""
    found = []
    for match in matches:
        buyer = match.mandate.buyer
        found.append(card_of(match, _ask(buyer if may_be_asked(me, buyer) else None, match), said.get(match.mandate.pk)))
    return found


def _sellers(me: Participant, companies: Iterable[int]) -> dict[int, Participant]:
    """Whom of each company to ask: the first who may be."""
    people = visible_participants(me.user or AnonymousUser(), me.edition).filter(company__in=list(companies))
    found: dict[int, Participant] = {}
    for person in people.filter(Q(is_seller=True) | Q(is_creator=True)).order_by("pk"):
        if person.company_id and may_be_asked(me, person):
            found.setdefault(person.company_id, person)
    return found


def _ask(person: Participant | None, match: Match) -> str:
    if person is None:
        return ""
    about = {"title": match.title.code}
    if match.mandate.visibility != Visibility.HIDDEN:  # nobody names a hidden one by a click
        about["mandate"] = match.mandate.code
    return reverse("meetings:ask", args=[person.edition.slug, person.code]) + "?" + urlencode(about)


def card_of(match: Match, ask: str = "", said: Feedback | None = None) -> Card:
    """A match as its row shows it."""
    return Card(match, bars_of(match), tuple((str(NAMES[gate.code]), gate) for gate in match.gates), ask, said)


def bars_of(match: Match) -> tuple[Bar, ...]:
    """The parts as bars from a line in the middle, to the right what speaks for the pair."""
    most = max((abs(part.share) for part in match.parts), default=1.0)
    return tuple(_bar(str(NAMES[part.code]), part.words, part.share, most, HIGH * n) for n, part in enumerate(match.parts))


def _bar(name: str, words: str, share: float, most: float, y: int) -> Bar:
    width = round(REACH * abs(share) / most, 1)
    signed = f"{share:+.2f}".replace("-", "\N{MINUS SIGN}")
    return Bar(name, words, signed, share > 0, MIDDLE if share > 0 else round(MIDDLE - width, 1), width, y)
