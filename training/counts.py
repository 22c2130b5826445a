"""Articles -> a matrix of term counts: every article is analyzed once, however many folds follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from tagger.analysis import Analyzer
from training.dataset import Example

__all__ = ["Counts", "count_terms"]


@dataclass(frozen=True)
class Counts:
    """Term counts of all articles.

    Attributes
    ----------
    matrix : csr_matrix of float64, shape (n_articles, n_terms)
    terms : tuple of str, length n_terms
        Sorted; the columns.
    """

    matrix: csr_matrix
    terms: tuple[str, ...]


def count_terms(
    examples: Sequence[Example],
    analyzer: Analyzer,
    also: Iterable[str] = (),
    counted: Callable[[], None] = lambda: None,
) -> Counts:
    """Analyze all articles and count their terms.

    Parameters
    ----------
    examples : sequence of Example
    analyzer : Analyzer
    also : iterable of str
        Terms that get a column even where no article has them: a background archive's.
    counted : callable
        Called after each article.
    """
    documents = []
    for example in examples:
        documents.append(analyzer.terms(example.title, example.body))
        counted()
    terms = sorted({term for document in documents for term in document}.union(also))
    vectorizer = CountVectorizer(analyzer=_as_is, vocabulary=terms, dtype=np.float64)
    return Counts(vectorizer.transform(documents), tuple(terms))


def _as_is(document: list[str]) -> list[str]:
    return document
