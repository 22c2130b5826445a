"""Fit the chain: conditional likelihood with a quadratic penalty, by L-BFGS.

A block may have several allowed parts; the likelihood is then that of all sequences that keep to them
(Y. Tsuboi et al., "Training Conditional Random Fields Using Incomplete Annotations", COLING 2008).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tagger.pages.chain import FIRST, FOLLOW, LAST, PARTS, Scores

from .compose import Composed

Floats = npt.NDArray[np.float64]

_LOWEST, _UNIT = -80.0, 100
_ALLOWED = np.array([[q in FOLLOW[p] for q in range(PARTS)] for p in range(PARTS)])
_FIRST = np.array([part in FIRST for part in range(PARTS)])
_LAST = np.array([part in LAST for part in range(PARTS)], dtype=np.float64)


def fit(
    pages: Sequence[Composed],
    penalty: float = 4.0,
    rounds: int = 120,
    styles: int = 3,
    besides: Sequence[Scores] | None = None,
    begin: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Learn weights.

    Parameters
    ----------
    pages : sequence of Composed
        What to learn from; each must be possible (`is_possible`).
    penalty : float
        Weight of half the squared weights, or of their distance from where they begin.
    rounds : int
        Steps of L-BFGS.
    styles : int
        Styles in which something must be seen to be learnt from: their number is the true size of the sample.
    besides : sequence of list of list of float, optional
        What speaks for each part of each block already, in hundredths.
    begin : mapping, optional
        Weights whose moves from part to part are where to begin.

    Returns
    -------
    dict
        What `tagger.pages.chain.Weights.of` reads.
    """
    problem = _Problem(pages, styles, besides)
    start = np.zeros(len(problem.names) * PARTS + PARTS * PARTS + PARTS)
    if begin is not None:
        moves = [*chain.from_iterable(begin["transitions"]), *begin["start"]]
        start[len(problem.names) * PARTS :] = np.array(moves) / _UNIT
    options = {"maxiter": rounds, "maxcor": 8}
    found = minimize(problem.value, start, (start, penalty), "L-BFGS-B", jac=True, options=options)
    return _packed(found.x, problem.names)


def _packed(weights: Floats, names: Sequence[str], least: float = 0.3) -> dict[str, Any]:
    """Round the weights, and leave out what hardly tells any two parts apart."""
    emissions, transitions, start = _unpacked(weights, len(names))
    kept = [index for index, row in enumerate(emissions) if row.max() - row.min() >= least]
    return {
        "start": [round(_UNIT * float(value)) for value in start],
        "transitions": [[round(_UNIT * float(value)) for value in row] for row in transitions],
        "names": "\n".join(names[index] for index in kept),
        "emissions": "\n".join(" ".join(str(round(_UNIT * float(value))) for value in emissions[at]) for at in kept),
    }


def _unpacked(weights: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    split = size * PARTS
    emissions = weights[:split].reshape(size, PARTS)
    return emissions, weights[split:-PARTS].reshape(PARTS, PARTS), weights[-PARTS:]


def is_possible(page: Composed) -> bool:
    """Tell whether some sequence keeps to the parts that the blocks may be."""
    reached: set[int] = set(FIRST)
    for allowed in page.parts:
        now = reached & allowed
        reached = {after for part in now for after in FOLLOW[part]}
    return bool(page.parts) and not now.isdisjoint(LAST)


class _Problem:
    """Pages as matrices; those of like length are computed side by side."""

    def __init__(self, pages: Sequence[Composed], styles: int, besides: Sequence[Scores] | None) -> None:
        seen: dict[str, set[str]] = defaultdict(set)
        for page in pages:
            for row in page.rows:
                for name in row:
                    seen[name].add(page.style)
        self.names = sorted(name for name, at in seen.items() if len(at) >= styles)
        number = {name: index for index, name in enumerate(self.names)}
        order = sorted(range(len(pages)), key=lambda at: len(pages[at].rows))
        pages = [pages[at] for at in order]
        columns: list[int] = []
        ends = [0]
        for page in pages:
            for row in page.rows:
                columns.extend(sorted(number[name] for name in row if name in number))  # the same sums each time
                ends.append(len(columns))
        shape = (len(ends) - 1, len(self.names))
        self._seen = csr_matrix((np.ones(len(columns), np.float32), np.array(columns), np.array(ends)), shape=shape)
        self._seen_by_name = self._seen.T.tocsr()
        self._allowed = np.array([[p in parts for p in range(PARTS)] for page in pages for parts in page.parts])
        size = (len(ends) - 1, PARTS)
        self._besides = np.zeros(size) if besides is None else np.array([row for at in order for row in besides[at]])
        self._groups = list(_groups([len(page.rows) for page in pages]))

    def value(self, weights: Floats, origin: Floats, penalty: float) -> tuple[float, Floats]:
        """Return the penalised negative log-likelihood and its gradient."""
        emissions, transitions, start = _unpacked(weights, len(self.names))
        scores = (self._seen @ emissions.astype(np.float32)).astype(np.float64) + self._besides / _UNIT
        steps, begin = np.where(_ALLOWED, np.exp(transitions), 0.0), np.where(_FIRST, np.exp(start), 0.0)
        free, held = scores, np.where(self._allowed, scores, -np.inf)
        tops = [side.max(axis=1, keepdims=True) for side in (free, held)]
        spoken = [np.exp(np.maximum(side - top, _LOWEST)) for side, top in zip((free, held), tops, strict=True)]
        spoken[1][~self._allowed] = 0.0
        total = 0.0
        slope, slope_steps, slope_start = np.zeros_like(scores), np.zeros((PARTS, PARTS)), np.zeros(PARTS)
        for sign, side, top in zip((1.0, -1.0), spoken, tops, strict=True):
            for rows in self._groups:
                likelihood, chances, moves = _sums(side, rows, steps, begin)
                inside = rows >= 0
                total += sign * (likelihood + float(top[rows[inside]].sum()))
                slope[rows[inside]] += sign * chances[inside]
                slope_steps += sign * moves
                slope_start += sign * chances[0].sum(axis=0)
        by_name = (self._seen_by_name @ slope.astype(np.float32)).astype(np.float64)
        gradient = np.concatenate([by_name.ravel(), slope_steps.ravel(), slope_start]) + penalty * (weights - origin)
        return total + 0.5 * penalty * float((weights - origin) @ (weights - origin)), gradient


def _groups(lengths: Sequence[int]) -> list[npt.NDArray[np.int64]]:
    """Return row numbers of pages of like length, a page a column, -1 below its end."""
    groups = []
    ends = np.concatenate([[0], np.cumsum(lengths)])
    first = 0
    while first < len(lengths):
        last = first
        while last < len(lengths) and lengths[last] <= lengths[first] * 1.15 + 4:
            last += 1
        rows = np.full((lengths[last - 1], last - first), -1, np.int64)
        for page in range(first, last):
            rows[: lengths[page], page - first] = np.arange(ends[page], ends[page + 1])
        groups.append(rows)
        first = last
    return groups


def _sums(spoken: Floats, rows: npt.NDArray[np.int64], steps: Floats, begin: Floats) -> tuple[float, Floats, Floats]:
    """Run forward and backward over pages side by side: log-likelihood, chances of parts, expected moves."""
    length, pages = rows.shape
    below = rows < 0
    emission = spoken[np.where(below, 0, rows)]
    forward, scale = np.zeros((length, pages, PARTS)), np.ones((length, pages))
    for at in range(length):
        now = (begin if at == 0 else forward[at - 1] @ steps) * emission[at]
        sums = now.sum(axis=1)
        now[below[at]], sums[below[at]] = forward[at - 1][below[at]], 1.0
        scale[at] = sums
        forward[at] = now / sums[:, None]
    ending = forward[-1] @ _LAST
    after = np.repeat(_LAST[None], pages, axis=0) / ending[:, None]
    chances, moves = np.zeros_like(forward), np.zeros((PARTS, PARTS))
    chances[-1] = forward[-1] * after
    for at in range(length - 1, 0, -1):
        inside = ~below[at]
        ahead = emission[at] * after / scale[at][:, None]
        moves += steps * (forward[at - 1][inside].T @ ahead[inside])
        after = np.where(inside[:, None], ahead @ steps.T, after)
        chances[at - 1] = forward[at - 1] * after
    return float(np.log(scale).sum() + np.log(ending).sum()), chances, moves
