"""CSV and TSV with a header line: one article a row, in constant memory.

A quote that is never closed makes a parser take the rest of the file for one cell. Therefore a row of
several lines must end in time and have as many cells as the header; otherwise its first line alone is
the error, and reading goes on with the second.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.decoding import decode, encoding_of, undecodable
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.records import article_from, check_columns, role_of

__all__ = ["MAX_FIELD", "read_csv"]

MAX_FIELD = 50_000_000
"""Characters that one cell of a labelled CSV may have."""

_DELIMITERS = ",\t;|"
_QUOTED_LINES = 20_000
"""Lines that one row may have; more are a quote that nobody closed."""


def read_csv(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each row's article, or the error that names the row's line.

    Wrong bytes become surrogates on the way in, so that one such row does not end the file.
    """
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    head = buffered.peek(8192)[:8192]
    # rows gathered from several places have several encodings: UTF-8 if any of it is, the rest a cell at a time
    mixed = sum(not letter.isascii() for letter in head.decode(errors="ignore")) >= undecodable(head)
    encoding = "utf-8-sig" if mixed else encoding_of(head)
    errors = "surrogateescape" if mixed else "replace"
    text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")
    before = csv.field_size_limit(options.max_article)
    try:
        yield from _Table(_Lines(text, options, source), source, options).items()
    finally:
        csv.field_size_limit(before)
        text.detach()


class _Lines:
    """The lines of a file, of which the last ones taken can be put back."""

    def __init__(self, text: io.TextIOWrapper, options: Options, source: str) -> None:
        self._text, self._options, self._source = text, options, source
        self._put_back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self.too_long: list[InputError] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _QUOTED_LINES:
            raise csv.Error("a quote is opened and not closed")
        line = self._put_back.popleft() if self._put_back else self._read()
        self.number += 1
        self.taken.append(line)
        return line

    def _read(self) -> str:
        limit = self._options.max_article
        while True:
            line = self._text.readline(2 * limit)
            if not line:
                raise StopIteration
            if len(line) < 2 * limit or line.endswith("\n"):
                return line
            self.number += 1
            while (rest := self._text.readline(MEGABYTE)) and not rest.endswith("\n"):
                pass
            self.too_long.append(self._options.too_large(f"{self._source}:{self.number}"))

    def start_row(self) -> None:
        self.taken = []

    def retreat(self) -> None:
        """Put back all lines of the row but the first."""
        self._put_back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]


class _Table:
    def __init__(self, lines: _Lines, source: str, options: Options) -> None:
        self._lines, self._source, self._options = lines, source, options
        self._columns: list[str] = []
        self._delimiter = ","

    def items(self) -> Iterator[Article | InputError]:
        try:
            self._read_header()
        except (InputError, csv.Error) as error:
            yield error if isinstance(error, InputError) else InputError(f"{self._source}: not a CSV file ({error})")
            return
        number = 0
        # after an error the next call of the same reader begins a new row
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while True:
            self._lines.start_row()
            item: Article | InputError | None
            try:
                cells = self._row(reader)
            except StopIteration:
                yield from self._lines.too_long
                return
            except InputError as error:
                cells, item = [], error
            else:
                item = None
            yield from self._lines.too_long
            number += len(self._lines.too_long) + bool(cells or item)
            self._lines.too_long.clear()
            if cells:
                try:
                    item = self._article(cells, number)
                except InputError as error:
                    item = error
            if item is not None:
                yield item

    def _read_header(self) -> None:
        first = next((line for line in self._lines if line.strip()), "")
        # the separator that parts the most names we know, then the most names
        rows = {mark: next(csv.reader([first], delimiter=mark), []) for mark in _DELIMITERS}
        self._delimiter = max(
            rows, key=lambda mark: (sum(role_of(c)[0] is not None for c in rows[mark]), len(rows[mark]))
        )
        names = [repaired(cell, self._source).strip() for cell in rows[self._delimiter]]
        check_columns(names, self._source, self._options)
        for name in names:
            twin = sum(other == name or other.startswith(f"{name}.") for other in self._columns)
            self._columns.append(f"{name}.{twin + 1}" if name in self._columns else name)

    def _row(self, reader: Iterator[list[str]]) -> list[str]:
        """Return the next row's cells, none for an empty line."""
        try:
            cells = next(reader)
        except csv.Error as error:
            reason = str(error)
            if "field larger" in reason and len(self._lines.taken) == 1:
                raise self._options.too_large(f"{self._source}:{self._lines.number}") from error
        else:
            if len(self._lines.taken) <= 1 or len(cells) == len(self._columns):
                return cells
            reason = f"{len(cells)} cells, the header has {len(self._columns)}"
        self._lines.retreat()
        first = self._lines.taken[0]
        if first.count('"') % 2 == 0:  # every quote has its partner: the writer only forgot to double the inner ones
            cells = next(csv.reader([first], delimiter=self._delimiter), [])
            if len(cells) == len(self._columns):
                return cells
        raise InputError(
            f"{self._source}:{self._lines.number}: not a CSV row, a quote is out of place ({reason})",
            'Double the quotes inside a quoted cell ("").',
        )

    def _article(self, cells: list[str], number: int) -> Article:
        where = f"{self._source}:{self._lines.number}"
        if len(cells) > len(self._columns):
            raise InputError(f"{where}: more cells than the header has columns")
        cells = [repaired(cell, where) for cell in cells]
        row = dict(zip(self._columns, cells + [""] * (len(self._columns) - len(cells)), strict=True))
        return replace(article_from(row, where, self._source, number, self._options), row=row)


def repaired(cell: str, where: str) -> str:
    """Return a cell whose wrong bytes are read in the encoding they are most likely in."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return decode(cell.encode("utf-8", "surrogateescape"), where)
    return cell
