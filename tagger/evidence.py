"""Why an article got a tag: each term's contribution, and the passage that earned most.

The model is linear, so a term's contribution to a topic is its TF-IDF value times its weight, and
the contributions of all terms sum to the margin less its intercept: an account, not an estimate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from tagger.analysis import ABBREVIATIONS, TITLE, Analyzer, paragraphs
from tagger.article import Article, Evidence
from tagger.vectorizer import Weighted

__all__ = ["Account"]


class Account:
    """What each term of one article did, for any topic.

    Parameters
    ----------
    article : Article
    analyzer : Analyzer
        The one that made the row's terms.
    row : sequence of Weighted
        The article's TF-IDF row.
    """

    def __init__(self, article: Article, analyzer: Analyzer, row: Sequence[Weighted]) -> None:
        self._row = row
        self._passages = [article.title, *paragraphs(article.body)]
        text = f"{article.title}\n{article.body}"
        surfaces: defaultdict[str, Counter[str]] = defaultdict(Counter)
        places: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for occurrence in analyzer.occurrences(article.title, article.body):
            surfaces[occurrence.term][occurrence.surface] += 1
            places[occurrence.term][occurrence.paragraph] += 1
        self._surface = {term: _as_it_stands(seen.most_common(1)[0][0], text) for term, seen in surfaces.items()}
        self._places = places

    def evidence(self, topic: int) -> tuple[Evidence, ...]:
        """Return every term's contribution to a topic (its place in the taxonomy), strongest first."""
        parts = [
            Evidence(
                self._surface[known.term],
                "title" if known.term.startswith(TITLE) else "body",
                known.value * known.weights[topic],
            )
            for known in self._row
        ]
        return tuple(sorted(parts, key=lambda part: (-abs(part.contribution), part.term)))

    def passage(self, topic: int) -> str:
        """Return the paragraph whose words contribute most to a topic.

        A term's contribution is shared evenly among its occurrences. The title counts only when
        there is no body.
        """
        earned = [0.0] * len(self._passages)
        for known in self._row:
            places = self._places[known.term]
            share = known.value * known.weights[topic] / places.total()
            for place, times in places.items():
                earned[place] += share * times
        if len(earned) == 1:
            return self._passages[0]
        best = max(range(1, len(earned)), key=earned.__getitem__)
        return self._passages[best]


def _as_it_stands(surface: str, text: str) -> str:
    """Give an abbreviation its dots back when only the dotted form stands in the text."""
    if surface not in text:
        for dotted, plain in ABBREVIATIONS.items():
            if plain == surface and dotted in text:
                return dotted
    return surface
