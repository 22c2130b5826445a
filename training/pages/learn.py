"""Learn in two steps: what a block's features speak for, and what became of its peers on the page.

The second step must see the first one err as it will on new sites: it learns on pages that were read with weights
from other styles alone (W. Cohen and V. Carvalho, "Stacked Sequential Learning", IJCAI 2005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

from tagger.pages.chain import Scores, Weights, chances, score
from tagger.pages.observed import Observed
from tagger.pages.peers import peer_features
from tagger.pages.vocabulary import Vocabulary

from .compose import Article, Composed, composed
from .fit import fit, is_possible
from .odds import Odds

_FILLED, _FOLDS, _ROUNDS = 2, 3, 80
"""How often each template is filled; folds of styles, and steps for each and for the second weights."""
_SAYING, _LOOKED = 8, 5
"""Styles that must say a word for it to be looked at, and in which something must become of peers."""
_LINE, _WORDED = "\n", ("tTrue", "tFalse", "tp")
"""What parts names from each other, and how the names of words begin."""


def learn(
    templates: Sequence[Mapping[str, Any]], articles: Sequence[Article], say: Callable[[str], None]
) -> dict[str, Any]:
    """Learn all that the page reader needs to know.

    Parameters
    ----------
    templates : sequence of dict
        As `compose.templates` returns them.
    articles : sequence of (str, list of str)
        Headlines and paragraphs.
    say : callable
        Told of each step.

    Returns
    -------
    dict
        What `tagger.pages.learnt.Learnt.of` reads.
    """
    odds = Odds(templates, articles)
    looked_at = odds.said_by(_SAYING)

    @cache
    def vocabulary(style: str) -> Vocabulary:
        return Vocabulary(looked_at, odds.without(style))

    pages = [page for page in composed(templates, articles, vocabulary, Random(1), _FILLED) if is_possible(page)]  # noqa: S311
    say(f"{len(articles)} articles, {len(pages)} pages")
    first = fit(pages)
    besides, stacked = _read_by_others(pages)
    second = fit(stacked, rounds=_ROUNDS, styles=_LOOKED, besides=besides, begin=first)
    say(f"{first['names'].count(_LINE)} names of what is seen, {second['names'].count(_LINE)} of what became of peers")
    used = {
        name.partition(":")[2] for name in first["names"].split(_LINE) if name.startswith(("tTrue:", "tFalse:", "tp:"))
    }
    words = {"looked_at": " ".join(sorted(looked_at & used)), "odds": _by_value(odds.without())}
    return {"vocabulary": words, "first": first, "second": second}


def _read_by_others(pages: Sequence[Composed]) -> tuple[list[Scores], list[Composed]]:
    """Read each page with weights that were learnt without its style.

    Returns
    -------
    tuple
        What speaks for each block's parts; the pages with what became of each block's peers in place of what is seen.
    """
    folds = [int(sha256(page.style.encode()).hexdigest(), 16) % _FOLDS for page in pages]
    weights = [
        Weights.of(fit([page for page, fold in zip(pages, folds, strict=True) if fold != held], rounds=_ROUNDS))
        for held in range(_FOLDS)
    ]
    besides = [score(page.rows, weights[fold]) for page, fold in zip(pages, folds, strict=True)]
    stacked = [
        replace(page, rows=peer_features(Observed(page.blocks), chances(scores, weights[fold])))
        for page, scores, fold in zip(pages, besides, folds, strict=True)
    ]
    return besides, stacked


def _by_value(odds: Mapping[str, int]) -> dict[str, str]:
    """Return the words of each value in one string."""
    words: dict[int, list[str]] = defaultdict(list)
    for word, value in odds.items():
        words[value].append(word)
    return {str(value): " ".join(sorted(words[value])) for value in sorted(words) if value}
