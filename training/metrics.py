"""Scores and truth -> a report: per topic and overall, with bootstrap intervals.

Only ever call it with scores of articles that neither the model nor its thresholds saw.
"""

from __future__ import annotations

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
) -> Report:
    """Compare tags with the truth.

    Parameters
    ----------
    topics : tuple of str
    truth, given : arrays, shape (n_articles, n_topics)
        Which tags the articles have and got.
    scores : array, shape (n_articles, n_topics)
        Probabilities.
    seed : int
        Of the bootstrap, which draws articles.
    """
    hits, wrong, missed = truth & given, ~truth & given, truth & ~given
    draws = np.random.default_rng(seed).multinomial(len(truth), np.full(len(truth), 1 / len(truth)), size=_RESAMPLES)
    resampled = [draws @ part.astype(np.float64) for part in (hits, wrong, missed)]
    totals = [part.sum(axis=0).astype(np.float64) for part in (hits, wrong, missed)]
    per_topic, per_topic_drawn = _f1(*totals), _f1(*resampled)
    micro = _f1(*(part.sum() for part in totals))
    micro_drawn = _f1(*(part.sum(axis=1) for part in resampled))
    rows = []
    for k, topic in enumerate(topics):
        hit, false, miss = (part[k] for part in totals)
        rows.append(
            TopicReport(
                topic,
                int(hit + miss),
                float(hit / (hit + false)) if hit + false else 0.0,
                float(hit / (hit + miss)) if hit + miss else 0.0,
                _interval(float(per_topic[k]), per_topic_drawn[:, k]),
                float(average_precision_score(truth[:, k], scores[:, k])) if truth[:, k].any() else float("nan"),
                float(brier_score_loss(truth[:, k], scores[:, k], labels=[False, True])),
            )
        )
    sizes = truth.sum(axis=1) + given.sum(axis=1)
    per_article = np.where(sizes > 0, 2 * hits.sum(axis=1) / np.maximum(sizes, 1), 1.0)
    none = ~truth.any(axis=1)
    return Report(
        len(truth),
        tuple(rows),
        Overall(
            _interval(float(micro), micro_drawn),
            _interval(float(per_topic.mean()), per_topic_drawn.mean(axis=1)),
            float(per_article.mean()),
            float((truth != given).mean()),
            float((~given.any(axis=1)).mean()),
            float(100 * given[none].sum() / none.sum()) if none.any() else float("nan"),
        ),
    )


def _f1(hits: Any, wrong: Any, missed: Any) -> Any:
    return 2 * hits / np.maximum(2 * hits + wrong + missed, 1e-12)


def _interval(value: float, drawn: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(value, float(low), float(high))
