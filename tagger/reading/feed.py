"""RSS and Atom files: one article an entry."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.markup import paragraphs_of, without_floods
from tagger.reading.options import DEFAULTS, Options
from tagger.reading.records import article_from

__all__ = ["read_feed"]

_MAX_DEPTH = 500
_ENCODING = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)


def read_feed(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield each entry's article, or the error that names the entry."""
    import feedparser

    try:
        text = _text(file, source, options)
        # bytes in a file: a string would be taken for an address to fetch
        try:
            feed = feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False)
        except Exception as error:  # a feed that its parser trips over must not end the batch
            raise InputError(f"{source}: the feed cannot be read ({type(error).__name__}: {error})") from error
        if not feed.entries:
            raise InputError(f"{source}: {_why_empty(feed)}")
    except InputError as error:
        yield error
        return
    for number, entry in enumerate(feed.entries, start=1):
        where = f"{source}#{number}"
        try:
            yield article_from(_record(entry), where, source, number, options)
        except InputError as error:
            yield error
    if feed.bozo and isinstance(feed.get("bozo_exception"), Exception) and _is_cut(text):
        yield InputError(f"{source}: the feed ends before its last entry does, as after a broken download")


def _text(file: BinaryIO, source: str, options: Options) -> str:
    data = file.read(options.max_article + 1)
    if len(data) > options.max_article:
        raise options.too_large(source)
    declared = _ENCODING.match(data.lstrip())
    text = decode(data, source, declared.group(1).decode() if declared else None)
    if _ENTITY.search(text):
        # no feed needs them, and they are how a small file becomes a large one
        raise InputError(f"{source}: a feed that defines entities of its own is not read")
    depth = 0
    for closing, closed in _TAG.findall(text):
        depth += 0 if closed else -1 if closing else 1
        if depth > _MAX_DEPTH:
            raise InputError(f"{source}: nested too deeply for a feed")
    return _DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', without_floods(text))


def _why_empty(feed: Any) -> str:
    if feed.get("version"):
        return "the feed has no entry"
    return "XML, but no RSS or Atom feed"


def _is_cut(text: str) -> bool:
    return not re.search(r"</(?:\w+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*?-->\s*)*$", text, re.IGNORECASE)


def _record(entry: Any) -> dict[str, Any]:
    contents = [content.get("value") or "" for content in entry.get("content") or ()]
    longest = max([*contents, entry.get("summary") or ""], key=len)
    return {
        "title": " ".join(paragraphs_of(entry.get("title") or "")),
        "body": "\n\n".join(paragraphs_of(longest)),
        "id": entry.get("id"),
        "date": entry.get("published") or entry.get("updated"),
        "url": entry.get("link"),
    }
