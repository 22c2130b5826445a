"""The learning curve: how good a model gets from how many labelled articles.

Each point is an experiment of its own on a random part of the labels. It is judged by
cross-validation, or, given another labelled set, on all of that set, which no part of it ever sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tagger.analysis import Analyzer
from tagger.errors import LabelsError
from training.background import Background
from training.counts import count_terms
from training.dataset import Dataset
from training.duplicates import groups
from training.experiment import Settings, run
from training.metrics import Report
from training.procedure import Procedure
from training.unseen import Unseen, judge
from training.weighting import Weighting

__all__ = ["Point", "curve_sizes", "learning_curve"]

_POINTS = 5
_LEAST_PER_FOLD = 5


@dataclass(frozen=True)
class Point:
    """What `n_articles` labelled articles give."""

    n_articles: int
    report: Report


def curve_sizes(n_articles: int, n_folds: int) -> list[int]:
    """Return the sizes of a learning curve below the whole set: up to four halvings of it, smallest first.

    Each takes half the time of the next, so that all of them together take less than the whole set does. Sizes
    that leave fewer than five articles a fold are left out.
    """
    halved = [n_articles >> times for times in range(_POINTS - 1, 0, -1)]
    return [size for size in halved if size >= _LEAST_PER_FOLD * n_folds]


def learning_curve(
    dataset: Dataset,
    sizes: Sequence[int],
    settings: Settings | None = None,
    background: Background | None = None,
    test: Dataset | None = None,
    supplement: Dataset | None = None,
) -> Iterator[Point]:
    """Yield a point for each size that suffices.

    Parameters
    ----------
    dataset : Dataset
    sizes : sequence of int
        Numbers of articles, drawn at random by the settings' seed; smaller draws are part of larger ones.
    settings : Settings, optional
    background : Background, optional
    test : Dataset, optional
        Other labelled articles with the same topics. Without it each point is cross-validated.
    supplement : Dataset, optional
        Articles that every cross-validated point learns from as well.
    """
    settings = settings or Settings()
    order = np.random.default_rng(settings.seed).permutation(len(dataset))
    for size in sizes:
        chosen = [dataset.examples[i] for i in sorted(order[:size].tolist())]
        part = Dataset(tuple(chosen), dataset.taxonomy, dataset.files)
        try:
            if test is None:
                judged = run(part, settings, background, supplement=supplement).report
            else:
                judged = _on(part, settings, background, test)
        except LabelsError:
            continue  # a small part of a set with many near-duplicates: too few groups of them for the folds
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
