"""Streams of articles in blocks: few are tagged singly, many together, in several processes if asked to.

The order is the input's, and memory is bounded by a few blocks, however long the stream is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, cast

from tagger.article import Article, TaggedArticle
from tagger.reading import Files, Lines

if TYPE_CHECKING:
    from tagger.tagging import Tagger

__all__ = ["blocks_of", "each_block", "tag_block", "tag_stream"]

_Other = TypeVar("_Other")
_Block = TypeVar("_Block")
_Result = TypeVar("_Result")

_BLOCK, _BLOCK_CHARACTERS = 4096, 500_000
_WORTH_A_PROCESS = 1_000_000
"""Characters up to which no other process is started: that takes as long."""
_PAGES = 4
"""How many times as long a page takes to read and tag as a line of JSON of its size, at least."""
_PATIENCE = 0.5
"""Seconds after which a block is tagged though it is small: a slow source is not to be waited for."""


def tag_stream(
    tagger: Tagger, items: Iterable[Article | _Other], *, explain: bool = False, jobs: int = 1
) -> Generator[TaggedArticle | _Other, None, None]:
    """Tag a stream of articles in its order, a megabyte of them at a time.

    Parameters
    ----------
    tagger : Tagger
    items : iterable of Article
        Whatever else is among them, such as the errors of `tagger.reading`, keeps its place.
    explain : bool
        Whether each tag carries its evidence.
    jobs : int
        Processes that tag, this one included, which alone reads and writes.
    """
    for results in each_block(tagger, partial(tag_block, explain=explain), blocks_of(items), jobs):
        yield from results


def tag_block(
    tagger: Tagger, items: Iterable[Article | _Other], *, explain: bool = False
) -> list[TaggedArticle | _Other]:
    """Return items with the articles among them tagged."""
    block = list(items)
    articles = [item for item in block if isinstance(item, Article)]
    # the account of an article is the work, not its scores
    tagged = iter([tagger.tag(one, explain=True) for one in articles] if explain else tagger.tag_many(articles))
    return [next(tagged) if isinstance(item, Article) else item for item in block]


def each_block(
    tagger: Tagger, work: Callable[[Tagger, _Block], _Result], blocks: Iterable[_Block], jobs: int = 1
) -> Generator[_Result, None, None]:
    """Yield what some work makes of each block, in order.

    Parameters
    ----------
    tagger : Tagger
    work : callable
        Gets a tagger and a block. With several jobs, all three go to other processes.
    blocks : iterable
    jobs : int
    """
    stream = iter(blocks)
    held: list[_Block] = []
    seen = 0
    for block in stream:
        held.append(block)
        size = _size(block)
        seen += size
        if jobs > 1 and seen >= _WORTH_A_PROCESS:
            from tagger.workers import Workers

            with Workers(tagger, jobs) as workers:
                yield from workers.each_block(work, chain(held, stream))
            return
        if jobs > 1 and 2 * size >= _WORTH_A_PROCESS:
            continue  # where so much comes at once there is more, and to work on it here would keep the others waiting
        yield from (work(tagger, one) for one in held)
        held.clear()
    yield from (work(tagger, one) for one in held)


def _size(block: object) -> int:
    if isinstance(block, Lines):
        return block.size
    if isinstance(block, Files):
        return _PAGES * block.size
    return sum(len(item.body) for item in block if isinstance(item, Article)) if isinstance(block, Sequence) else 0


def blocks_of(items: Iterable[Article | _Other | Lines | Files]) -> Iterator[Iterable[Article | _Other]]:
    """Gather articles into blocks, small ones at first; what is still to be read is a block already."""
    block: list[Article | _Other] = []
    most, size = 1, 0
    began = time.monotonic()
    for item in items:
        if isinstance(item, Lines | Files):
            if block:
                yield block
            yield cast("Iterable[Article | _Other]", item)
            block, size, began = [], 0, time.monotonic()
            continue
        block.append(item)
        if isinstance(item, Article):
            size += len(item.title) + len(item.body)
        if size >= _BLOCK_CHARACTERS or len(block) >= most or time.monotonic() - began > _PATIENCE:
            yield block
            block, size, began = [], 0, time.monotonic()
            most = min(2 * most, _BLOCK)
    if block:
        yield block
