"""A labelled set -> a model and an honest estimate of it. Knows no MLflow.

The procedure is judged by outer folds that it never sees, then applied to all articles: the estimate is
of the procedure, the model is what users get. How well a model fits its own training articles is
never computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from tagger import bundle
from tagger.analysis import Analyzer
from tagger.errors import LabelsError
from training.background import Background
from training.counts import Counts, count_terms
from training.dataset import Dataset
from training.duplicates import groups
from training.folds import split
from training.metrics import Report, report
from training.precision import Promise
from training.procedure import Fitted, Procedure
from training.unseen import Holdout, Unseen, judge
from training.weighting import Weighting

__all__ = ["ALL", "LARGE", "FoldResult", "Outcome", "Repeat", "Settings", "run"]

LARGE = 5000
ALL = "all"
"""Stands for every topic in `Settings.precision`."""


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
    repeats : int
        How often the outer cross-validation is done, each time dealt out by another seed.
    precision : mapping
        Topic, or ``"all"`` -> the precision that its threshold must keep (`training.precision`).
    """

    n_folds: int = 5
    n_inner: int | None = None
    seed: int = 0
    n_jobs: int = -1
    repeats: int = 1
    precision: Mapping[str, float] = field(default_factory=dict)

    def steps(self, *, holdout: bool = False) -> int:
        """Return how many steps `run` takes, as told to its `done`."""
        return self.repeats * self.n_folds + 2 + holdout

    def precision_targets(self, topics: Sequence[str]) -> dict[int, float]:
        """Return the target of each column that has one; a topic's own goes before that of all.

        Raises
        ------
        LabelsError
            If there is one for something that is no topic.
        """
        if unknown := sorted({*self.precision} - {*topics, ALL}):
            raise LabelsError(
                f"A precision target is given for {unknown[0]!r}, which is none of the topics",
                f"The topics are {', '.join(topics)}; {ALL!r} stands for every one.",
            )
        targets = {k: self.precision.get(topic, self.precision.get(ALL)) for k, topic in enumerate(topics)}
        return {k: target for k, target in targets.items() if target is not None}

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
class Repeat:
    """One cross-validation: every article judged once, by a fold that did not see it.

    Attributes
    ----------
    seed : int
        Folds were dealt out by it.
    scores, given : arrays, shape (n_articles, n_topics)
        Out-of-fold probabilities and tags.
    """

    seed: int
    folds: tuple[FoldResult, ...]
    scores: NDArray[np.float64]
    given: NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """The end of an experiment.

    Attributes
    ----------
    dataset : Dataset
        The articles that were judged.
    supplement : Dataset or None
        Articles that were only learnt from.
    repeats : tuple of Repeat
        At least one.
    report : Report
        Over all articles of `dataset`, each scored by folds that did not see it; the mean over the repeats.
    fitted : Fitted
        The model, fitted on all articles.
    holdout : Holdout or None
    """

    dataset: Dataset
    supplement: Dataset | None
    settings: Settings
    analyzer: Analyzer
    counts: Counts
    repeats: tuple[Repeat, ...]
    report: Report
    fitted: Fitted
    seconds: float
    holdout: Holdout | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def folds(self) -> tuple[FoldResult, ...]:
        """The first repeat's folds."""
        return self.repeats[0].folds

    @property
    def scores(self) -> NDArray[np.float64]:
        """The first repeat's out-of-fold probabilities, shape (n_articles, n_topics)."""
        return self.repeats[0].scores

    @property
    def given(self) -> NDArray[np.bool_]:
        """The first repeat's out-of-fold tags, shape (n_articles, n_topics)."""
        return self.repeats[0].given

    @property
    def promises(self) -> dict[str, Promise]:
        """What can be said of each topic that has a precision target."""
        return {self.dataset.topics[k]: made for k, made in self.fitted.promises.items()}

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
    done: Callable[[str], None] = lambda _: None,
    holdout: Unseen | None = None,
    supplement: Dataset | None = None,
) -> Outcome:
    """Run an experiment.

    Parameters
    ----------
    dataset : Dataset
    settings : Settings, optional
    background : Background, optional
    done : callable
        Told the name of each finished step: ``"analysis"``, then ``"fold"`` for each outer fold of
        each repeat, ``"model"``, and ``"hold-out"``; `Settings.steps` calls.
    holdout : Unseen, optional
        Other labelled articles with the same topics, to judge the model on as well.
    supplement : Dataset, optional
        Articles with the same topics to learn from as well. They are not of the kind that will be tagged,
        so they decide nothing (see `Procedure.fit`) and are not judged.

    Raises
    ------
    LabelsError
        If there are too few articles, or a precision target is for a topic that there is not.
    """
    settings = settings or Settings()
    began = time.monotonic()
    precision = settings.precision_targets(dataset.topics)
    analyzer = Analyzer()
    n_own = len(dataset)
    examples = dataset.examples + (supplement.examples if supplement else ())
    counts = count_terms(examples, analyzer, background.frequency if background else ())
    weighting = Weighting()
    if background is not None:
        weighting = Weighting(background.n_articles, background.of(counts.terms))
    targets = np.concatenate([dataset.targets(), supplement.targets()]) if supplement else dataset.targets()
    member = groups(weighting.fit(counts.matrix).transform(counts.matrix), [e.split_group for e in examples])
    seeds = range(settings.seed, settings.seed + settings.repeats)
    outer = {seed: split(targets, member, settings.n_folds, seed, n_own) for seed in seeds}
    done("analysis")

    def fit(seed: int, train: NDArray[np.int64]) -> Fitted:
        procedure = Procedure(weighting, settings.inner_folds(len(examples)), seed, precision=precision)
        return procedure.fit(counts.matrix[train], targets[train], member[train], int((train < n_own).sum()))

    def judged(seed: int, number: int, train: NDArray[np.int64], test: NDArray[np.int64]) -> tuple[int, FoldResult]:
        # what a fold fitted stays with the worker: the weights of many repeats would fill the memory
        fitted = fit(seed, train)
        scores = fitted.scores(counts.matrix[test])
        given = scores >= fitted.thresholds
        figures = report(dataset.topics, targets[test], given, scores, seed, member[test])
        return seed, FoldResult(number, fitted.candidate.name, fitted.thresholds, test, scores, given, figures)

    # processes, not threads: liblinear's random numbers are global, and threads would mix them up
    jobs = Parallel(n_jobs=settings.n_jobs, return_as="generator_unordered")
    tasks = [delayed(judged)(seed, i, *fold) for seed, folds in outer.items() for i, fold in enumerate(folds, start=1)]
    found: dict[int, list[FoldResult]] = {seed: [] for seed in seeds}
    for made in jobs([*tasks, delayed(fit)(settings.seed, np.arange(len(examples)))]):
        if isinstance(made, Fitted):
            model = made
            done("model")
        else:
            found[made[0]].append(made[1])
            done("fold")
    repeats = tuple(_repeat(seed, results, (n_own, len(dataset.topics))) for seed, results in found.items())
    outcome = Outcome(
        dataset,
        supplement,
        settings,
        analyzer,
        counts,
        repeats,
        report(
            dataset.topics,
            targets[:n_own],
            np.stack([r.given for r in repeats]),
            np.stack([r.scores for r in repeats]),
            settings.seed,
            member[:n_own],
        ),
        model,
        time.monotonic() - began,
    )
    if holdout is None:
        return outcome
    on_holdout = judge(model, counts, holdout, settings.seed)
    done("hold-out")
    return replace(outcome, holdout=on_holdout, seconds=time.monotonic() - began)


def _repeat(seed: int, results: Sequence[FoldResult], shape: tuple[int, int]) -> Repeat:
    scores, given = np.zeros(shape), np.zeros(shape, dtype=bool)
    for result in results:
        scores[result.test], given[result.test] = result.scores, result.given
    return Repeat(seed, tuple(sorted(results, key=lambda r: r.number)), scores, given)
