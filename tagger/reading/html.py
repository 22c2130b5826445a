"""A saved web page -> its articles. trafilatura finds the text; what was found is read like any page.

A page of several stories marks each with an ``<article>`` element of its own; those are read one by
one. Teasers, related stories and comments use the same element: they are shorter, or say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.pages import read_page
from tagger.reading.decoding import decode
from tagger.reading.markup import paragraphs_in, parsed, without_floods
from tagger.reading.options import DEFAULTS, MEGABYTE, Options

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["read_html"]

_STORY, _PARAGRAPHS = 300, 2
"""Characters, and paragraphs of some length, from which an ``<article>`` is a story of its own."""
_KEPT = 0.8
"""Share of the text that the page reader must keep for its cleaning to be believed."""
_ARTICLE = re.compile(r'"@type"\s*:\s*"(?:\w*Article|BlogPosting)"')
_OPEN_GRAPH = re.compile(r"""<meta[^>]{0,200}og:type["'][^>]{0,200}["']article["']""", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DATA_URI = re.compile(r"""data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+""")
_MAX_MARKUP = 2 * MEGABYTE
"""Characters of markup besides scripts, styles and pictures; real pages have a tenth, more takes minutes to read."""
_COMMENT = re.compile(r"comment|teaser|related|promo|reply", re.IGNORECASE)


def read_html(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a saved page, or one error."""
    try:
        data = file.read(options.max_article + 1)
        if len(data) > options.max_article:
            raise options.too_large(source)
        found = _articles(data, source)
        if not found:
            raise InputError(f"{source}: the page holds no article")
    except InputError as error:
        yield error
    except RecursionError:
        yield InputError(f"{source}: nested too deeply for a page")
    else:
        yield from found


def _articles(data: bytes, source: str) -> list[Article]:
    declared = _CHARSET.search(data, 0, 4096)
    markup = decode(data, source, declared.group(1).decode() if declared else None)
    markup = without_floods(_DATA_URI.sub("data:,", markup))  # pictures in the page are most of its bytes
    if _length(markup) > _MAX_MARKUP:
        raise InputError(f"{source}: more than {_MAX_MARKUP // MEGABYTE} MB of markup, too much for a page of articles")
    root = parsed(markup)
    if root is None:
        return []
    stories = _stories(root)
    if len(stories) > 1:
        read = [_story(story, number, source) for number, story in enumerate(stories, start=1)]
        return [article for article in read if article.title or article.body]
    # one story, one headline, or the page's own word: then nothing is cut
    single = len(stories) == 1 or len(list(root.iter("h1"))) == 1 or len(_ARTICLE.findall(markup)) == 1
    return _page(root, source, single=single or bool(_OPEN_GRAPH.search(markup)))


def _length(markup: str) -> int:
    """Return how long a page is without its scripts and styles."""
    folded = markup.lower()
    length = len(markup)
    for name in ("script", "style"):
        end = 0
        while (begin := folded.find(f"<{name}", end)) >= 0 and (end := folded.find(f"</{name}", begin)) >= 0:
            length -= end - begin
    return length


def _page(root: HtmlElement, source: str, *, single: bool) -> list[Article]:
    """Read a page whose markup parts no stories; unless it is a single one, its text may."""
    found = _extracted(root, source)
    title = _clean(found.title) if found is not None else ""
    text = (found.text or "") if found is not None else ""
    if not text.strip() and not title:
        return []
    date, url = (found.date, found.url) if found is not None else (None, None)
    lines = [line for line in text.splitlines() if line.strip() and line.strip() != title]
    body = "\n\n".join(lines)
    page = read_page(f"{title}\n\n{body}" if title else body)
    if len(page.articles) > 1 and not single:
        return [
            Article(part.title, "\n\n".join(part.paragraphs), source, number, url=url)
            for number, part in enumerate(page.articles, start=1)
        ]
    if len(page.articles) == 1:
        cleaned = "\n\n".join(part for part in page.articles[0].paragraphs if part != title)
        if len(cleaned) >= _KEPT * len(body):
            body = cleaned
            title = title or page.articles[0].title
    return [Article(title, body, source, 1, date=date, url=url)]


def _extracted(root: HtmlElement, source: str) -> Any:
    import trafilatura

    try:
        return trafilatura.bare_extraction(
            deepcopy(root),
            include_comments=False,
            with_metadata=True,
            # the date that the page states; the long search guesses from any figure in it
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # a page that its parser trips over must not end the batch
        raise InputError(f"{source}: the page cannot be read ({type(error).__name__}: {error})") from error


def _stories(root: HtmlElement) -> list[HtmlElement]:
    """Return the elements that hold a whole story each."""
    found = [element for element in root.iter("article") if _is_story(element)]
    inner = {
        element: [other for other in found if other is not element and _holds(element, other)] for element in found
    }
    # an <article> around several stories is a frame; one within a story belongs to it
    frames = {element for element, held in inner.items() if len(held) > 1 and _own_text(element, held) < _STORY}
    kept = [element for element in found if element not in frames]
    return [element for element in kept if not any(_holds(other, element) for other in kept if other is not element)]


def _is_story(element: HtmlElement) -> bool:
    marks = " ".join((element.get("class") or "", element.get("id") or "", element.get("itemtype") or ""))
    if _COMMENT.search(marks) or _heading(element) is None:
        return False
    paragraphs = [text for p in element.iter("p") if len(text := p.text_content().strip()) >= 60]
    return len(paragraphs) >= _PARAGRAPHS and sum(map(len, paragraphs)) >= _STORY


def _holds(outer: HtmlElement, inner: HtmlElement) -> bool:
    return any(parent is outer for parent in inner.iterancestors("article"))


def _own_text(element: HtmlElement, held: list[HtmlElement]) -> int:
    return len(element.text_content()) - sum(len(other.text_content()) for other in held)


def _heading(element: HtmlElement) -> Any:
    headings = (next(element.iter(level), None) for level in ("h1", "h2", "h3"))
    return next((heading for heading in headings if heading is not None and heading.text_content().strip()), None)


def _story(element: HtmlElement, number: int, source: str) -> Article:
    from lxml.html import document_fromstring

    heading = _heading(element)
    title = _clean(heading.text_content())
    link = next((a.get("href") for a in heading.iter("a")), None) or next(
        (a.get("href") for a in heading.iterancestors("a")), None
    )
    when = next((time.get("datetime") for time in element.iter("time")), None)
    alone = document_fromstring("<html><body></body></html>")
    alone.body.append(deepcopy(element))
    found = _extracted(alone, source)
    lines = found.text.splitlines() if found is not None and found.text else paragraphs_in(element)
    body = "\n\n".join(line for line in lines if line.strip() and line.strip() != title)
    url = link if link and link.startswith(("http://", "https://")) else None
    return Article(title, body, source, number, date=when, url=url)


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
