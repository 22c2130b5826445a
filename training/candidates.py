"""The estimators that cross-validation chooses from, and how one is fitted one-vs-rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

__all__ = ["GRID", "Candidate", "Linear", "log_count_ratios"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The mean of two balanced logistic regressions, one pair a topic.

    One is fitted to the TF-IDF rows, the other to rows in which each term is scaled by how unevenly
    it stands in articles with and without the topic (NBSVM: Wang & Manning 2012, "Baselines and
    bigrams", section 2.3). They err differently; both are linear in the terms, and so is their mean.

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
        return f"logistic + NB-weighted logistic C={self.C:g}"

    def estimator(self, seed: int) -> LogisticRegression:
        """Return the unfitted scikit-learn estimator of one topic."""
        return LogisticRegression(
            C=self.C,
            class_weight="balanced",
            solver="liblinear",
            dual=True,
            tol=0.01,  # margins agree with those of the default to a thousandth, in two thirds of the time
            max_iter=1000,
            random_state=seed,
        )

    def fit(self, rows: csr_matrix, targets: NDArray[np.bool_], seed: int) -> Linear:
        """Fit one pair of estimators a topic.

        A topic that all or none of the articles have gets a constant margin: there is nothing to learn.
        """
        weights = np.zeros((rows.shape[1], targets.shape[1]))
        intercepts = np.zeros(targets.shape[1])
        for k in range(targets.shape[1]):
            wanted = targets[:, k]
            if wanted.all() or not wanted.any():
                intercepts[k] = _CERTAIN if wanted.any() else -_CERTAIN
                continue
            ratios = log_count_ratios(rows, wanted)
            plain = self.estimator(seed).fit(rows, wanted)
            scaled = self.estimator(seed).fit(csr_matrix(rows @ diags_array(ratios)), wanted)
            weights[:, k] = (plain.coef_[0] + ratios * scaled.coef_[0]) / 2
            intercepts[k] = (plain.intercept_[0] + scaled.intercept_[0]) / 2
        return Linear(weights, intercepts)


def log_count_ratios(rows: csr_matrix, wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how unevenly each term stands in two classes, as a scale of root mean square 1.

    The size of the naive Bayes log-count ratio of Wang & Manning 2012, on TF-IDF values; 0 for a term
    that no row has.

    Parameters
    ----------
    rows : csr_matrix, shape (n_articles, n_terms)
    wanted : array, shape (n_articles,)
        Which articles have the topic: some, not all.
    """
    within, without = rows.T @ wanted.astype(np.float64), rows.T @ (~wanted).astype(np.float64)
    seen = (within + without) > 0
    within, without = within[seen] + _SMOOTHING, without[seen] + _SMOOTHING
    size = np.abs(np.log(within / within.sum()) - np.log(without / without.sum()))
    ratios = np.zeros(rows.shape[1])
    ratios[seen] = size / max(float(np.sqrt(np.mean(size**2))), np.finfo(float).tiny)
    return ratios


@dataclass(frozen=True)
class Linear:
    """Fitted weights, shape (n_terms, n_topics), and intercepts, shape (n_topics,)."""

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        """Return uncalibrated scores, shape (n_rows, n_topics)."""
        return np.asarray(rows @ self.weights + self.intercepts)


_CERTAIN = 10.0
_SMOOTHING = 0.1  # a tenth of one article's TF-IDF value, not Laplace's whole count: values are below 1
GRID: Sequence[Candidate] = tuple(Candidate(C) for C in (4.0, 16.0, 64.0))
