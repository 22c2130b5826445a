"""A piece of HTML -> its paragraphs: for feed entries and parts of pages, where nothing needs to be left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["paragraphs_in", "paragraphs_of", "parsed", "without_floods"]

_TAG = re.compile(r"<([A-Za-z][\w:-]*)")
_ATTRIBUTES = re.compile(r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_LONG = 20_000
"""Characters of a tag from which its attributes are dropped: thousands of them take minutes to parse."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
_UNSEEN = frozenset(("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "head"))


def parsed(markup: str) -> HtmlElement | None:
    """Return the element of some HTML, None when there is nothing in it."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    # lxml refuses text with an encoding declaration; bytes it takes in any case
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None


def without_floods(markup: str) -> str:
    """Return HTML or XML in which no tag has so many attributes that parsing it would never end."""
    if len(markup) < _LONG:
        return markup
    kept: list[str] = []
    begin = at = 0
    while (tag := _TAG.search(markup, at)) and (rest := _ATTRIBUTES.match(markup, tag.end())):
        at = rest.end()
        if at - tag.end() > _LONG:
            kept += markup[begin : tag.end()], ">"
            begin = at
    return "".join((*kept, markup[begin:]))


def paragraphs_of(markup: str) -> list[str]:
    """Return the paragraphs of some HTML; plain text is one."""
    if "<" not in markup and "&" not in markup:
        return [line for part in markup.split("\n\n") if (line := " ".join(part.split()))]
    root = parsed(markup)
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
