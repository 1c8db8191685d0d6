"""The past on real likes: bench/matching/past.py over the films of MovieLens that most people liked."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from kernels.timetable.problems import SHARED

RATINGS = SHARED / "ratings"
BENCH = Path(__file__).resolve().parents[3] / "bench" / "matching" / "past.py"


@pytest.fixture(scope="module")
def past() -> ModuleType:
    spec = importlib.util.spec_from_file_location("past", BENCH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["past"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not (RATINGS / "ratings.csv").is_file(), reason="the shared data folder is not on this machine")
def test_who_is_known_by_her_past_is_offered_what_she_came_to_like(past: ModuleType) -> None:
    """By time; the same wishes with and without what she liked before."""
    market, buyers = past.read(RATINGS, least=60)
    assert (len(market.offers), len(buyers)) == (124, 466)
    without, with_past = (float(np.mean(past.ndcg(market, buyers, past=known))) for known in (False, True))
    assert with_past > 1.1 * without
