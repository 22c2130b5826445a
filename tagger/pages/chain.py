"""The chain: each block's part on the page, from what is seen of it and of which parts may follow each other.

A linear-chain conditional random field (J. Lafferty, A. McCallum and F. Pereira, "Conditional Random Fields:
Probabilistic Models for Segmenting and Labeling Sequence Data", ICML 2001). Its weights are learnt by
`training.pages` (`learnt`); here the likeliest sequence of parts is found, and how sure each part is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any, NamedTuple

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
_ROW = Struct(f"<{PARTS}i")
_SIGNS = sum(1 << 32 * part + 31 for part in range(PARTS))
"""The sign bits of a packed row: added, they keep each number from borrowing of the next; flipped, they are signs."""

Scores = list[list[float]]


class Emissions(dict[str, int]):
    """What each name of `features.features` speaks for each part, packed into one number; 0 for unknown names.

    The numbers for the parts stand side by side, 32 bits each, so that one sum adds up all of them.

    Parameters
    ----------
    written : mapping of str to str
        The numbers as text, read when they are first asked for: a page needs a tenth of them.
    """

    def __init__(self, written: Mapping[str, str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, name: str) -> int:
        text = self._written.get(name)
        self[name] = 0 if text is None else _packed(_ROW.pack(*map(int, text.split())))
        return self[name]


def _packed(row: bytes) -> int:
    return (int.from_bytes(row, "little") ^ _SIGNS) - _SIGNS


class _Odds(dict[float, float]):
    """The odds of what lies so many hundredths below the best."""

    def __missing__(self, below: float) -> float:
        odds = math.exp(max(-below / _UNIT, -80.0))
        if below < 80 * _UNIT:
            self[below] = odds
        return odds


_ODDS = _Odds()


class Weights(NamedTuple):
    """What was learnt, in hundredths.

    Attributes
    ----------
    emissions : Emissions
    transitions : sequence of sequence of int
        What speaks for each part after each.
    start : sequence of int
        What speaks for each part at the top of a page.
    """

    emissions: Emissions
    transitions: Sequence[Sequence[int]]
    start: Sequence[int]

    @classmethod
    def of(cls, learnt: Mapping[str, Any]) -> Weights:
        """Take what `training.pages.fit` has learnt: names and numbers line by line, which is read in no time."""
        written = dict(zip(learnt["names"].split("\n"), learnt["emissions"].split("\n"), strict=True))
        return cls(Emissions(written), learnt["transitions"], learnt["start"])


def score(rows: Sequence[Sequence[str]], weights: Weights) -> Scores:
    """Return what speaks for each part at each block; blocks with the same list of names share theirs."""
    get = weights.emissions.__getitem__
    scores: Scores = []
    above = None
    for row in rows:
        if row is not above:
            packed = (sum(map(get, row)) + _SIGNS ^ _SIGNS).to_bytes(_ROW.size, "little")
        scores.append(scores[-1] if row is above else list(_ROW.unpack(packed)))
        above = row
    return scores


def _runs(scores: Scores, weights: Weights) -> tuple[Scores, list[int]]:
    """Take rows that are one object for one row, with its number: within a stretch of paragraphs no part ends."""
    rows: Scores = []
    counts: list[int] = []
    above = None
    for row in scores:
        if row is above:
            counts[-1] += 1
        else:
            rows.append(row)
            counts.append(1)
        above = row
    for index, count in enumerate(counts):
        if count > 1:
            rows[index] = [
                count * value + (count - 1) * weights.transitions[part][part] if part in FOLLOW[part] else _NEVER
                for part, value in enumerate(rows[index])
            ]
    return rows, counts


def decode(scores: Scores, weights: Weights) -> list[int]:
    """Return the likeliest sequence of parts (Viterbi)."""
    if not scores:
        return []
    scores, counts = _runs(scores, weights)
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
    return [part for part, count in zip(path, counts, strict=True) for _ in range(count)]


def chances(scores: Scores, weights: Weights) -> Scores:
    """Return the probability of each part at each block (forward-backward)."""
    if not scores:
        return []
    scores, counts = _runs(scores, weights)
    # Each pair of letters is a step, part to part: a loop over seven parts would cost three times as much.
    (oo, ot, oh), (ts, tp, tb), (ss, sp, sb), (ps, pp, pb), (bo, bt, bb, bi, bh), (ib, ii), (ho, ht, hb, hi, hh) = (
        [math.exp(weights.transitions[part][following] / _UNIT) for following in FOLLOW[part]] for part in range(PARTS)
    )
    spoken = [[_ODDS[top - value] for value in row] for row in scores for top in (max(row),)]
    now = [math.exp(weights.start[part] / _UNIT) * spoken[0][part] if part in FIRST else 0.0 for part in range(PARTS)]
    forward = [now]
    for row in spoken[1:]:
        o, t, s, p, b, i, h = now
        now = [
            (o * oo + b * bo + h * ho) * row[OUTSIDE],
            (o * ot + b * bt + h * ht) * row[TITLE],
            (t * ts + s * ss + p * ps) * row[STANDFIRST],
            (t * tp + s * sp + p * pp) * row[OPENING],
            (t * tb + s * sb + p * pb + b * bb + i * ib + h * hb) * row[BODY],
            (b * bi + i * ii + h * hi) * row[INSIDE],
            (o * oh + b * bh + h * hh) * row[START],
        ]
        total = sum(now) or 1.0
        now = [value / total if value > _NOTHING * total else 0.0 for value in now]
        forward.append(now)
    found: Scores = []
    o, t, s, p, b, i, h = (1.0 if part in LAST else 0.0 for part in range(PARTS))
    for row, now in zip(reversed(spoken), reversed(forward), strict=True):
        both = [now[0] * o, now[1] * t, now[2] * s, now[3] * p, now[4] * b, now[5] * i, now[6] * h]
        total = sum(both) or 1.0
        found.append([value / total for value in both])
        total = o + t + s + p + b + i + h or 1.0
        o, t, s, p, b, i, h = (
            said * after / total if ahead else 0.0
            for said, after, ahead in zip(row, (o, t, s, p, b, i, h), now, strict=True)
        )
        o, t, s, p, b, i, h = (
            oo * o + ot * t + oh * h,
            ts * s + tp * p + tb * b,
            ss * s + sp * p + sb * b,
            ps * s + pp * p + pb * b,
            bo * o + bt * t + bb * b + bi * i + bh * h,
            ib * b + ii * i,
            ho * o + ht * t + hb * b + hi * i + hh * h,
        )
    found.reverse()
    return [row for row, count in zip(found, counts, strict=True) for _ in range(count)]
