"""Severity out of scores: against published figures, the model solved the long way, and simulated juries whose truth is known."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from kernels.jury.simulated import dense, ratings
from scipy.stats import spearmanr

from madang.kernels.jury.severity import Problem, ProblemError, Rating, chances, check, difference, explain, solve
from madang.kernels.jury.severity.layout import layout_of
from madang.kernels.jury.severity.model import Model, surprises

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section D: four observers, twelve units; interval alpha 0.849.
UNITS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
# Shrout and Fleiss (1979), Intraclass correlations, table 2: six targets, four judges.
TARGETS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))


def shrout_and_fleiss():
    rows = [Rating(f"t{t}", f"j{j}", "a", score) for t, row in enumerate(TARGETS) for j, score in enumerate(row)]
    return Problem(tuple(rows), ("a",))


def test_alpha_is_the_published_one_with_abstentions_and_a_unit_read_once():
    rows = [Rating(u, o, "a", score) for o, row in enumerate(UNITS) for u, score in enumerate(row)]
    axis = solve(Problem(tuple(rows), ("a",))).axis("a")
    assert axis.agreement.alpha == pytest.approx(0.849, abs=0.0005)
    assert axis.agreement.low < 0.849 < axis.agreement.high
    assert [(j.juror, j.abstained) for j in sorted(axis.jurors, key=lambda j: j.juror)] == [(0, 3), (1, 1), (2, 2), (3, 1)]


def test_intraclass_correlations_are_the_published_ones():
    agreement = solve(shrout_and_fleiss()).axis("a").agreement
    assert agreement.single == pytest.approx(0.29, abs=0.005)
    assert agreement.consistency == pytest.approx(0.71, abs=0.005)
    assert agreement.average == pytest.approx(0.91, abs=0.005)
    assert agreement.readers == pytest.approx(4)


def test_a_balanced_jury_has_its_severities_at_the_differences_of_means():
    """Everybody read everything: places follow raw means, and severities their differences, held back a little."""
    axis = solve(shrout_and_fleiss()).axis("a")
    assert [s.raw for s in axis.scores] == [7.5, 6.5, 6.0, 4.75, 4.0, 3.0]
    means = np.array(TARGETS, float).mean(axis=0)
    for juror in axis.jurors:
        off = means.mean() - means[int(juror.juror[1])]
        assert juror.severity == pytest.approx(off, rel=0.12)
        assert juror.low < off < juror.high


@pytest.mark.parametrize("ratios", [(1.0, 0.5), (3.0, 0.01), (0.2, 4.0)])
def test_the_equations_agree_with_the_model_solved_the_long_way(ratios):
    problem, _ = ratings(14, 5, 3, seed=2)
    model = Model(layout_of(problem, "authorship"))
    fit, (_, qualities, noise, leftover, residuals) = model.fit(*ratios), dense(problem, *ratios)
    base, long_base = model.fit(1.0, 1.0).logged, dense(problem, 1.0, 1.0)[0]
    assert fit.logged - base == pytest.approx(dense(problem, *ratios)[0] - long_base)
    assert model.predicted(fit.effects[:, None], fit.weight[:, None])[:, 0] == pytest.approx(qualities)
    assert fit.rest / model.freedom == pytest.approx(noise)
    found, variances = surprises(model, fit)
    assert found == pytest.approx(residuals)
    assert variances == pytest.approx(noise * leftover)


def test_reml_is_at_the_top_of_the_long_way():
    problem, _ = ratings(20, 6, 3, seed=5)
    best = Model(layout_of(problem, "authorship")).reml()
    top = dense(problem, best.quality, best.severity)[0]
    around = [dense(problem, best.quality * a, best.severity * b)[0] for a in (0.9, 1, 1.1) for b in (0.9, 1, 1.1)]
    assert max(around) == pytest.approx(top, abs=1e-4)


def test_severity_is_found_and_fair_scores_beat_raw_means_where_jurors_are_severe():
    problem, truth = ratings(400, 20, 3, seed=1, severity=1.2)
    axis = solve(problem).axis("authorship")
    good, hard = truth["authorship"]
    assert np.corrcoef([j.severity for j in axis.jurors], [hard[j.juror] for j in axis.jurors])[0, 1] > 0.98
    assert (axis.quality, axis.severity, axis.noise) == pytest.approx((1.0, 1.2, 1.0), rel=0.25)
    fair = spearmanr([s.score for s in axis.scores], [good[s.entry] for s in axis.scores]).statistic
    raw = spearmanr([s.raw for s in axis.scores], [good[s.entry] for s in axis.scores]).statistic
    assert fair > raw + 0.1
    assert check(problem, solve(problem)) == []


def test_intervals_of_nine_in_ten_hold_the_truth_nine_times_in_ten():
    inside, severe, placed = [], [], []
    for seed in range(12):
        problem, truth = ratings(120, 12, 3, seed=seed)
        axis = solve(problem, seed=seed, draws=500).axis("authorship")
        good, hard = truth["authorship"]
        rank = {e: n for n, e in enumerate(np.argsort(-good).tolist(), start=1)}
        inside += [s.low <= good[s.entry] <= s.high for s in axis.scores]
        placed += [s.first <= rank[s.entry] <= s.last for s in axis.scores]
        severe += [j.low <= hard[j.juror] <= j.high for j in axis.jurors]
    assert 0.87 <= np.mean(inside) <= 0.93
    assert 0.87 <= np.mean(placed) <= 0.94
    assert 0.82 <= np.mean(severe) <= 0.97


def test_axes_are_never_mixed():
    problem, _ = ratings(40, 6, 3, seed=3, axes=("authorship", "audience"))
    both = solve(problem, seed=7)
    for name in problem.axes:
        alone = Problem(tuple(r for r in problem.ratings if r.axis == name), (name,))
        assert solve(alone, seed=7).axis(name) == both.axis(name)


def test_the_same_seed_gives_the_same_answer_and_points_may_be_moved_and_stretched():
    problem, _ = ratings(40, 6, 3, seed=4)
    axis = solve(problem, seed=1).axis("authorship")
    assert solve(problem, seed=1).axis("authorship") == axis
    moved = replace(problem, ratings=tuple(replace(r, score=10 * r.score - 30) for r in problem.ratings))
    other = solve(moved, seed=1).axis("authorship")
    assert [(s.entry, s.first, s.last) for s in other.scores] == [(s.entry, s.first, s.last) for s in axis.scores]
    assert [s.score for s in other.scores] == pytest.approx([10 * s.score - 30 for s in axis.scores], abs=1e-3)


def test_a_difference_is_noise_or_real():
    rows = [Rating(e, j, "a", s + 0.1 * ((e + j) % 3)) for e, s in ((1, 9.0), (2, 5.0), (3, 5.0), (4, 1.0)) for j in range(5)]
    axis = solve(Problem(tuple(rows), ("a",))).axis("a")
    assert difference(axis, 1, 4).code == "real"
    assert difference(axis, 1, 4).chance == 1.0
    close = difference(axis, 2, 3)
    assert (close.code, close.low <= 0 <= close.high) == ("noise", True)
    assert [s.band for s in axis.scores] == [0, 1, 1, 2]
    assert [(s.first, s.last) for s in axis.scores] == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert chances(axis, 1) == {1: 1.0, 2: 0.0, 3: 0.0, 4: 0.0}
    assert sum(chances(axis, 2).values()) == pytest.approx(2)
    with pytest.raises(KeyError):
        difference(axis, 1, 99)


def test_groups_that_nothing_links_are_told_and_not_compared():
    rows = [Rating(e, f"{'ab'[e // 4]}{j}", "a", float(3 * (e // 4) + e % 4 + j)) for e in range(8) for j in range(2)]
    axis = solve(Problem(tuple(rows), ("a",))).axis("a")
    assert [g.jurors for g in axis.groups] == [("a0", "a1"), ("b0", "b1")]
    assert [(s.entry, s.group, s.place) for s in axis.scores[:5]] == [(3, 0, 1), (2, 0, 2), (1, 0, 3), (0, 0, 4), (7, 1, 1)]
    assert difference(axis, 3, 7).code == "not_comparable"
    assert difference(axis, 3, 2).code in {"real", "noise"}
    assert check(Problem(tuple(rows), ("a",)), solve(Problem(tuple(rows), ("a",)))) == []


def test_an_erratic_juror_stands_out_and_is_not_merely_severe():
    problem, _ = ratings(80, 8, 4, seed=6, noise=0.5)
    chance = np.random.default_rng(0)
    wild = [replace(r, score=float(chance.normal(6, 2.5))) if r.juror == 3 else r for r in problem.ratings]
    axis = solve(Problem(tuple(wild), problem.axes)).axis("authorship")
    worst = max(axis.jurors, key=lambda j: j.surprise)
    assert (worst.juror, worst.infit > 1.5, worst.surprise > 3) == (3, True, True)
    assert max(j.infit for j in axis.jurors if j.juror != 3) < 1


def test_a_story_leads_from_the_raw_mean_to_the_fair_score():
    problem, _ = ratings(40, 6, 3, seed=8)
    result = solve(problem)
    axis = result.axis("authorship")
    story = explain(problem, result, "authorship", axis.scores[0].entry)
    given = [r.given for r in story.readings]
    assert np.mean(given) == pytest.approx(story.score.raw)
    assert story.corrected == pytest.approx(np.mean([r.given + r.severity for r in story.readings]))
    assert all(r.off == pytest.approx(r.corrected - story.score.score) for r in story.readings)
    assert story.score.score < story.corrected


@pytest.mark.parametrize(
    ("rows", "code", "raw"),
    [
        ([], "no_ratings", []),
        ([("e", "a", None)], "no_ratings", []),
        ([("e", "a", 5), ("f", "a", 7)], "one_reading", [7.0, 5.0]),
        ([("e", "a", 5), ("f", "b", 7)], "one_reading", [5.0, 7.0]),
        ([("e", "a", 5), ("e", "b", 5), ("f", "a", 5), ("f", "b", 5)], "constant", [5.0, 5.0]),
        ([("e", "a", 5), ("e", "b", 6)], "too_few", [5.5]),
        ([("e", "a", 5)], "constant", [5.0]),
    ],
)
def test_too_little_to_say_is_said(rows, code, raw):
    problem = Problem(tuple(Rating(e, j, "a", s) for e, j, s in rows), ("a", "silent"), entries=("e", "f", "unread"))
    result = solve(problem)
    axis = result.axis("a")
    assert axis.code == code
    assert [s.score for s in axis.scores] == raw
    assert {(s.low, s.high, s.error) for s in axis.scores} <= {(None, None, None)}
    assert "unread" in axis.unread
    assert (result.axis("silent").code, result.axis("silent").unread) == ("no_ratings", ("e", "f", "unread"))
    assert check(problem, result) == []
    assert chances(axis, 1) == {}
    if len(raw) == 2 and axis.scores[0].group == axis.scores[1].group:
        assert difference(axis, "e", "f").code == "not_known"


def test_scores_without_any_noise_give_places_without_doubt():
    rows = [Rating(e, j, "a", float(2 * e - j)) for e in range(6) for j in range(4)]
    axis = solve(Problem(tuple(rows), ("a",))).axis("a")
    assert [(s.entry, s.first, s.last) for s in axis.scores] == [(5 - n, n + 1, n + 1) for n in range(6)]
    assert [j.severity for j in axis.jurors] == pytest.approx([1.5, 0.5, -0.5, -1.5], abs=1e-2)


def test_a_juror_alone_in_her_group_has_no_severity():
    rows = [Rating(e, f"j{j}", "a", float(e + j + (e * j) % 3)) for e in range(6) for j in range(3)]
    alone = [Rating(f"x{n}", "solo", "a", float(n)) for n in range(4)]
    axis = solve(Problem((*rows, *alone), ("a",))).axis("a")
    solo = next(j for j in axis.jurors if j.juror == "solo")
    assert (solo.severity, solo.low, solo.infit, solo.group) == (None, None, None, 1)
    assert all(j.severity is not None for j in axis.jurors if j.juror != "solo")


@pytest.mark.parametrize(
    ("rows", "axes", "text"),
    [
        ([("e", "a", "x", 1.0), ("e", "a", "x", 2.0)], ("x",), "juror 'a' rated entry 'e' 2 times on 'x'"),
        ([("e", "a", "y", 1.0)], ("x",), "axis 'y' is not known"),
        ([], ("x", "x"), "axis 'x' is there 2 times"),
        ([("e", "a", "x", float("nan"))], ("x",), "a score that is no number"),
    ],
)
def test_senseless_ratings_are_refused_with_a_sentence(rows, axes, text):
    with pytest.raises(ProblemError, match=text):
        solve(Problem(tuple(Rating(*r) for r in rows), axes))


def test_the_referee_finds_untrue_claims():
    problem, _ = ratings(20, 5, 3, seed=9)
    result = solve(problem)
    axis = result.axes[0]
    first, second, *rest = axis.scores
    for scores, rule in (
        ((second, first, *rest), "order"),
        ((replace(first, raw=0.0), second, *rest), "raw"),
        ((replace(first, low=99.0), second, *rest), "interval"),
        ((replace(first, group=1), second, *rest), "group"),
        ((second, *rest), "entries"),
    ):
        broken = replace(result, axes=(replace(axis, scores=tuple(scores)),))
        assert rule in {v.rule for v in check(problem, broken)}
    assert [v.rule for v in check(replace(problem, axes=("audience",)), result)] == ["axes"]
    assert all(a.score >= b.score for a, b in pairwise(axis.scores))
