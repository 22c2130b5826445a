"""Inputs -> a stream of articles. One file per format; this one chooses.

What cannot be read comes out of the stream as an `InputError` in its place, so that one bad
article never costs its neighbours.
"""

from __future__ import annotations

import importlib
import io
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.formats import COMPRESSED, Format, format_of
from tagger.reading.jsonl import Lines
from tagger.reading.opening import STDIN, open_input, seekable, unpacked
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.places import files_at

__all__ = ["MEGABYTE", "STDIN", "Files", "Lines", "Options", "parts_of", "read", "read_all"]

_HEAD = 8192
# format -> (module, function), imported when it is met: the path that tags stays light
_READERS: dict[Format, tuple[str, str]] = {
    "text": ("tagger.reading.text", "read_text"),
    "html": ("tagger.reading.html", "read_html"),
    "feed": ("tagger.reading.feed", "read_feed"),
    "jsonl": ("tagger.reading.jsonl", "lines_of"),
    "json": ("tagger.reading.jsonl", "read_json"),
    "csv": ("tagger.reading.csv", "read_csv"),
    "parquet": ("tagger.reading.parquet", "read_parquet"),
    "docx": ("tagger.reading.docx", "read_docx"),
    "pdf": ("tagger.reading.pdf", "read_pdf"),
}
_SEEKING = ("parquet", "docx", "pdf")
_MOST_BYTES = MEGABYTE // 4
"""Bytes of files that are handed on together: some dozen pages, which take a tenth of a second to read."""
_LEAST_BYTES = 1000
"""What an empty file counts: a million of them are not one handful."""


def read_all(paths: Iterable[str], options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of files, folders, shell patterns and ``-``.

    Parameters
    ----------
    paths : iterable of str
        See `tagger.reading.places.files_at`.
    options : Options
        Limits, and the names of columns.
    """
    for path in paths:
        for file in files_at(path):
            if isinstance(file, InputError):
                yield file
            else:
                yield from read(file, options)


def read(path: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of one file, or of standard input for ``-``."""
    for part in _parts(path, options):
        if isinstance(part, Lines):
            yield from part
        else:
            yield part


@dataclass(frozen=True, slots=True)
class Files:
    """Some small files that are still to be read, here or in another process.

    Parameters
    ----------
    paths : tuple of str
    size : int
        Their bytes.
    options : Options
    """

    paths: tuple[str, ...]
    size: int
    options: Options

    def __iter__(self) -> Iterator[Article | InputError]:
        for path in self.paths:
            yield from read(path, self.options)


def parts_of(paths: Iterable[str], options: Options = DEFAULTS) -> Iterator[Article | InputError | Lines | Files]:
    """Yield what `read_all` does, but small files and lines of JSON unread: that is work which others may do."""
    unread: list[str] = []
    total = 0

    def gathered() -> Iterator[Files]:
        nonlocal total
        if unread:
            yield Files(tuple(unread), total, replace(options, opened=None))
        unread.clear()
        total = 0

    for path in paths:
        for file in files_at(path):
            size = _MOST_BYTES if isinstance(file, InputError) else _small(file)
            if total + size >= _MOST_BYTES:
                yield from gathered()
            if isinstance(file, InputError):
                yield file
            elif size >= _MOST_BYTES:
                yield from _parts(file, options)
            else:
                if options.opened is not None:
                    options.opened(None, file)
                unread.append(file)
                total += size
    yield from gathered()


def _small(path: str) -> int:
    """Return a file's bytes, or what is too many when it is large, packed, or no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 (Path refuses names that os answers)
    except (OSError, ValueError):
        return _MOST_BYTES
    plain = stat.S_ISREG(status.st_mode) and not path.lower().endswith(COMPRESSED)
    return max(status.st_size, _LEAST_BYTES) if plain else _MOST_BYTES


def _parts(path: str, options: Options) -> Iterator[Article | InputError | Lines]:
    try:
        with open_input(path) as file:
            if options.opened is not None:
                options.opened(file, path)
            for inner in unpacked(file, path):
                if isinstance(inner, InputError):
                    yield inner
                else:
                    yield from _parts_of_file(*inner, options)
    except (OSError, ValueError) as error:
        yield InputError(f"{path}: {getattr(error, 'strerror', None) or error}")


def _parts_of_file(
    file: io.BufferedReader[Any], source: str, options: Options
) -> Iterator[Article | InputError | Lines]:
    """Yield one file's articles; what breaks it does not break the archive it is in."""
    try:
        form = format_of(file.peek(_HEAD)[:_HEAD], source)
        module, name = _READERS[form]
        reader = getattr(importlib.import_module(module), name)
        whole = seekable(file) if form in _SEEKING else file
        try:
            yield from reader(whole, source, options)
        finally:
            if whole is not file:  # a copy
                whole.close()
    except OSError as error:
        yield InputError(f"{source}: {error.strerror or error}")
