"""Near-duplicates -> groups, so that wire copy and follow-ups never straddle folds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

__all__ = ["NEAR", "groups", "near_pairs"]

NEAR = 0.6
"""Cosine similarity of TF-IDF rows from which two articles count as the same story."""

_ROWS = 1000


def near_pairs(rows: csr_matrix, least: float = NEAR) -> NDArray[np.int64]:
    """Return the pairs of rows whose cosine similarity is at least `least`.

    Parameters
    ----------
    rows : csr_matrix, shape (n, n_terms)
        Unit-length TF-IDF rows.

    Returns
    -------
    array, shape (n_pairs, 2)
        Each pair once, the smaller row first.
    """
    found = [np.empty((0, 2), dtype=np.int64)]
    for start in range(0, rows.shape[0], _ROWS):  # in slices: the full product may not fit in memory
        product = (rows[start : start + _ROWS] @ rows.T).tocoo()
        near = (product.data >= least) & (product.row + start < product.col)
        found.append(np.column_stack([product.row[near] + start, product.col[near]]).astype(np.int64))
    return np.concatenate(found)


def groups(rows: csr_matrix, named: Sequence[str]) -> NDArray[np.int64]:
    """Return each article's group: chained near-duplicates and equal names are one group.

    Parameters
    ----------
    rows : csr_matrix, shape (n, n_terms)
        Unit-length TF-IDF rows.
    named : sequence of str, length n
        Group names given with the labels (``split_group``), ``""`` for none.
    """
    n = rows.shape[0]
    pairs = [near_pairs(rows)]
    first: dict[str, int] = {}
    for i, name in enumerate(named):
        if name and (j := first.setdefault(name, i)) != i:
            pairs.append(np.array([[j, i]]))
    edges = np.concatenate(pairs)
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
