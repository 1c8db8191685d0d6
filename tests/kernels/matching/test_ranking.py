"""Scores, what they are made of, and how sure they are; all on made tastes."""

from __future__ import annotations

import numpy as np
import pytest
from kernels.matching.made import tastes

from madang.kernels.matching import Interactions, Model, Table, features, fit, histories, interactions
from madang.kernels.matching.budget import Budget
from madang.kernels.matching.calibration import curve, logistic
from madang.kernels.matching.content import left_out, likeness, mixed
from madang.kernels.matching.ease import inverted, products, weights
from madang.kernels.matching.measures import calibration_errors, coverage, gains, gini, recalls, tail_share


@pytest.fixture(scope="module")
def known() -> Interactions:
    return interactions(tastes()[0])


@pytest.fixture(scope="module")
def model(known: Interactions) -> Model:
    return fit(known, features(known.items, tastes()[1]), seconds=0.2)


def test_ease_is_the_minimum_of_its_equation(known: Interactions) -> None:
    x = (known.likes.toarray() - 0.3 * known.against.toarray())[:, :12]
    gram = products(known.likes[:, :12], known.against[:, :12]).of(0.3)
    assert np.allclose(gram, x.T @ x, atol=1e-3)
    content = np.corrcoef(np.random.default_rng(0).random((12, 30))).astype(np.float32)
    found = weights(gram, 5.0, content, 2.0)
    assert np.diag(found).tolist() == [0] * 12
    slope = (x.T @ x + 2 * content + 5 * np.eye(12)) @ found - (x.T @ x + 2 * content)
    assert np.allclose(slope - np.diag(np.diag(slope)), 0, atol=1e-2)  # free everywhere but on the diagonal


def test_an_inverse_that_single_precision_does_not_find() -> None:
    flat = np.ones((3, 3), np.float32)
    assert np.allclose(inverted(flat), np.full((3, 3), 1 / 9), atol=1e-5)


def test_leaving_one_out_in_closed_form(known: Interactions, model: Model) -> None:
    assert model.content is not None
    setting, about = model.content.setting, model.content.features
    taste = (known.likes[:5] @ model.tastes).astype(np.float64)
    middle = taste.mean(axis=1, keepdims=True)
    kernel = mixed(likeness(about, about), setting).astype(np.float64)
    for item in (0, 7):
        rest = np.delete(np.arange(len(known.items)), item)
        pulls = np.linalg.solve(kernel[np.ix_(rest, rest)] + setting.ridge * np.eye(len(rest)), (taste - middle)[:, rest].T)
        assert np.allclose(
            left_out(model.content.solved, taste.astype(np.float32))[:, item],
            middle[:, 0] + kernel[item, rest] @ pulls,
            atol=1e-3,
        )


def test_parts_add_up_to_the_score(known: Interactions, model: Model) -> None:
    scores = model.scores(known.likes, known.against)
    for user, item in ((0, 0), (3, 11), (50, 79)):
        reasons = model.reasons(known.likes, user, item, known.against)
        assert sum(reason.much for reason in reasons) == pytest.approx(float(scores[user, item]), abs=1e-4)
        assert [abs(reason.much) for reason in reasons] == sorted((abs(reason.much) for reason in reasons), reverse=True)


def test_what_she_refused_comes_last_for_her(known: Interactions, model: Model) -> None:
    scores, refused = model.scores(known.likes, known.against), known.against.toarray() > 0
    for user in range(5):
        assert scores[user, refused[user]].max() < scores[user, ~refused[user]].min()
    item = int(np.flatnonzero(refused[0])[0])
    reasons = model.reasons(known.likes, 0, item, known.against)
    assert (reasons[0].kind, reasons[0].what) == ("refused", known.items[item])
    assert sum(reason.much for reason in reasons) == pytest.approx(float(scores[0, item]), abs=1e-4)


def test_the_same_input_gives_the_same_answer_however_busy_the_machine(known: Interactions, model: Model) -> None:
    again = fit(known, features(known.items, tastes()[1]), seconds=0.2)
    assert again.setting == model.setting
    assert np.array_equal(again.weights, model.weights)
    little = Budget.of(1e-6)
    little.spend(10, 100)
    assert (little.is_spent, Budget.of(1).is_spent) == (True, False)


def test_a_new_title_goes_to_those_who_like_its_kind(known: Interactions, model: Model) -> None:
    new = Table(["a"])
    new.say("a", "genres", "animation|long")
    new.say("a", "title", "Nobody saw it (1999)")
    assert model.content is not None
    about = model.content.features.of(new)
    scores = model.new_scores(known.likes, about)[:, 0]
    groups = [float(scores[np.arange(len(known.users)) % 4 == group].mean()) for group in range(4)]
    assert int(np.argmax(groups)) == 2
    reasons = model.new_reasons(known.likes, 2, about, 0)
    assert sum(reason.much for reason in reasons) == pytest.approx(float(scores[2]), abs=1e-4)
    assert {reason.what for reason in reasons} == {"genres", "year", "together", "base"}


def test_a_new_buyer_is_scored_by_what_she_took(known: Interactions, model: Model) -> None:
    crime = [n for n in range(len(known.items)) if n % 4 == 0]
    history = histories([crime[:5]], len(known.items))
    rest = np.setdiff1d(np.arange(len(known.items)), crime[:5])
    scores = model.scores(history)[0]
    first = rest[np.argsort(-scores[rest])[:10]]
    assert (first % 4 == 0).sum() >= 8


def test_chances_are_wide_where_little_is_known(known: Interactions, model: Model) -> None:
    likes = known.likes[:3]
    scores = model.scores(likes)
    many = model.chances(scores, likes, np.full(len(known.items), 1000))
    none = model.chances(scores, likes, np.zeros(len(known.items), int))
    assert (many.low < many.middle).all()
    assert (many.middle < many.high).all()
    assert model.warm_curve is not None
    wide = model.warm_curve.spread(np.array([0, 5, 1000]))
    assert wide[0] == pytest.approx(model.warm_curve.few)
    assert abs(wide[2] - model.warm_curve.many) < abs(wide[1] - model.warm_curve.many) + 1e-9
    newcomer = model.chances(scores[:1], histories([[]], len(known.items)), np.full(len(known.items), 1000))
    gone = np.log(newcomer.high / (1 - newcomer.high)) - np.log(newcomer.low / (1 - newcomer.low))
    kept = np.log(many.high / (1 - many.high)) - np.log(many.low / (1 - many.low))
    assert gone.min() > kept.max()
    assert none.middle.shape == many.middle.shape


def test_a_model_of_almost_nothing() -> None:
    known = Interactions(("u",), ("i", "j"), histories([[0]], 2), histories([[]], 2))
    model = fit(known, None)
    assert model.scores(known.likes).shape == (1, 2)
    with pytest.raises(ValueError, match="without calibration"):
        model.chances(model.scores(known.likes), known.likes, model.known)


def test_promised_is_what_comes() -> None:
    draw = np.random.default_rng(1)
    scores = draw.gamma(1.0, 1.0, (300, 200)).astype(np.float32)
    chance = 1 / (1 + np.exp(4 - scores.astype(float)))
    happened = (draw.random(scores.shape) < chance).astype(np.float32)
    taken = np.full(300, 10)
    found = curve(scores, happened, taken, np.full(200, 50))
    again = (draw.random(scores.shape) < chance).astype(np.float64)
    error, off = calibration_errors(found.chances(scores, taken, np.full(200, 50)).middle.ravel(), again.ravel())
    assert off < 0.1
    assert error < 0.005
    assert found.many < 0.25  # titles here do not differ beyond chance


def test_few_outcomes_move_little() -> None:
    evidence = np.array([[1.0, 1.0], [1.0, -1.0]])
    assert abs(logistic(evidence, np.array([1.0, 0.0]))[1]) < 1
    drawn = logistic(evidence, np.array([1.0, 0.0]), np.array([0.0, 3.0]))
    assert drawn[1] == pytest.approx(3, abs=0.2)


def test_measures_by_hand() -> None:
    scores = np.array([[3, 2, 1, 0], [0, 1, 2, 3]], np.float32)
    wanted = np.array([[0, 1, 0, 1], [0, 0, 0, 0]], np.float32)
    d = 1 / np.log2([2, 3])
    assert gains(scores, wanted, 2).tolist() == [pytest.approx(d[1] / d.sum())]
    assert recalls(scores, wanted, 2).tolist() == [0.5]
    assert (coverage(np.array([0, 2, 1, 1])), gini(np.array([1, 1, 1])), gini(np.array([0, 0, 6]))) == (
        0.75,
        pytest.approx(0),
        pytest.approx(2 / 3),
    )
    assert tail_share(np.array([5, 3, 1, 1]), np.array([1, 1, 4, 4])) == 0.8
