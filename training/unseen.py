"""The hold-out: labelled articles that no part of training sees, another file's or the later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from tagger.analysis import Analyzer
from tagger.errors import LabelsError
from training.counts import Counts, count_terms
from training.dataset import Dataset, Example
from training.duplicates import groups
from training.metrics import Report, report
from training.procedure import Fitted
from training.sketches import key_of, sketch_of, unseen
from training.weighting import Weighting

__all__ = ["Holdout", "Unseen", "judge", "split_after", "stories"]

_SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Unseen:
    """Labelled articles to judge a model on: none that it learns from, nor a near copy of one.

    Attributes
    ----------
    name : str
        What the articles are: a file's name, or ``"after 2025-05-31"``.
    dataset : Dataset
    left_out : int
        Articles that are none of these, because the training set holds them or a near copy.
    """

    name: str
    dataset: Dataset
    left_out: int = 0

    @classmethod
    def by(cls, training: Sequence[Example], name: str, holdout: Dataset) -> Unseen:
        """Return those articles of a hold-out that the training set holds neither as they are nor nearly so.

        Raises
        ------
        LabelsError
            If none is left.
        """
        told = {(e.file, e.split_group) for e in training if e.split_group}
        new = unseen(holdout.examples, {key_of(e): sketch_of(e) for e in training})
        new = [e for e in new if (e.file, e.split_group) not in told]
        if not new:
            raise LabelsError(
                f"{name}: the training set holds every one of these {len(holdout)} articles, or a near copy of it",
                "A hold-out must be articles that the model does not learn from.",
            )
        return cls(name, Dataset(tuple(new), holdout.taxonomy, holdout.files), len(holdout) - len(new))


@dataclass(frozen=True)
class Holdout:
    """What a model does with articles that no part of the experiment saw.

    Attributes
    ----------
    unseen : Unseen
    report : Report
    scores, given : arrays, shape (n_articles, n_topics)
        Probabilities and tags.
    """

    unseen: Unseen
    report: Report
    scores: NDArray[np.float64]
    given: NDArray[np.bool_]


def split_after(dataset: Dataset, day: date) -> tuple[Dataset, Dataset]:
    """Part labelled articles into those up to a day and those after it.

    Parameters
    ----------
    dataset : Dataset
    day : date
        Compared with the calendar day of each article's ``date``, which is ISO 8601.

    Raises
    ------
    LabelsError
        If an article has no date or one that is not ISO 8601, or one of the parts would be empty.
    """
    days: list[date] = []
    problems: list[str] = []
    for example in dataset.examples:
        try:
            days.append(datetime.fromisoformat(example.date).date())
        except ValueError:
            problems.append(f"{example.where}: date {example.date!r}" if example.date else f"{example.where}: no date")
    if len(problems) == len(dataset):
        undated = all(not e.date for e in dataset.examples)
        raise LabelsError(
            "No article has a date" if undated else f"No article has a date such as 2025-05-31 ({problems[0]})",
            "A hold-out by date needs a column 'date'; a hold-out of its own can be given with --test.",
        )
    if problems:
        shown = problems[:_SHOWN_PROBLEMS]
        if more := len(problems) - len(shown):
            shown.append(f"... and {more} more")
        raise LabelsError(
            f"{len(problems)} of {len(dataset)} articles have no date such as 2025-05-31:\n  "
            + "\n  ".join(shown)
            + f"\nWhether they came after {day} cannot be told",
            "Correct these rows or leave them out.",
        )
    past, future = (
        tuple(e for e, then in zip(dataset.examples, days, strict=True) if (then > day) is late)
        for late in (False, True)
    )
    for part, where in ((past, "up to"), (future, "after")):
        if not part:
            raise LabelsError(
                f"No article is dated {where} {day}",
                f"They are dated from {min(days)} to {max(days)}: give a day between.",
            )
    return Dataset(past, dataset.taxonomy, dataset.files), Dataset(future, dataset.taxonomy, dataset.files)


def judge(fitted: Fitted, counts: Counts, unseen: Unseen, seed: int = 0) -> Holdout:
    """Judge a model on articles it did not see.

    Parameters
    ----------
    fitted : Fitted
    counts : Counts
        Those the model was fitted on: its terms.
    unseen : Unseen
    seed : int
        Of the bootstrap.
    """
    dataset = unseen.dataset
    own = count_terms(dataset.examples, Analyzer(), counts.terms)
    scores = fitted.scores(own.matrix[:, np.searchsorted(own.terms, counts.terms)])
    given = scores >= fitted.thresholds
    figures = report(dataset.topics, dataset.targets(), given, scores, seed, stories(dataset, own))
    return Holdout(unseen, figures, scores, given)


def stories(dataset: Dataset, counts: Counts | None = None) -> NDArray[np.int64]:
    """Return the group of near copies that each article is in, told by all its words, known to a model or not.

    Parameters
    ----------
    dataset : Dataset
    counts : Counts, optional
        Of its articles, where they were counted already.
    """
    matrix = (counts or count_terms(dataset.examples, Analyzer())).matrix
    return groups(Weighting().fit(matrix).transform(matrix), [e.split_group for e in dataset.examples])
