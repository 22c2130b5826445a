"""A saved web page -> its articles. trafilatura finds the text; what was found is read like any page.

A page of several stories marks each with an ``<article>`` element of its own; those are read one by
one. Teasers, related stories and comments use the same element: they are shorter, or say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger.article import Article
from tagger.errors import InputError
from tagger.pages import read_page
from tagger.reading.decoding import decode
from tagger.reading.extraction import WHOLE, known_of, main_part, text_of, thorough_text_of
from tagger.reading.markup import TangledError, paragraphs_in, parsed, untangled, without_floods
from tagger.reading.options import DEFAULTS, Options

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["read_html"]

_STORY, _PARAGRAPHS = 300, 2
"""Characters, and paragraphs of some length, from which an ``<article>`` is a story of its own."""
_KEPT = 0.8
"""Share of the text that the page reader must keep for its cleaning to be believed."""
_ARTICLE = re.compile(r'"@type"\s*:\s*"(?:\w*Article|BlogPosting)"')
_OPEN_GRAPH = 'boolean(.//meta[@property="og:type" or @name="og:type"][@content="article"])'
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DATA_URI = re.compile(r"""data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+""")
_COMMENT = re.compile(r"comment|teaser|related|promo|reply", re.IGNORECASE)


def read_html(file: BinaryIO, source: str, options: Options = DEFAULTS) -> Iterator[Article | InputError]:
    """Yield the articles of a saved page, or one error."""
    try:
        data = file.read(options.max_article + 1)
        if len(data) > options.max_article:
            raise options.too_large(source)
        found = list(_articles(data, source))
        if not found:
            raise InputError(f"{source}: the page holds no article")
    except InputError as error:
        yield error
    except RecursionError:
        yield InputError(f"{source}: nested too deeply for a page")
    else:
        yield from found


def _articles(data: bytes, source: str) -> Iterator[Article | InputError]:
    declared = _CHARSET.search(data, 0, 4096)
    markup = decode(data, source, declared.group(1).decode() if declared else None)
    markup = without_floods(_DATA_URI.sub("data:,", markup))  # pictures in the page are most of its bytes
    try:
        root = parsed(markup)
    except TangledError as error:
        articles = _plain(markup, source)
        yield from articles
        done = "read as plain text, its menus and notices included" if articles else "and it holds no text"
        yield InputError(f"{source}: {error}; {done}")
        return
    if root is None:
        return
    stories = _stories(root)
    if len(stories) > 1:
        read = [_story(story, number, source) for number, story in enumerate(stories, start=1)]
        yield from (article for article in read if article.title or article.body)
        return
    # one story, one headline, or the page's own word: then nothing is cut
    single = len(stories) == 1 or len(root.findall(".//h1")) == 1 or len(_ARTICLE.findall(markup)) == 1
    single = single or root.xpath(_OPEN_GRAPH)
    yield from _page(root, stories, markup, source, single=single)


def _plain(markup: str, source: str) -> list[Article]:
    """Read a page whose markup no parser can be given by its text alone."""
    page = read_page("\n\n".join(untangled(markup)))
    return [
        Article(found.title, "\n\n".join(found.paragraphs), source, number)
        for number, found in enumerate(page.articles, start=1)
    ]


def _page(root: HtmlElement, stories: list[HtmlElement], markup: str, source: str, *, single: bool) -> list[Article]:
    """Read a page whose markup parts no stories; unless it is a single one, its text may."""
    known = known_of(root, source)
    title = _clean(known.title)
    lines = [line for line in _text(root, stories, markup, source) if line.strip() != title]
    if not lines:
        return []
    body = "\n\n".join(lines)
    page = read_page(f"{title}\n\n{body}" if title else body)
    if len(page.articles) > 1 and not single:
        return [
            Article(part.title, "\n\n".join(part.paragraphs), source, number, url=known.url)
            for number, part in enumerate(page.articles, start=1)
        ]
    if len(page.articles) == 1:
        cleaned = "\n\n".join(part for part in page.articles[0].paragraphs if part != title)
        if len(cleaned) >= _KEPT * len(body):
            body = cleaned
            title = title or page.articles[0].title
    return [Article(title, body, source, 1, date=known.date, url=known.url)]


def _text(root: HtmlElement, stories: list[HtmlElement], markup: str, source: str) -> list[str]:
    """Return the paragraphs of a page's text: of its one story when that is most of the page."""
    part, prose = main_part(root, stories[0] if stories else None)
    lines = text_of(part, source)
    if sum(map(len, lines)) >= max(_STORY, WHOLE * prose):
        return lines
    again = parsed(markup)
    return lines if again is None else thorough_text_of(again, source)


def _stories(root: HtmlElement) -> list[HtmlElement]:
    """Return the elements that hold a whole story each."""
    held: dict[HtmlElement, list[HtmlElement]] = {element: [] for element in root.iter("article") if _is_story(element)}
    for element in held:
        for outer in element.iterancestors("article"):
            if outer in held:
                held[outer].append(element)
    # an <article> around several stories is a frame; one within a story belongs to it
    frames = {outer for outer, inner in held.items() if len(inner) > 1 and _own_text(outer, inner) < _STORY}
    kept = [element for element in held if element not in frames]
    within = {element for outer in kept for element in held[outer]}
    return [element for element in kept if element not in within]


def _is_story(element: HtmlElement) -> bool:
    marks = " ".join((element.get("class") or "", element.get("id") or "", element.get("itemtype") or ""))
    if _COMMENT.search(marks) or _heading(element) is None:
        return False
    paragraphs = [text for p in element.iter("p") if len(text := p.text_content().strip()) >= 60]
    return len(paragraphs) >= _PARAGRAPHS and sum(map(len, paragraphs)) >= _STORY


def _own_text(element: HtmlElement, held: list[HtmlElement]) -> int:
    return len(element.text_content()) - sum(len(other.text_content()) for other in held)


def _heading(element: HtmlElement) -> Any:
    headings = (next(element.iter(level), None) for level in ("h1", "h2", "h3"))
    return next((heading for heading in headings if heading is not None and heading.text_content().strip()), None)


def _story(element: HtmlElement, number: int, source: str) -> Article:
    heading = _heading(element)
    title = _clean(heading.text_content())
    link = next((a.get("href") for a in heading.iter("a")), None) or next(
        (a.get("href") for a in heading.iterancestors("a")), None
    )
    when = next((time.get("datetime") for time in element.iter("time")), None)
    paragraphs = paragraphs_in(element)
    body = "\n\n".join(line for line in text_of(element, source) or paragraphs if line.strip() != title)
    url = link if link and link.startswith(("http://", "https://")) else None
    return Article(title, body, source, number, date=when, url=url)


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
