import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, hamming_loss, precision_score, recall_score

from training.metrics import report

MATRIX = st.integers(1, 30).flatmap(
    lambda n: st.tuples(*[st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=n, max_size=n)] * 2)
)


@settings(deadline=None, max_examples=60)
@given(MATRIX)
def test_figures_are_scikit_learn_s(data: tuple[list[list[bool]], list[list[bool]]]) -> None:
    truth, given_tags = (np.array(part) for part in data)
    found = report(("a", "b", "c"), truth, given_tags, given_tags.astype(float))
    zero = {"zero_division": 0.0}
    assert found.overall.micro_f1.value == pytest.approx(f1_score(truth, given_tags, average="micro", **zero))
    assert found.overall.macro_f1.value == pytest.approx(f1_score(truth, given_tags, average="macro", **zero))
    assert found.overall.hamming == pytest.approx(hamming_loss(truth, given_tags))
    assert [t.precision for t in found.topics] == pytest.approx(
        precision_score(truth, given_tags, average=None, **zero).tolist()
    )
    assert [t.recall for t in found.topics] == pytest.approx(
        recall_score(truth, given_tags, average=None, **zero).tolist()
    )
    assert [t.support for t in found.topics] == truth.sum(axis=0).tolist()


def test_intervals_hold_the_value_and_shrink_with_more_articles() -> None:
    random = np.random.default_rng(1)
    widths = []
    for n in (50, 5000):
        truth = random.random((n, 2)) < 0.3
        tags = truth ^ (random.random((n, 2)) < 0.1)
        interval = report(("a", "b"), truth, tags, tags.astype(float)).overall.micro_f1
        assert interval.low <= interval.value <= interval.high
        widths.append(interval.high - interval.low)
    assert widths[1] < widths[0] / 5


def test_false_tags_are_counted_on_articles_that_should_carry_none() -> None:
    truth = np.array([[True, False], [False, False], [False, False]])
    tags = np.array([[True, True], [True, True], [False, False]])
    overall = report(("a", "b"), truth, tags, tags.astype(float)).overall
    assert overall.false_per_100_untagged == 100
    assert overall.untagged == pytest.approx(1 / 3)


def test_a_topic_without_articles_has_no_average_precision_and_breaks_nothing() -> None:
    truth = np.array([[True, False], [False, False]])
    found = report(("a", "b"), truth, truth, truth.astype(float))
    assert math.isnan(found.topics[1].average_precision)
    assert "average_precision/b" not in found.flat()
    assert found.flat()["f1/a"] == 1
