"""An HTML page -> its text and what it states of itself: trafilatura, given no more than it needs to see.

Most of trafilatura's time goes into searching menus, scripts and related stories again and again, and
into a second opinion by other extractors. Both are left out until the text found is too short for the page.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError
from tagger.reading.markup import html_parser

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["WHOLE", "Known", "known_of", "main_part", "text_of", "thorough_text_of"]

WHOLE = 1 / 3
"""Share of a page's prose from which a text is taken for its article; the rest is teasers and comments."""
_NEARLY_ALL = 0.9

_DROPPED = (
    *("aside", "audio", "button", "canvas", "dialog", "embed", "footer", "iframe", "input", "link", "map", "math"),
    *("menu", "nav", "noscript", "object", "picture", "script", "select", "style", "svg", "template", "video"),
)
"""Elements that trafilatura drops as well, only later and in every one of its copies."""
_STATED = './/head/meta|.//head/title|.//link[@rel="canonical"]|.//script[contains(@type, "json")]|.//h1'
"""Where pages state their headline, date and address."""
# the date that the page states; the long search guesses from any figure in it
_DATES: dict[str, Any] = {"extensive_search": False, "original_date": True}
_PROSE = 100
"""Characters from which a paragraph is prose, not a caption or a teaser."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a page says of itself: headline, date (``YYYY-MM-DD``) and address, each None when it does not."""

    title: str | None
    date: str | None
    url: str | None


def known_of(root: HtmlElement, source: str) -> Known:
    """Return what a page states of itself, from its head where that is enough; the furniture is dropped from it."""
    from htmldate import find_date
    from lxml.etree import strip_elements
    from trafilatura import extract_metadata

    page = _page()
    head, body = page
    for element in root.xpath(_STATED):
        copied = deepcopy(element)
        copied.tail = None
        (body if element.tag == "h1" else head).append(copied)
    strip_elements(root, *_DROPPED, with_tail=False)
    try:
        found = extract_metadata(page, date_config=dict(_DATES))
        title = found.title or extract_metadata(root, date_config=dict(_DATES)).title
        return Known(title, found.date or find_date(root, url=found.url, **_DATES), found.url)
    except Exception as error:  # a page that its parser trips over must not end the batch
        raise _unreadable(source, error) from error


def main_part(root: HtmlElement, story: HtmlElement | None) -> tuple[HtmlElement, int]:
    """Return the element that holds a page's article, and how many characters of prose the page has.

    Parameters
    ----------
    root : HtmlElement
        The page.
    story : HtmlElement or None
        The one element that is marked as a story; it is taken unless most of the prose is elsewhere.

    Notes
    -----
    Otherwise it is the smallest element with nearly all of the prose and the headline.
    """
    held: Counter[HtmlElement] = Counter()
    for p in root.iter("p"):
        if (length := len(p.text_content().strip())) >= _PROSE:
            for outer in p.iterancestors():
                held[outer] += length
    prose = held[root]
    if story is not None and held[story] >= WHOLE * prose:
        return story, prose
    headlines = root.findall(".//h1")
    around = set(headlines[0].iterancestors()) if len(headlines) == 1 else None
    part = root
    while held[part]:
        inner = max(part, key=held.__getitem__)
        if held[inner] < _NEARLY_ALL * prose or (around is not None and inner not in around):
            break
        part = inner
    return part, prose


def text_of(element: HtmlElement, source: str) -> list[str]:
    """Return the paragraphs of a page's or a story's text. The element is used up."""
    from lxml.etree import strip_elements

    strip_elements(element, *_DROPPED, with_tail=False)
    if element.tag == "html":
        return _text(element, source, fast=True)
    page = _page()
    frame = page[1].makeelement("article")
    page[1].append(frame)
    element.tail = None
    frame.append(element)
    return _text(page, source, fast=True)


def thorough_text_of(root: HtmlElement, source: str) -> list[str]:
    """Return the paragraphs of a page's text, asking all extractors: several times as slow."""
    return _text(root, source, fast=False)


def _text(root: HtmlElement, source: str, *, fast: bool) -> list[str]:
    from trafilatura import bare_extraction

    try:
        found: Any = bare_extraction(root, options=_settings(fast))
    except Exception as error:  # a page that its parser trips over must not end the batch
        raise _unreadable(source, error) from error
    return [line for line in (found.text or "").splitlines() if line.strip()] if found is not None else []


@lru_cache(maxsize=2)
def _settings(fast: bool) -> Any:
    from trafilatura.settings import Extractor  # made anew for every page unless it is given one

    return Extractor(output_format="python", fast=fast, comments=False)


def _page() -> HtmlElement:
    """Return a new page with an empty head and body."""
    parser = html_parser()
    page = parser.makeelement("html")
    page.append(parser.makeelement("head"))
    page.append(parser.makeelement("body"))
    return page


def _unreadable(source: str, error: Exception) -> InputError:
    return InputError(f"{source}: the page cannot be read ({type(error).__name__}: {error})")
