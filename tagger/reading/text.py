"""A plain-text page -> its articles, split and cleaned by `tagger.pages`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.pages import Page, read_page
from tagger.reading.decoding import decode
from tagger.reading.options import DEFAULTS, Options

__all__ = ["page_of", "read_text"]


def page_of(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Page:
    """Return a page's articles with what was dropped.

    Raises
    ------
    InputError
        If it is too large, not text, or holds no article.
    """
    data = file.read(options.max_article + 1)
    if len(data) > options.max_article:
        raise options.too_large(source)
    page = read_page(decode(data, source))
    if not page.articles:
        raise InputError(f"{source}: holds no article")
    return page


def read_text(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a page, or one error."""
    try:
        page = page_of(file, source, options)
    except InputError as error:
        yield error
        return
    for number, found in enumerate(page.articles, start=1):
        yield Article(found.title, "\n\n".join(found.paragraphs), source, number)
