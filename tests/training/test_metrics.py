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


def test_repeats_of_the_same_tags_give_the_same_figures_and_no_narrower_interval() -> None:
    random = np.random.default_rng(2)
    truth = random.random((80, 2)) < 0.3
    tags = truth ^ (random.random((80, 2)) < 0.1)
    scores = np.where(tags, 0.8, 0.2)
    once = report(("a", "b"), truth, tags, scores)
    thrice = report(("a", "b"), truth, np.stack([tags] * 3), np.stack([scores] * 3))
    assert thrice.flat() == pytest.approx(once.flat())
    assert thrice.topics[0].f1.high == pytest.approx(once.topics[0].f1.high)


def test_figures_are_means_over_the_repeats() -> None:
    random = np.random.default_rng(3)
    truth = random.random((60, 2)) < 0.4
    tags = truth ^ (random.random((2, 60, 2)) < [[[0.05]], [[0.3]]])
    both, *each = (report(("a", "b"), truth, t, t.astype(float)).flat() for t in (tags, *tags))
    for name in (
        "micro_f1",
        "macro_f1",
        "article_f1",
        "hamming",
        "untagged",
        "false_per_100_untagged",
        "f1/a",
        "brier/b",
    ):
        assert both[name] == pytest.approx(np.mean([one[name] for one in each]))


def test_near_copies_are_drawn_together_and_widen_the_interval() -> None:
    random = np.random.default_rng(4)
    truth = random.random((40, 2)) < 0.4
    tags = truth ^ (random.random((40, 2)) < 0.2)
    story = np.repeat(np.arange(40), 5)
    data = truth[story], tags[story], tags[story].astype(float)
    apart = report(("a", "b"), *data)
    alone = report(("a", "b"), *data, groups=np.arange(200))
    together = report(("a", "b"), *data, groups=story)
    assert alone == apart
    wide, narrow = (r.overall.micro_f1.high - r.overall.micro_f1.low for r in (together, apart))
    assert wide == pytest.approx(narrow * 5**0.5, rel=0.25)
    assert together.overall.micro_f1.value == apart.overall.micro_f1.value
