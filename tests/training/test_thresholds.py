import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from tagger.tagging import _probability  # the tagger's own sigmoid, for parity
from training.calibration import platt, probabilities
from training.thresholds import FBR, best_f1, scut_fbr

RANKED = st.lists(st.tuples(st.booleans(), st.floats(0, 1).map(lambda x: round(x, 2))), min_size=1, max_size=40)


@settings(deadline=None)
@given(RANKED)
def test_no_other_threshold_has_a_better_f1(ranked: list[tuple[bool, float]]) -> None:
    truth, scores = (np.array(column) for column in zip(*ranked, strict=True))
    threshold, f1 = best_f1(truth, scores)
    assert f1 == pytest.approx(f1_score(truth, scores >= threshold, zero_division=0.0))
    for other in scores:
        assert f1_score(truth, scores >= other, zero_division=0.0) <= f1 + 1e-12


def test_the_best_threshold_lies_midway_between_neighbours() -> None:
    assert best_f1(np.array([True, True, False]), np.array([0.9, 0.8, 0.4])) == (pytest.approx(0.6), 1.0)


@settings(deadline=None)
@given(RANKED)
def test_a_threshold_is_a_probability(ranked: list[tuple[bool, float]]) -> None:
    truth, scores = (np.array(column) for column in zip(*ranked, strict=True))
    assert 0 <= scut_fbr(truth, scores) <= 1


def test_few_positives_are_pulled_towards_half_the_best_f1() -> None:
    rare, common = (np.repeat([True, False], [n, 3 * n]) for n in (1, 1000))
    scores = [np.where(truth, 0.99, 0.97) for truth in (rare, common)]
    few, many = scut_fbr(rare, scores[0]), scut_fbr(common, scores[1])
    assert few == pytest.approx((0.98 + 5 * 0.5) / 6)
    assert many == pytest.approx(0.98, abs=0.01)


def test_a_topic_nothing_is_known_of_is_hardly_ever_given() -> None:
    truth = np.zeros(100, dtype=bool)
    truth[99] = True
    scores = np.linspace(0.9, 0.1, 100)
    assert best_f1(truth, scores)[1] < FBR
    assert not (scores >= scut_fbr(truth, scores)).any()


def test_without_positives_a_topic_is_never_given() -> None:
    for scores in ([0.1, 0.2, 0.3], [0.00004] * 3):
        assert not (np.array(scores) >= scut_fbr(np.zeros(3, dtype=bool), np.array(scores))).any()


def test_calibrated_scores_mean_what_they_say() -> None:
    random = np.random.default_rng(0)
    margins = random.normal(size=20_000)
    truth = random.random(20_000) < 1 / (1 + np.exp(-(2 * margins - 1)))
    found = platt(truth, margins)
    assert (found.slope, found.offset) == (pytest.approx(2, abs=0.1), pytest.approx(-1, abs=0.1))


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(-5, 5)), min_size=2, max_size=30))
def test_calibration_never_turns_the_order_of_scores(pairs: list[tuple[bool, float]]) -> None:
    truth, margins = (np.array(column) for column in zip(*pairs, strict=True))
    assert platt(truth, margins).slope >= 0


def test_training_and_tagging_calibrate_alike() -> None:
    margins = np.linspace(-800, 800, 101)
    found = platt(margins > 3, margins + np.sin(margins))
    expected = probabilities(margins[:, None], [found])[:, 0]
    assert [_probability(m, found) for m in margins] == pytest.approx(expected.tolist(), abs=1e-12)
