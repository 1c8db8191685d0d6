"""Mandates against titles: parts that add up, three languages, sellers who press the ranking."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.kernels.matching import odds
from madang.kernels.matching.pairs import GENRES, PARTS, Offer, Offered, Sign, Wish, nearness, offered
from madang.kernels.matching.prose import language_of, sentences, spoken

WHO = [
    "a retired pilot",
    "a young diver",
    "a night nurse",
    "a piano tuner",
    "a school driver",
    "a map forger",
    "a baker",
    "a ghost",
]
WHERE = [
    "in a fishing port",
    "on a small island",
    "in a tower block",
    "at a courthouse",
    "in a mountain village",
    "on a night train",
]
WHAT = [
    "finds a letter that the dead wrote", "hides a bag of money for one night", "falls in love on the wrong day",
    "is elected by mistake", "hears what nobody else can hear", "is the only witness of a murder",
    "takes revenge on the family", "carries a forbidden book",
]  # fmt: skip
GENRE = {
    "murder": "crime", "love": "romance", "mistake": "comedy", "hear": "fantasy", "revenge": "thriller", "book": "history",
}  # fmt: skip


def story(n: int) -> str:
    who, where, what = WHO[n % len(WHO)], WHERE[n // 8 % len(WHERE)], WHAT[n * 5 % len(WHAT)]
    return f"{who.capitalize()} {where} {what}, and what begins as a favour to the town becomes the story of number {n}."


def catalogue(size: int = 48) -> list[Offer]:
    """Titles of as many owners; each text is its own."""
    texts = [story(n) for n in range(size)]
    genres = [next((genre for word, genre in GENRE.items() if word in text), "drama") for text in texts]
    return [
        Offer(str(n), (text,), genre, tones=("dark",) if n % 3 else ("hopeful",))
        for n, (text, genre) in enumerate(zip(texts, genres, strict=True))
    ]


WISHES = [
    Wish("A crime story about a murder and its witness on an island", "crime", frozenset({"dark"})),
    Wish("Love stories with a nurse or a baker", "romance"),
    Wish("A ghost story for the family", "fantasy", frozenset({"hopeful"})),
    Wish("Thriller about revenge in a village", "thriller", frozenset({"dark", "tense"})),
    Wish("Something about books and history", "history"),
    Wish("Comedies about politics", "comedy", frozenset({"light-hearted"})),
]


def scores(market: Offered, wishes: list[Wish] = WISHES) -> np.ndarray:
    return odds.prior().shares(market.evidence(wishes)).sum(axis=0)


# --- What agrees -------------------------------------------------------------------------------------------------------


def test_what_is_asked_for_comes_first() -> None:
    market = offered(catalogue())
    best = [market.offers[n] for n in scores(market).argmax(axis=1)]
    assert [one.genre for one in best] == ["crime", "romance", "fantasy", "thriller", "history", "comedy"]
    assert "murder" in best[0].texts[0]


@pytest.mark.parametrize(
    ("one", "other", "much"),
    [("crime", "crime", 1.0), ("crime", "thriller", 0.6), ("thriller", "crime", 0.6), ("crime", "family", 0.0), ("", "", 0.0)],
)
def test_genres_are_near_both_ways(one: str, other: str, much: float) -> None:
    assert nearness(one, other) == much
    market = offered([Offer("a", genre=one)])
    assert market.evidence([Wish("", other)])[0, 0, 0] == pytest.approx(much)


def test_nothing_said_is_nothing_for_or_against() -> None:
    market = offered([Offer("a"), Offer("b", ("A crime story of the sea.",), "crime")])
    assert not market.evidence([Wish("")]).any()
    assert not market.evidence(WISHES)[:, :, 0].any()
    assert offered([]).evidence(WISHES).shape == (len(PARTS), len(WISHES), 0)


def test_only_some_titles_in_the_order_asked() -> None:
    market = offered(catalogue())
    some = [5, 0, 17]
    assert np.allclose(market.evidence(WISHES, some), market.evidence(WISHES)[:, :, some])


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(WISHES),
    st.sets(st.sampled_from(["dark", "hopeful", "tense", "sad"])),
    st.sampled_from(["", *GENRES]),
    st.lists(
        st.tuples(st.integers(0, 47), st.floats(-2, 2), st.sampled_from(["", "genre", "tone", "format", "audience"])), max_size=4
    ),
)
def test_parts_add_up_to_the_log_odds_of_the_chance(wish, tones, genre, signs) -> None:  # type: ignore[no-untyped-def]  # Hypothesis
    asked = replace(wish, tones=frozenset(tones), genre=genre, signs=tuple(Sign(*one) for one in signs))
    parts = MARKET.evidence([asked])
    assert np.all(np.abs(parts) <= 1.001)
    known = odds.prior()
    found = known.chances(parts, np.zeros(1, np.int64), np.zeros(48, np.int64))
    log_odds = np.log(found.middle / (1 - found.middle))
    assert np.allclose(known.shares(parts).sum(axis=0) + known.base, log_odds, atol=1e-6)
    assert np.all((found.low < found.middle) & (found.middle < found.high))


MARKET = offered(catalogue())


def test_the_product_of_factors_is_the_sum_of_its_parts() -> None:
    """What `top` is given for all pairs of a large market."""
    weights = odds.prior().weights
    left, right = MARKET.factors(WISHES, weights)
    parts = odds.prior().shares(MARKET.evidence(WISHES))
    products = [n for n, part in enumerate(PARTS) if part not in ("words", "taste")]
    assert np.allclose(left @ right.T, parts[products].sum(axis=0), atol=1e-5)


# --- What a buyer was for and against ----------------------------------------------------------------------------------


def test_a_no_pulls_what_is_alike_down_in_that_respect() -> None:
    wish = Wish("Stories from everywhere")
    before = scores(MARKET, [wish])[0]
    refused = scores(MARKET, [replace(wish, signs=(Sign(0, -2.0, "tone"),))])[0]
    is_alike = np.array(["hopeful" in offer.tones for offer in MARKET.offers])
    assert np.all(refused[is_alike] < before[is_alike])
    assert np.array_equal(refused[~is_alike], before[~is_alike])
    liked = scores(MARKET, [replace(wish, signs=(Sign(0, 2.0, "tone"),))])[0]
    assert np.all(liked[is_alike] > before[is_alike])


def test_the_pulls_of_signs_are_the_taste() -> None:
    signs = (Sign(3, 1.0), Sign(7, -0.5, "genre"), Sign(9, 1.5, "format"))
    taste = MARKET.evidence([Wish("x", signs=signs)])[PARTS.index("taste"), 0]
    assert np.allclose(MARKET.pulls(signs).sum(axis=0), taste, atol=1e-6)


RESPECTS = ["", "genre", "tone", "format", "audience", "longer", "shorter", "dearer"]
SIGNS = st.builds(Sign, st.integers(0, 47), st.floats(-2, 2), st.sampled_from(RESPECTS))


@settings(max_examples=20, deadline=None)
@given(st.lists(SIGNS, max_size=5), SIGNS)
def test_a_sign_moves_the_taste_of_every_title_towards_its_side(signs: list[Sign], more: Sign) -> None:
    """And of a title as far away as titles usually are not at all; nothing goes beyond -1 or 1."""
    before, after = (MARKET.pulls(some).sum(axis=0) for some in (signs, [*signs, more]))
    assert np.all((after - before) * np.sign(more.much) >= -1e-6)
    assert np.all(np.abs(after) <= 1)
    assert np.all(
        after[MARKET.alike([more.title], more.respect)[0] == 0] == before[MARKET.alike([more.title], more.respect)[0] == 0]
    )


def test_the_same_said_thrice_leans_further_by_less_and_less() -> None:
    """A title that is wholly alike is leant to by 1/2, 2/3, 3/4."""
    leans = [float(MARKET.pulls([Sign(3, 1.0)] * n).sum(axis=0)[3]) for n in (0, 1, 2, 3)]
    assert leans == pytest.approx([0, 1 / 2, 2 / 3, 3 / 4], abs=1e-6)


def test_titles_of_an_earlier_market_count_as_if_they_were_here() -> None:
    earlier = MARKET.beside([MARKET.offers[4], MARKET.offers[9]])
    for respect in ("", "genre", "tone", "format", "audience"):
        here, there = MARKET.alike([4, 9], respect), MARKET.alike([0, 1], respect, earlier)
        assert np.allclose(here, there, atol=1e-6)
    assert np.allclose(MARKET.pulls([Sign(4, 1.0)]), MARKET.pulls([Sign(0, 1.0, of=earlier)]), atol=1e-6)


def test_longer_shorter_and_dearer_are_measured_by_numbers() -> None:
    facts = [(50, 100.0, "EUR"), (100, 400.0, "EUR"), (110, 400.0, "KRW"), (0, 0.0, "")]
    market = offered([Offer("a", minutes=minutes, asks=asks, currency=currency) for minutes, asks, currency in facts])
    assert market.alike([1], "longer").round(2).tolist() == [[0, 1, 1, 0]]
    assert market.alike([1], "shorter")[0] == pytest.approx([1, 1, 0.64, 0], abs=0.01)
    assert market.alike([1], "dearer").round(2).tolist() == [[0, 1, 0, 0]]
    assert market.alike([3], "longer").tolist() == market.alike([3], "dearer").tolist() == [[0, 0, 0, 0]]


def test_what_agrees_is_told() -> None:
    place = next(n for n, offer in enumerate(MARKET.offers) if "murder" in offer.texts[0])
    shared = MARKET.shared(WISHES[0], place)
    assert {"murder", "witness"} <= set(shared["words"])
    assert "murder" in shared["story"]
    assert shared["genre"] == ["crime"]
    assert shared["tone"] == [tone for tone in MARKET.offers[place].tones if tone == "dark"]


# --- Three languages ---------------------------------------------------------------------------------------------------

TEXTS = {
    "en": "The last ferry leaves the island, and the diver stays with her mother.",
    "fr": "Le dernier bac quitte l'île, et la plongeuse reste avec sa mère.",
    "ko": "마지막 배가 섬을 떠나고, 해녀는 어머니와 함께 남는다.",
}


@pytest.mark.parametrize("language", list(TEXTS))
def test_languages_of_texts(language: str) -> None:
    assert language_of(TEXTS[language]) == language
    assert sentences(TEXTS[language])


def test_texts_in_one_language_are_put_together() -> None:
    assert spoken([TEXTS["ko"], "", TEXTS["en"], TEXTS["ko"]]) == {"en": TEXTS["en"], "ko": TEXTS["ko"] + "\n" + TEXTS["ko"]}


# --- Sellers who press -------------------------------------------------------------------------------------------------

TOLERANCE = 0.02
"""Log-odds by which a trick may change a score: half a point of a chance in the middle."""
STUFFED = (
    "thriller crime murder detective revenge police romance love nurse baker ghost family history books island village witness"
    " comedy politics"
)


def gain(trick: Offer, wishes: list[Wish] = WISHES, at: int = 11) -> tuple[float, float]:
    """(the most that any wish's score rises, the mean rise of the rank) where one title is written in another way."""
    honest = catalogue()
    pressed = [*honest]
    pressed[at] = trick
    before, after = scores(offered(honest), wishes), scores(offered(pressed), wishes)
    ranks = [(table > table[:, [at]]).sum(axis=1).mean() for table in (before, after)]
    return float((after - before)[:, at].max()), float(ranks[0] - ranks[1])


def written(text: str, at: int = 11, **facts: object) -> Offer:
    return replace(catalogue()[at], texts=(text,), **facts)


OWN = story(11)
TRICKS = {
    "keywords after the text": f"{OWN} {STUFFED}",
    "keywords with commas": f"{OWN} {STUFFED.replace(' ', ', ')}",
    "keywords as sentences": f"{OWN} {STUFFED.replace(' ', '. ').capitalize()}.",
    "keywords before the text": f"{STUFFED}. {OWN}",
    "the same again": " ".join([story(11)] * 5),
    "one word again": f"{OWN} {'murder ' * 40}",
    "white on white": f"{OWN} <span style='color:#fff'>A crime story about a murder and its witness on an island.</span>",
    "hidden": f"{OWN} <div hidden>A thriller about the revenge of a nurse in a village.</div>",
    "comment": f"{OWN} <!-- a crime story about a murder and its witness on an island -->",
    "no width": story(11).replace(" ", " \u200b\u2060"),
    "no width inside words": f"{OWN} " + "\u200b".join(STUFFED),
    "keywords in Korean": f"{OWN} 스릴러 범죄 살인 형사 복수 경찰 로맨스 사랑 간호사 유령 가족 역사 책 섬 마을 목격자 정치",
    "no width in Korean": f"{OWN} " + "\u200b".join("스릴러 범죄 살인 형사 복수 경찰 로맨스 사랑 간호사 유령 가족"),
    "blank letters between Korean words": f"{OWN} " + "\u3164".join(("범죄", "살인", "형사", "복수", "사랑", "간호사", "유령")),
    "Korean in single letters": f"{OWN} " + unicodedata.normalize("NFD", "스릴러 범죄 살인 형사 복수 경찰 로맨스 사랑 간호사"),
    "Korean keywords with particles": f"{OWN} 살인이 범죄가 복수를 사랑은 간호사와 가족도 책을 섬에 마을을 목격자가",
    "Korean white on white": f"{OWN} <b style='color:#fff'>섬에서 일어난 살인 사건과 목격자에 관한 범죄 이야기이다.</b>",
    "letters that look alike": f"{OWN} " + STUFFED.translate(str.maketrans("eoac", "еоас")),  # Cyrillic
    "wide letters": f"{OWN} " + "".join(chr(ord(one) + 0xFEE0) if one > " " else one for one in STUFFED),
    "read from the right": f"{OWN} \u202e{STUFFED}\u202c",
    "other words for the same": f"{OWN} killing homicide slaying sleuth vengeance retribution passion spook kin isle hamlet",
    "keywords in three languages": f"{OWN} meurtre vengeance amour fantôme famille 살인 복수 사랑 murder revenge love ghost",
    "keywords with articles": f"{OWN} It has " + ", ".join(f"a {word}" for word in STUFFED.split()) + ".",
    "keywords joined": f"{OWN} " + " ".join(f"the {word} and" for word in STUFFED.split()),
    "of no size": f"{OWN} <font size=0>A crime story about a murder and its witness on an island.</font>",
    "hidden in hidden": f"{OWN} <div hidden><div>A crime story</div> about a murder and its witness on an island.</div>",
    "hidden and never closed": f"{OWN} <p style='display:none'>A crime story about a murder and its witness on an island.",
    "another's text": story(5),
    "another's text after its own": f"{OWN} {story(5)}",
    "others' texts": " ".join(story(n) for n in (3, 4, 5, 6)),
}


KOREAN = [
    Wish("섬에서 일어난 살인 사건과 목격자에 관한 범죄 이야기", "crime", frozenset({"dark"})),
    Wish("간호사나 제빵사가 나오는 사랑 이야기", "romance"),
    Wish("유령과 가족의 이야기", "fantasy"),
]


@pytest.mark.parametrize("wishes", [WISHES, KOREAN], ids=["English", "Korean"])
@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_pressing_gains_nothing(trick: str, wishes: list[Wish]) -> None:
    score, rank = gain(written(trick), wishes)
    assert score <= TOLERANCE
    assert rank <= 0.5


def test_ticking_everything_gains_nothing() -> None:
    every = (
        "dark",
        "hopeful",
        "tense",
        "sad",
        "light-hearted",
        "poetic",
        "nostalgic",
        "satire",
        "absurd",
        "violent",
        "bittersweet",
    )
    score, rank = gain(written(story(11), tones=every))
    assert rank <= 0.5
    assert score < odds.WEIGHTS["tone"] / 4


def test_saying_the_same_in_the_catalogues_phrases_is_nobodys() -> None:
    """What many owners say is taken from none of them."""
    phrase = "For viewers who like to guess, and to be wrong about the murder."
    market = offered([Offer(str(n), (phrase,)) for n in range(8)])
    assert len(set(market.said["en"])) == 1
    assert market.said["en"][0]


# --- Chances -----------------------------------------------------------------------------------------------------------


def made(rng: np.random.Generator, number: int, base: float, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = rng.random((number, len(PARTS))).astype(np.float32)
    chance = 1 / (1 + np.exp(-(base + rows @ weights)))
    return rows, (rng.random(number) < chance).astype(np.float32)


def test_a_prior_is_rough_and_wide() -> None:
    known = odds.prior()
    nothing, none = np.zeros((len(PARTS), 1, 1), np.float32), np.zeros(1, np.int64)
    found = known.chances(nothing, none, none)
    assert known.is_rough
    assert round(float(found.middle[0, 0]), 2) == 0.07
    assert (found.low[0, 0] < 0.02, found.high[0, 0] > 0.3) == (True, True)


def test_answers_move_the_prior_and_narrow_the_interval() -> None:
    rng = np.random.default_rng(1)
    truth = np.array([2.0, 0.5, 1.0, 0.8, 0.6, 0.5, 1.2])
    few, many = (odds.learned(*made(rng, n, -2.0, truth), np.zeros(n, np.float32)) for n in (10, 2000))
    assert (few.is_rough, many.is_rough, many.answers) == (True, False, 2000)
    assert np.all(np.diag(many.covariance) < np.diag(few.covariance))
    assert np.abs(many.weights - np.maximum(truth, 0.5 * odds.prior().weights)).max() < 0.5
    half, known = np.full((len(PARTS), 1, 1), 0.5, np.float32), np.full(1, 50)
    widths = [
        float((found.high - found.low)[0, 0]) for found in (one.chances(half, known, known) for one in (odds.prior(), few, many))
    ]
    assert widths == sorted(widths, reverse=True)


def test_no_weight_falls_below_half_of_its_prior() -> None:
    """More of what was asked for never speaks against a title, whatever a few answers say."""
    rows = np.eye(len(PARTS), dtype=np.float32)[[0] * 200 + [1] * 200]
    found = odds.learned(rows, np.array([0] * 200 + [1] * 200, np.float32), np.zeros(400, np.float32))
    assert found.weights[0] == pytest.approx(odds.LEAST * odds.WEIGHTS["genre"])
    assert found.weights[1] > odds.WEIGHTS["story"]


def test_chances_come_true_and_intervals_hold() -> None:
    """In a made market: of pairs in a bin as many say yes as was promised, and 90 % intervals hold the true chance."""
    rng = np.random.default_rng(3)
    truth = np.array([1.6, 1.4, 1.0, 0.8, 0.6, 0.5, 1.2]) * 0.9
    rows, answers = made(rng, 1500, -2.2, truth)
    known = odds.learned(rows, answers, np.zeros(1500, np.float32))
    fresh, came = made(rng, 4000, -2.2, truth)
    found = known.chances(fresh.T[:, None, :], np.full(1, 40), np.full(4000, 40))
    bins = np.digitize(found.middle[0], [0.2, 0.4, 0.6, 0.8])
    full = [one for one in range(5) if (bins == one).sum() > 200]
    errors = [abs(found.middle[0][bins == one].mean() - came[bins == one].mean()) for one in full]
    assert (len(full) >= 3, max(errors) < 0.06) == (True, True)
    true = 1 / (1 + np.exp(-(-2.2 + fresh @ truth)))
    held = ((found.low[0] <= true) & (true <= found.high[0])).mean()
    assert held > 0.9


def test_that_one_side_had_picked_the_other_is_told_apart() -> None:
    """Where those who were picked say yes nine times in ten, the chance of others rises, but not as far."""
    rows = np.zeros((300, len(PARTS)), np.float32)
    answers = (np.arange(300) % 10 > 0).astype(np.float32)
    picked = odds.learned(rows, answers, np.ones(300, np.float32))
    asked = odds.learned(rows, answers, np.zeros(300, np.float32))
    assert odds.BASE < picked.base < asked.base
    assert asked.base == pytest.approx(np.log(9), abs=0.3)
    assert picked.covariance[0, 0] > asked.covariance[0, 0]


def test_answers_without_their_rows_are_refused() -> None:
    with pytest.raises(odds.MatchingError, match="3 answers need as many rows"):
        odds.learned(np.zeros((2, len(PARTS)), np.float32), np.zeros(3, np.float32), np.zeros(3, np.float32))
