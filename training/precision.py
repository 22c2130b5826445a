"""Per-topic thresholds for a precision target, with a confidence that survives having looked at many.

Going down from the highest out-of-fold score, each threshold is a hypothesis: "its precision is below
the target". A one-sided exact binomial test (Clopper & Pearson 1934) rejects it or not. Taking the lowest
of all thresholds that pass would be the best of many looks; so the hypotheses are tested in a fixed
order, as in Learn then Test (Angelopoulos et al. 2021), by the fallback procedure (Wiens 2003; Wiens &
Dmitrienko 2005). Half of the allowed error is spent where the first few articles could pass at all, a
quarter where twice as many are taken, an eighth at four times, and so on; a threshold that passes hands
its allowance to the next lower one, one that fails loses it. The chance that any threshold that passes
has less than the target is then at most `DOUBT`, however the tests depend on each other.

Near copies agree with each other and prove less than as many articles: a story is one trial, however many
copies of it there are, and its success the share of them that have the tag (the tail of such a sum is no
heavier than the binomial's, Hoeffding 1963). The precision counted over stories or over articles, whichever
is smaller, is the one that is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

__all__ = ["DOUBT", "Promise", "promise"]

DOUBT = 0.1
"""One minus the confidence of a promise."""

_MOST = 10_000
"""Articles taken; where even more were needed, the precision is no clear case."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be said of one topic's precision.

    Attributes
    ----------
    target : float
        The precision asked for.
    proven : bool
        Whether out-of-fold predictions show it with the confidence ``1 - DOUBT``.
    threshold : float
        The lowest that is proven. Else the safest: that with the strongest evidence among those that
        kept the target out of fold, or 1 when there is none; never below the topic's usual threshold.
    taken, hits : int
        Articles with at least this score, out of fold, and those of them that have the tag.
    positives : int
        Articles that have the tag.
    more : int or None
        About how many further articles with the tag would prove it, were precision to stay as it is;
        0 when proven, None when no number would do.
    """

    target: float
    proven: bool
    threshold: float
    taken: int
    hits: int
    positives: int
    more: int | None

    def __str__(self) -> str:
        if self.proven:
            seen = f"{self.hits} of {self.taken} articles from score {self.threshold:.2f} up have it"
            return f"precision {self.target:g} is promised with {1 - DOUBT:.0%} confidence: {seen}"
        if not self.taken:
            return f"precision {self.target:g} is out of reach at any threshold; the topic is not given"
        if self.more is None:
            needed = "more labels alone would not do, its precision is too near the target"
        else:
            needed = f"about {self.more:,} labelled articles more with that tag would do if precision stays as it is"
        return (
            f"precision {self.target:g} can't be promised with {self.hits} positive articles among the {self.taken}"
            f" taken; {needed}. Until then it is given only from score {self.threshold:.2f} up"
        )


def promise(
    truth: NDArray[np.bool_],
    scores: NDArray[np.float64],
    target: float,
    groups: NDArray[np.int64] | None = None,
    usual: float = 0.0,
) -> Promise:
    """Find the lowest threshold whose precision is at least the target with confidence ``1 - DOUBT``.

    Parameters
    ----------
    truth, scores : arrays, shape (n,)
        One topic's, out of fold.
    target : float
        Between 0 and 1, both excluded.
    groups : array, shape (n,), optional
        Near copies share a group; by default each article is one of its own.
    usual : float
        The threshold that the topic would have without a target.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, positives = scores[order], int(truth.sum())
    last = np.flatnonzero(np.append(ranked[:-1] != ranked[1:], True))  # equal scores cannot be parted
    taken, hits = last + 1, np.cumsum(truth[order])[last]
    stories, shares = _by_story(order if groups is None else groups[order], truth[order])
    stories = stories[last]
    precision = np.minimum(hits / taken, shares[last] / stories)
    p_values = _p_value(precision * stories, stories, target)
    proven = _fallback(p_values, stories, target)
    if proven is not None:
        # the score itself, not midway to the next: nothing is known of what lies between
        return Promise(target, True, float(ranked[last[proven]]), int(taken[proven]), int(hits[proven]), positives, 0)
    kept = np.flatnonzero(precision >= target)
    if not len(kept):
        return Promise(target, False, 1.0, 0, 0, positives, None)
    best = kept[p_values[kept].argmin()]
    more = _more(float(precision[best]), float(stories[best]), target, positives)
    threshold = max(float(ranked[last[best]]), usual)
    above = scores >= threshold
    return Promise(target, False, threshold, int(above.sum()), int(truth[above].sum()), positives, more)


def _p_value(hits: NDArray[np.float64], taken: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    """Return the chance of at least as many hits, were the precision the target; counts may be fractions."""
    some = np.maximum(hits, 1e-9)
    return np.where(hits > 0, betainc(some, taken - hits + 1, target), 1.0)


def _by_story(groups: NDArray[np.int64], truth: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, for the first 1, 2, ... articles, the number of stories and the sum of their shares of hits."""
    by_group = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(groups[by_group]) != 0))
    sizes = np.diff(np.append(starts, len(groups)))
    hits: NDArray[np.int64] = np.cumsum(truth[by_group]) - truth[by_group]
    earlier, earlier_hits = np.empty(len(groups)), np.empty(len(groups))
    earlier[by_group] = np.arange(len(groups)) - np.repeat(starts, sizes)
    earlier_hits[by_group] = hits - np.repeat(hits[starts], sizes)
    grown = (earlier_hits + truth) / (earlier + 1) - earlier_hits / np.maximum(earlier, 1)
    return np.cumsum(earlier == 0).astype(np.float64), np.cumsum(grown)


def _fallback(p_values: NDArray[np.float64], stories: NDArray[np.float64], target: float) -> int | None:
    """Return the last hypothesis that the fallback procedure rejects.

    Where allowance is spent depends on the stories' number alone, never on labels.
    """
    found, level, own, least = None, 0.0, DOUBT / 2, log(DOUBT / 2) / log(target)
    start = _first(stories, least, 0)
    while start < len(p_values):
        level += own
        own, least = own / 2, least * 2
        stop = _first(stories, least, start + 1)
        failed = np.flatnonzero(p_values[start:stop] > level)
        passed = int(failed[0]) if len(failed) else stop - start
        if passed:
            found = start + passed - 1
        if len(failed):
            level = 0.0
        start = stop
    return found


def _first(stories: NDArray[np.float64], least: float, start: int) -> int:
    enough = np.flatnonzero(stories[start:] >= least)
    return start + int(enough[0]) if len(enough) else len(stories)


def _more(precision: float, stories: float, target: float, positives: int) -> int | None:
    """Return how many positives more would let this precision pass, None above `_MOST` articles taken."""
    first = log(DOUBT / 2) / log(target)
    n = max(float(ceil(first)), stories)
    while n < _MOST:
        spent = DOUBT / 2 ** (1 + int(max(0.0, log(n / first, 2))))
        if _p_value(np.array([precision * n]), np.array([n]), target)[0] <= spent:
            return max(1, ceil((n / stories - 1) * positives))
        n *= 1.02
    return None
