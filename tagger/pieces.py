"""Pieces of text -> rows of a model's table, for arrays of pieces at once.

A *piece* is a run of characters between ASCII white space and punctuation, which bytes can find. It holds
one surface, mostly; or several, or none, where other punctuation is in it (``“Peace—now”``). What its terms
are only `tagger.analysis` says, asked once for each piece that is met; from then on it is found in a hash table
of numpy arrays, whose keys are the piece's bytes as two integers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tagger.analysis import Analyzer

__all__ = ["NONE", "PADDING", "Pieces"]

NONE = -1
"""Code of a piece without a known term."""
PADDING = 16
"""Bytes that must follow the last piece: keys are cut out of the text in whole integers."""

_UNMET = np.iinfo(np.int32).min
_BITS = 20
_SLOTS = 1 << _BITS
_REMEMBERED = _SLOTS // 2
_PROBES = 8
_LONGEST_REMEMBERED = 256  # bytes: what is longer is no word and does not come back
# the first n of a little-endian integer's eight bytes
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
_LONG = np.uint64(1)  # no piece has this key: a byte of 1 is white space or punctuation
# Fibonacci hashing (Knuth 1973, 6.4), and another odd number for the second half
_GOLDEN, _ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


class Pieces:
    """Piece -> code: the row of its only known term, `NONE`, or below that where `several` has its rows.

    Parameters
    ----------
    analyzer : Analyzer
    rows : mapping
        Term -> row, of the terms that the model knows.
    prefix : str
        What stands before the terms in the table, ``"title:"`` for pieces of titles.

    Notes
    -----
    Open addressing with a few linear probes. Pieces of more than 16 bytes, and those that find no room, are
    looked up one by one in a dictionary, so that no text can make the probing long.
    """

    def __init__(self, analyzer: Analyzer, rows: Mapping[str, int], prefix: str = "") -> None:
        self._analyzer, self._rows, self._prefix = analyzer, rows, prefix
        self._forget()

    def _forget(self) -> None:
        self._first, self._second = np.zeros(_SLOTS, np.uint64), np.zeros(_SLOTS, np.uint64)
        self._codes = np.full(_SLOTS, _UNMET, np.int32)
        self._met = 0
        self._others: dict[bytes, int] = {}
        self._several: list[list[int]] = []

    def codes(self, data: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the codes of pieces.

        Parameters
        ----------
        data : bytes
            UTF-8; at least `PADDING` bytes follow the last piece.
        starts, lengths : arrays, shape (n_pieces,)
            Where in `data` each piece is, in bytes.
        """
        if max(self._met, len(self._others), len(self._several)) > _REMEMBERED:
            self._forget()  # memory stays bounded; codes given out before mean nothing afterwards
        eight = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))  # at each byte, the eight from there
        first = eight[starts] & _FIRST_BYTES.take(lengths, mode="clip")
        second = np.zeros_like(first)
        longer = np.flatnonzero(lengths > 8)
        second[longer] = eight[starts[longer] + 8] & _FIRST_BYTES.take(lengths[longer] - 8, mode="clip")
        long = np.flatnonzero(lengths > 16)
        first[long], second[long] = _LONG, 0
        slots, lost = self._slots(first, second)
        codes = self._codes.take(slots)
        unmet = np.flatnonzero(codes == _UNMET)
        if len(unmet):
            fresh, places = np.unique(slots[unmet], return_index=True)
            self._codes[fresh] = [self._code(piece) for piece in _cut(data, starts, lengths, unmet[places])]
            self._met += len(fresh)
            codes = self._codes.take(slots)
        alone = np.concatenate([long, lost])
        codes[alone] = [self._other(piece) for piece in _cut(data, starts, lengths, alone)]
        return codes

    def several(self, code: int) -> list[int]:
        """Return the rows that a code below `NONE` stands for."""
        return self._several[NONE - 1 - code]

    def _slots(
        self, first: NDArray[np.uint64], second: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return each key's slot, where it is put unless it is there; and which keys found no room."""
        slots = ((first + second * _ODD) * _GOLDEN >> np.uint64(64 - _BITS)).view(np.int64)
        lost = np.flatnonzero((self._first.take(slots) != first) | (self._second.take(slots) != second))
        for probe in range(_PROBES):
            if not len(lost):
                break
            if probe:
                slots[lost] = (slots[lost] + 1) % _SLOTS
            free = lost[self._first[slots[lost]] == 0]  # of keys that want the same slot, the last one gets it
            self._first[slots[free]], self._second[slots[free]] = first[free], second[free]
            at = slots[lost]
            lost = lost[(self._first[at] != first[lost]) | (self._second[at] != second[lost])]
        return slots, lost

    def _other(self, piece: bytes) -> int:
        code = self._others.get(piece)
        if code is None:
            code = self._code(piece)
            if len(piece) <= _LONGEST_REMEMBERED:
                self._others[piece] = code
        return code

    def _code(self, piece: bytes) -> int:
        text = piece.decode()
        if text.isascii():  # then it is a surface
            return self._rows.get(self._prefix + self._analyzer.term(text), NONE)
        terms = self._analyzer.terms_within(text)
        rows = [row for term in terms if (row := self._rows.get(self._prefix + term, NONE)) != NONE]
        if len(rows) > 1:
            self._several.append(rows)
            return NONE - len(self._several)
        return rows[0] if rows else NONE


def _cut(
    data: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64], which: NDArray[np.int64]
) -> list[bytes]:
    begins = starts[which]
    return [
        data[begin:end] for begin, end in zip(begins.tolist(), (begins + lengths[which]).tolist(), strict=True)
    ]
