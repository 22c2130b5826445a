"""Estimators: the mean of two scikit-learn models, as one linear model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from training.candidates import Candidate, log_count_ratios


def rows_of(seed: int, n: int = 40, n_terms: int = 30) -> csr_matrix:
    rng = np.random.default_rng(seed)
    values = rng.random((n, n_terms)) * (rng.random((n, n_terms)) < 0.2)
    values[:, -1] = 0  # a term that none has
    return csr_matrix(normalize(values))


def alternating(n: int) -> np.ndarray:
    return np.arange(n) % 3 == 0


def test_margins_are_the_mean_of_the_two_models() -> None:
    rows, wanted = rows_of(0), alternating(40)
    options = {"C": 16, "class_weight": "balanced", "solver": "liblinear", "dual": True, "random_state": 0}
    plain = LogisticRegression(**options, tol=0.01, max_iter=1000).fit(rows, wanted)
    scaled = csr_matrix(rows.toarray() * log_count_ratios(rows, wanted))
    second = LogisticRegression(**options, tol=0.01, max_iter=1000).fit(scaled, wanted)
    expected = (plain.decision_function(rows) + second.decision_function(scaled)) / 2
    linear = Candidate(16).fit(rows, wanted[:, None], seed=0)
    assert linear.margins(rows)[:, 0] == pytest.approx(expected, abs=1e-9)


def test_a_term_of_one_class_alone_weighs_more_than_one_of_both() -> None:
    rows = csr_matrix(normalize(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1.0]])))
    both, one, other = log_count_ratios(rows, np.array([True, True, False, False]))
    assert both == pytest.approx(0, abs=1e-9)
    assert one == pytest.approx(other)
    assert one > 1


@given(st.integers(0, 1000))
def test_ratios_have_root_mean_square_one_over_the_terms_there_are(seed: int) -> None:
    rows = rows_of(seed)
    ratios = log_count_ratios(rows, alternating(40))
    seen = rows.getnnz(axis=0) > 0
    assert (ratios[~seen] == 0).all()
    assert (ratios >= 0).all()
    assert np.sqrt(np.mean(ratios[seen] ** 2)) == pytest.approx(1)


@given(st.integers(0, 1000))
def test_the_two_classes_can_be_exchanged(seed: int) -> None:
    rows, wanted = rows_of(seed), alternating(40)
    assert log_count_ratios(rows, wanted) == pytest.approx(log_count_ratios(rows, ~wanted))


@pytest.mark.parametrize("everyone", [True, False])
def test_a_topic_of_all_or_none_gets_a_constant_margin(everyone: bool) -> None:
    linear = Candidate(4).fit(rows_of(1), np.full((40, 1), everyone), seed=0)
    assert not linear.weights.any()
    assert (linear.intercepts > 0).all() == everyone
