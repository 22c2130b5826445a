"""An HTML page -> its text and what it states of itself: trafilatura, given no more than it needs to see.

Most of trafilatura's time goes into searching menus, scripts and related stories again and again, and
into a second opinion by other extractors. Both are left out until the text found is too short for the page.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError
from tagger.reading.markup import html_parser

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Known", "known_of", "prose_in", "text_of", "thorough_text_of"]

_DROPPED = (
    *("aside", "audio", "button", "canvas", "dialog", "embed", "footer", "iframe", "input", "link", "map", "math"),
    *("menu", "nav", "noscript", "object", "picture", "script", "select", "style", "svg", "template", "video"),
)
"""Elements that trafilatura drops as well, only later and in every one of its copies."""
_STATED = './/head/meta|.//head/title|.//link[@rel="canonical"]|.//script[contains(@type, "json")]|.//h1'
"""Where pages state their headline, date and address."""
# the date that the page states; the long search guesses from any figure in it
_DATES = {"extensive_search": False, "original_date": True}
_PROSE = 100
"""Characters from which a paragraph is prose, not a caption or a teaser."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a page says of itself: headline, date (``YYYY-MM-DD``) and address, each None when it does not."""

    title: str | None
    date: str | None
    url: str | None


def known_of(root: HtmlElement, source: str) -> Known:
    """Return what a page states of itself, from its head where that is enough."""
    page = _page()
    head, body = page
    for element in root.xpath(_STATED):
        copied = deepcopy(element)
        copied.tail = None
        (body if element.tag == "h1" else head).append(copied)
    known = _known(page, source)
    return known if known.title and known.date else _known(root, source)


def _known(root: HtmlElement, source: str) -> Known:
    from trafilatura import extract_metadata

    try:
        found = extract_metadata(root, date_config=dict(_DATES))
    except Exception as error:  # a page that its parser trips over must not end the batch
        raise _unreadable(source, error) from error
    return Known(found.title, found.date, found.url)


def text_of(element: HtmlElement, source: str) -> list[str]:
    """Return the paragraphs of a page's or a story's text. The element is used up."""
    from lxml.etree import strip_elements

    strip_elements(element, *_DROPPED, with_tail=False)
    if element.tag == "html":
        return _text(element, source, fast=True)
    page = _page()
    element.tail = None
    page[1].append(element)
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


def prose_in(element: HtmlElement) -> int:
    """Return how many characters of an element stand in paragraphs of some length."""
    return sum(length for p in element.iter("p") if (length := len(p.text_content().strip())) >= _PROSE)


def _unreadable(source: str, error: Exception) -> InputError:
    return InputError(f"{source}: the page cannot be read ({type(error).__name__}: {error})")
