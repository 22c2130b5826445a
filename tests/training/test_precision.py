"""A precision that is promised with 90 % confidence is kept at least nine times in ten."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom, binomtest, norm

from training.precision import DOUBT, promise

TRIALS = 500
TOLERANCE = 3 * (DOUBT * (1 - DOUBT) / TRIALS) ** 0.5
"""Three standard errors of the share of broken promises in as many trials."""

RANKED = st.lists(st.tuples(st.booleans(), st.floats(0, 1).map(lambda x: round(x, 2))), min_size=1, max_size=60)
World = tuple[NDArray[np.bool_], NDArray[np.float64]]


def just_below(random: np.random.Generator) -> World:
    """At every threshold the precision is a hair below 0.9: each look is a chance to be fooled."""
    return random.random(600) < 0.899, random.random(600)


def best_of_all_looks(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> bool:
    """What taking any threshold that passes the bound would find: whether one does."""
    hits, taken = np.cumsum(truth[np.argsort(-scores)]), np.arange(1, len(truth) + 1)
    return bool((binom.sf(hits - 1, taken, 0.9) <= DOUBT).any())


def test_many_looks_do_not_break_the_promise() -> None:
    random = np.random.default_rng(0)
    worlds = [just_below(random) for _ in range(TRIALS)]
    assert np.mean([best_of_all_looks(*world) for world in worlds]) > 0.2
    assert np.mean([promise(*world, 0.9).proven for world in worlds]) <= DOUBT + TOLERANCE


@pytest.mark.parametrize(("n", "share", "apart", "recall"), [(700, 0.1, 3.0, 0.15), (2000, 0.2, 4.0, 0.8)])
def test_where_precision_falls_with_the_score_it_is_kept_and_found(
    n: int, share: float, apart: float, recall: float
) -> None:
    random = np.random.default_rng(1)
    broken, found = [], []
    for _ in range(TRIALS):
        truth = random.random(n) < share
        made = promise(truth, random.normal(size=n) + apart * truth, 0.9)
        right, wrong = share * norm.sf(made.threshold - apart), (1 - share) * norm.sf(made.threshold)
        broken.append(made.proven and right / (right + wrong) < 0.9)
        found.append(norm.sf(made.threshold - apart) if made.proven else 0.0)
    assert np.mean(broken) <= DOUBT + TOLERANCE
    assert np.mean(found) > recall


def test_copies_of_one_story_are_not_as_good_as_other_articles() -> None:
    random = np.random.default_rng(2)
    story = np.repeat(np.arange(60), 10)

    def copies() -> World:
        return (random.random(60) < 0.89)[story], random.random(60)[story] + random.normal(0, 1e-6, 600)

    worlds = [copies() for _ in range(TRIALS)]
    assert np.mean([promise(*world, 0.9).proven for world in worlds]) > 2 * DOUBT
    assert np.mean([promise(*world, 0.9, story).proven for world in worlds]) <= DOUBT + TOLERANCE


@pytest.mark.parametrize(
    ("copies", "right_of_copies", "right_of_others"),
    [(50, False, 10), (200, True, 8)],
    ids=["fewer articles than stories are right", "fewer stories than articles are right"],
)
def test_precision_must_hold_over_stories_and_over_articles(
    copies: int, right_of_copies: bool, right_of_others: int
) -> None:
    story = np.concatenate([np.zeros(copies, dtype=np.int64), np.arange(1, 101)])
    truth = np.concatenate([np.full(copies, right_of_copies), np.arange(100) % 10 < right_of_others])
    scores = np.linspace(1, 0.5, len(story))
    assert promise(np.ones_like(truth), scores, 0.9, story).taken == len(story)
    assert promise(truth, scores, 0.9, story).taken < len(story)


def spotless(n: int) -> World:
    return np.repeat([True, False], [n, 100]), np.concatenate([np.linspace(0.9, 0.6, n), np.linspace(0.3, 0, 100)])


def test_the_bound_is_the_exact_binomial_one() -> None:
    first = next(n for n in range(1, 99) if promise(*spotless(n), 0.9).proven)
    # half of the error allowed is spent on the first look
    assert binomtest(first, first, 0.9, "greater").pvalue <= DOUBT / 2
    assert binomtest(first - 1, first - 1, 0.9, "greater").pvalue > DOUBT / 2


def test_it_says_how_many_labels_more_would_do() -> None:
    made = promise(*spotless(14), 0.9)
    assert not made.proven
    assert made.more is not None
    assert promise(*spotless(14 + made.more), 0.9).proven
    assert f"0.9 can't be promised with 14 positive articles among the 14 taken; about {made.more} labelled" in str(
        made
    )


def test_the_lowest_threshold_that_holds_is_taken() -> None:
    truth, scores = spotless(200)
    made = promise(truth, scores, 0.9)
    assert (made.proven, made.hits) == (True, 200)
    assert made.threshold <= 0.3
    assert (scores >= made.threshold).sum() == made.taken
    assert "promised with 90% confidence" in str(made)


def test_a_topic_that_never_keeps_the_target_is_not_given() -> None:
    scores = np.linspace(1, 0, 50)
    for truth in (np.zeros(50, dtype=bool), scores < 0.5):
        made = promise(truth, scores * 0.9, 0.9)
        assert (made.proven, made.threshold, made.more) == (False, 1.0, None)
        assert "not given" in str(made)


@settings(deadline=None)
@given(RANKED, st.floats(0, 1), st.floats(0.05, 0.95))
def test_what_cannot_be_promised_is_given_no_more_than_usual_and_kept_the_target(
    ranked: list[tuple[bool, float]], usual: float, target: float
) -> None:
    truth, scores = (np.array(column) for column in zip(*ranked, strict=True))
    made = promise(truth, scores, target, usual=usual)
    above = scores >= made.threshold
    if made.threshold < 1:
        assert (above.sum(), truth[above].sum()) == (made.taken, made.hits)
    if made.proven:
        assert truth[above].mean() > target
    else:
        assert made.threshold >= usual
        assert made.threshold in (1.0, usual) or truth[above].mean() >= target


@pytest.mark.parametrize("change", [lambda s: s * 0.5, lambda s: s**3])
def test_only_the_order_of_scores_matters(change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
    random = np.random.default_rng(3)
    truth = random.random(300) < 0.4
    scores = np.clip(random.random(300) * 0.5 + 0.5 * truth, 0, 1)
    one, other = promise(truth, scores, 0.8), promise(truth, change(scores), 0.8)
    assert one.proven
    assert (one.proven, one.taken, one.hits) == (other.proven, other.taken, other.hits)
