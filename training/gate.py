"""Is the candidate good enough to replace the champion? A paired bootstrap on articles neither one saw.

Overall the candidate carries the burden: it must not lose. A single topic stops it only on evidence,
because with many topics some always look worse by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["LOSS_ALLOWED", "Difference", "Pair", "Verdict", "judge"]

LOSS_ALLOWED = 0.005
"""Micro F1 that a candidate may lose and still count as not worse: less than reruns differ by."""

_RESAMPLES = 2000
_CHUNK = 200
_DOUBT = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """One article: its labels, and the tags that champion and candidate give it, neither having seen it."""

    labels: frozenset[str]
    champion: frozenset[str]
    candidate: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One F1, of champion and candidate, with the 95 % bootstrap interval of candidate minus champion."""

    name: str
    champion: float
    candidate: float
    low: float
    high: float
    clearly_worse: bool
    """Below the champion's even with allowance for how many topics are looked at."""

    @property
    def gain(self) -> float:
        """Candidate minus champion."""
        return self.candidate - self.champion

    def __str__(self) -> str:
        span = f"{self.gain:+.3f}, 95 % {self.low:+.3f} to {self.high:+.3f}"
        return f"{self.name} F1 {self.champion:.3f} -> {self.candidate:.3f} ({span})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison says.

    Attributes
    ----------
    better_or_equal : bool
        Whether the candidate may replace the champion.
    reason : str
    overall : Difference or None
        Micro F1; None when there was nothing to compare.
    topics : tuple of Difference
    n_articles : int
    """

    better_or_equal: bool
    reason: str
    overall: Difference | None = None
    topics: tuple[Difference, ...] = ()
    n_articles: int = 0


def judge(pairs: Sequence[Pair], topics: Sequence[str], seed: int = 0) -> Verdict:
    """Compare candidate and champion.

    Parameters
    ----------
    pairs : sequence of Pair
    topics : sequence of str
    seed : int
        Of the bootstrap, which draws articles; both models are judged on the same draws.
    """
    if not pairs:
        return Verdict(False, "there is no article that neither of them saw")
    truth, old, new = (
        np.array([[t in getattr(p, side) for t in topics] for p in pairs])
        for side in ("labels", "champion", "candidate")
    )
    counts = [part.astype(np.float64) for given in (old, new) for part in (truth & given, truth ^ given)]
    totals = [part.sum(axis=0) for part in counts]
    drawn = _resample(counts, seed)
    overall = _difference("micro", [t.sum(keepdims=True) for t in totals], [d.sum(1, keepdims=True) for d in drawn], 1)
    per_topic = tuple(
        _difference(topic, [t[k : k + 1] for t in totals], [d[:, k : k + 1] for d in drawn], len(topics))
        for k, topic in enumerate(topics)
    )
    worse = [d for d in per_topic if d.clearly_worse]
    if overall.gain < -LOSS_ALLOWED:
        reason = f"worse overall: {overall}"
    elif worse:
        reason = "clearly worse on " + "; ".join(map(str, worse))
    else:
        reason = f"not worse: {overall}, and clearly worse on no topic"
    return Verdict(overall.gain >= -LOSS_ALLOWED and not worse, reason, overall, per_topic, len(pairs))


def _resample(counts: Sequence[NDArray[np.float64]], seed: int) -> list[NDArray[np.float64]]:
    """Return each count's sums over resampled articles, shape (n_resamples, n_topics)."""
    n = len(counts[0])
    random = np.random.default_rng(seed)
    parts: list[list[NDArray[np.float64]]] = [[] for _ in counts]
    for _ in range(_RESAMPLES // _CHUNK):  # in chunks: all draws of a large set would not fit in memory
        draws = random.multinomial(n, np.full(n, 1 / n), size=_CHUNK).astype(np.float64)
        for part, count in zip(parts, counts, strict=True):
            part.append(draws @ count)
    return [np.concatenate(part) for part in parts]


def _difference(
    name: str, totals: Sequence[NDArray[np.float64]], drawn: Sequence[NDArray[np.float64]], n_looked_at: int
) -> Difference:
    old, new = float(_f1(*totals[:2])[0]), float(_f1(*totals[2:])[0])
    gains = (_f1(*drawn[2:]) - _f1(*drawn[:2]))[:, 0]
    low, high = np.quantile(gains, [0.025, 0.975])
    # Bonferroni's allowance is far out in the tail, where the normal curve is steadier than 2,000 draws
    allowance = NormalDist().inv_cdf(1 - _DOUBT / n_looked_at) * float(gains.std())
    return Difference(name, old, new, float(low), float(high), new - old + allowance < 0)


def _f1(hits: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    both = 2 * hits + errors
    # no such article and no such tag: nothing was got wrong
    return np.where(both > 0, 2 * hits / np.maximum(both, 1), 1.0)
