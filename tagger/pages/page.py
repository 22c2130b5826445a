"""What a page holds: its articles, and the lines that belong to none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageArticle:
    """One article of a page.

    Attributes
    ----------
    title : str
        Its headline; empty when the page gives none.
    paragraphs : tuple of str
        Its body in order, the bullets of a summary included.
    line : int
        1-based line on which it begins.
    confidence : float
        How sure the boundary before it is, 0..1; 1.0 for the first.
    """

    title: str
    paragraphs: tuple[str, ...]
    line: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Discarded:
    """A line that is in no article, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds."""

    articles: tuple[PageArticle, ...]
    discarded: tuple[Discarded, ...]
