"""JSON Lines (https://jsonlines.org): one article a line, in constant memory; and JSON documents."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from select import select

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.records import article_from

__all__ = ["Lines", "lines_of", "read_json", "read_jsonl"]

MAX_DOCUMENT = 200 * MEGABYTE
"""Bytes of a JSON document, which is read whole; JSON Lines have no such limit."""
_BLOCK, _GULP = MEGABYTE // 2, 1 << 16
"""Bytes of lines that are handed on together; bytes asked of a file at once."""

# NaN is how programs write a missing value; JSON itself has no such word
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a file, which may be cut out in one process and read in another.

    Parameters
    ----------
    lines : list of bytes
        Without their ends.
    source : str
    line, number : int
        The first line's place in the file, from 1; the articles before it.
    options : Options
    """

    lines: list[bytes]
    source: str
    line: int
    number: int
    options: Options

    def __iter__(self) -> Iterator[Article | InputError]:
        """Yield each line's article, or the error that names the line; empty lines are passed over."""
        number = self.number
        for line_number, line in enumerate(self.lines, self.line):
            if not line or line.isspace():
                continue
            number += 1
            where = f"{self.source}:{line_number}"
            try:
                if len(line) > self.options.max_article:
                    raise self.options.too_large(where)
                yield article_from(_record(line, where), where, self.source, number, self.options)
            except InputError as error:
                yield error

    def next(self) -> tuple[int, int]:
        """Return what `line` and `number` are after these lines."""
        return self.line + len(self.lines), self.number + sum(not line.isspace() for line in self.lines if line)

    def size(self) -> int:
        """Return the lines' bytes."""
        return sum(map(len, self.lines))


def read_jsonl(file: io.BufferedIOBase, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each line's article, or the error that names the line."""
    for lines in lines_of(file, source, options):
        yield from lines


def lines_of(file: io.BufferedIOBase, source: str, options: Options = DEFAULTS) -> Iterator[Lines]:
    """Cut a file into blocks of lines; of a line that is too large only as much is kept as shows that it is."""
    options = replace(options, opened=None)
    line, number = 1, 0
    for data in _blocks(file, options.max_article):
        lines = Lines(data.split(b"\n"), source, line, number, options)
        yield lines
        line, number = lines.next()


def _blocks(file: io.BufferedIOBase, longest: int) -> Iterator[bytes]:
    """Yield whole lines; of one that is longer than `longest`, its beginning."""
    rest, ended, failure = b"", False, None
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
            yield block
        if len(rest) > longest:
            yield rest
            rest = _after_line(file)
    if failure is not None:
        raise failure
    if rest:
        yield rest


def _after_line(file: io.BufferedIOBase) -> bytes:
    """Read on to the end of a line, and return what was read behind it."""
    while data := file.read1(_GULP):
        _, newline, rest = data.partition(b"\n")
        if newline:
            return rest
    return b""


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


def _record(line: bytes, where: str) -> dict[str, object]:
    """Return a line's object; orjson reads most, and what it refuses or would round is left to Python's parser."""
    import orjson  # only here: the path that tags one page is light

    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _object(_parsed(line, where), where)
    if type(value) is not dict or float in map(type, value.values()):  # as which it reads integers beyond 64 bits
        return _object(_parsed(line, where), where)
    return value


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
