"""Reports, errors and terms as columns: the tables that MLflow's UI shows and sorts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from training.judgement import Judgement
from training.strongest_terms import TopicTerms, joined
from training.wrong_tags import WrongTag

__all__ = ["error_table", "report_table", "terms_table"]

Columns = dict[str, list[Any]]


def report_table(judgement: Judgement) -> Columns:
    """Return a row a topic: its figures, rounded to what their intervals justify."""
    rows = judgement.report.topics
    truth, given = judgement.dataset.targets(), judgement.given
    return {
        "topic": [r.topic for r in rows],
        "f1": [round(r.f1.value, 3) for r in rows],
        "f1_low": [round(r.f1.low, 3) for r in rows],
        "f1_high": [round(r.f1.high, 3) for r in rows],
        "precision": [round(r.precision, 3) for r in rows],
        "recall": [round(r.recall, 3) for r in rows],
        "support": [r.support for r in rows],
        "false_positives": (given & ~truth).sum(axis=0).tolist(),
        "false_negatives": (truth & ~given).sum(axis=0).tolist(),
        "average_precision": [round(r.average_precision, 3) for r in rows],
        "brier": [round(r.brier, 4) for r in rows],
    }


def error_table(errors: Iterable[WrongTag]) -> Columns:
    """Return a row an error, in the order given; what one reads first stands in the columns that a screen shows."""
    rows = list(errors)
    return {
        "topic": [e.topic for e in rows],
        "error": [e.kind for e in rows],
        "score": [round(e.score, 3) for e in rows],
        "title": [e.title for e in rows],
        "labels": [", ".join(sorted(e.example.tags)) for e in rows],
        "given": [", ".join(e.given) for e in rows],
        "threshold": [round(e.threshold, 3) for e in rows],
        "id": [e.example.id for e in rows],
        "source": [e.example.source for e in rows],
        "sure": [e.example.sure for e in rows],
        "where": [e.example.where for e in rows],
    }


def terms_table(terms: Sequence[TopicTerms]) -> Columns:
    """Return a row a topic: the words towards it and against it, the strongest first."""
    return {
        "topic": [t.topic for t in terms],
        "towards": [joined(t.towards) for t in terms],
        "against": [joined(t.against) for t in terms],
    }
