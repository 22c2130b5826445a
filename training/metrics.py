"""Scores and truth -> a report: per topic and overall, with bootstrap intervals.

Only ever call it with scores of articles that neither the model nor its thresholds saw.

Articles that several repeats of cross-validation judged count once: figures are means over repeats, and the
bootstrap draws articles, near copies together (a cluster bootstrap, Davison & Hinkley 1997), the same
draw for every repeat. Repeats take the luck of the folds out of a figure; they add no articles, so they
do not make an interval narrow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss

__all__ = ["Interval", "Overall", "Report", "TopicReport", "report"]

_RESAMPLES = 1000
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % bootstrap percentile interval (Efron & Tibshirani 1993)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TopicReport:
    """One topic's figures; average precision is NaN without positives."""

    topic: str
    support: int
    precision: float
    recall: float
    f1: Interval
    average_precision: float
    brier: float


@dataclass(frozen=True, slots=True)
class Overall:
    """Figures over all topics."""

    micro_f1: Interval
    macro_f1: Interval
    article_f1: float
    """Mean F1 of the articles' tag sets; two empty sets agree fully."""
    hamming: float
    """Share of (article, topic) decisions that are wrong."""
    untagged: float
    """Share of articles that get no tag."""
    false_per_100_untagged: float
    """False tags per 100 articles that should carry none; NaN without such articles."""


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one set of held-out articles."""

    n_articles: int
    topics: tuple[TopicReport, ...]
    overall: Overall

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)

    def flat(self) -> dict[str, float]:
        """Return ``{"micro_f1": ..., "f1/security": ...}``: the names that MLflow shows."""
        overall = self.overall
        named = {
            "micro_f1": overall.micro_f1.value,
            "micro_f1_low": overall.micro_f1.low,
            "micro_f1_high": overall.micro_f1.high,
            "macro_f1": overall.macro_f1.value,
            "article_f1": overall.article_f1,
            "hamming": overall.hamming,
            "untagged": overall.untagged,
            "false_per_100_untagged": overall.false_per_100_untagged,
        }
        for topic in self.topics:
            named |= {
                f"f1/{topic.topic}": topic.f1.value,
                f"precision/{topic.topic}": topic.precision,
                f"recall/{topic.topic}": topic.recall,
                f"average_precision/{topic.topic}": topic.average_precision,
                f"brier/{topic.topic}": topic.brier,
                f"support/{topic.topic}": float(topic.support),
            }
        return {name: value for name, value in named.items() if np.isfinite(value)}


def report(
    topics: tuple[str, ...],
    truth: NDArray[np.bool_],
    given: NDArray[np.bool_],
    scores: NDArray[np.float64],
    seed: int = 0,
    groups: NDArray[np.int64] | None = None,
) -> Report:
    """Compare tags with the truth.

    Parameters
    ----------
    topics : tuple of str
    truth : array, shape (n_articles, n_topics)
        Which tags the articles have.
    given : array, shape (n_articles, n_topics) or (n_repeats, n_articles, n_topics)
        Which tags they got.
    scores : array, of the shape of `given`
        Probabilities.
    seed : int
        Of the bootstrap.
    groups : array, shape (n_articles,), optional
        Near copies share a group; by default each article is one of its own.
    """
    given, scores = given.reshape(-1, *truth.shape), scores.reshape(-1, *truth.shape)
    member = np.arange(len(truth)) if groups is None else np.unique(groups, return_inverse=True)[1]
    n = int(member.max()) + 1
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES).astype(np.float64)
    counted = [_counts(truth, tags, member, n) for tags in given]
    totals = np.array([[part.sum(axis=0) for part in parts] for parts in counted])
    # repeats one after another: the resampled counts of all of them would be large
    per_topic_drawn, micro_drawn = np.zeros((_RESAMPLES, len(topics))), np.zeros(_RESAMPLES)
    for parts in counted:
        resampled = [draws @ part for part in parts]
        per_topic_drawn += _f1(*resampled) / len(counted)
        micro_drawn += _f1(*(part.sum(axis=1) for part in resampled)) / len(counted)
    hits, wrong, missed = totals.swapaxes(0, 1)
    per_topic = _f1(hits, wrong, missed).mean(axis=0)
    precision, recall = ((hits / np.maximum(hits + other, 1)).mean(axis=0) for other in (wrong, missed))
    rows = [
        TopicReport(
            topic,
            int(truth[:, k].sum()),
            float(precision[k]),
            float(recall[k]),
            _interval(float(per_topic[k]), per_topic_drawn[:, k]),
            _mean(average_precision_score(truth[:, k], s[:, k]) for s in scores) if truth[:, k].any() else float("nan"),
            _mean(brier_score_loss(truth[:, k], s[:, k], labels=[False, True]) for s in scores),
        )
        for k, topic in enumerate(topics)
    ]
    sizes = truth.sum(axis=1) + given.sum(axis=2)
    per_article = np.where(sizes > 0, 2 * (truth & given).sum(axis=2) / np.maximum(sizes, 1), 1.0)
    none = ~truth.any(axis=1)
    return Report(
        len(truth),
        tuple(rows),
        Overall(
            _interval(_mean(_f1(*(part.sum() for part in parts)) for parts in totals), micro_drawn),
            _interval(float(per_topic.mean()), per_topic_drawn.mean(axis=1)),
            float(per_article.mean()),
            float((truth != given).mean()),
            float((~given.any(axis=2)).mean()),
            float(100 * given[:, none].sum() / none.sum() / len(given)) if none.any() else float("nan"),
        ),
    )


def _counts(
    truth: NDArray[np.bool_], given: NDArray[np.bool_], member: NDArray[np.int64], n: int
) -> list[NDArray[np.float64]]:
    """Return hits, wrong and missed tags, each of shape (n_groups, n_topics)."""
    parts = []
    for part in (truth & given, ~truth & given, truth & ~given):
        summed = np.zeros((n, truth.shape[1]))
        np.add.at(summed, member, part)
        parts.append(summed)
    return parts


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _f1(hits: Any, wrong: Any, missed: Any) -> Any:
    return 2 * hits / np.maximum(2 * hits + wrong + missed, 1e-12)


def _interval(value: float, drawn: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(value, float(low), float(high))
