"""Whether a line speaks of the story it stands by: its headline, subheads and captions use its words.

A list of other headlines, a teaser, or another story's picture does not. Counted on 4,642 articles: of 100
subheads with three words of weight or more, 3 share no more than a quarter of them with their story; of 100
headlines of other stories, 95.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from .cohesion import terms

_MOST, _PARAGRAPH = 100, 2000
_FEW_TERMS, _FOREIGN = 2, 0.25
_TEASER = 300
_QUOTES = "\"'“‘"


class Vocabulary:
    """The content words of one story's prose.

    Parameters
    ----------
    prose : iterable of str
        Its paragraphs.
    """

    def __init__(self, prose: Iterable[str]) -> None:
        self._terms: set[str] = set()
        for text in islice(prose, _MOST):
            self._terms |= terms(text[:_PARAGRAPH])

    def shares_none(self, text: str) -> bool:
        """Tell whether a line that is no quotation has words of weight, and none of the story's."""
        own = terms(text)
        return bool(own) and not own & self._terms and text[0] not in _QUOTES

    def is_stranger_to(self, text: str) -> bool:
        """Tell whether a line has too many words that the story lacks to belong to it."""
        own = terms(text)
        return len(own) > _FEW_TERMS and len(own & self._terms) <= len(own) * _FOREIGN


def without_teasers(paragraphs: Sequence[tuple[int, str]]) -> int:
    """Return where a story ends when teasers of others may stand below it.

    Parameters
    ----------
    paragraphs : sequence of (int, str)
        Place and text of its prose, at least one.

    Returns
    -------
    int
        The place of the last paragraph that follows another directly, or speaks of what the others do.
    """
    used = Counter(term for _, text in paragraphs for term in terms(text[:_PARAGRAPH]))
    last = len(paragraphs) - 1
    while last > 1:
        place, text = paragraphs[last]
        own = terms(text[:_PARAGRAPH])
        follows = place - paragraphs[last - 1][0] == 1
        akin = sum(used[term] > 1 for term in own) > len(own) * _FOREIGN / 2
        if follows or akin or len(text) >= _TEASER or len(own) < _FEW_TERMS or text[0] in _QUOTES:
            break
        used.subtract(own)
        last -= 1
    if last == len(paragraphs) - 2:
        last += 1  # one alone may as well be a last section under its subhead
    return paragraphs[last][0]
