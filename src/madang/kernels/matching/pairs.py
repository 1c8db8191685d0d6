"""Which title fits which mandate: parts that add up to log-odds, from what both sides say of themselves.

    market = offered(offers)                       # titles, made ready once
    found = market.evidence(wishes)                # PARTS x wishes x titles, each about -1 to 1
    odds = learned(rows, answers)                  # prior, or what answers taught
    odds.chances(found, title_answers, buyer_answers)   # probabilities with a 90 % interval
    odds.shares(found)                             # what each part adds; with `base` they are the log-odds

What a seller writes is read as `prose` says, so that saying it oftener, as a list, hidden, or in another's words gains nothing;
of ticked tones and audiences it counts which share of them was asked for, less what ticking blindly would give.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np
from scipy.sparse import csr_array

from .arrays import Doubles, Floats, Ints, Sparse
from .concepts import LANGUAGES, lexicon
from .prose import about, language_of, named, spoken, telling, unstuffed
from .taste import BEYOND, nearby, pulls
from .texts import Bridge, Index, asked_tokens, bridge, index, own_words
from .words import tokens

PARTS = ("genre", "story", "words", "tone", "audience", "first_time", "taste")
"""What speaks for a pair or against it, in the order of every table here."""
COMMON = 6
"""So many owners who say the same passage: it is a phrase of the trade and nobody's."""
TAKEN = 6
"""Words in a row that make a passage."""
FEWEST_BRIDGED, MOST_BRIDGED = 20, 1500
"""Pairs of texts that teach a bridge: it takes their number cubed."""
GENRES = (
    "drama", "thriller", "crime", "comedy", "romance", "fantasy", "horror", "history", "family", "factual", "music", "other",
)  # fmt: skip
NEAR: Mapping[frozenset[str], float] = {
    frozenset(pair.split()): much
    for much, pairs in {
        0.6: ("thriller crime",),
        0.4: ("thriller horror", "drama romance", "drama history", "comedy romance", "fantasy family"),
        0.3: ("drama crime", "drama thriller", "comedy family", "fantasy horror", "history factual", "drama family"),
        0.2: ("fantasy romance", "music factual", "music family", "drama comedy"),
    }.items()
    for pair in pairs
}
"""How near two genres are for who buys them: what is shelved side by side. Others are 0 apart from themselves, 1."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A title. `owner`: whose words its texts are; earlier offers wrote first. Tones, themes and audiences are concepts.

    `minutes` and `asks` (an amount in `currency`) are 0 where nothing is stated.
    """

    owner: str
    texts: Sequence[str] = ()
    genre: str = ""
    format: str = ""
    tones: Collection[str] = ()
    themes: Collection[str] = ()
    audiences: Collection[str] = ()
    first_work: bool = False
    minutes: int = 0
    asks: float = 0.0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A title that a buyer was for (`much` above 0) or against, in one respect: "" (all), "genre", "tone", "audience", "format",
    "longer" and "shorter" (as long, as short as it, or more so) or "dearer".

    `title`: its place in the market, or in `of`, titles that are not in it (`Offered.beside`).
    """

    title: int
    much: float
    respect: str = ""
    of: Offered | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A mandate; "" and empty sets ask for nothing. `signs`: what its buyer was for and against before."""

    text: str
    genre: str = ""
    tones: Collection[str] = ()
    audiences: Collection[str] = ()
    first_time: bool = False
    signs: Sequence[Sign] = ()


@dataclass(frozen=True, eq=False)
class Offered:
    """Titles made ready. Immutable: make it anew when titles change (about 1 ms a title).

    `said`: language to the titles' own words in it; `places`: which titles say something in it; `concepts` (T x concepts) rows of
    length 1; `rare`: how much a concept tells in this catalogue.
    """

    offers: tuple[Offer, ...]
    said: Mapping[str, list[str]] = field(repr=False)
    concepts: Sparse = field(repr=False)
    rare: Mapping[str, float] = field(repr=False)

    def evidence(self, wishes: Sequence[Wish], only: Sequence[int] | None = None) -> Floats:
        """PARTS x wishes x titles; `only`: these titles, in this order."""
        kept = np.arange(len(self.offers)) if only is None else np.asarray(only, np.int64)
        found = np.zeros((len(PARTS), len(wishes), len(kept)), np.float32)
        if not found.size:
            return found
        found[0] = _genres([wish.genre for wish in wishes]) @ self._near[kept].T
        found[1] = _product(self._asked(wishes), self.concepts[kept])
        found[2] = self._words(wishes, kept)
        found[3] = _product(_ticked([wish.tones for wish in wishes], "tone"), self._tones[kept])
        found[4] = _product(_ticked([wish.audiences for wish in wishes], "audience"), self._audiences[kept])
        found[5] = np.outer([wish.first_time for wish in wishes], [self.offers[n].first_work for n in kept])
        found[6] = self._tastes(wishes)[:, kept]
        return found

    def named(self, title: int) -> frozenset[str]:
        """All concepts that a title is said to be about, by its own words and by what was ticked."""
        offer = self.offers[title]
        return frozenset((*self._told(title), *offer.tones, *offer.themes, *offer.audiences))

    def beside(self, offers: Sequence[Offer]) -> Offered:
        """Titles that are not in this market, such as those of an earlier edition, measured by what is rare here."""
        told = [spoken(offer.texts) for offer in offers]
        concepts = [_named_by(offer, list(text.values())) for offer, text in zip(offers, told, strict=True)]
        return Offered(tuple(offers), {}, _rows([sorted(one) for one in concepts], self.rare), self.rare)

    def alike(self, titles: Sequence[int], respect: str = "", of: Offered | None = None) -> Floats:
        """How alike each title is to some of them, or of `of` (n x T), in that respect, 0 to 1; "" for all respects together."""
        from_, places = of or self, list(titles)
        if respect in BEYOND:
            return BEYOND[respect]([from_.offers[n] for n in places], self.offers)
        if respect == "format":
            return self._same_format(from_, places)
        if respect == "tone":
            return _cosines(from_._shown_tones[places], self._shown_tones)
        if respect == "audience":
            return _cosines(from_._shown_audiences[places], self._shown_audiences)
        story = _product(from_.concepts[places], self.concepts)
        genre = np.asarray(_genres([from_.offers[n].genre for n in places]) @ self._near.T, np.float32)
        if respect == "genre":
            return np.asarray(0.5 * genre + 0.5 * story, np.float32)
        rest = 0.2 * _cosines(from_._shown_tones[places], self._shown_tones) + 0.1 * self._same_format(from_, places)
        return np.asarray(0.3 * genre + 0.4 * story + rest, np.float32)

    def pulls(self, signs: Sequence[Sign]) -> Floats:
        """What each sign adds to the taste of each title (n x T), as `taste` says."""
        near = np.zeros((len(signs), len(self.offers)), np.float32)
        for respect, of in dict.fromkeys((sign.respect, sign.of) for sign in signs):
            places = [n for n, sign in enumerate(signs) if sign.respect == respect and sign.of is of]
            near[places] = nearby(self.alike([signs[n].title for n in places], respect, of))
        return pulls(near, [sign.much for sign in signs])

    def _same_format(self, of: Offered, titles: Sequence[int]) -> Floats:
        asked = np.array([of.offers[n].format for n in titles], object)
        return np.asarray(asked[:, None] == np.array([offer.format for offer in self.offers], object)[None, :], np.float32)

    def factors(self, wishes: Sequence[Wish], weights: Doubles) -> tuple[Floats, Floats]:
        """(wishes x d, titles x d): their product is the weighted sum of the parts that are products (all but words and taste).

        For `top` over all pairs; `weights` by PARTS.
        """
        much = np.sqrt(weights.astype(np.float32))
        first = np.array([[wish.first_time] for wish in wishes], np.float32)
        works = np.array([[offer.first_work] for offer in self.offers], np.float32)
        asked = (_genres([wish.genre for wish in wishes]), self._asked(wishes).toarray())
        ticked = (
            _ticked([w.tones for w in wishes], "tone").toarray(),
            _ticked([w.audiences for w in wishes], "audience").toarray(),
        )
        left = (*asked, *ticked, first)
        right = (self._near, self.concepts.toarray(), self._tones, self._audiences, works)
        scale = (much[0], much[1], much[3], much[4], much[5])
        wide = [np.concatenate([one * by for one, by in zip(side, scale, strict=True)], axis=1) for side in (left, right)]
        return np.asarray(wide[0], np.float32), np.asarray(wide[1], np.float32)

    def shared(self, wish: Wish, title: int) -> dict[str, list[str]]:
        """What agrees, for words about it: concepts by part, words of the wish that the title says too."""
        offer = self.offers[title]
        known = set(self._told(title))
        told_here = set(self.said.get(language_of(wish.text), [""] * len(self.offers))[title].split())
        both = [word for word in dict.fromkeys(telling(wish.text)) if (cut := tokens(word)) and set(cut) <= told_here]
        return {
            "story": sorted(known & _wished(wish), key=lambda name: (-self.rare.get(name, 0.0), name)),
            "words": sorted(both, key=lambda word: (-len(word), word)),
            "tone": sorted(set(wish.tones) & set(self._told_tones[title])),
            "audience": sorted(set(wish.audiences) & set(self._told_audiences[title])),
            "genre": [offer.genre] if offer.genre else [],
        }

    @cached_property
    def _near(self) -> Floats:
        near = [[nearness(offer.genre, genre) for genre in GENRES] for offer in self.offers]
        return np.array(near, np.float32).reshape(len(near), len(GENRES))

    @cached_property
    def _told_tones(self) -> list[Collection[str]]:
        return [offer.tones or self._named(n, "tone") for n, offer in enumerate(self.offers)]

    @cached_property
    def _told_audiences(self) -> list[Collection[str]]:
        return [offer.audiences or self._named(n, "audience") for n, offer in enumerate(self.offers)]

    def _told(self, title: int) -> list[str]:
        """The concepts of a title's texts and themes."""
        start, end = self.concepts.indptr[title : title + 2]
        return [lexicon().names[n] for n in self.concepts.indices[start:end]]

    def _named(self, title: int, kind: str) -> list[str]:
        return [name for name in self._told(title) if lexicon().kinds[name] == kind]

    @cached_property
    def _shown_tones(self) -> Sparse:
        return _ticked(self._told_tones, "tone")

    @cached_property
    def _shown_audiences(self) -> Sparse:
        return _ticked(self._told_audiences, "audience")

    @cached_property
    def _tones(self) -> Sparse:
        return _beyond_chance(self._shown_tones)

    @cached_property
    def _audiences(self) -> Sparse:
        return _beyond_chance(self._shown_audiences)

    @cached_property
    def _ready(self) -> dict[str, tuple[Index, Floats]]:
        """For each language that was asked for an index, and the most that each of its tokens weighs."""
        return {}

    @cached_property
    def _bridges(self) -> dict[tuple[str, str], Bridge | None]:
        return {}

    def _asked(self, wishes: Sequence[Wish]) -> Sparse:
        return _rows([sorted(_wished(wish)) for wish in wishes], self.rare)

    def _words(self, wishes: Sequence[Wish], kept: Ints) -> Floats:
        """The share of a wish's words that a title says, in its own language or across a bridge; the rare ones count more."""
        found = np.zeros((len(wishes), len(kept)), np.float32)
        spoken_by = [language_of(wish.text) for wish in wishes]
        for language in dict.fromkeys(spoken_by):
            rows = [n for n, one in enumerate(spoken_by) if one == language]
            texts = [" ".join(telling(wishes[n].text)) for n in rows]
            found[rows] = self._said_of(texts, language, kept)
            lacks = [n for n, place in enumerate(kept) if not self.said[language][place]]
            for other in (one for one in LANGUAGES if one != language and lacks):
                theirs = [self.said[other][place] for place in kept[lacks]]
                if any(theirs) and (across := self._bridge(language, other)) is not None:
                    there = np.ix_(rows, lacks)
                    found[there] = np.maximum(found[there], across.scores(texts, theirs))
        return found

    def _said_of(self, texts: Sequence[str], language: str, kept: Ints) -> Floats:
        if language not in self._ready:
            made = index(self.said[language])
            self._ready[language] = made, np.asarray(made.weights.max(axis=0).todense(), np.float32).ravel()
        ready, most = self._ready[language]
        could = [
            sum(float(most[ready.places[one]]) for one in sorted(asked_tokens(text)) if one in ready.places) for text in texts
        ]
        usual = float(np.median(most)) or 1.0
        scores = replace(ready, weights=ready.weights[kept]).scores(texts)
        return np.asarray(scores / (np.array(could, np.float32)[:, None] + usual), np.float32)

    def _bridge(self, source: str, target: str) -> Bridge | None:
        """Learned from the titles that speak both; None where fewer than twenty do."""
        if (source, target) not in self._bridges:
            both = [pair for pair in zip(self.said[source], self.said[target], strict=True) if all(pair)][:MOST_BRIDGED]
            learned = bridge([one for one, _ in both], [other for _, other in both]) if len(both) >= FEWEST_BRIDGED else None
            self._bridges[source, target] = learned
        return self._bridges[source, target]

    def _tastes(self, wishes: Sequence[Wish]) -> Floats:
        """The pulls of each wish's signs together, between -1 and 1."""
        found = np.zeros((len(wishes), len(self.offers)), np.float32)
        for row, wish in zip(found, wishes, strict=True):
            if wish.signs:
                row += self.pulls(wish.signs).sum(axis=0)
        return np.clip(found, -1, 1)


def offered(offers: Sequence[Offer]) -> Offered:
    """Make titles ready: read their prose, take out what was another's first."""
    by = [spoken(offer.texts) for offer in offers]
    owners = [offer.owner for offer in offers]
    own = {
        one: own_words([text.get(one, "") for text in by], owners, cut=unstuffed, passage=TAKEN, common=COMMON)
        for one in LANGUAGES
    }
    concepts = [_named_by(offer, [own[one][n] for one in LANGUAGES]) for n, offer in enumerate(offers)]
    rare = {
        name: math.log(1 + len(offers) / (1 + count)) for name, count in Counter(name for one in concepts for name in one).items()
    }
    said = {one: [" ".join(dict.fromkeys(tokens(text))) for text in texts] for one, texts in own.items()}
    return Offered(tuple(offers), said, _rows([sorted(one) for one in concepts], rare), rare)


def nearness(one: str, other: str) -> float:
    """How near two genres are, 0 to 1; nothing is near to what is not said."""
    if not one or not other:
        return 0.0
    return 1.0 if one == other else NEAR.get(frozenset((one, other)), 0.0)


def _named_by(offer: Offer, texts: Sequence[str]) -> set[str]:
    """Concepts of a title: of its own sentences and of its themes."""
    known = lexicon()
    found = set(offer.themes) & set(known.names)
    for text in texts:
        found |= named(text)
    return {name for name in found if known.kinds[name] != "format"}


def _wished(wish: Wish) -> set[str]:
    kinds = lexicon().kinds
    return {name for name in about(wish.text) if kinds[name] != "format"}


def _genres(asked: Sequence[str]) -> Floats:
    return np.array([[genre == one for one in GENRES] for genre in asked], np.float32).reshape(len(asked), len(GENRES))


def _rows(named: Sequence[Sequence[str]], rare: Mapping[str, float]) -> Sparse:
    """Concepts as rows of length 1, the rare ones heavier; what the catalogue never names counts as its rarest."""
    names = {name: n for n, name in enumerate(lexicon().names)}
    usual = max(rare.values(), default=1.0)
    row, column, weight = [], [], []
    for n, one in enumerate(named):
        much = [rare.get(name, usual) for name in one]
        long = math.sqrt(sum(each**2 for each in much)) or 1.0
        row += [n] * len(one)
        column += [names[name] for name in one]
        weight += [each / long for each in much]
    return csr_array((np.array(weight, np.float32), (row, column)), shape=(len(named), len(names)))


def _ticked(chosen: Sequence[Collection[str]], kind: str) -> Sparse:
    """Ones for the concepts of a kind that were chosen."""
    names = _of_kind(kind)
    pairs = [(n, names[name]) for n, one in enumerate(chosen) for name in sorted(set(one)) if name in names]
    row, column = [n for n, _ in pairs], [m for _, m in pairs]
    return csr_array((np.ones(len(pairs), np.float32), (row, column)), shape=(len(chosen), len(names)))


@cache
def _of_kind(kind: str) -> dict[str, int]:
    return {name: n for n, name in enumerate(lexicon().of_kind(kind))}


def _beyond_chance(shown: Sparse) -> Floats:
    """Shares of what a title shows, less those of a title that shows everything: ticking all gains nothing."""
    full = np.asarray(shown.toarray(), np.float32)
    count = full.sum(axis=1, keepdims=True)
    return np.asarray(np.where(count > 0, full / np.maximum(count, 1) - 1 / full.shape[1], 0), np.float32)


def _cosines(some: Sparse, shown: Sparse) -> Floats:
    much, all_ = (np.asarray(one.sum(axis=1)).ravel() for one in (some, shown))
    long = np.sqrt(np.maximum(much, 1)[:, None] * np.maximum(all_, 1)[None, :])
    return np.asarray(_product(some, shown) / long, np.float32)


def _product(left: Sparse, right: Sparse | Floats) -> Floats:
    found = left @ right.T
    return np.asarray(found if isinstance(found, np.ndarray) else found.toarray(), np.float32)
