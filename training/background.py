"""Document frequencies of a large unlabelled archive: sensible word weights from few labels.

Counts are figures, not text, and a file of them ships with the labels. They are added to the counts
of the labelled articles before inverse document frequencies are taken. To count an archive::

    python -m training.background ARCHIVE... > background.tsv
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagger.analysis import Analyzer
from tagger.article import Article
from tagger.errors import LabelsError
from tagger.reading import read_all

__all__ = ["Background", "background_of", "count", "read_background"]

RARE = 3
"""Terms in fewer articles are left out: they are mostly names and misspellings."""


@dataclass(frozen=True)
class Background:
    """In how many of `n_articles` each term stands."""

    n_articles: int
    frequency: dict[str, int]

    def of(self, terms: Iterable[str]) -> NDArray[np.float64]:
        """Return the document frequencies of some terms, 0 for those it does not know."""
        return np.array([self.frequency.get(term, 0) for term in terms], dtype=np.float64)


def count(articles: Iterable[Article], rare: int = RARE) -> Background:
    """Count in how many articles each term stands, the rare ones left out."""
    analyzer = Analyzer()
    frequency: Counter[str] = Counter()
    n_articles = 0
    for article in articles:
        n_articles += 1
        frequency.update(set(analyzer.terms(article.title, article.body)))
    return Background(n_articles, {term: n for term, n in frequency.items() if n >= rare})


def background_of(path: Path) -> Background:
    """Return the document frequencies of an archive, or of a ``.tsv`` file of counts.

    Parameters
    ----------
    path : Path
        Counts that `read_background` takes, or anything that ``tagger read`` takes; what cannot be
        read in an archive does not count.

    Raises
    ------
    LabelsError
        If there is no article in it.
    """
    if path.suffix == ".tsv":
        return read_background(path)
    counted = count(item for item in read_all([str(path)]) if isinstance(item, Article))
    if not counted.n_articles:
        raise LabelsError(f"{path}: there is no article in it to learn word weights from")
    return counted


def read_background(path: Path) -> Background:
    """Read a file of document frequencies.

    The first line is ``# analyzer VERSION articles N``; then ``term<TAB>frequency`` a line.

    Raises
    ------
    LabelsError
        If the file is not of that form, or was counted with another analyzer.
    """
    try:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        mark, word, version, word2, n_articles = head.split()
        if (mark, word, word2) != ("#", "analyzer", "articles"):
            raise ValueError("the first line does not say what was counted")
        frequency = {term: int(n) for term, n in (line.split("\t") for line in lines)}
        background = Background(int(n_articles), frequency)
    except (OSError, ValueError) as error:
        raise LabelsError(f"{path}: not a file of document frequencies ({error})") from error
    if version != str(Analyzer.VERSION):
        raise LabelsError(
            f"{path}: counted by analyzer version {version}, this one is {Analyzer.VERSION}",
            "Count it again.",
        )
    return background


def _main(paths: list[str]) -> None:
    counted = count(item for item in read_all(paths) if isinstance(item, Article))
    print(f"# analyzer {Analyzer.VERSION} articles {counted.n_articles}")
    for term in sorted(counted.frequency):
        print(f"{term}\t{counted.frequency[term]}")


if __name__ == "__main__":
    _main(sys.argv[1:])
