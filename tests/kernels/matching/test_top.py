"""The best of all pairs equals sorting all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.kernels.matching import MatchingError, packed, passes, top


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 6), st.integers(1, 200), st.integers(1, 60), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 0.7, 1.0])
)
def test_equals_sorting_everything(buyers: int, titles: int, most: int, seed: int, share: float) -> None:
    draw = np.random.default_rng(seed)
    left = draw.integers(-2, 3, (buyers, 3)).astype(np.float32)
    right = draw.integers(-2, 3, (titles, 3)).astype(np.float32)
    gates = draw.random((buyers, titles)) < share
    found = top(left, right, packed(gates), most)
    scores = np.where(gates, left @ right.T, -np.inf)
    most = min(most, titles)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :most]
    expected = np.take_along_axis(scores, order, axis=1)
    assert np.array_equal(found.scores, expected)
    assert np.array_equal(found.items, np.where(np.isfinite(expected), order, -1))


@pytest.mark.parametrize(("buyers", "titles"), [(3, 9000), (2050, 20)])
def test_blocks_are_put_together(buyers: int, titles: int) -> None:
    draw = np.random.default_rng(2)
    left, right = (draw.integers(-3, 4, (count, 4)).astype(np.float32) for count in (buyers, titles))
    gates = draw.random((buyers, titles)) < 0.6
    found = top(left, right, packed(gates), 12)
    scores = np.where(gates, left @ right.T, -np.inf)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :12]
    expected = np.take_along_axis(scores, order, axis=1)
    assert np.array_equal(found.scores, expected)
    assert np.array_equal(found.items, np.where(np.isfinite(expected), order, -1))


def test_gates_from_properties() -> None:
    asked = np.array([[0b001], [0b101], [0]], np.uint8)
    offered = np.array([[0b001], [0b111], [0b100]], np.uint8)
    found = top(np.ones((3, 1), np.float32), np.array([[1], [2], [3]], np.float32), passes(asked, offered), 3)
    assert found.items.tolist() == [[1, 0, -1], [1, -1, -1], [2, 1, 0]]


def test_blocks_are_told_and_widths_must_fit() -> None:
    seen: list[tuple[int, int]] = []
    top(np.ones((5, 2), np.float32), np.ones((7, 2), np.float32), None, 2, lambda done, of: seen.append((done, of)))
    assert seen == [(5, 5)]
    with pytest.raises(MatchingError, match="2 factors and titles 3"):
        top(np.ones((5, 2), np.float32), np.ones((7, 3), np.float32))
