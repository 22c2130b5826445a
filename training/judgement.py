"""Labelled articles as a model judged them that had not seen them: what reports, figures and error tables show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.dataset import Dataset
from training.experiment import Outcome, Repeat
from training.metrics import Report, report
from training.unseen import Holdout, stories

__all__ = ["Judgement"]


@dataclass(frozen=True)
class Judgement:
    """Scores and tags of labelled articles.

    Attributes
    ----------
    dataset : Dataset
    scores, thresholds : arrays, shape (n_articles, n_topics)
        Probabilities, and the limits that applied to each.
    given : array, shape (n_articles, n_topics)
        The tags.
    report : Report
    repeats : tuple of Repeat
        All of them where cross-validation was repeated, the report being their mean; scores and tags
        are the first one's.
    """

    dataset: Dataset
    scores: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    given: NDArray[np.bool_]
    report: Report
    repeats: tuple[Repeat, ...] = ()

    @classmethod
    def out_of_fold(cls, outcome: Outcome) -> Judgement:
        """Return the judgement of an experiment's folds, each with its own thresholds."""
        thresholds = np.empty(outcome.scores.shape)
        for fold in outcome.folds:
            thresholds[fold.test] = fold.thresholds
        return cls(outcome.dataset, outcome.scores, thresholds, outcome.given, outcome.report, outcome.repeats)

    @classmethod
    def by_model(cls, dataset: Dataset, scores: NDArray[np.float64], thresholds: NDArray[np.float64]) -> Judgement:
        """Return the judgement of one model with one threshold a topic."""
        given = scores >= thresholds
        found = report(dataset.topics, dataset.targets(), given, scores, groups=stories(dataset))
        return cls(dataset, scores, np.broadcast_to(thresholds, scores.shape), given, found)

    @classmethod
    def held_out(cls, holdout: Holdout, thresholds: NDArray[np.float64]) -> Judgement:
        """Return the judgement of an experiment's model on its hold-out."""
        limits = np.broadcast_to(thresholds, holdout.scores.shape)
        return cls(holdout.unseen.dataset, holdout.scores, limits, holdout.given, holdout.report)

    @cached_property
    def sure(self) -> Report | None:
        """The report on the articles whose annotator did not hesitate; None when no label is marked as unsure."""
        sure = np.array([e.sure for e in self.dataset.examples])
        if sure.all() or not sure.any():
            return None
        given = np.stack([repeat.given for repeat in self.repeats] or [self.given])
        scores = np.stack([repeat.scores for repeat in self.repeats] or [self.scores])
        targets, member = self.dataset.targets()[sure], stories(self.dataset)[sure]
        return report(self.dataset.topics, targets, given[:, sure], scores[:, sure], groups=member)

    def metrics(self) -> dict[str, float]:
        """Return the figures by the names that MLflow shows."""
        named = self.report.flat()
        if self.sure is not None:
            overall = self.sure.overall
            named |= {"micro_f1_sure": overall.micro_f1.value, "macro_f1_sure": overall.macro_f1.value}
        return named
