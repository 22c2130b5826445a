import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tagger.errors import LabelsError
from training.duplicates import groups, near_pairs
from training.folds import split


@st.composite
def labelled(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    n = draw(st.integers(12, 60))
    targets = np.array(draw(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=n, max_size=n)))
    member = np.array([i // 2 if i < 6 else i for i in range(n)], dtype=np.int64)
    return targets, member


@settings(deadline=None, max_examples=50)
@given(labelled(), st.integers(2, 4), st.integers(0, 5))
def test_folds_test_each_article_once_and_never_split_a_group(
    data: tuple[NDArray[np.bool_], NDArray[np.int64]], n_folds: int, seed: int
) -> None:
    targets, member = data
    folds = split(targets, member, n_folds, seed)
    assert sorted(np.concatenate([test for _, test in folds]).tolist()) == list(range(len(targets)))
    for train, test in folds:
        assert set(train.tolist()).isdisjoint(test.tolist())
        assert len(train) + len(test) == len(targets)
        assert set(member[train].tolist()).isdisjoint(member[test].tolist())


def test_every_fold_gets_its_share_of_a_rare_topic() -> None:
    targets = np.zeros((100, 2), dtype=bool)
    targets[:50, 0] = True
    targets[::10, 1] = True
    for _, test in split(targets, np.arange(100), 5, 0):
        assert targets[test].sum(axis=0).tolist() == [10, 2]


def test_the_same_seed_deals_the_same_folds() -> None:
    targets = np.eye(30, 3, dtype=bool)
    first, again = (split(targets, np.arange(30), 3, 7) for _ in range(2))
    assert all((a[1] == b[1]).all() for a, b in zip(first, again, strict=True))


def test_too_few_articles_for_the_folds_are_told() -> None:
    with pytest.raises(LabelsError, match="too few for 5 folds"):
        split(np.ones((8, 1), dtype=bool), np.zeros(8, dtype=np.int64), 5, 0)


def test_near_duplicates_are_found_and_chained_into_groups() -> None:
    rows = np.eye(5)
    rows[1] = [0.8, 0.6, 0, 0, 0]
    rows[2] = [0.4, 0.9165, 0, 0, 0]
    assert near_pairs(csr_matrix(rows), 0.7).tolist() == [[0, 1], [1, 2]]
    found = groups(csr_matrix(rows), ["", "", "", "story", "story"])
    assert len({found[0], found[1], found[2]}) == 1
    assert found[3] == found[4] != found[0]


def test_large_sets_are_compared_in_slices_with_the_same_pairs() -> None:
    rows = csr_matrix(np.tile(np.eye(1200), (2, 1)))
    assert near_pairs(rows).tolist() == [[i, i + 1200] for i in range(1200)]


@settings(deadline=None, max_examples=50)
@given(labelled(), st.integers(2, 3), st.integers(1, 12))
def test_articles_to_learn_from_are_in_every_training_part_but_beside_their_near_copies(
    data: tuple[NDArray[np.bool_], NDArray[np.int64]], n_folds: int, n_learnt: int
) -> None:
    targets, member = data
    n_judged = len(targets) - n_learnt
    if len(np.unique(member[:n_judged])) < n_folds:
        return
    member[-1] = member[0]
    folds = split(targets, member, n_folds, 0, n_judged)
    assert sorted(np.concatenate([test for _, test in folds]).tolist()) == list(range(n_judged))
    for train, test in folds:
        learnt = {i for i in range(n_judged, len(targets)) if member[i] not in member[test]}
        assert set(train[train >= n_judged].tolist()) == learnt
