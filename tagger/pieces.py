"""Pieces of text -> rows of a model's table: what makes the vectorised look-up possible.

A *piece* is a run of characters between ASCII white space and punctuation, which bytes can find. It holds
one surface, mostly; or several, or none, where other punctuation is in it (``“Peace—now”``). What its terms
are only `tagger.analysis` says, asked once for each piece that is met.
"""

from __future__ import annotations

from collections.abc import Mapping

from tagger.analysis import Analyzer

__all__ = ["NONE", "Pieces"]

NONE = -1
_REMEMBERED = 300_000
_LONGEST_REMEMBERED = 64  # characters: what is longer is no word and does not come back


class Pieces(dict[str, int]):
    """Piece -> code: the row of its only known term, `NONE`, or below that where `several` has its rows.

    Parameters
    ----------
    analyzer : Analyzer
    rows : mapping
        Term -> row, of the terms that the model knows.
    prefix : str
        What stands before the terms in the table, ``"title:"`` for pieces of titles.
    """

    def __init__(self, analyzer: Analyzer, rows: Mapping[str, int], prefix: str = "") -> None:
        super().__init__()
        self._analyzer, self._rows, self._prefix = analyzer, rows, prefix
        self._several: list[list[int]] = []

    def __missing__(self, piece: str) -> int:
        terms = self._analyzer.terms_within(piece)
        rows = [row for term in terms if (row := self._rows.get(self._prefix + term, NONE)) != NONE]
        if len(rows) > 1:
            self._several.append(rows)
            code = NONE - len(self._several)
        else:
            code = rows[0] if rows else NONE
        if len(piece) <= _LONGEST_REMEMBERED:
            self[piece] = code
        return code

    def several(self, code: int) -> list[int]:
        """Return the rows that a code below `NONE` stands for."""
        return self._several[NONE - 1 - code]

    def forget_when_full(self) -> None:
        """Keep memory bounded; codes given out before mean nothing afterwards."""
        if len(self) > _REMEMBERED or len(self._several) > _REMEMBERED:
            self.clear()
            self._several.clear()
