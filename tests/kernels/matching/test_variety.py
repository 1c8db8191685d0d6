"""Lists with variety, what is unlike, and what sets a title apart."""

from __future__ import annotations

import numpy as np

from madang.kernels.matching import likeness, picture, picture_of, read, unlike, varied, without_names

ALIKE = np.array([[1, 0.9, 0, 0], [0.9, 1, 0, 0], [0, 0, 1, 0.5], [0, 0, 0.5, 1]], np.float32)


def test_varied_puts_off_what_is_like_the_first() -> None:
    scores = np.array([1.0, 0.95, 0.6, 0.5], np.float32)
    assert varied(scores, ALIKE, 4, 0.0) == [0, 1, 2, 3]
    assert varied(scores, ALIKE, 3, 0.5) == [0, 2, 1]
    assert varied(np.array([0.5, 0.5], np.float32), ALIKE[:2, :2], 5, 0.3) == [0, 1]
    assert varied(np.zeros(0, np.float32), np.zeros((0, 0), np.float32), 3) == []


def test_unlike_what_was_seen() -> None:
    assert unlike([0], ALIKE, 2) == [2, 3]
    assert unlike([2, 3], ALIKE, 9) == [0, 1]
    assert unlike([0, 1, 2, 3], ALIKE, 2) == []


def test_names_are_not_what_a_story_is_about() -> None:
    bare = without_names("In winter Kim Minsu meets Anna in Paris. The sea waits.")
    assert bare.split() == ["In", "winter", "meets", "in", ".", "The", "sea", "waits."]


def test_what_sets_a_title_apart_is_said_in_words() -> None:
    texts = [
        "A lighthouse keeper restores a violin. The violin sings at night, and the lighthouse answers.",
        "A detective hunts a killer in the city.",
        "A detective hunts a thief in the city at night.",
        "A lawyer hunts a killer in the city.",
    ]
    found = picture(texts, 0, np.array([1, 0.1, 0.3, 0.1], np.float32), 3)
    assert found.near[0][0] == 2
    assert found.shared == ("night",)
    assert {one.what for one in found.apart} >= {"lighthouse", "violin"}
    assert "classical music" in {one.what for one in found.concepts}
    assert "night" not in {one.what for one in found.apart}


def test_texts_that_were_read_before_give_the_same_picture() -> None:
    texts = ["A cook opens a restaurant by the sea.", "A cook closes a restaurant.", "어느 겨울, 병원에서 벌어지는 이야기"]
    said = [read(text) for text in texts]
    alike = likeness(said)
    assert picture_of(said, 0, alike[0]) == picture(texts, 0, alike[0])
    assert np.allclose(alike, alike.T)
    assert np.allclose(np.diag(alike), 1, atol=1e-6)
    assert alike[0, 1] > alike[0, 2] == 0


def test_a_text_that_says_nothing_is_like_nothing() -> None:
    assert likeness([read(""), read("A cook.")])[0].tolist() == [0, 0]
