"""Many articles -> their margins, vectorised: what `tagger.vectorizer` does for one, to 1e-9.

The texts of a chunk become one array of bytes, in which everything that parts surfaces in ASCII is made a
space; Arrow finds the distinct pieces between spaces, and only these are looked at in Python
(`tagger.pieces`). Each occurrence of a known term is then one integer, article and row of the term, and
sorting these integers brings equal ones together: their numbers are the term counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tagger.analysis import TITLE, Analyzer, in_form
from tagger.bundle import Bundle
from tagger.pieces import NONE, Pieces

__all__ = ["BatchVectorizer"]

# surfaces hold no ASCII but letters and digits; bytes from 0x80 belong to characters that pieces keep
_SPACE = 0x20
_PARTED = bytes(byte if byte >= 0x80 or chr(byte).isalnum() else _SPACE for byte in range(256))


class BatchVectorizer:
    """Scores chunks of articles with one bundle.

    Parameters
    ----------
    bundle : Bundle
    analyzer : Analyzer
        The one that single articles are analyzed with.
    """

    def __init__(self, bundle: Bundle, analyzer: Analyzer) -> None:
        terms, self._idf, self._weights = bundle.tables()
        self._intercepts = np.array(bundle.intercepts)
        rows = {term: row for row, (term, idf) in enumerate(zip(terms, self._idf.tolist(), strict=True)) if idf}
        self._words = Pieces(analyzer, rows)
        self._headings = Pieces(analyzer, rows, TITLE) if analyzer.title_terms else None

    def margins(self, titles: Sequence[str], bodies: Sequence[str]) -> NDArray[np.float64]:
        """Return the uncalibrated linear scores, shape (n_articles, n_topics)."""
        n_terms = len(self._idf)
        split = _split(bodies)
        found = [self._keys(split, self._words)]
        split = _split(titles)
        found.append(self._keys(split, self._words))
        if self._headings is not None:
            found.append(self._keys(split, self._headings))
        keys = np.concatenate(found)
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(first, append=len(keys))
        keys = keys[first]
        article = keys // n_terms
        row = keys - article * n_terms
        values = self._idf[row]
        often = np.flatnonzero(counts > 1)  # the rest weigh 1 + ln 1
        values[often] *= 1.0 + np.log(counts[often])
        lengths = np.sqrt(np.bincount(article, values * values, minlength=len(bodies)))
        values /= lengths[article]
        return self._products(np.searchsorted(article, np.arange(len(bodies) + 1)), row, values)

    def _keys(self, split: _Split, pieces: Pieces) -> NDArray[np.int64]:
        """Return one integer, article * n_terms + row, for every occurrence of a known term."""
        pieces.forget_when_full()
        codes = np.fromiter(map(pieces.__getitem__, split.distinct), np.int32, len(split.distinct))
        code = codes[split.places]
        known = np.flatnonzero(code != NONE)
        code = code[known]
        first_keys = np.arange(len(split.counts)) * len(self._idf)
        keys = np.repeat(first_keys, split.counts)[known] + code
        several = np.flatnonzero(code < NONE)
        if not len(several):
            return keys
        more = [
            key - one + row
            for key, one in zip(keys[several].tolist(), code[several].tolist(), strict=True)
            for row in pieces.several(one)
        ]
        return np.concatenate([np.delete(keys, several), np.array(more, np.int64)])

    def _products(
        self, starts: NDArray[np.int64], row: NDArray[np.int64], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        margins = np.empty((len(starts) - 1, len(self._intercepts)))
        for i, (begin, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
            margins[i] = values[begin:end] @ self._weights[row[begin:end]]
        margins += self._intercepts
        return margins


class _Split(NamedTuple):
    """The pieces of some texts, one after the other."""

    counts: NDArray[np.int64]
    """How many each text has."""
    places: NDArray[np.int32]
    """Each piece, by its place among the distinct ones."""
    distinct: list[str]


def _split(texts: Sequence[str]) -> _Split:
    # a lone surrogate parts surfaces, and so does the question mark it becomes
    encoded = [in_form(text).encode("utf-8", "replace") for text in texts]
    ends = np.cumsum([len(text) + 1 for text in encoded])  # a space follows each
    encoded.append(b"")
    data = b" ".join(encoded).translate(_PARTED)
    # a piece ends with the one space behind it, so that the pieces are the data; between two spaces it is empty
    offsets = np.flatnonzero(np.frombuffer(data, np.uint8) == _SPACE)
    offsets += 1
    bounds = np.searchsorted(offsets, ends, side="right")
    offsets = np.concatenate([[0], offsets]).astype(np.int32)
    pieces = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
    found = pieces.dictionary_encode()
    return _Split(np.diff(bounds, prepend=0), found.indices.to_numpy(), _strings(found.dictionary))


def _strings(pieces: pa.StringArray) -> list[str]:
    """Return strings that end with their only space as Python's, without it; all at once, as Arrow holds them."""
    _, offsets, data = pieces.buffers()
    if not len(pieces):
        return []
    begin, end = np.frombuffer(offsets, np.int32)[[pieces.offset, pieces.offset + len(pieces)]]
    text: str = data.to_pybytes()[begin:end].decode("utf-8")
    return text.split(" ")[:-1]
