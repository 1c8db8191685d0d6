"""Texts in three languages, and sellers who try to gain by how they write."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

from madang.kernels.matching import MatchingError, bridge, fold, index, lexicon, own_words, tokens, visible

KO = "제주 해녀 할머니와 손녀가 바다에서 겪는 이야기, 따뜻한 가족 드라마"
EN = "A haenyeo grandmother and her granddaughter by the sea in Jeju: a warm family drama"
FR = "Une grand-mère haenyeo et la petite à Jeju, drame familial chaleureux au bord de la mer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Été à Séoul, 1979", ["ete", "seoul"]),
        ("서울의 봄", ["서울", "울의", "봄"]),
        ("王様と私", ["王様", "様と", "と私"]),
        ("K-pop 아이돌!", ["pop", "아이", "이돌"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_fold_and_what_is_visible() -> None:
    assert fold("ÉTÉ Straße Œuvre 서울") == "ete strasse oeuvre 서울"
    written = "a\u200bb <b>bold</b><!-- x --><span style='color:white'>hidden</span><script>y</script>"
    assert visible(written).split() == ["ab", "bold"]


def test_three_languages_name_the_same_concepts() -> None:
    common = {"jeju", "haenyeo", "grandparents", "sea", "light-hearted", "family", "drama"}
    for text in (KO, EN, FR):
        assert common <= lexicon().found(text)


@pytest.mark.parametrize(
    ("text", "concept", "named"),
    [
        ("왕이 돌아왔다", "royalty", True),
        ("왕복 열차", "royalty", False),
        ("로맨틱 코미디의 여왕", "romantic comedy", True),
        ("세컨드 월드 워: Second World Wars", "second world war", False),
        ("the Second World War", "second world war", True),
        ("une histoire vraie", "true story", True),
        ("청춘로맨스", "romance", True),
        ("an actionable plan", "action", False),
    ],
)
def test_concepts_by_words_stems_and_phrases(text: str, concept: str, named: bool) -> None:
    assert (concept in lexicon().found(text)) is named


def test_the_lexicon_is_whole() -> None:
    text = files("madang.kernels.matching").joinpath("data/concepts.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) >= 300
    assert [name for name, count in Counter(row["concept"] for row in rows).items() if count > 1] == []
    for row in rows:
        for language in ("en", "ko", "fr"):
            for entry in row[language].split("|"):
                assert row["concept"] in lexicon().found(entry.removesuffix("*")), (row["concept"], entry)


def test_concepts_have_one_name_in_each_language() -> None:
    for language in ("en", "ko", "fr"):
        names = [lexicon().name(concept, language) for concept in lexicon().names]
        assert [name for name, count in Counter(map(str.casefold, names)).items() if count > 1] == []
        assert [name for name in names if not name or set(name) & set(",;/·|&+\n")] == []  # lists in a cell are parted by these
    assert (lexicon().name("dark", "ko"), lexicon().name("dark", "fr"), lexicon().name("?", "fr")) == ("어두움", "sombre", "?")


def test_korean_words_are_found_with_their_particles() -> None:
    found = index(["감동을 주는 이야기", "감독의 이야기", "a story"])
    scores = found.scores(["감동"])[0]
    assert (scores > 0).tolist() == [True, False, False]


SUBJECTS = ("바다와 해녀", "우주와 로봇", "왕과 궁궐", "요리와 식당", "축구와 소년", "귀신과 무당", "재벌과 복수", "병원과 의사")
ENGLISH = (
    "sea diver women",
    "outer space robots",
    "king and palace",
    "cooking restaurant",
    "football boys",
    "ghost shaman",
    "rich heirs revenge",
    "hospital doctors",
)


def parallel() -> tuple[list[str], list[str]]:
    """Pairs of subjects, so that each text has another that shares half of it."""
    pairs = [(a, b) for a in range(8) for b in range(8) if a != b]
    return [f"{SUBJECTS[a]} 그리고 {SUBJECTS[b]}" for a, b in pairs], [f"{ENGLISH[a]} with {ENGLISH[b]}" for a, b in pairs]


def test_a_bridge_finds_what_it_never_saw() -> None:
    korean, english = parallel()
    held = list(range(0, len(korean), 4))
    rest = [n for n in range(len(korean)) if n not in held]
    learned = bridge([korean[n] for n in rest], [english[n] for n in rest])
    scores = learned.scores([korean[n] for n in held], [english[n] for n in held])
    assert (np.abs(scores) <= 1 + 1e-5).all()
    ranks = [(row > row[n]).sum() for n, row in enumerate(scores)]
    assert sum(rank < 3 for rank in ranks) == len(held)
    with pytest.raises(MatchingError, match="as many"):
        bridge(korean, english[:3])


QUERY = "a detective investigates a murder on an island"
OTHERS = [
    "A detective returns to the island of her childhood to investigate a murder.",
    "Two cooks open a restaurant by the harbour and fall in love.",
    "A football coach leads a village team of boys to the final.",
    "A robot learns to dance with an old musician in the city.",
]
HONEST = "A retired cook opens a small restaurant on an island and finds a friend."


def rank_of(text: str) -> float:
    """The share of the best score that a text reaches beside the others."""
    scores = index([*OTHERS, text]).scores([QUERY])[0]
    return float(scores[-1] / scores[0])


@pytest.mark.parametrize(
    "trick",
    [
        " island" * 200,
        " <span style='color:#fff;font-size:0'>detective murder investigates</span>",
        " <div hidden>detective murder</div><!-- detective murder investigates -->",
        " is\u200bland \u2060isl\u00adand" * 20,
    ],
)
def test_stuffing_and_hiding_gain_nothing(trick: str) -> None:
    assert rank_of(HONEST + trick) <= rank_of(HONEST) * 1.001


def test_naming_every_concept_gains_nothing() -> None:
    wanted = lexicon().matrix([QUERY])
    all_of_them = HONEST + " " + " ".join(lexicon().names)
    texts = lexicon().matrix([OTHERS[0], HONEST, all_of_them])
    near, honest, stuffed = (wanted @ texts.T).toarray()[0].tolist()
    assert stuffed < honest < near


def test_anothers_text_gains_nothing() -> None:
    texts = [*OTHERS, HONEST + " " + OTHERS[0]]
    kept = own_words(texts, ["a", "b", "c", "d", "e"])
    plain = own_words([*OTHERS, HONEST], ["a", "b", "c", "d", "e"])
    assert kept == plain
    assert own_words([OTHERS[0], OTHERS[0]], ["a", "a"])[1] == own_words([OTHERS[0]])[0]
