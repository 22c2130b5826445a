"""Terms to a TF-IDF row, as scikit-learn's ``TfidfVectorizer(sublinear_tf=True)`` makes it.

Each known term weighs ``(1 + ln count) * idf``, and the row is scaled to Euclidean length 1
(Salton & Buckley 1988). Terms that the model does not know count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt
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
        self._bundle = bundle
        self._known: dict[str, tuple[float, tuple[float, ...]] | None] = {}

    def row(self, terms: Iterable[str]) -> list[Weighted]:
        """Return an article's row: its known terms, each once; empty when none is known."""
        found = []
        square = 0.0
        for term, count in Counter(terms).items():
            known = self._known[term] if term in self._known else self._look_up(term)
            if known is not None:
                value = (1.0 + log(count)) * known[0]
                square += value * value
                found.append((term, value, known[1]))
        length = sqrt(square)
        return [Weighted(term, value / length, weights) for term, value, weights in found]

    def _look_up(self, term: str) -> tuple[float, tuple[float, ...]] | None:
        row = self._bundle.find(term)
        known = None if row < 0 else (self._bundle.idf(row), self._bundle.weights(row))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[term] = known
        return known
