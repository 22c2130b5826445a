"""The tagger: articles to calibrated scores, scores to tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp
from pathlib import Path

from tagger.analysis import Analyzer
from tagger.article import Article, Tag, TaggedArticle
from tagger.bundle import Bundle, Calibration, verify
from tagger.errors import BundleError
from tagger.evidence import Account
from tagger.vectorizer import Vectorizer, Weighted

__all__ = ["Tagger"]


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
        try:
            self._analyzer = Analyzer.from_settings(bundle.analyzer_settings)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{bundle.folder}: made by an analyzer this version does not have ({error})",
                "Train again, or use the version of topic-tagger that made it.",
            ) from error
        self._vectorizer = Vectorizer(bundle)

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
    def topics(self) -> tuple[str, ...]:
        """The topics' ids."""
        return self.bundle.taxonomy.ids

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
        row = self._vectorizer.row(self._analyzer.terms(article.title, article.body))
        margins = self._margins(row)
        scores = [_probability(m, c) for m, c in zip(margins, self.bundle.calibration, strict=True)]
        limits = self.bundle.thresholds if threshold is None else (threshold,) * len(scores)
        given = [i for i, score in enumerate(scores) if score >= limits[i]]
        account = Account(article, self._analyzer, row) if explain and given else None
        tags = []
        for i in sorted(given, key=lambda i: -scores[i]):
            tag = Tag(self.topics[i], scores[i], limits[i])
            if account is not None:
                tag = Tag(
                    tag.topic,
                    tag.score,
                    tag.threshold,
                    margins[i],
                    self.bundle.intercepts[i],
                    account.evidence(i),
                    account.passage(i),
                )
            tags.append(tag)
        return TaggedArticle(article, tuple(tags), dict(zip(self.topics, scores, strict=True)))

    def tag_many(self, articles: Iterable[Article], *, explain: bool = False) -> Iterator[TaggedArticle]:
        """Tag a stream of articles in its order, one in memory at a time."""
        return (self.tag(article, explain=explain) for article in articles)

    def margins(self, title: str, body: str) -> tuple[float, ...]:
        """Return the uncalibrated linear scores of an article, one a topic."""
        return tuple(self._margins(self._vectorizer.row(self._analyzer.terms(title, body))))

    def _margins(self, row: list[Weighted]) -> list[float]:
        margins = list(self.bundle.intercepts)
        for _, value, weights in row:
            for i, weight in enumerate(weights):
                margins[i] += value * weight
        return margins


def _probability(margin: float, calibration: Calibration) -> float:
    x = calibration.slope * margin + calibration.offset
    # exp of the negative side only: the other one overflows for margins far out
    return 1.0 / (1.0 + exp(-x)) if x >= 0 else (e := exp(x)) / (1.0 + e)
