"""JSON Lines (https://jsonlines.org): one article a line, in constant memory; and JSON documents."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.options import DEFAULTS, MEGABYTE, Options
from tagger.reading.records import article_from

__all__ = ["read_json", "read_jsonl"]

MAX_DOCUMENT = 200 * MEGABYTE
"""Bytes of a JSON document, which is read whole; JSON Lines have no such limit."""

# NaN is how programs write a missing value; JSON itself has no such word
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def read_jsonl(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each line's article, or the error that names the line; empty lines are passed over."""
    number = line_number = 0
    while line := file.readline(options.max_article + 1):
        line_number += 1
        if not line.strip():
            continue
        number += 1
        where = f"{source}:{line_number}"
        try:
            if len(line) > options.max_article and not line.endswith(b"\n"):
                while (rest := file.readline(MEGABYTE)) and not rest.endswith(b"\n"):
                    pass
                raise options.too_large(where)
            yield article_from(_object(_parsed(line, where), where), where, source, number, options)
        except InputError as error:
            yield error


def read_json(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
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
