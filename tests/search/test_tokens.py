"""Words of any script as tokens, and what somebody typed as a query: nothing of it is an operator."""

from __future__ import annotations

import pytest

from madang.search.tokens import Query, Term, name_tokens, query_of, runs, text_tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BTS의 봄, 2025", ["bts", "의", "봄", "2025"]),
        ("L’Été à Séoul", ["l", "ete", "a", "seoul"]),
        ("Łódź — Ærø", ["lodz", "aero"]),
        ("สวัสดีครับ", ["สวัสดีครับ"]),
        ("서울", ["서울"]),
        ("\U0001f3ac\u202e\x00", []),
        ("x" * 400, ["x" * 60]),
    ],
)
def test_words_are_folded_and_apart_where_the_script_changes(text, words):
    assert runs(text) == words


def test_korean_and_han_become_pairs_of_syllables():
    assert text_tokens(["서울의 봄", "七人の侍 Seoul"]) == "서울 울의 봄 七人 人の の侍 seoul"


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Seo Ha-neul", {"haneul", "seohaneul"}),
        ("오징어 게임", {"어게"}),
        ("J. J. Lee", {"jj"}),
        ("Van den Berg", {"vandenberg", "denberg"}),
    ],
)
def test_names_are_also_kept_without_spaces(name, also):
    assert also <= set(name_tokens([name]).split())


def test_a_query_is_its_words_the_last_may_be_unfinished():
    found = query_of("  Dark THRILL ")
    assert found == Query(
        ("dark", "thrill"),
        ((Term(("dark",), False), Term(("thrill",), True)), (Term(("darkthrill",), True),)),
    )


@pytest.mark.parametrize("typed", ["", "   ", "*", '"', '" OR "', "NEAR(", "-", "\x00", "\U0001f984 \u202e", "' ; --"])
def test_what_has_no_letters_asks_for_nothing(typed):
    assert all(word.isalpha() for word in query_of(typed).words)


def test_a_query_is_cut_to_eight_words():
    assert query_of(" ".join(str(n) for n in range(40))).words == tuple("01234567")
