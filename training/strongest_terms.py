"""What a model looks at: the words that earn each topic most, and those that speak against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tagger.analysis import TITLE
from training.experiment import Outcome

__all__ = ["Term", "TopicTerms", "joined", "strongest_terms"]

_READ = 5


@dataclass(frozen=True, slots=True)
class Term:
    """A term as articles spell it, and what it adds to a topic's margin on average."""

    word: str
    contribution: float


@dataclass(frozen=True, slots=True)
class TopicTerms:
    """The strongest terms of a topic, the strongest first."""

    topic: str
    towards: tuple[Term, ...]
    """By their mean contribution over the articles with the tag."""
    against: tuple[Term, ...]
    """By their mean contribution over the articles without it."""


def strongest_terms(outcome: Outcome, n: int = 12) -> list[TopicTerms]:
    """Return each topic's strongest terms.

    A weight alone says little: the largest ones belong to words that hardly any article has. What counts is
    weight times TF-IDF value, the contribution that evidence shows for one article, here in the mean.

    Parameters
    ----------
    outcome : Outcome
        Its final model, and the articles this was fitted on, but for a supplement's: a description, not a measure.
    n : int
        How many terms towards a topic, and at most how many against it.
    """
    rows = outcome.fitted.weighting.transform(_own(outcome))
    targets = outcome.dataset.targets()
    word = _words_of(outcome.counts.terms)
    chosen: list[tuple[list[tuple[int, float]], list[tuple[int, float]]]] = []
    for k in range(targets.shape[1]):
        weights = outcome.fitted.linear.weights[:, k]
        with_tag, without = (
            np.bincount(word, _mean(rows, mask) * weights, len(word)) for mask in (targets[:, k], ~targets[:, k])
        )
        towards = [(int(i), float(with_tag[i])) for i in np.argsort(-with_tag, kind="stable")[:n] if with_tag[i] > 0]
        against = [(int(i), float(without[i])) for i in np.argsort(without, kind="stable")[:n] if without[i] < 0]
        chosen.append((towards, against))
    spelt = _spelt(outcome, {i for sides in chosen for side in sides for i, _ in side})
    return [
        TopicTerms(topic, *(tuple(Term(spelt[i], value) for i, value in side) for side in sides))
        for topic, sides in zip(outcome.dataset.topics, chosen, strict=True)
    ]


def joined(terms: Sequence[Term]) -> str:
    """Return the words in one line."""
    return ", ".join(term.word for term in terms)


def _own(outcome: Outcome) -> csr_matrix:
    """Return the counts of the labelled articles; those of a supplement come after them."""
    return outcome.counts.matrix[: len(outcome.dataset)]


def _words_of(terms: Sequence[str]) -> NDArray[np.int64]:
    """Return for each term the place of its word: a title term is the same word as the one it is made of."""
    places = {term: i for i, term in enumerate(terms)}
    return np.array([places.get(term.removeprefix(TITLE), i) for i, term in enumerate(terms)], dtype=np.int64)


def _mean(rows: csr_matrix, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(mask.astype(float) @ rows).ravel() / max(int(mask.sum()), 1)


def _spelt(outcome: Outcome, terms: set[int]) -> dict[int, str]:
    """Return how articles spell some terms, which are stems, going by the first few articles that have each."""
    columns = _own(outcome).tocsc()
    readers: defaultdict[int, set[str]] = defaultdict(set)
    for i in terms:
        for article in columns.indices[columns.indptr[i] : columns.indptr[i + 1]][:_READ].tolist():
            readers[article].add(outcome.counts.terms[i])
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article, wanted in readers.items():
        example = outcome.dataset.examples[article]
        for occurrence in outcome.analyzer.occurrences(example.title, example.body):
            if occurrence.term in wanted:
                seen[occurrence.term][occurrence.surface] += 1
    names = {i: outcome.counts.terms[i] for i in terms}
    return {i: _commonest(seen[name]) if name in seen else name for i, name in names.items()}


def _commonest(surfaces: Counter[str]) -> str:
    """Return the commonest surface; one with capitals only if the term never goes without: a name."""
    plain = Counter({surface: n for surface, n in surfaces.items() if surface.islower()})
    return (plain or surfaces).most_common(1)[0][0]
