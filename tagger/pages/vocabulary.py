"""The words of sites: how much likelier a word is in a site's line than in an article's."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from typing import Any, NamedTuple

from .lines import pattern
from .observed import grade

_TOTALS = (-60, -30, -15, -5, 5, 15, 30, 50, 80)
_MEANS = (-10, -5, -2, 2, 5, 10, 15, 20)
_WORD = r"[^\W\d_]+|[©@#]"


class Vocabulary(NamedTuple):
    """What is known of words.

    Attributes
    ----------
    looked_at : frozenset of str
        Words that are features themselves.
    odds : mapping of str to int
        Logarithm of how much likelier each word is in a site's line than in an article's, in tenths, -40 to 40.
    """

    looked_at: frozenset[str]
    odds: Mapping[str, int]

    @classmethod
    def of(cls, learnt: Mapping[str, Any]) -> Vocabulary:
        """Take what `training.pages` has learnt: words by their odds."""
        odds: dict[str, int] = {}
        for value, words in learnt["odds"].items():
            odds.update(dict.fromkeys(words.split(), int(value)))
        return cls(frozenset(learnt["looked_at"].split()), odds)

    def grades(self, said: frozenset[str]) -> tuple[int, int]:
        """Grade the sum and the mean of the words' odds, 1 an article's, 5 in doubt, 9 or 10 a site's; 0 no words."""
        if not said:
            return 0, 0
        total = sum(map(self.odds.get, said, repeat(0)))
        return 1 + grade(total, *_TOTALS), 1 + grade(total / len(said), *_MEANS)


def words_of(text: str) -> frozenset[str]:
    """Return the words and signs of a text in small letters."""
    return frozenset(pattern(_WORD).findall(text))
