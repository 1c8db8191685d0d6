"""Ratings drawn from the model with known truth, and the same model solved the long way: dense matrices, nothing eliminated."""

from __future__ import annotations

import numpy as np

from madang.kernels.jury.severity import Problem, Rating


def ratings(entries, jurors, readers, seed, axes=("authorship",), quality=1.0, severity=0.7, noise=1.0):
    """A problem, and of each axis the true scores (as all jurors would give on average) and severities (beside their mean)."""
    chance, rows, truth = np.random.default_rng(seed), [], {}
    for axis in axes:
        good, hard = chance.normal(6, quality, entries), chance.normal(0, severity, jurors)
        for entry in range(entries):
            for juror in chance.choice(jurors, readers, replace=False).tolist():
                rows.append(Rating(entry, juror, axis, float(good[entry] - hard[juror] + chance.normal(0, noise))))
        truth[axis] = good - hard.mean(), hard - hard.mean()
    return Problem(tuple(rows), tuple(axes)), truth


def dense(problem: Problem, quality: float, severity: float):
    """Restricted log-likelihood (noise integrated out, up to a constant) and predicted qualities, by V = ZGZ' + I."""
    entries = list(dict.fromkeys(r.entry for r in problem.ratings))
    jurors = list(dict.fromkeys(r.juror for r in problem.ratings))
    score = np.array([r.score for r in problem.ratings])
    by_entry = np.array([[r.entry == e for e in entries] for r in problem.ratings], float)
    by_juror = np.array([[r.juror == j for j in jurors] for r in problem.ratings], float)
    spread = quality * by_entry @ by_entry.T + severity * by_juror @ by_juror.T + np.eye(len(score))
    ones = np.ones((len(score), 1))
    inverse = np.linalg.inv(spread)
    inner = ones.T @ inverse @ ones
    projection = inverse - inverse @ ones @ np.linalg.inv(inner) @ ones.T @ inverse
    rest, freedom = score @ projection @ score, len(score) - 1
    logged = -(np.linalg.slogdet(spread)[1] + np.linalg.slogdet(inner)[1] + freedom * np.log(rest)) / 2
    return logged, quality * by_entry.T @ projection @ score, rest / freedom, np.diag(projection), projection @ score
