"""Terms to a TF-IDF row, as scikit-learn's ``TfidfVectorizer(sublinear_tf=True)`` makes it.

Each known term weighs ``(1 + ln count) * idf``, and the row is scaled to Euclidean length 1
(Salton & Buckley 1988). Terms that the model does not know count for nothing. Here one article is
weighed with the standard library alone; `tagger.batch` does the same for many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from tagger.bundle import Bundle

__all__ = ["Vectorizer", "Weighted"]

_REMEMBERED = 50_000


class Weighted(NamedTuple):
    """One term of an article's row."""

    term: str
    value: float
    """The TF-IDF value in the unit-length row, above 0."""
    weights: tuple[float, ...]
    """The model's weights of the term, one a topic."""


class Vectorizer:
    """Makes the rows of one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self._known = _Known(bundle)

    def row(self, terms: Iterable[str]) -> list[Weighted]:
        """Return an article's row: its known terms, each once; empty when none is known."""
        known = self._known
        found = [
            (term, (1.0 + log(count)) * entry[0], entry[1])
            for term, count in Counter(terms).items()
            if (entry := known[term]) is not None
        ]
        length = sqrt(sum(value * value for _, value, _ in found))
        return [Weighted(term, value / length, weights) for term, value, weights in found]

    def margins(self, terms: Iterable[str], intercepts: Sequence[float]) -> list[float]:
        """Return the products of an article's row with each topic's weights, plus the intercepts."""
        known = self._known
        values, weights = [], []
        for term, count in Counter(terms).items():
            if (entry := known[term]) is not None:
                values.append(entry[0] if count == 1 else (1.0 + log(count)) * entry[0])
                weights.append(entry[1])
        if not values:
            return list(intercepts)
        length = sqrt(sum(map(mul, values, values)))
        # column by column, so that the loop over the terms runs in C
        columns = zip(*weights, strict=True)
        return [
            intercept + sum(map(mul, values, column)) / length
            for intercept, column in zip(intercepts, columns, strict=True)
        ]


class _Known(dict[str, tuple[float, tuple[float, ...]] | None]):
    """Term -> idf and weights, None for a term the model lacks; looked up once, forgets all when full."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__()
        self._bundle = bundle

    def __missing__(self, term: str) -> tuple[float, tuple[float, ...]] | None:
        row = self._bundle.find(term)
        # a term that weighs nothing (idf 0) is as good as unknown, and a row of such has no length
        known = None if row < 0 or not (idf := self._bundle.idf(row)) else (idf, self._bundle.weights(row))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[term] = known
        return known
