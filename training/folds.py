"""Multi-label stratified folds that never split a group.

Stratification is Sechidis, Tsoumakas & Vlahavas 2011, as implemented by the iterative-stratification
package; it deals out whole groups, each with the union of its articles' tags.
"""

from __future__ import annotations

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold
from numpy.typing import NDArray

from tagger.errors import LabelsError

__all__ = ["Fold", "split"]

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Row numbers of the training part and of the test part."""


def split(targets: NDArray[np.bool_], groups: NDArray[np.int64], n_folds: int, seed: int) -> list[Fold]:
    """Deal articles out into folds.

    Parameters
    ----------
    targets : array, shape (n_articles, n_topics)
    groups : array, shape (n_articles,)
        Articles of one group land in one fold.
    n_folds : int
        At least 2.
    seed : int

    Raises
    ------
    LabelsError
        If there are fewer groups than folds.
    """
    names, member = np.unique(groups, return_inverse=True)
    if len(names) < n_folds:
        raise LabelsError(
            f"{len(targets)} articles in {len(names)} groups of near-duplicates are too few for {n_folds} folds",
            "Label more articles, or ask for fewer --folds.",
        )
    union = np.zeros((len(names), targets.shape[1] + 1), dtype=np.int64)
    np.maximum.at(union, member, np.column_stack([targets, ~targets.any(axis=1)]).astype(np.int64))
    dealer = MultilabelStratifiedKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    folds = []
    for _, chosen in dealer.split(np.zeros(len(names)), union):
        test = np.isin(member, chosen)
        folds.append((np.flatnonzero(~test), np.flatnonzero(test)))
    return folds
