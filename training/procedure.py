"""The whole fitting procedure as one step, so that an outer cross-validation can judge all of it.

Everything that is chosen (the candidate, calibration, thresholds) is chosen by inner folds of the
articles it is given; it never sees others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tagger.bundle import Calibration
from training.calibration import platt, probabilities
from training.candidates import GRID, Candidate, Linear
from training.folds import split
from training.precision import Promise, promise
from training.thresholds import best_f1, scut_fbr
from training.weighting import Weighting

__all__ = ["ENOUGH", "Fitted", "Procedure"]

ENOUGH = 10
"""Articles with a topic from which on a user's own labels decide its threshold and calibration alone."""


@dataclass(frozen=True)
class Fitted:
    """What the procedure makes of some labelled articles.

    Attributes
    ----------
    candidate : Candidate
        The one chosen.
    weighting : Weighting
    linear : Linear
    calibration : list of Calibration, one a topic
    thresholds : array, shape (n_topics,)
        On probabilities.
    promises : mapping
        Column of a topic with a precision target -> what its inner folds show; its threshold is the promise's.
    """

    candidate: Candidate
    weighting: Weighting
    linear: Linear
    calibration: list[Calibration]
    thresholds: NDArray[np.float64]
    promises: Mapping[int, Promise] = field(default_factory=dict)

    def scores(self, counts: csr_matrix) -> NDArray[np.float64]:
        """Return probabilities, shape (n_articles, n_topics)."""
        return probabilities(self.linear.margins(self.weighting.transform(counts)), self.calibration)


@dataclass(frozen=True)
class Procedure:
    """How a model is made from counts and targets.

    Parameters
    ----------
    weighting : Weighting
        Unfitted.
    n_inner : int
        Inner folds, at least 2.
    seed : int
    grid : sequence of Candidate
    precision : mapping
        Column of a topic -> the precision it must have; other topics get the threshold of best F1.
    """

    weighting: Weighting
    n_inner: int = 5
    seed: int = 0
    grid: Sequence[Candidate] = GRID
    precision: Mapping[int, float] = field(default_factory=dict)

    def fit(
        self, counts: csr_matrix, targets: NDArray[np.bool_], groups: NDArray[np.int64], n_own: int | None = None
    ) -> Fitted:
        """Choose by inner folds, then fit on all of the given articles.

        Parameters
        ----------
        counts : csr_matrix, shape (n_articles, n_terms)
        targets : array, shape (n_articles, n_topics)
        groups : array, shape (n_articles,)
        n_own : int, optional
            The first so many articles are of the kind that will be tagged, the others only help to learn:
            for each topic of which there are `ENOUGH` own articles, these alone decide.
        """
        margins = {c: np.zeros(targets.shape) for c in self.grid}
        for train, test in split(targets, groups, self.n_inner, self.seed):
            weighting = self._weighting().fit(counts[train])
            rows, held_out = weighting.transform(counts[train]), weighting.transform(counts[test])
            for candidate, out in margins.items():
                out[test] = candidate.fit(rows, targets[train], self.seed).margins(held_out)
        deciding = [_deciding(targets[:, k], n_own) for k in range(targets.shape[1])]
        chosen = max(self.grid, key=lambda c: _macro_best_f1(targets, margins[c], deciding))
        out = margins[chosen]
        calibration = [platt(targets[own, k], out[own, k]) for k, own in enumerate(deciding)]
        scores = probabilities(out, calibration)
        thresholds = np.array([scut_fbr(targets[own, k], scores[own, k], self.seed) for k, own in enumerate(deciding)])
        promises = {}
        for k, target in self.precision.items():
            own = deciding[k]
            promises[k] = promise(targets[own, k], scores[own, k], target, groups[own], thresholds[k])
            thresholds[k] = promises[k].threshold
        weighting = self._weighting().fit(counts)
        linear = chosen.fit(weighting.transform(counts), targets, self.seed)
        return Fitted(chosen, weighting, linear, calibration, thresholds, promises)

    def _weighting(self) -> Weighting:
        return Weighting(**self.weighting.get_params())


def _deciding(wanted: NDArray[np.bool_], n_own: int | None) -> slice:
    return slice(n_own) if wanted[:n_own].sum() >= ENOUGH else slice(None)


def _macro_best_f1(targets: NDArray[np.bool_], margins: NDArray[np.float64], deciding: Sequence[slice]) -> float:
    return float(np.mean([best_f1(targets[own, k], margins[own, k])[1] for k, own in enumerate(deciding)]))
