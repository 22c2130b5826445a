"""A labelled set -> a model and an honest estimate of it. Knows no MLflow.

The procedure is judged by outer folds that it never sees, then applied to all articles: the estimate is
of the procedure, the model is what users get. How well a model fits its own training articles is
never computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from tagger import bundle
from tagger.analysis import Analyzer
from training.background import Background
from training.counts import Counts, count_terms
from training.dataset import Dataset
from training.duplicates import groups
from training.folds import Fold, split
from training.metrics import Report, report
from training.procedure import Fitted, Procedure
from training.weighting import Weighting

__all__ = ["LARGE", "FoldResult", "Outcome", "Settings", "run"]


LARGE = 5000


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user decides.

    Parameters
    ----------
    n_folds : int
        Outer folds, at least 2.
    n_inner : int, optional
        Inner folds, at least 2. By default 5 for small sets, 3 from `LARGE` articles on, where
        thresholds are steady anyway and folds cost most.
    seed : int
        Same seed, same data: same figures.
    n_jobs : int
        Processes; -1 is one a core.
    """

    n_folds: int = 5
    n_inner: int | None = None
    seed: int = 0
    n_jobs: int = -1

    def inner_folds(self, n_articles: int) -> int:
        """Return the number of inner folds for a set of that size."""
        return self.n_inner or (3 if n_articles >= LARGE else 5)


@dataclass(frozen=True)
class FoldResult:
    """One outer fold: what was chosen inside, and how it did on the articles held out."""

    number: int
    candidate: str
    thresholds: NDArray[np.float64]
    test: NDArray[np.int64]
    scores: NDArray[np.float64]
    given: NDArray[np.bool_]
    report: Report


@dataclass(frozen=True)
class Outcome:
    """The end of an experiment.

    Attributes
    ----------
    dataset : Dataset
        The articles that were judged, in the order of `scores`.
    supplement : Dataset or None
        The articles that were only learnt from.
    report : Report
        Over all articles of `dataset`, each scored by the fold that did not see it.
    scores, given : arrays, shape (n_articles, n_topics)
        Out-of-fold probabilities and tags.
    fitted : Fitted
        The model, fitted on all articles.
    """

    dataset: Dataset
    supplement: Dataset | None
    settings: Settings
    analyzer: Analyzer
    counts: Counts
    folds: tuple[FoldResult, ...]
    report: Report
    scores: NDArray[np.float64]
    given: NDArray[np.bool_]
    fitted: Fitted
    seconds: float
    provenance: dict[str, Any] = field(default_factory=dict)

    def save_bundle(self, folder: Path) -> None:
        """Write the model as a bundle; terms of weight 0 in a model without background are left out."""
        idf = self.fitted.weighting.idf_
        kept = np.flatnonzero(idf > 0)
        bundle.save(
            folder,
            taxonomy=self.dataset.taxonomy,
            analyzer=self.analyzer.settings(),
            terms=[self.counts.terms[i] for i in kept],
            idf=idf[kept],
            weights=self.fitted.linear.weights[kept],
            intercepts=self.fitted.linear.intercepts.tolist(),
            calibration=self.fitted.calibration,
            thresholds=self.fitted.thresholds.tolist(),
            training=self.provenance,
        )


def run(
    dataset: Dataset,
    settings: Settings | None = None,
    background: Background | None = None,
    supplement: Dataset | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Run an experiment.

    Parameters
    ----------
    dataset : Dataset
    settings : Settings, optional
    background : Background, optional
    supplement : Dataset, optional
        Articles with the same topics to learn from as well. They are not of the kind that will be tagged,
        so they decide nothing (see `Procedure.fit`) and are not judged.
    done : callable
        Told the name of each finished step: ``"analysis"``, then ``"fold"`` for each outer fold,
        and ``"model"``; ``settings.n_folds + 2`` calls.
    """
    settings = settings or Settings()
    began = time.monotonic()
    analyzer = Analyzer()
    n_own = len(dataset)
    examples = dataset.examples + (supplement.examples if supplement else ())
    counts = count_terms(examples, analyzer, background.frequency if background else ())
    weighting = Weighting()
    if background is not None:
        weighting = Weighting(background.n_articles, background.of(counts.terms))
    targets = np.concatenate([dataset.targets(), supplement.targets()]) if supplement else dataset.targets()
    member = groups(weighting.fit(counts.matrix).transform(counts.matrix), [e.split_group for e in examples])
    outer = split(targets, member, settings.n_folds, settings.seed, n_own)
    done("analysis")
    procedure = Procedure(weighting, settings.inner_folds(len(examples)), settings.seed)
    everything: Fold = (np.arange(len(examples)), np.empty(0, dtype=np.int64))

    def task(number: int, fold: Fold) -> tuple[int, Fitted]:
        train, _ = fold
        return number, procedure.fit(counts.matrix[train], targets[train], member[train], int((train < n_own).sum()))

    # processes, not threads: liblinear's random numbers are global, and threads would mix them up
    jobs = Parallel(n_jobs=settings.n_jobs, return_as="generator_unordered")
    fitted: dict[int, Fitted] = {}
    for number, made in jobs(delayed(task)(i, fold) for i, fold in enumerate([*outer, everything])):
        fitted[number] = made
        done("fold" if number < len(outer) else "model")
    targets = targets[:n_own]
    folds = _judge(dataset, targets, counts, outer, fitted, settings.seed)
    scores = np.zeros(targets.shape)
    given = np.zeros(targets.shape, dtype=bool)
    for result in folds:
        scores[result.test], given[result.test] = result.scores, result.given
    return Outcome(
        dataset,
        supplement,
        settings,
        analyzer,
        counts,
        folds,
        report(dataset.topics, targets, given, scores, settings.seed),
        scores,
        given,
        fitted[len(outer)],
        time.monotonic() - began,
    )


def _judge(
    dataset: Dataset,
    targets: NDArray[np.bool_],
    counts: Counts,
    outer: Sequence[Fold],
    fitted: dict[int, Fitted],
    seed: int,
) -> tuple[FoldResult, ...]:
    results = []
    for number, (_, test) in enumerate(outer):
        model = fitted[number]
        scores = model.scores(counts.matrix[test])
        given = scores >= model.thresholds
        figures = report(dataset.topics, targets[test], given, scores, seed)
        results.append(FoldResult(number + 1, model.candidate.name, model.thresholds, test, scores, given, figures))
    return tuple(results)
