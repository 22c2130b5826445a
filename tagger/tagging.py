"""The tagger: articles to calibrated scores, scores to tags."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.analysis import Analyzer
from tagger.article import Article, Tag, TaggedArticle
from tagger.bundle import Bundle, Calibration, verify
from tagger.errors import BundleError
from tagger.vectorizer import Vectorizer

if TYPE_CHECKING:
    from tagger.batch import BatchVectorizer

__all__ = ["Tagger"]

_FEW_CHARACTERS = 400_000
_AT_A_TIME = 500_000
"""Characters whose arrays fit a processor's cache."""


class Tagger:
    """Tags articles with one model.

    Parameters
    ----------
    bundle : Bundle
        An opened model. `Tagger.load` opens one from a folder.
    name : str, optional
        What the output calls the model, ``topic-tagger/3``; the folder when not given.

    Notes
    -----
    A tagger belongs to one thread; make one for each.

    Examples
    --------
    >>> tagger = Tagger.load(folder)  # doctest: +SKIP
    >>> tagger.tag("Navies of the two countries fired on each other").tags  # doctest: +SKIP
    """

    def __init__(self, bundle: Bundle, name: str = "") -> None:
        self.bundle = bundle
        self.name = name or str(bundle.folder)
        self.topics = bundle.topics
        """The topics' ids."""
        try:
            self._analyzer = Analyzer.from_settings(bundle.analyzer_settings)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{bundle.folder}: made by an analyzer this version does not have ({error})",
                "Train again, or use the version of topic-tagger that made it.",
            ) from error
        self._vectorizer = Vectorizer(bundle)
        self._batch: BatchVectorizer | None = None
        self._characters = 0  # that were tagged singly, though in blocks

    @classmethod
    def load(cls, folder: str | Path) -> Tagger:
        """Open a bundle's folder after checking every byte of it.

        Raises
        ------
        BundleError
            If the bundle is damaged, incomplete or of an unknown format.
        """
        verify(Path(folder))
        return cls(Bundle.open(Path(folder)))

    @property
    def thresholds(self) -> dict[str, float]:
        """The score from which each topic is given."""
        return dict(zip(self.topics, self.bundle.thresholds, strict=True))

    def tag(self, article: Article | str, *, explain: bool = False, threshold: float | None = None) -> TaggedArticle:
        """Tag one article.

        Parameters
        ----------
        article : Article or str
            A string is taken as the body of an article without a title.
        explain : bool
            Whether each tag carries its evidence.
        threshold : float, optional
            One score for all topics in place of the model's own thresholds, 0 to 1.
        """
        if isinstance(article, str):
            article = Article(title="", body=article)
        margins = self.margins(article.title, article.body)
        tagged = self.tagged(article, margins, threshold)
        return self._explained(tagged, margins) if explain and tagged.tags else tagged

    def margins(self, title: str, body: str) -> tuple[float, ...]:
        """Return the uncalibrated linear scores of an article, one a topic."""
        return tuple(self._vectorizer.margins(self._analyzer.terms(title, body), self.bundle.intercepts))

    def margins_of_many(self, titles: Sequence[str], bodies: Sequence[str]) -> list[list[float]]:
        """Return the uncalibrated linear scores of a chunk of articles, computed together."""
        if self._batch is None:
            from tagger.batch import BatchVectorizer  # brings numpy

            self._batch = BatchVectorizer(self.bundle, self._analyzer)
        margins: list[list[float]] = self._batch.margins(titles, bodies).tolist()
        return margins

    def tag_many(self, articles: Sequence[Article]) -> list[TaggedArticle]:
        """Tag articles together, some hundreds at a time; the first few singly, for importing numpy takes as long."""
        if self._batch is None:
            self._characters += sum(len(article.body) for article in articles)
            if self._characters < _FEW_CHARACTERS:
                return [self.tag(article) for article in articles]
        parts = max(1, round(sum(len(article.body) for article in articles) / _AT_A_TIME))
        step = max(1, -(-len(articles) // parts))
        tagged: list[TaggedArticle] = []
        for first in range(0, len(articles), step):
            some = articles[first : first + step]
            margins = self.margins_of_many([a.title for a in some], [a.body for a in some])
            tagged += [self.tagged(article, row) for article, row in zip(some, margins, strict=True)]
        return tagged

    def tagged(self, article: Article, margins: Sequence[float], threshold: float | None = None) -> TaggedArticle:
        """Return an article with the tags that its margins earn."""
        scores = list(map(_probability, margins, self.bundle.calibration))
        limits = self.bundle.thresholds if threshold is None else (threshold,) * len(scores)
        tags = [
            Tag(topic, score, limit)
            for topic, score, limit in zip(self.topics, scores, limits, strict=True)
            if score >= limit
        ]
        if len(tags) > 1:
            tags.sort(key=lambda tag: -tag.score)
        return TaggedArticle(article, tuple(tags), dict(zip(self.topics, scores, strict=True)))

    def _explained(self, tagged: TaggedArticle, margins: Sequence[float]) -> TaggedArticle:
        from tagger.evidence import Account

        article = tagged.article
        row = self._vectorizer.row(self._analyzer.terms(article.title, article.body))
        account = Account(article, self._analyzer, row)
        tags = []
        for tag in tagged.tags:
            i = self.topics.index(tag.topic)
            evidence, passage = account.evidence(i), account.passage(i)
            tags.append(
                Tag(tag.topic, tag.score, tag.threshold, margins[i], self.bundle.intercepts[i], evidence, passage)
            )
        return TaggedArticle(article, tuple(tags), tagged.scores)


def _probability(margin: float, calibration: Calibration) -> float:
    slope, offset = calibration
    x = slope * margin + offset
    # exp of the negative side only: the other one overflows for margins far out
    return 1.0 / (1.0 + exp(-x)) if x >= 0 else (e := exp(x)) / (1.0 + e)
