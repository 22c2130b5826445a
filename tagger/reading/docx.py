"""A Word document (.docx) -> its articles, from its XML: all text is read, tracked insertions and content controls too.

python-docx leaves both out, and reads every picture into memory; the little that is needed of the format
(ECMA-376, part 1, 17.3 and 17.7) is read here with lxml, within limits.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from tagger.article import Article
from tagger.errors import InputError
from tagger.pages import read_page
from tagger.reading.options import DEFAULTS, Options

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MARKUP = 20
"""Characters of XML that a character of text may take; a document of few words and many styles has ten."""
_BROKEN = (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)

Paragraph = tuple[str, str]
"""The text of a paragraph and the name of its style, in small letters."""


def read_docx(file: IO[bytes], source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a document, or one error. Several titles part it; otherwise it is read as a page."""
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(file) as archive:
            styles = _styles(archive, source, options)
            paragraphs = list(_paragraphs(archive, styles, source, options))
            title = "" if any(_is_heading(style) for _, style in paragraphs) else _property(archive, source, options)
    except InputError as error:
        yield error
        return
    except (LxmlError, *_BROKEN) as error:
        yield InputError(f"{source}: a broken Word document ({error})", "Save it again, or as plain text.")
        return
    articles = _articles(paragraphs, title, source)
    if not articles:
        yield InputError(f"{source}: the document holds no text")
    yield from articles


def _articles(paragraphs: list[Paragraph], title: str, source: str) -> list[Article]:
    begins = [number for number, (_, style) in enumerate(paragraphs) if style == "title"]
    if len(begins) > 1:
        parts = [paragraphs[: begins[0]]] if begins[0] else []
        parts += [paragraphs[begin:end] for begin, end in zip(begins, [*begins[1:], len(paragraphs)], strict=True)]
        return [_article(part, source, number) for number, part in enumerate(parts, start=1)]
    if title or any(_is_heading(style) for _, style in paragraphs):
        return [_article([(title, "title"), *paragraphs] if title else paragraphs, source, 1)] if paragraphs else []
    page = read_page("\n\n".join(text for text, _ in paragraphs))
    return [
        Article(found.title, "\n\n".join(found.paragraphs), source, number)
        for number, found in enumerate(page.articles, start=1)
    ]


def _article(paragraphs: list[Paragraph], source: str, number: int) -> Article:
    """Make an article whose headline is the first title or heading; nothing else is left out."""
    at = min((n for n, (_, style) in enumerate(paragraphs) if _is_heading(style)), default=-1)
    title = paragraphs[at][0] if at >= 0 else ""
    body = [text for n, (text, _) in enumerate(paragraphs) if n != at and text != title]
    return Article(title, "\n\n".join(body), source, number)


def _is_heading(style: str) -> bool:
    return style == "title" or style.startswith("heading ")


def _paragraphs(archive: zipfile.ZipFile, styles: dict[str, str], source: str, options: Options) -> Iterator[Paragraph]:
    total = 0
    for element in _elements(archive, "word/document.xml", (f"{_W}p", _FALLBACK), source, options):
        if element.tag == _FALLBACK:  # the same text once more, for programs of before 2010
            element.clear()
            continue
        text = " ".join("".join(_words(element)).split())
        style = element.find(f"{_W}pPr/{_W}pStyle")
        element.clear(keep_tail=False)  # a document of any length is read in little memory
        total += len(text)
        if total > options.max_article:
            raise options.too_large(source)
        if text:
            yield text, styles.get(style.get(f"{_W}val") or "", "") if style is not None else ""


def _words(paragraph: _Element) -> Iterator[str]:
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if element.tag == f"{_W}t":
            yield element.text or ""
        else:
            yield "-" if element.tag == f"{_W}noBreakHyphen" else " "


def _styles(archive: zipfile.ZipFile, source: str, options: Options) -> dict[str, str]:
    """Return the names of styles by their ids: the ids are in the writer's language, built-in names are not."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    names = {}
    for style in _elements(archive, "word/styles.xml", (f"{_W}style",), source, options):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId") or ""] = (name.get(f"{_W}val") or "").lower()
    return names


def _property(archive: zipfile.ZipFile, source: str, options: Options) -> str:
    """Return the title among the document's properties, ``""`` when it has none."""
    if "docProps/core.xml" not in archive.namelist():
        return ""
    titles = _elements(archive, "docProps/core.xml", (_TITLE,), source, options)
    return next((" ".join((element.text or "").split()) for element in titles), "")


def _elements(
    archive: zipfile.ZipFile, name: str, tags: tuple[str, ...], source: str, options: Options
) -> Iterator[Any]:
    """Yield the elements of some names as they end."""
    from lxml.etree import iterparse

    if archive.getinfo(name).flag_bits & 1:
        raise InputError(f"{source}: encrypted", "Save a copy without a password.")
    # zipfile reads no more of a file than it says it holds
    if archive.getinfo(name).file_size > _MARKUP * options.max_article:
        raise options.too_large(source)
    with archive.open(name) as file:
        found = iterparse(file, tag=tags, resolve_entities=False, load_dtd=False, no_network=True)
        for _, element in found:
            if element.getroottree().docinfo.internalDTD is not None:
                raise InputError(f"{source}: a Word document that defines entities of its own is not read")
            yield element
