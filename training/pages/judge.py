"""Judge the page reader on styles it has not learnt from: the templates of some styles are held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Any

from tagger.pages.learnt import Learnt
from tagger.pages.page import Page
from tagger.pages.reader import read_page

from .compose import Article, filled
from .learn import learn

_FOLDS = 4
_MISSING, _FOREIGN = 0.05, 0.05
"""Shares of an article's paragraphs that may be missing, and foreign, where it still counts as found."""

Found = dict[str, tuple[int, int]]
"""For each style the articles found, and all."""


def judge(
    templates: Sequence[Mapping[str, Any]], articles: Sequence[Article], fold: int, say: Callable[[str], None]
) -> Found:
    """Learn without a quarter of the styles, and read pages of these.

    Parameters
    ----------
    templates : sequence of dict
        As `compose.templates` returns them.
    articles : sequence of (str, list of str)
        Headlines and paragraphs; every tenth fills the pages that are read and none that are learnt from.
    fold : int
        Which quarter, 0 to 3.
    say : callable
        Told of each step.

    Returns
    -------
    dict
        For each style that was held out how many articles were found, and how many there were. One is found when its
        headline is exact, at least 95 % of its paragraphs are there and at most 5 % are foreign; lines that may as
        well be kept as dropped count neither way.
    """
    held = [template for template in templates if _fold(template["style"]) == fold]
    learnt = Learnt.of(learn([t for t in templates if _fold(t["style"]) != fold], _all_but_tenths(articles), say))
    read = articles[::10]
    random = Random(fold)  # noqa: S311
    found: Found = {}
    for template in held:
        picked = random.sample(read, len(template["untitled"]))
        text, true, neutral = filled(template, picked, read, random)
        page = read_page(text, learnt)
        hits = sum(is_found(page, title, paragraphs, neutral) for title, paragraphs in true)
        before = found.get(template["style"], (0, 0))
        found[template["style"]] = before[0] + hits, before[1] + len(picked)
    return found


def is_found(page: Page, title: str, paragraphs: Sequence[str], neutral: frozenset[str]) -> bool:
    """Tell whether one of the page's articles is the true one."""
    true = Counter(paragraphs)
    for article in page.articles:
        read = Counter(article.paragraphs)
        hits = (read & true).total()
        foreign = sum(count for text, count in (read - true).items() if text not in neutral)
        if article.title == title and hits >= (1 - _MISSING) * true.total() and foreign <= _FOREIGN * true.total():
            return True
    return False


def _fold(style: str) -> int:
    return int(sha256(style.encode()).hexdigest(), 16) % _FOLDS


def _all_but_tenths(articles: Sequence[Article]) -> list[Article]:
    return [article for index, article in enumerate(articles) if index % 10]
