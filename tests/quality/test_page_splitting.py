"""Floors under the page reader's quality, on composed pages of real news. Raise them as it improves.

An article counts as found when its title is exact, at least 95 % of its true paragraphs are there, and at
most 5 % foreign ones. The pages' summaries are sentences of the articles themselves, so bullets count neither
way. The true articles come from scrapes, too, and keep what those left in them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tagger.pages import Page, read_page

SHARED = Path(__file__).parents[2] / ".." / "shared" / "pages" / "dev"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder shared/ beside the repository")


def load() -> list[tuple[str, list[dict[str, Any]]]]:
    pages = []
    for line in (SHARED / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        pages.append(((SHARED / record["page"]).read_text(encoding="utf-8"), record["articles"]))
    return pages


def found(page: Page, title: str, truth: list[str]) -> bool:
    """Tell whether one of the page's articles is the true one."""
    true = Counter(truth)
    for article in page.articles:
        read = Counter(p for p in article.paragraphs if not p.startswith("• ") or p in true)
        hits = (read & true).total()
        if article.title == title and hits >= 0.95 * true.total() and (read - true).total() <= 0.05 * true.total():
            return True
    return False


@needs_shared
def test_articles_of_composed_pages_are_found() -> None:
    hits = total = 0
    for text, articles in load():
        page = read_page(text)
        for article in articles:
            title = str(article["title"]).strip()
            truth = [str(p).strip() for p in article["paragraphs"]]
            total += 1
            hits += found(page, title, truth)

    assert hits / total >= 0.97


@needs_shared
def test_no_page_has_too_many_or_too_few_articles() -> None:
    wrong = [articles[0]["title"] for text, articles in load() if len(read_page(text).articles) != len(articles)]

    assert wrong == []


@needs_shared
def test_a_single_article_is_not_cut() -> None:
    cut = total = 0
    for _, articles in load():
        for article in articles:
            paragraphs = [str(p) for p in article["paragraphs"]]
            total += 2
            cut += len(read_page("\n\n".join([str(article["title"]), *paragraphs])).articles) > 1
            cut += len(read_page("\n\n".join(paragraphs)).articles) > 1

    assert cut / total <= 0.02
