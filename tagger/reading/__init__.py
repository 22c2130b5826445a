"""Inputs -> a stream of articles. One file per format; this one chooses.

What cannot be read comes out of the stream as an `InputError` in its place, so that one bad
article never costs its neighbours.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from typing import Any

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.formats import Format, format_of
from tagger.reading.jsonl import Lines
from tagger.reading.opening import STDIN, open_input, seekable, unpacked
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.places import files_at

__all__ = ["MEGABYTE", "STDIN", "Lines", "Options", "parts_of", "read", "read_all"]

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


def read_all(paths: Iterable[str], options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of files, folders, shell patterns and ``-``.

    Parameters
    ----------
    paths : iterable of str
        See `tagger.reading.places.files_at`.
    options : Options
        Limits, and the names of columns.
    """
    return _flat(parts_of(paths, options))


def read(path: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of one file, or of standard input for ``-``."""
    return _flat(_parts(path, options))


def parts_of(paths: Iterable[str], options: Options = DEFAULTS) -> Iterator[Article | InputError | Lines]:
    """Yield what `read_all` does, but lines of JSON unread, for that is work which others may do."""
    for path in paths:
        for file in files_at(path):
            if isinstance(file, InputError):
                yield file
            else:
                yield from _parts(file, options)


def _flat(parts: Iterable[Article | InputError | Lines]) -> Iterator[Article | InputError]:
    for part in parts:
        if isinstance(part, Lines):
            yield from part
        else:
            yield part


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
