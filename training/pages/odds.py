"""How much likelier a word is in a site's line than in an article's, counted with one style left out at a time.

What a style of its own says is known to nobody who meets a new site: its pages are learnt from with the odds that
all the other styles give.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tagger.pages.vocabulary import words_of

from .compose import Article

_SLOT = re.compile(r"\{[a-zA-Z]\d*\}")
_DIGITS = re.compile(r"\d+")
_LONGEST, _FEWEST = 160, 100
"""Characters of a paragraph that count, and lines of articles in which a word that no site says must stand."""
_STYLES, _LINES = 0.02, 500.0
"""What is added to either side's counts."""
_LEAST, _MOST = 5, 40


class Odds:
    """Words of templates' furniture and of articles, counted.

    Parameters
    ----------
    templates : iterable of dict
        As `compose.templates` returns them; each style counts the same.
    articles : sequence of (str, list of str)
        Headlines and paragraphs.
    """

    def __init__(self, templates: Iterable[Mapping[str, Any]], articles: Sequence[Article]) -> None:
        said: dict[str, set[str]] = defaultdict(set)
        for template in templates:
            for _, text, *rest in template["lines"]:
                if not rest:  # neither paragraphs nor what may as well be kept
                    said[template["style"]].add(_SLOT.sub(" ", text))
        self._styles = {style: _shares(lines) for style, lines in said.items()}
        self._sites: Counter[str] = Counter()
        for shares in self._styles.values():
            self._sites.update(shares)
        self._articles: Counter[str] = Counter()
        for title, paragraphs in articles:
            for line in (title, *paragraphs):
                self._articles.update(_words(line[:_LONGEST]))
        self._lines = sum(1 + len(paragraphs) for _, paragraphs in articles)

    def without(self, style: str = "") -> dict[str, int]:
        """Return the odds of words in tenths, as all styles but one give them."""
        own = self._styles.get(style, {})
        styles = len(self._styles) - (style in self._styles) + 1
        odds = {}
        for word in self._sites.keys() | self._articles.keys():
            share, seen = self._sites[word] - own.get(word, 0.0), self._articles[word]
            if share < 1e-9 and seen < _FEWEST:
                continue
            likelier = math.log((share + _STYLES) / styles) - math.log((seen + 0.02 * _LINES) / (self._lines + _LINES))
            value = max(-_MOST, min(_MOST, round(10 * likelier)))
            if abs(value) > _LEAST:
                odds[word] = value
        return odds

    def said_by(self, styles: int) -> frozenset[str]:
        """Return the words that at least so many styles say."""
        saying = Counter(word for shares in self._styles.values() for word in shares)
        return frozenset(word for word, count in saying.items() if count >= styles)


def _shares(lines: Iterable[str]) -> dict[str, float]:
    """Return the share of a style's lines in which each word stands."""
    counts = Counter(word for line in lines for word in _words(line))
    size = sum(1 for line in lines if line.strip()) or 1
    return {word: count / size for word, count in counts.items()}


def _words(line: str) -> frozenset[str]:
    return words_of(_DIGITS.sub("0", line.casefold()))
