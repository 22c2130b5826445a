"""The estimators that cross-validation chooses from, and how one is fitted one-vs-rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

__all__ = ["GRID", "Candidate", "Linear"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A balanced logistic regression, one a topic.

    liblinear's dual coordinate descent (Hsieh et al. 2008) fits short, wide text data many times faster
    than scikit-learn's default solver.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty, above 0.
    """

    C: float

    @property
    def name(self) -> str:
        """What tables and runs call it."""
        return f"logistic C={self.C:g}"

    def estimator(self, seed: int) -> LogisticRegression:
        """Return the unfitted scikit-learn estimator of one topic."""
        return LogisticRegression(
            C=self.C, class_weight="balanced", solver="liblinear", dual=True, max_iter=1000, random_state=seed
        )

    def fit(self, rows: csr_matrix, targets: NDArray[np.bool_], seed: int) -> Linear:
        """Fit one estimator a topic.

        A topic that all or none of the articles have gets a constant margin: there is nothing to learn.
        """
        weights = np.zeros((rows.shape[1], targets.shape[1]))
        intercepts = np.zeros(targets.shape[1])
        for k in range(targets.shape[1]):
            wanted = targets[:, k]
            if wanted.all() or not wanted.any():
                intercepts[k] = _CERTAIN if wanted.any() else -_CERTAIN
                continue
            fitted = self.estimator(seed).fit(rows, wanted)
            weights[:, k] = fitted.coef_[0]
            intercepts[k] = fitted.intercept_[0]
        return Linear(weights, intercepts)


@dataclass(frozen=True)
class Linear:
    """Fitted weights, shape (n_terms, n_topics), and intercepts, shape (n_topics,)."""

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        """Return uncalibrated scores, shape (n_rows, n_topics)."""
        return np.asarray(rows @ self.weights + self.intercepts)


_CERTAIN = 10.0
GRID: Sequence[Candidate] = tuple(Candidate(C) for C in (1.0, 4.0, 16.0, 64.0))
