"""The words everybody shares: what goes in (Article) and what comes out (TaggedArticle).

Nobody changes them once they are made. They are not frozen, for that takes five times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Article", "Evidence", "Tag", "TaggedArticle"]


@dataclass(slots=True)
class Article:
    """One news article, as read from an input.

    Parameters
    ----------
    title : str
        The headline, ``""`` when the input has none.
    body : str
        The text; paragraphs are parted by a blank line.
    source : str
        The path it was read from, ``"-"`` for standard input.
    number : int
        Its place among the articles of that source, from 1.
    id : str or number, optional
    date, url : str, optional
        Carried from the input to the output untouched.
    language : str, optional
        ISO 639 code; None when nobody looked, or the text is too short to tell.
    row : mapping, optional
        All cells of the CSV row it came from; no part of what the article is.
    """

    title: str
    body: str
    source: str = "-"
    number: int = 1
    id: str | int | float | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    row: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    def in_language(self, code: str | None) -> Article:
        """Return the same article with its language, several times as fast as `dataclasses.replace`."""
        return Article(self.title, self.body, self.source, self.number, self.id, self.date, self.url, code, self.row)


@dataclass(slots=True)
class Evidence:
    """One term's part in a tag.

    Parameters
    ----------
    term : str
        The word as it stands in the text (its most frequent spelling there).
    field : str
        ``"title"`` or ``"body"``: where the term was counted.
    contribution : float
        What it adds to the margin; over all terms of a tag these sum to ``margin - intercept``.
    """

    term: str
    field: str
    contribution: float


@dataclass(slots=True)
class Tag:
    """A topic that an article earned.

    Parameters
    ----------
    topic : str
        The topic's id in the taxonomy.
    score : float
        Calibrated probability, 0 to 1.
    threshold : float
        The score from which this topic is given.
    margin, intercept : float, optional
        The uncalibrated linear score and its intercept; only with evidence.
    evidence : tuple of Evidence
        Strongest first; empty unless it was asked for.
    passage : str
        The paragraph that earned most; empty unless evidence was asked for.
    """

    topic: str
    score: float
    threshold: float
    margin: float | None = None
    intercept: float | None = None
    evidence: tuple[Evidence, ...] = ()
    passage: str = ""


@dataclass(slots=True)
class TaggedArticle:
    """An article with its tags, highest score first, and every topic's score."""

    article: Article
    tags: tuple[Tag, ...]
    scores: dict[str, float] = field(default_factory=dict)
