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


def split(
    targets: NDArray[np.bool_], groups: NDArray[np.int64], n_folds: int, seed: int, n_judged: int | None = None
) -> list[Fold]:
    """Deal articles out into folds.

    Parameters
    ----------
    targets : array, shape (n_articles, n_topics)
    groups : array, shape (n_articles,)
        Articles of one group land in one fold.
    n_folds : int
        At least 2.
    seed : int
    n_judged : int, optional
        Only the first so many articles are dealt out. The others stand in every training part, but for
        those in a group with an article of the test part. By default all are dealt out.

    Raises
    ------
    LabelsError
        If there are fewer groups than folds.
    """
    judged = slice(0, len(targets) if n_judged is None else n_judged)
    targets = targets[judged]
    names, member = np.unique(groups[judged], return_inverse=True)
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
        near = np.isin(groups, names[chosen])
        folds.append((np.flatnonzero(~near), np.flatnonzero(near[judged])))
    return folds
