"""The chain: each block's part on the page, from what is seen of it and of which parts may follow each other.

A linear-chain conditional random field (J. Lafferty, A. McCallum and F. Pereira, "Conditional Random Fields:
Probabilistic Models for Segmenting and Labeling Sequence Data", ICML 2001). Its weights are learnt by
`training.pages`; here the likeliest sequence of parts is found, and how sure each part is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

OUTSIDE, TITLE, STANDFIRST, OPENING, BODY, INSIDE, START = range(7)
"""Parts: furniture outside articles; headline; standfirst; furniture below a headline; body; furniture within a
body; the first paragraph of an article without a headline."""
PARTS = 7
FOLLOW = {
    OUTSIDE: (OUTSIDE, TITLE, START),
    TITLE: (STANDFIRST, OPENING, BODY),
    STANDFIRST: (STANDFIRST, OPENING, BODY),
    OPENING: (STANDFIRST, OPENING, BODY),
    BODY: (OUTSIDE, TITLE, BODY, INSIDE, START),
    INSIDE: (BODY, INSIDE),
    START: (OUTSIDE, TITLE, BODY, INSIDE, START),
}
"""Which parts may follow each."""
FIRST = (OUTSIDE, TITLE, START)
LAST = (OUTSIDE, TITLE, STANDFIRST, OPENING, BODY, START)
"""Parts with which a page may begin, and end."""
_NEVER, _NOTHING, _UNIT = -1e9, 1e-9, 100

Scores = list[list[float]]


class Emissions(dict[str, Sequence[int] | None]):
    """What each name of `features.features` speaks for each part, None for unknown names.

    Parameters
    ----------
    written : mapping of str to str
        The numbers as text, read when they are first asked for: a page needs a tenth of them.
    """

    def __init__(self, written: Mapping[str, str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, name: str) -> Sequence[int] | None:
        text = self._written.get(name)
        self[name] = None if text is None else tuple(map(int, text.split()))
        return self[name]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt, in hundredths.

    Attributes
    ----------
    emissions : Emissions
    transitions : sequence of sequence of int
        What speaks for each part after each.
    start : sequence of int
        What speaks for each part at the top of a page.
    lexicon : frozenset of str
        Words that are looked at themselves.
    """

    emissions: Emissions
    transitions: Sequence[Sequence[int]]
    start: Sequence[int]
    lexicon: frozenset[str]

    @classmethod
    def of(cls, learnt: Mapping[str, Any]) -> Weights:
        """Take what `training.pages` has learnt, as it is written in ``weights.json``."""
        emissions = Emissions(learnt["emissions"])
        return cls(emissions, learnt["transitions"], learnt["start"], frozenset(learnt["lexicon"].split()))


@cache
def shipped_weights() -> Weights:
    """Return the weights that come with the package, read when first asked for."""
    return Weights.of(json.loads(Path(__file__).with_name("weights.json").read_bytes()))


def score(rows: Sequence[Sequence[str]], weights: Weights) -> Scores:
    """Return what speaks for each part at each block."""
    get = weights.emissions.__getitem__
    scores: Scores = []
    for row in rows:
        found = [spoken for spoken in map(get, row) if spoken is not None]
        scores.append(list(map(sum, zip(*found, strict=True))) if found else [0.0] * PARTS)
    return scores


def decode(scores: Scores, weights: Weights) -> list[int]:
    """Return the likeliest sequence of parts (Viterbi)."""
    if not scores:
        return []
    steps = [(s, [(p, weights.transitions[p][s]) for p in range(PARTS) if s in FOLLOW[p]]) for s in range(PARTS)]
    now = [a + b if s in FIRST else _NEVER for s, (a, b) in enumerate(zip(weights.start, scores[0], strict=True))]
    back: list[list[int]] = []
    for emission in scores[1:]:
        then, pointers = emission[:], [0] * PARTS
        for part, step in steps:  # plain loops: a page has a hundred blocks, and calls are what costs
            best = 2.0 * _NEVER
            for before, weight in step:
                value = now[before] + weight
                if value > best:
                    best, pointers[part] = value, before
            then[part] += best
        back.append(pointers)
        now = then
    part = max(LAST, key=now.__getitem__)
    path = [part]
    for pointers in reversed(back):
        part = pointers[part]
        path.append(part)
    path.reverse()
    return path


def beginnings(scores: Scores, weights: Weights) -> list[float]:
    """Return the probability that an article begins at each block (forward-backward)."""
    steps = [[(q, math.exp(weights.transitions[p][q] / _UNIT)) for q in FOLLOW[p]] for p in range(PARTS)]
    spoken = [[math.exp(max((value - top) / _UNIT, -80.0)) for value in row] for row in scores for top in (max(row),)]
    forward: Scores = []
    start = [math.exp(weight / _UNIT) if s in FIRST else 0.0 for s, weight in enumerate(weights.start)]
    now = [a * b for a, b in zip(start, spoken[0], strict=True)] if scores else []
    for row in spoken[1:]:
        forward.append(now)
        ahead = [0.0] * PARTS
        for value, step in zip(now, steps, strict=True):
            if value > _NOTHING:  # at most blocks only one or two parts are possible
                for part, weight in step:
                    ahead[part] += value * weight * row[part]
        now = _normal(ahead)
    forward.append(now)
    after = [1.0 if s in LAST else 0.0 for s in range(PARTS)]
    found: list[float] = []
    for index in range(len(scores) - 1, -1, -1):
        here = _normal([a * b for a, b in zip(forward[index], after, strict=True)])
        found.append(here[TITLE] + here[START])
        if index:
            row = [a * b for a, b in zip(spoken[index], after, strict=True)]
            after = [0.0] * PARTS
            for part, value in enumerate(forward[index - 1]):
                if value > _NOTHING:
                    for following, weight in steps[part]:
                        after[part] += row[following] * weight
            after = _normal(after)
    found.reverse()
    return found


def _normal(row: list[float]) -> list[float]:
    total = sum(row) or 1.0
    return [value / total for value in row]
