"""Text to terms: the one analyzer, used by training and tagging alike.

A *term* is defined here and nowhere else:

1. the text is brought to Unicode form NFKC (Unicode Standard Annex 15) and a few dotted
   abbreviations lose their dots (``U.S.`` is ``US``);
2. a *surface* is a longest run of letters, digits and the combining signs that belong to them;
   everything else, apostrophes and hyphens included, parts surfaces;
3. a surface is lower-cased; single characters, bare numbers and stop words give no term;
4. what is left is stemmed by Snowball's English stemmer (Porter 2001, https://snowballstem.org).

A term of the title is counted twice: as the word it is, and as a title term, marked with `TITLE`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import Stemmer

from tagger.stopwords import ENGLISH

__all__ = ["ABBREVIATIONS", "TITLE", "Analyzer", "Occurrence", "composed", "in_form", "paragraphs"]

TITLE = "title:"
"""Prefix of title terms; a colon never occurs in a surface, so the two cannot collide."""

ABBREVIATIONS = {"U.S.": "US", "U.N.": "UN", "U.K.": "UK", "U.A.E.": "UAE"}
_DOTTED = "U."  # how they all begin: one look at a text is quicker than four

_USUAL = (("\xa0", " "), ("…", "..."))

# "US" would be lower-cased into a stop word, and it is the commonest country in the news.
_CASED = {"US": "usa", "USA": "usa"}

# Letters and digits (\w without the underscore, which in_form removes) and the signs that \w
# leaves out: combining accents, Arabic vowel marks, the vowel signs of the scripts of South Asia.
_SURFACE = re.compile("[\\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0df3\u200c\u200d]+")
_PARAGRAPH = re.compile(r"\n\s*\n")
_REMEMBERED = 200_000
_LONGEST_REMEMBERED = 64  # characters: what is longer is no word and does not come back


class Occurrence(NamedTuple):
    """One counted term and where it came from."""

    term: str
    surface: str
    field: str
    paragraph: int


class Analyzer:
    """Turns a title and a body into terms.

    Parameters
    ----------
    title_terms : bool
        Whether terms of the title are also counted in a namespace of their own.
    language : str
        The only language so far is ``"english"``.

    Notes
    -----
    A Snowball stemmer keeps state: an analyzer belongs to one thread.
    """

    VERSION = 1

    def __init__(self, *, title_terms: bool = True, language: str = "english") -> None:
        if language != "english":
            raise ValueError(f"language: expected 'english', got {language!r}")
        self.title_terms = title_terms
        self.language = language
        # no memory of the stemmer's own: it takes three times as long as stemming, and terms are remembered here
        self._stems_of = Stemmer.Stemmer(language, 0).stemWords
        self._term_of = _Terms(self.terms_of).__getitem__

    def settings(self) -> dict[str, Any]:
        """Return what `from_settings` needs to make the same analyzer again (JSON values)."""
        return {
            "version": self.VERSION,
            "language": self.language,
            "title_terms": self.title_terms,
        }

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Analyzer:
        """Make an analyzer from recorded settings.

        Raises
        ------
        ValueError
            If they were written by an analyzer with another definition of a term.
        """
        version = settings.get("version")
        if version != cls.VERSION:
            raise ValueError(f"analyzer version: expected {cls.VERSION}, got {version!r}")
        return cls(title_terms=bool(settings["title_terms"]), language=str(settings["language"]))

    def terms_of(self, surfaces: Sequence[str]) -> list[str]:
        """Return the term of each surface, ``""`` for one that has none; here alone nothing is remembered."""
        words = [surface.lower() for surface in surfaces]
        return [
            _CASED[surface]
            if surface in _CASED
            else ""
            if len(word) < 2 or word in ENGLISH or word.isdecimal()
            else stem
            for surface, word, stem in zip(surfaces, words, self._stems_of(words), strict=True)
        ]

    def terms_within(self, text: str) -> list[str]:
        """Return the terms of a text, or of a part of one, that is in form already (`in_form`)."""
        return [term for term in map(self._term_of, _SURFACE.findall(text)) if term]

    def terms(self, title: str, body: str) -> list[str]:
        """Return all terms of an article in reading order, with repetitions."""
        heading = self.terms_within(in_form(title))
        found = self.terms_within(in_form(body))
        if self.title_terms:
            found += [TITLE + term for term in heading]
        return heading + found

    def occurrences(self, title: str, body: str) -> Iterator[Occurrence]:
        """Yield what `terms` counts, with surface, field and paragraph (0 is the title)."""
        of = self._term_of
        for surface in _SURFACE.findall(in_form(title)):
            if term := of(surface):
                yield Occurrence(term, surface, "body", 0)
                if self.title_terms:
                    yield Occurrence(TITLE + term, surface, "title", 0)
        for number, paragraph in enumerate(paragraphs(body), start=1):
            for surface in _SURFACE.findall(in_form(paragraph)):
                if term := of(surface):
                    yield Occurrence(term, surface, "body", number)


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a body, as parted by blank lines."""
    return [part.strip() for part in _PARAGRAPH.split(body) if part.strip()]


def composed(text: str) -> str:
    """Return a text in Unicode form NFKC."""
    if text.isascii():
        return text
    # The two characters of the news that NFKC changes; without them most texts are NFKC already, and
    # to see that costs a tenth of making it so. Neither a space nor a dot composes with a neighbour.
    for character, plain in _USUAL:
        if character in text:  # to look is ten times as quick as to replace what is not there
            text = text.replace(character, plain)
    return unicodedata.normalize("NFKC", text)


def in_form(text: str) -> str:
    """Return a text in which every surface stands as it is counted: step 1 of the definition."""
    text = composed(text)
    if _DOTTED in text:
        for dotted, plain in ABBREVIATIONS.items():
            text = text.replace(dotted, plain)
    return text.replace("_", " ")


class _Terms(dict[str, str]):
    """Surface -> term, derived when it is first met; forgets all when full."""

    def __init__(self, terms_of: Callable[[Sequence[str]], list[str]]) -> None:
        super().__init__()
        self._terms_of = terms_of

    def __missing__(self, surface: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        (term,) = self._terms_of((surface,))
        if len(surface) <= _LONGEST_REMEMBERED:
            self[surface] = term
        return term
