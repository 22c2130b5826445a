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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tagger.pages

from .compose import Article, templates
from .judge import Found, judge
from .learn import learn

_STARTER = Path(__file__).parents[2] / "labels" / "starter.csv"
_SHORTEST, _FEWEST, _MOST = 26, 3, 45
"""Characters of a paragraph, and paragraphs of an article."""
_TITLE = range(15, 151)


def main() -> None:
    """Learn, and write ``tagger/pages/weights.json``."""
    parser = argparse.ArgumentParser(prog="python -m training.pages", description="Teach the page reader.")
    parser.add_argument("articles", nargs="*", type=Path, default=[_STARTER], help="CSV or JSON Lines with title, body")
    parser.add_argument("--without", type=Path, action="append", default=[], help="articles to stay away from")
    parser.add_argument("--judge", action="store_true", help="judge on styles that are held out")
    arguments = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    barred = {title for path in arguments.without for title, _ in _articles(path)}
    articles = [article for path in arguments.articles for article in _articles(path) if article[0] not in barred]
    articles = [article for article in articles if len(article[0]) in _TITLE and _FEWEST <= len(article[1]) <= _MOST]
    if arguments.judge:
        _judge(articles)
        return
    learnt = learn(templates(), articles, _say)
    target = Path(tagger.pages.__file__).with_name("weights.json")
    target.write_text(json.dumps(learnt, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    _say(f"-> {target}")


def _judge(articles: Sequence[Article]) -> None:
    """Print the share of articles found on pages of styles that were not learnt from, a quarter after the other."""
    found: Found = {}
    for fold in range(4):
        found |= judge(templates(), articles, fold, _say)
    for style, (hits, total) in sorted(found.items()):
        print(f"{hits / total:.3f}  {total:5}  {style}")
    hits, total = (sum(column) for column in zip(*found.values(), strict=True))
    print(f"{hits / total:.3f}  {total:5}  all {len(found)} styles")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


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
