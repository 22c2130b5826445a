"""JSON Lines (https://jsonlines.org): one article a line, in constant memory; and JSON documents."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from select import select
from typing import Any, NamedTuple

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.records import article_from

__all__ = ["Lines", "lines_of", "read_json", "read_jsonl"]

MAX_DOCUMENT = 200 * MEGABYTE
"""Bytes of a JSON document, which is read whole; JSON Lines have no such limit."""
_BLOCK, _GULP = MEGABYTE, 1 << 16
"""Bytes of lines that are handed on together; bytes asked of a file at once."""

# NaN is how programs write a missing value; JSON itself has no such word
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


class _Place(NamedTuple):
    """Some bytes of a file that every process of this machine can read."""

    path: str
    identity: tuple[int, int]
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a file, which may be cut out in one process and read in another.

    Pickled, those of a plain file are only the place they stand at: whoever gets them reads them there.

    Parameters
    ----------
    data : bytes
        The lines, the last one without its end.
    source : str
    line, number : int
        The first line's place in the file, from 1; the articles before it.
    options : Options
    place : tuple, optional
        Where the data is in a plain file.
    """

    data: bytes
    source: str
    line: int
    number: int
    options: Options
    place: _Place | None = None

    def __iter__(self) -> Iterator[Article | InputError]:
        """Yield each line's article, or the error that names the line; empty lines are passed over."""
        number = self.number
        for line_number, line in enumerate(self.data.split(b"\n"), self.line):
            if not line or line.isspace():
                continue
            number += 1
            where = f"{self.source}:{line_number}"
            try:
                if len(line) > self.options.max_article:
                    raise self.options.too_large(where)
                record, sound = _record(line, where)
                yield article_from(record, where, self.source, number, self.options, sound=sound)
            except InputError as error:
                yield error

    def __reduce__(self) -> tuple[Callable[..., Lines], tuple[Any, ...]]:
        content = self.data if self.place is None else self.place
        return _lines, (content, self.source, self.line, self.number, self.options)

    @property
    def size(self) -> int:
        """The lines' bytes."""
        return len(self.data)

    def next(self) -> tuple[int, int]:
        """Return what `line` and `number` are after these lines."""
        n_lines, n_empty, begin = 0, 0, 0
        while begin >= 0:  # to cut the lines out only to count them takes thrice as long
            n_lines += 1
            end = self.data.find(b"\n", begin)
            if self.data[begin : begin + 1].isspace() or begin == len(self.data):
                line = self.data[begin : None if end < 0 else end]
                n_empty += not line or line.isspace()
            begin = end + 1 or -1
        return self.line + n_lines, self.number + n_lines - n_empty


def read_jsonl(file: io.BufferedIOBase, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each line's article, or the error that names the line."""
    for lines in lines_of(file, source, options):
        yield from lines


def lines_of(file: io.BufferedIOBase, source: str, options: Options = DEFAULTS) -> Iterator[Lines]:
    """Cut a file into blocks of lines; of a line that is too large only as much is kept as shows that it is."""
    options = replace(options, opened=None)
    line, number = 1, 0
    plain = _plain(file)
    for offset, data in _blocks(file, options.max_article):
        place = plain and plain._replace(offset=plain.offset + offset, size=len(data))
        lines = Lines(data, source, line, number, options, place)
        yield lines
        line, number = lines.next()


def _plain(file: io.BufferedIOBase) -> _Place | None:
    """Return where a file is read from now, if it is one on a disk, and nothing stands between."""
    if type(file) is not io.BufferedReader or type(file.raw) is not io.FileIO or not isinstance(file.name, str):
        return None
    is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    return _Place(file.name, _identity(file.raw), file.tell(), 0) if is_regular else None


def _lines(content: bytes | _Place, source: str, line: int, number: int, options: Options) -> Lines:
    """Make lines again of what was pickled."""
    if isinstance(content, bytes):
        return Lines(content, source, line, number, options)
    with io.FileIO(content.path) as file:
        if _identity(file) != content.identity:
            raise InputError(f"{content.path}: replaced by another file while it was read", "Tag it again.")
        file.seek(content.offset)
        return Lines(file.read(content.size), source, line, number, options, content)


def _identity(file: io.FileIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino


def _blocks(file: io.BufferedIOBase, longest: int) -> Iterator[tuple[int, bytes]]:
    """Yield whole lines, and how far from the start they stand; of a line longer than `longest`, its beginning."""
    rest, offset, ended, failure = b"", 0, False, None
    while not ended:
        parts, size, enough = [rest], len(rest), max(_BLOCK, 2 * len(rest))
        while size < enough and not ended and not (len(parts) > 1 and _would_wait(file)):
            try:
                parts.append(file.read1(_GULP))
            except OSError as error:  # what came before it is good
                parts.append(b"")
                failure = error
            size += len(parts[-1])
            ended = not parts[-1]
        block, newline, rest = b"".join(parts).rpartition(b"\n")
        if newline:
            yield offset, block
            offset += len(block) + 1
        if len(rest) > longest:
            yield offset, rest
            skipped, after = _after_line(file)
            offset, rest = offset + len(rest) + skipped, after
    if failure is not None:
        raise failure
    if rest:
        yield offset, rest


def _after_line(file: io.BufferedIOBase) -> tuple[int, bytes]:
    """Read on to the end of a line; return how many bytes that took, and what was read behind it."""
    skipped = 0
    while data := file.read1(_GULP):
        line, newline, rest = data.partition(b"\n")
        skipped += len(line) + len(newline)
        if newline:
            return skipped, rest
    return skipped, b""


def _would_wait(file: io.BufferedIOBase) -> bool:
    """Tell whether more of a file is yet to come, as from a pipe: what is there is not to wait for it."""
    with suppress(OSError):  # what is no file of the system's is all there
        return not select([file.fileno()], [], [], 0)[0]
    return False


def read_json(file: io.BufferedIOBase, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a JSON document: a list of objects, an object, or an object that holds one such list."""
    try:
        data = file.read(MAX_DOCUMENT + 1)
        if len(data) > MAX_DOCUMENT:
            raise InputError(
                f"{source}: larger than {MAX_DOCUMENT // MEGABYTE} MB", "Make it one article a line (.jsonl)."
            )
        value = _parsed(data, source)
    except InputError as error:
        if b"}\n{" in data[: options.max_article]:  # one object a line, whatever the file is called
            yield from read_jsonl(io.BytesIO(data), source, options)
        else:
            yield error
        return
    for number, entry in enumerate(_entries(value), start=1):
        where = f"{source}#{number}"
        try:
            yield article_from(_object(entry, where), where, source, number, options)
        except InputError as error:
            yield error


def _entries(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = [held for held in value.values() if isinstance(held, list) and held and isinstance(held[0], dict)]
        if len(lists) == 1 and not any(isinstance(value.get(key), str) for key in ("body", "text")):
            return lists[0]
    return [value]


def _record(line: bytes, where: str) -> tuple[dict[str, object], bool]:
    """Return a line's object, and whether its strings are sound Unicode.

    orjson reads most lines, and only sound ones; what it refuses or would round is left to Python's parser.
    """
    import orjson  # only here: the path that tags one page is light

    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _object(_parsed(line, where), where), False
    if type(value) is not dict or float in map(type, value.values()):  # as which it reads integers beyond 64 bits
        return _object(_parsed(line, where), where), False
    return value, True


def _parsed(data: bytes, where: str) -> object:
    try:
        return _DECODER.decode(decode(data, where))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", None) or type(error).__name__
        raise InputError(f"{where}: not JSON ({reason})") from error


def _object(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InputError(f"{where}: not a JSON object but {type(value).__name__}")
    return value
