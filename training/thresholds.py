"""Per-topic thresholds from out-of-fold scores.

SCutFBR.1 (Yang 2001, "A study of thresholding strategies for text categorization"): the threshold
with the best F1; where even that is below `FBR`, the highest score, so that a topic nothing is known
of does not spray false tags. It is smoothed over bootstrap resamples and shrunk towards half the best
F1, which is where it lies for well calibrated scores (Lipton, Elkan & Naryanaswamy 2014): few
positives, more shrinking.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["FBR", "best_f1", "scut_fbr"]

FBR = 0.1
_RESAMPLES = 100
SHRINK = 5.0
"""The shrinking weighs as much as this many positive articles."""


def best_f1(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> tuple[float, float]:
    """Return the threshold with the best F1 and that F1.

    Parameters
    ----------
    truth : array, shape (n,)
    scores : array, shape (n,)

    Returns
    -------
    (float, float)
        The threshold lies midway between the last score taken and the next one; ``(inf, 0)`` without
        positives.
    """
    positives = int(truth.sum())
    if not positives:
        return float("inf"), 0.0
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(ranked) + 1) + positives)
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0  # equal scores cannot be parted
    last = int(f1.argmax())
    after = ranked[last + 1] if last + 1 < len(ranked) else ranked[last]
    return float((ranked[last] + after) / 2), float(f1[last])


def scut_fbr(truth: NDArray[np.bool_], scores: NDArray[np.float64], seed: int = 0) -> float:
    """Return a topic's threshold from out-of-fold probabilities, between 0 and 1."""
    if not truth.any():
        return 1.0  # nothing is known of it: not even the highest score of a constant may give it
    _, f1 = best_f1(truth, scores)
    if f1 < FBR:
        return min(1.0, float(np.nextafter(scores.max(), 1.0)))
    positives = float(truth.sum())
    return float((positives * _smoothed(truth, scores, seed) + SHRINK * f1 / 2) / (positives + SHRINK))


def _smoothed(truth: NDArray[np.bool_], scores: NDArray[np.float64], seed: int) -> float:
    """Return the best threshold's bootstrap mean plus one standard error.

    Near its top F1 is flat and the best threshold jumps about. Of thresholds that the sample cannot
    tell apart the higher one is taken (the one-standard-error rule of Breiman et al. 1984): a false tag
    costs a reader more trust than a missing one.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, hit = scores[order], truth[order].astype(np.float64)
    drawn = _resamples(len(hit), seed)
    hits, taken = np.cumsum(drawn * hit, axis=1), np.cumsum(drawn, axis=1)
    f1 = 2 * hits / np.maximum(taken + hits[:, -1:], 1.0)
    f1[:, :-1][:, ranked[:-1] == ranked[1:]] = -1.0  # equal scores cannot be parted
    last = f1.argmax(axis=1)
    midway = (ranked[last] + ranked[np.minimum(last + 1, len(ranked) - 1)]) / 2
    return float(midway.mean() + midway.std())


@lru_cache(maxsize=8)
def _resamples(n: int, seed: int) -> NDArray[np.int64]:
    """Return how often each of n articles is drawn in each resample, the same for every topic."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
