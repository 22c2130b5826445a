"""Term counts -> TF-IDF rows, with document frequencies helped by a background archive.

scikit-learn's ``TfidfTransformer`` does the work; only its document frequencies are ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfTransformer

__all__ = ["Weighting"]


class Weighting(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Sublinear TF-IDF with L2 rows, ``idf = ln((1 + n) / (1 + df)) + 1``.

    Terms that stand neither in the training part nor in the background weigh nothing, so that
    rows are what ``TfidfVectorizer`` fitted on that part alone would make.

    Parameters
    ----------
    n_background : int
        Articles in the background archive.
    background : array, shape (n_terms,), optional
        Their document frequencies, in the order of the columns.
    """

    def __init__(self, n_background: int = 0, background: NDArray[np.float64] | None = None) -> None:
        self.n_background = n_background
        self.background = background

    def fit(self, counts: csr_matrix, y: Any = None) -> Weighting:
        """Learn inverse document frequencies from the training part's counts."""
        frequency = np.asarray((counts > 0).sum(axis=0), dtype=np.float64).ravel()
        if self.background is not None:
            frequency = frequency + self.background
        n_articles = counts.shape[0] + self.n_background
        self.transformer_ = TfidfTransformer(sublinear_tf=True)
        self.transformer_.idf_ = np.where(frequency > 0, np.log((1 + n_articles) / (1 + frequency)) + 1, 0.0)
        return self

    @property
    def idf_(self) -> NDArray[np.float64]:
        """Inverse document frequencies, 0 for terms that nothing is known of."""
        return np.asarray(self.transformer_.idf_)

    def transform(self, counts: csr_matrix) -> csr_matrix:
        """Return unit-length TF-IDF rows (rows without a known term stay empty)."""
        rows = self.transformer_.transform(counts)
        rows.sort_indices()  # liblinear fails on unsorted, memory-mapped rows
        return rows
