"""Teach the page reader and write its weights: ``python -m training.pages [articles.jsonl.gz ...]``.

Without files it learns on the labelled starter articles. The weights that are shipped were learnt on an archive of
unlabelled news as scraped, without any article that also stands in a file named with ``--without``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import tagger.pages

from .compose import Article, composed
from .fit import fit

_STARTER = Path(__file__).parents[2] / "labels" / "starter.csv"
_SHORTEST, _FEWEST, _MOST = 26, 3, 45
"""Characters of a paragraph, and paragraphs of an article."""
_TITLE = range(15, 151)
_ROUNDS = 2


def main() -> None:
    """Learn, and write ``tagger/pages/weights.json``."""
    parser = argparse.ArgumentParser(prog="python -m training.pages", description="Teach the page reader.")
    parser.add_argument("articles", nargs="*", type=Path, default=[_STARTER], help="CSV or JSON Lines with title, body")
    parser.add_argument("--without", type=Path, action="append", default=[], help="articles to stay away from")
    arguments = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    barred = {title for path in arguments.without for title, _ in _articles(path)}
    articles = [article for path in arguments.articles for article in _articles(path) if article[0] not in barred]
    articles = [article for article in articles if len(article[0]) in _TITLE and _FEWEST <= len(article[1]) <= _MOST]
    lexicon = frozenset(files(__package__).joinpath("words.txt").read_text(encoding="utf-8").split())
    pages = list(composed(articles, lexicon, Random(1), _ROUNDS))  # noqa: S311
    print(f"{len(articles)} articles, {len(pages)} pages", file=sys.stderr)
    weights = fit(pages, lexicon)
    target = Path(tagger.pages.__file__).with_name("weights.json")
    target.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(weights['emissions'])} names -> {target}", file=sys.stderr)


def _articles(path: Path) -> Iterator[Article]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        rows: Iterator[dict[str, Any]]
        rows = csv.DictReader(lines) if ".csv" in path.suffixes else (json.loads(line) for line in lines)
        for row in rows:
            paragraphs = [" ".join(text.split()) for text in str(row["body"]).split("\n")]
            yield " ".join(str(row["title"]).split()), [text for text in paragraphs if len(text) >= _SHORTEST]


if __name__ == "__main__":
    main()
