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
from tagger.stopwords import ENGLISH

__all__ = ["NONE", "PADDING", "Pieces"]

NONE = -1
"""Code of a piece without a known term."""
PADDING = 16
"""Bytes that must follow the last piece: keys are cut out of the text in whole integers."""

_UNMET = np.iinfo(np.int32).min
_FEWEST_BITS, _MOST_BITS = 18, 20
_STOP_BITS, _LONGEST_STOP = 12, 7  # 32 kB, which stay in the processor's nearest cache
_PROBES = 8
_LONGEST_KEY = 15
_LONGEST_REMEMBERED = 256  # bytes: what is longer is no word and does not come back
# the first n of a little-endian integer's eight bytes
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
# stands where a piece of eight bytes has its last one; no piece has such a byte, which would part it
_LONG = np.uint64(1 << 56)
# Fibonacci hashing (Knuth 1973, 6.4), and another odd number for a key's second half
_GOLDEN, _ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

_Numbers = NDArray[np.int64]
_Keys = NDArray[np.uint64]


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
    Open addressing with a few linear probes. The key of a piece of up to 8 bytes is these bytes; of one of up to
    15, a mark behind 7 bytes, and the rest as its second half. Longer pieces, and those that find no room, are
    looked up one by one in a dictionary, so that no text can make the probing long.

    Half of all pieces are stop words of up to 7 bytes. A table of these alone, one a slot, sends them away first.
    """

    def __init__(self, analyzer: Analyzer, rows: Mapping[str, int], prefix: str = "") -> None:
        self._analyzer = analyzer
        self._rows = {t[len(prefix) :]: row for t, row in rows.items() if t.startswith(prefix)} if prefix else rows
        self._first: _Keys
        self._second: _Keys
        self._codes: NDArray[np.int32]
        self._met: int
        self._forget(_FEWEST_BITS)
        self._stops = np.zeros(1 << _STOP_BITS, np.uint64)
        for word in sorted(ENGLISH, key=lambda word: (-len(word), word)):  # short ones are the commoner
            for piece in (word.title().encode(), word.encode()):
                if len(piece) <= _LONGEST_STOP and self._code(piece) == NONE:
                    key = np.frombuffer(piece.ljust(8, b"\0"), "<u8")
                    self._stops[key * _GOLDEN >> np.uint64(64 - _STOP_BITS)] = key

    def known(self, data: bytes, starts: _Numbers, lengths: _Numbers) -> tuple[_Numbers, NDArray[np.int32]]:
        """Return which pieces have known terms, by number, and their codes.

        Parameters
        ----------
        data : bytes
            UTF-8; at least `PADDING` bytes follow the last piece.
        starts, lengths : arrays, shape (n_pieces,)
            Where in `data` each piece is, in bytes.
        """
        eight = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))  # at each byte, the eight from there
        first = eight[starts]
        first &= _FIRST_BYTES.take(lengths, mode="clip")
        # longer pieces have an eighth byte, which no stop word has
        others = np.flatnonzero(
            self._stops.take((first * _GOLDEN >> np.uint64(64 - _STOP_BITS)).view(np.int64)) != first
        )
        codes = self._codes_of(data, starts.take(others), lengths.take(others), eight, first.take(others))
        known = np.flatnonzero(codes != NONE)
        return others.take(known), codes.take(known)

    def several(self, code: int) -> list[int]:
        """Return the rows that a code below `NONE` stands for."""
        return self._several[NONE - 1 - code]

    def _codes_of(
        self, data: bytes, starts: _Numbers, lengths: _Numbers, eight: _Keys, first: _Keys
    ) -> NDArray[np.int32]:
        """Return the codes of pieces, given the eight bytes at each byte, and each piece's first ones."""
        self._make_room()
        longer = np.flatnonzero(lengths > 8)
        first[longer] = first[longer] & _FIRST_BYTES[7] | _LONG
        second = np.zeros_like(first)
        second[longer] = eight[starts[longer] + 7] & _FIRST_BYTES.take(lengths[longer] - 7, mode="clip")
        long = longer[lengths[longer] > _LONGEST_KEY]
        first[long], second[long] = _LONG, 0  # the key of no piece
        slots, lost = self._slots(first, second, longer)
        alone = np.concatenate([long, lost])
        codes = self._codes.take(slots)
        codes[alone] = NONE  # their slots are others'
        unmet = np.flatnonzero(codes == _UNMET)
        if len(unmet):
            fresh, places = np.unique(slots[unmet], return_index=True)
            self._codes[fresh] = self._codes_of_new(_cut(data, starts, lengths, unmet[places]))
            self._met += len(fresh)
            codes = self._codes.take(slots)
        codes[alone] = [self._other(piece) for piece in _cut(data, starts, lengths, alone)]
        return codes

    def _slots(self, first: _Keys, second: _Keys, longer: _Numbers) -> tuple[_Numbers, _Numbers]:
        """Return each key's slot, where it is put unless it is there; and which keys found no room."""
        slots = ((first + second * _ODD) * _GOLDEN >> np.uint64(64 - self._bits)).view(np.int64)
        other = self._first.take(slots) != first
        other[longer] |= self._second.take(slots[longer]) != second[longer]
        lost = np.flatnonzero(other)
        for _ in range(_PROBES):
            if not len(lost):
                break
            at = slots.take(lost)
            free = np.flatnonzero(self._first.take(at) == 0)
            if len(free):  # of keys that want the same slot, the last one gets it
                self._first[at[free]], self._second[at[free]] = first[lost[free]], second[lost[free]]
            lost = lost[(self._first.take(at) != first.take(lost)) | (self._second.take(at) != second.take(lost))]
            slots[lost] = (slots.take(lost) + 1) % len(self._first)
        return slots, lost

    def _make_room(self) -> None:
        """Enlarge a table that is a quarter full, or forget all: codes given out before mean nothing afterwards."""
        if len(self._several) + len(self._others) > 1 << _MOST_BITS:
            self._forget(self._bits)
        elif 4 * self._met > 1 << self._bits:
            if self._bits == _MOST_BITS:
                self._forget(self._bits)
                return
            met = np.flatnonzero(self._codes != _UNMET)
            first, second, codes = self._first[met], self._second[met], self._codes[met]
            self._clear(self._bits + 1)
            slots, lost = self._slots(first, second, np.flatnonzero(second))
            self._codes[np.delete(slots, lost)] = np.delete(codes, lost)
            self._met = len(met)

    def _forget(self, bits: int) -> None:
        self._others: dict[bytes, int] = {}
        self._several: list[list[int]] = []
        self._clear(bits)

    def _clear(self, bits: int) -> None:
        self._bits, self._met = bits, 0
        self._first, self._second = np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, np.uint64)
        self._codes = np.full(1 << bits, _UNMET, np.int32)

    def _other(self, piece: bytes) -> int:
        code = self._others.get(piece)
        if code is None:
            code = self._code(piece)
            if len(piece) <= _LONGEST_REMEMBERED:
                self._others[piece] = code
        return code

    def _codes_of_new(self, pieces: list[bytes]) -> list[int]:
        plain = [piece.decode() for piece in pieces if piece.isascii()]  # which is a surface then
        terms = iter(self._analyzer.terms_of(plain))
        row_of = self._rows.get
        return [row_of(next(terms), NONE) if piece.isascii() else self._code(piece) for piece in pieces]

    def _code(self, piece: bytes) -> int:
        text = piece.decode()
        terms = self._analyzer.terms_within(text)
        rows = [row for term in terms if (row := self._rows.get(term, NONE)) != NONE]
        if len(rows) > 1:
            self._several.append(rows)
            return NONE - len(self._several)
        return rows[0] if rows else NONE


def _cut(data: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64], which: NDArray[np.int64]) -> list[bytes]:
    begins = starts[which]
    return [data[begin:end] for begin, end in zip(begins.tolist(), (begins + lengths[which]).tolist(), strict=True)]
