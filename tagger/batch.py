"""Many articles -> their margins, vectorised: what `tagger.vectorizer` does for one, to 1e-9.

The texts of a chunk become one array of bytes, in which everything that parts surfaces in ASCII is made a
space; `tagger.pieces` turns what is between spaces into rows of the model's table. Each occurrence of a known
term is then one integer, article and row of the term, and sorting these integers brings equal ones together:
their numbers are the term counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagger.analysis import ABBREVIATIONS, TITLE, Analyzer, composed
from tagger.bundle import Bundle
from tagger.pieces import NONE, PADDING, Pieces

__all__ = ["BatchVectorizer"]

# surfaces hold no ASCII but letters and digits; bytes from 0x80 belong to characters that pieces keep
_SPACE = 0x20
_PARTED = bytes(byte if byte >= 0x80 or chr(byte).isalnum() else _SPACE for byte in range(256))
_DOTTED = {dotted.encode(): plain.encode() for dotted, plain in ABBREVIATIONS.items()}
_ANY_DOTTED = re.compile(rb"U\.(?:%s)" % b"|".join(re.escape(dotted.removeprefix(b"U.")) for dotted in _DOTTED))

_FEW_TOPICS = 8
"""Up to which a pass over all articles for each topic is quicker than one product for each article."""

_Parted = tuple[bytes, NDArray[np.int64]]


class BatchVectorizer:
    """Scores chunks of articles with one bundle; half a megabyte at a time is quickest, for it fits the cache.

    Parameters
    ----------
    bundle : Bundle
    analyzer : Analyzer
        The one that single articles are analyzed with.
    """

    def __init__(self, bundle: Bundle, analyzer: Analyzer) -> None:
        # from here on glibc keeps twice as much freed memory (mallopt(3), M_MMAP_THRESHOLD): given back and taken
        # anew for every chunk, it was a fifth of the time
        np.empty(30 << 20, np.uint8)
        terms, self._idf, self._weights = bundle.tables()
        self._columns = list(np.ascontiguousarray(self._weights.T)) if len(bundle.topics) <= _FEW_TOPICS else []
        self._intercepts = np.array(bundle.intercepts)
        rows = {term: row for row, (term, idf) in enumerate(zip(terms, self._idf.tolist(), strict=True)) if idf}
        self._words = Pieces(analyzer, rows)
        self._headings = Pieces(analyzer, rows, TITLE) if analyzer.title_terms else None

    def margins(self, titles: Sequence[str], bodies: Sequence[str]) -> NDArray[np.float64]:
        """Return the uncalibrated linear scores, shape (n_articles, n_topics)."""
        n_terms = len(self._idf)
        parted = _parted(titles)
        found = [self._keys(_parted(bodies), self._words), self._keys(parted, self._words)]
        if self._headings is not None:
            found.append(self._keys(parted, self._headings))
        keys = np.concatenate(found)
        keys.sort()
        is_first = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        first = np.flatnonzero(is_first)
        counts = np.diff(first, append=len(keys))
        keys = keys[first]
        rows = keys % n_terms
        values = self._idf.take(rows)
        often = np.flatnonzero(counts > 1)  # the rest weigh 1 + ln 1
        values[often] *= 1.0 + np.log(counts[often])
        bounds = np.searchsorted(keys, np.arange(len(bodies) + 1, dtype=keys.dtype) * n_terms)
        some = np.flatnonzero(np.diff(bounds))  # an article without a known term has no row
        margins = np.zeros((len(bodies), len(self._intercepts)))
        margins[some] = self._products(values, rows, bounds[some], bounds[some + 1])
        margins += self._intercepts
        return margins

    def _products(
        self, values: NDArray[np.float64], rows: NDArray[Any], begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the products of articles' unit-length rows with the weights; none of these rows is empty."""
        n_topics = len(self._intercepts)
        products = np.empty((len(begins), n_topics))
        if n_topics <= _FEW_TOPICS:
            for topic, column in enumerate(self._columns):
                products[:, topic] = np.add.reduceat(column.take(rows) * values, begins)
        else:
            for product, begin, end in zip(products, begins.tolist(), ends.tolist(), strict=True):
                np.dot(values[begin:end], self._weights.take(rows[begin:end], axis=0), out=product)
        products /= np.sqrt(np.add.reduceat(values * values, begins))[:, np.newaxis]
        return products

    def _keys(self, parted: _Parted, pieces: Pieces) -> NDArray[Any]:
        """Return one integer, article * n_terms + row, for every occurrence of a known term."""
        data, ends = parted
        spaces = np.flatnonzero(np.frombuffer(data, np.uint8) == _SPACE)
        lengths = np.diff(spaces) - 1
        some = np.flatnonzero(lengths > 1)  # a single ASCII character is no term
        starts = spaces.take(some) + 1
        known, codes = pieces.known(data, starts, lengths.take(some))
        # sorting half the bytes takes half the time
        kind = np.int32 if len(ends) * len(self._idf) <= np.iinfo(np.int32).max else np.int64
        firsts: NDArray[Any] = np.arange(len(ends), dtype=kind) * len(self._idf)
        keys: NDArray[Any] = np.repeat(firsts, np.diff(np.searchsorted(starts.take(known), ends), prepend=0)) + codes
        several = np.flatnonzero(codes < NONE)
        if not len(several):
            return keys
        more = [
            key - code + row
            for key, code in zip(keys[several].tolist(), codes[several].tolist(), strict=True)
            for row in pieces.several(code)
        ]
        return np.concatenate([np.delete(keys, several), np.array(more, keys.dtype)])


def _parted(texts: Sequence[str]) -> _Parted:
    """Return the texts in form, their surfaces between spaces, and where each text ends."""
    # a lone surrogate parts surfaces, and so does the question mark it becomes
    encoded = [
        _ANY_DOTTED.sub(lambda found: _DOTTED[found[0]], composed(text).encode("utf-8", "replace")) for text in texts
    ]
    ends = np.cumsum([len(text) + 1 for text in encoded])
    return b" ".join([b"", *encoded, b" " * PADDING]).translate(_PARTED), ends
