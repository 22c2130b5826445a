"""A PDF document -> its articles: its lines joined into paragraphs, then read like any page. Needs pypdf."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from tagger.article import Article
from tagger.errors import InputError
from tagger.pages import read_page
from tagger.reading.options import DEFAULTS, MEGABYTE, Options

__all__ = ["read_pdf"]

_MAX_PAGES = 1000
_MAX_DRAWING = 5 * MEGABYTE
"""Bytes of drawing instructions a page may have; pages of text have some thousands."""
_FULL = 0.8
"""Share of a page's usual line length from which a line is full: the next one continues it."""
_RUNNING = 3
"""Pages on which a first or last line must stand to be a header or footer."""
_ENDS = re.compile(r"""[.!?:…]["'”’)\]]*$""")
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")


def read_pdf(file: IO[bytes], source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a document, or one error."""
    try:
        pages = _pages(file, source, options)
    except InputError as error:
        yield error
        return
    text = "\n\n".join(paragraph for lines in _without_running(pages) for paragraph in _paragraphs(lines))
    found = read_page(text).articles
    if not found:
        remedy = "If its pages are pictures, have their text recognised (OCR) first."
        yield InputError(f"{source}: a PDF document without text", remedy)
    for number, article in enumerate(found, start=1):
        yield Article(article.title, "\n\n".join(article.paragraphs), source, number)


def _pages(file: IO[bytes], source: str, options: Options) -> list[list[str]]:
    """Return each page's lines."""
    try:
        import pypdf
    except ImportError as error:
        remedy = "Install it: pip install 'topic-tagger[documents]'."
        raise InputError(f"{source}: a PDF document, which takes pypdf to read", remedy) from error

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every flaw that it mends
    pages: list[list[str]] = []
    total = 0
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted and not _is_open(reader):
            raise InputError(f"{source}: an encrypted PDF document", "Save a copy without a password.")
        if len(reader.pages) > _MAX_PAGES:
            raise InputError(f"{source}: a PDF document of more than {_MAX_PAGES:,} pages", "Split it.")
        for number, page in enumerate(reader.pages, start=1):
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > _MAX_DRAWING:
                raise InputError(f"{source}: page {number} of the PDF document is a drawing too large to be text")
            text = page.extract_text()
            total += len(text)
            if total > options.max_article:
                raise options.too_large(source)
            pages.append([line for row in text.splitlines() if (line := " ".join(row.split()))])
    except InputError:
        raise
    except Exception as error:  # a broken document trips its parser in many ways
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"{source}: a PDF document that cannot be read ({reason[:200]})") from error
    return pages


def _is_open(reader: Any) -> bool:
    """Tell whether an encrypted document is for everybody to read: its password is empty."""
    from pypdf.errors import DependencyError, PyPdfError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, PyPdfError, NotImplementedError):  # an encryption that takes another package
        return False


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """Return pages without the headers and footers that run through them, whatever their page numbers."""
    edges = Counter(shape for lines in pages for shape in {_shape(line) for line in (*lines[:1], *lines[-1:])})
    running = {shape for shape, count in edges.items() if count >= _RUNNING}
    kept = []
    for lines in pages:
        begin = 1 if lines and _shape(lines[0]) in running else 0
        end = len(lines) - 1 if len(lines) > begin and _shape(lines[-1]) in running else len(lines)
        kept.append(lines[begin:end])
    return kept


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs of a page's hard-wrapped lines: one ends with a line that is not full."""
    lengths = sorted(map(len, lines))
    usual = lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0
    paragraph = ""
    for number, line in enumerate(lines):
        paragraph = _joined(paragraph, line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        begins_new = not following[:1].islower()
        if begins_new and (len(line) < _FULL * usual or (_ENDS.search(line) and len(line) < usual)):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _joined(paragraph: str, line: str) -> str:
    if _BROKEN_WORD.search(paragraph) and line[:1].islower():
        return paragraph[:-1] + line
    return f"{paragraph} {line}" if paragraph else line
