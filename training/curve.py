"""The learning curve: how good a model gets from how many labelled articles.

Each point is an experiment of its own on a random part of the labels. It is judged by
cross-validation, or, given another labelled set, on all of that set, which no part of it ever sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tagger.analysis import Analyzer
from training.background import Background
from training.counts import count_terms
from training.dataset import Dataset
from training.duplicates import groups
from training.experiment import Settings, run
from training.metrics import Report
from training.procedure import Procedure
from training.unseen import Unseen, judge
from training.weighting import Weighting

__all__ = ["Point", "learning_curve"]


@dataclass(frozen=True)
class Point:
    """What `n_articles` labelled articles give."""

    n_articles: int
    report: Report


def learning_curve(
    dataset: Dataset,
    sizes: Sequence[int],
    settings: Settings | None = None,
    background: Background | None = None,
    test: Dataset | None = None,
) -> Iterator[Point]:
    """Yield a point for each size.

    Parameters
    ----------
    dataset : Dataset
    sizes : sequence of int
        Numbers of articles, drawn at random by the settings' seed; smaller draws are part of larger ones.
    settings : Settings, optional
    background : Background, optional
    test : Dataset, optional
        Other labelled articles with the same topics. Without it each point is cross-validated.
    """
    settings = settings or Settings()
    order = np.random.default_rng(settings.seed).permutation(len(dataset))
    for size in sizes:
        chosen = [dataset.examples[i] for i in sorted(order[:size].tolist())]
        part = Dataset(tuple(chosen), dataset.taxonomy, dataset.files)
        judged = run(part, settings, background).report if test is None else _on(part, settings, background, test)
        yield Point(len(part), judged)


def _on(part: Dataset, settings: Settings, background: Background | None, test: Dataset) -> Report:
    counts = count_terms(part.examples, Analyzer(), background.frequency if background else ())
    weighting = Weighting()
    if background is not None:
        weighting = Weighting(background.n_articles, background.of(counts.terms))
    member = groups(weighting.fit(counts.matrix).transform(counts.matrix), [e.split_group for e in part.examples])
    procedure = Procedure(weighting, settings.inner_folds(len(part)), settings.seed)
    fitted = procedure.fit(counts.matrix, part.targets(), member)
    return judge(fitted, counts, Unseen("test", test), settings.seed).report
