"""Which articles are copies of others, told from hashes of their words: the texts need not be kept."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from training.dataset import Example

__all__ = ["key_of", "sketch_of", "unseen"]

_SKETCH = 64
_NEAR = 0.6
"""Share of two sketches that must agree for one article to count as a copy of the other."""
_ROWS = 1000
# numbers too: by longer words alone, the notices of two companies' earnings are copies of each other
_WORD = re.compile(r"\w*\d\w*|\w{4,}")


def unseen(examples: Sequence[Example], seen: Mapping[str, tuple[int, ...]]) -> list[Example]:
    """Return the articles that are neither among those seen nor a near copy of one.

    Parameters
    ----------
    examples : sequence of Example
    seen : mapping
        Key of an article (`key_of`) -> its sketch (`sketch_of`).
    """
    fresh = [e for e in examples if key_of(e) not in seen]
    if not fresh or not seen:
        return fresh
    mine = list(seen.values())
    rows = _incidence([*mine, *map(sketch_of, fresh)])
    known, sizes = rows[: len(mine)], np.maximum(rows.sum(axis=1).A1, 1)
    kept = []
    for start in range(0, len(fresh), _ROWS):  # in slices: the full product may not fit in memory
        some = slice(len(mine) + start, min(len(mine) + start + _ROWS, rows.shape[0]))
        shared = (rows[some] @ known.T).tocoo()
        agree = 2 * shared.data / (sizes[some][shared.row] + sizes[: len(mine)][shared.col])
        near = set(shared.row[agree >= _NEAR].tolist())
        kept += [e for i, e in enumerate(fresh[start : start + _ROWS]) if i not in near]
    return kept


def key_of(example: Example) -> str:
    """Return the hash of an article's text: white space and capitals make no difference."""
    text = " ".join(f"{example.title} {example.body}".casefold().split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sketch_of(example: Example) -> tuple[int, ...]:
    """Return the smallest hashes of an article's longer words and numbers (a bottom-k sketch, Broder 1997).

    Two articles' sketches agree about as far as their words do, so near copies are found without the texts.
    """
    words = set(_WORD.findall(f"{example.title} {example.body}".casefold()))
    return tuple(sorted(map(_hash, words))[:_SKETCH])


@functools.lru_cache(maxsize=1_000_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")


def _incidence(sketches: Sequence[tuple[int, ...]]) -> csr_matrix:
    """Return who has which hash, one row a sketch."""
    lengths = [len(sketch) for sketch in sketches]
    flat = np.fromiter((value for sketch in sketches for value in sketch), dtype=np.int64, count=sum(lengths))
    names, columns = np.unique(flat, return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(len(flat), dtype=np.int32)
    return csr_matrix((ones, columns, ends), shape=(len(sketches), max(len(names), 1)))
