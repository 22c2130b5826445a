"""A piece of HTML -> its paragraphs: for feed entries and parts of pages, where nothing needs to be left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = [
    "TangledError",
    "html_parser",
    "paragraphs_in",
    "paragraphs_of",
    "parsed",
    "text_of_cell",
    "untangled",
    "without_floods",
]

_OPENING = re.compile(r"""<[A-Za-z][^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+""")
_TAG = re.compile(r"""<(/?[A-Za-z][\w:-]*+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)(>?)""")
# what is never closed goes on to the end, as in a browser; and the search for its end is made once
_QUOTED = re.compile(r"""(?<==)\s*+(?:"[^"]*+"|'[^']*+')""")
_CODE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_MARKED = re.compile(
    r"</(?:p|div|span|a|b|i|strong|em|li|h[1-6]|figure|blockquote)\s*>|<br\s*/?>|<(?:p|img|div)\s[^<>=]*=[^<>]*>",
    re.IGNORECASE,
)
_LONG = 2000
"""Characters from which a tag's attributes are counted."""
_MAX_ATTRIBUTES = 200
"""More are dropped: the time that a parser takes grows with their square, minutes for some ten thousand."""

_MAX_ELEMENTS = 20_000
"""Real pages have hundreds, long ones a few thousand; extraction is quadratic in some."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
_UNSEEN = frozenset(("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "head"))


def html_parser() -> Any:
    """Return a new parser of pages; comments are left out."""
    from lxml.etree import ElementDefaultClassLookup, HTMLParser
    from lxml.html import HtmlElement

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html asks a Python function for the class of every element it hands out: a tenth of the time
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser


class TangledError(ValueError):
    """Markup of more elements, or more deeply nested ones, than a page of articles has."""


def parsed(markup: str) -> HtmlElement | None:
    """Return the element of some HTML, None when there is nothing in it.

    Raises
    ------
    TangledError
        If it has too many elements, or the parser gave up because they nest too deeply.
    """
    from lxml.etree import ErrorTypes, LxmlError
    from lxml.html import document_fromstring

    parser = html_parser()
    try:
        # lxml refuses text with an encoding declaration; bytes it takes in any case
        root = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None
    error = parser.error_log.last_error  # what ends the parsing comes last
    if error is not None and error.type == ErrorTypes.ERR_RESOURCE_LIMIT:
        raise TangledError("nested too deeply for a page")
    if root.xpath("count(//*)") > _MAX_ELEMENTS:
        raise TangledError(f"more than {_MAX_ELEMENTS:,} elements, too many for a page")
    return root


def without_floods(markup: str) -> str:
    """Return HTML or XML in which no tag has so many attributes that parsing it would never end."""
    if len(markup) < _LONG or max(map(len, _OPENING.findall(markup)), default=0) < _LONG:
        return markup
    kept: list[str] = []
    begin = 0
    for tag in _TAG.finditer(markup):
        if not tag[3]:  # a quote or a tag that never ends: the rest is its own
            break
        if len(tag[2]) >= _LONG and len(_QUOTED.sub(" ", tag[2]).replace("/", " ").split()) > _MAX_ATTRIBUTES:
            kept += markup[begin : tag.end(1)], ">"
            begin = tag.end()
    return "".join((*kept, markup[begin:]))


def untangled(markup: str) -> list[str]:
    """Return the paragraphs of HTML that no parser can be given: what stands between the tags of blocks."""
    from html import unescape  # a table of two thousand names

    text = _TAG.sub(lambda tag: "" if tag[1].strip("/").lower() in _INLINE else "\n\n", _CODE.sub("\n\n", markup))
    return [line for part in text.split("\n\n") if (line := " ".join(unescape(part).split()))]


def text_of_cell(value: str) -> str:
    """Return a table's or JSON object's text; if a content system exported it with its markup, without that."""
    if "<" not in value or not _MARKED.search(value):
        return value
    return "\n\n".join(paragraphs_of(value))


def paragraphs_of(markup: str) -> list[str]:
    """Return the paragraphs of some HTML; plain text is one."""
    if "<" not in markup and "&" not in markup:
        return [line for part in markup.split("\n\n") if (line := " ".join(part.split()))]
    try:
        root = parsed(markup)
    except TangledError:
        return untangled(markup)
    return [] if root is None else paragraphs_in(root)


def paragraphs_in(root: HtmlElement) -> list[str]:
    """Return the paragraphs of an element; every block begins a new one."""
    from lxml.etree import iterwalk

    paragraphs: list[str] = []
    words: list[str] = []

    def close() -> None:
        if text := " ".join("".join(words).split()):
            paragraphs.append(text)
        words.clear()

    walk = iterwalk(root, events=("start", "end"))  # no recursion: pages nest as deep as they like
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag not in _INLINE:
            close()
        if event == "start":
            if tag in _UNSEEN:
                walk.skip_subtree()
            elif element.text:
                words.append(("• " if tag == "li" and element.text.strip() else "") + element.text)
        elif element.tail and element is not root:
            words.append(element.tail)
    close()
    return paragraphs
