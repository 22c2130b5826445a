"""Streams of articles: singly while there are few, in chunks when there are many, in several processes if asked to.

The order is the input's, and memory is bounded by a few chunks, however long the stream is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from tagger.article import Article, TaggedArticle

if TYPE_CHECKING:
    from tagger.tagging import Tagger
    from tagger.workers import Workers

__all__ = ["tag_stream"]

_Other = TypeVar("_Other")

_FEW, _FEW_CHARACTERS = 256, 1_000_000
"""What is tagged singly, at the start: importing numpy and pyarrow takes as long as that."""
_CHUNK, _CHUNK_CHARACTERS = 8192, 8_000_000
_PATIENCE = 0.5
"""Seconds after which a chunk is tagged though it is small: a slow source is not to be waited for."""
_GIANT = 1 << 26
"""Characters of an article that no chunk takes: Arrow counts a chunk's bytes in 31 bits."""


def tag_stream(
    tagger: Tagger, items: Iterable[Article | _Other], *, explain: bool = False, jobs: int = 1
) -> Generator[TaggedArticle | _Other, None, None]:
    """Tag a stream of articles in its order, some megabytes of them in memory at a time.

    Parameters
    ----------
    tagger : Tagger
    items : iterable of Article
        Whatever else is among them, such as the errors of `tagger.reading`, keeps its place.
    explain : bool
        Whether each tag carries its evidence.
    jobs : int
        Processes that tag; with more than one, reading and writing are left to this one.
    """
    stream = iter(items)
    n_articles = n_characters = 0
    while not tagger.is_ready_for_many and n_articles < _FEW and n_characters < _FEW_CHARACTERS:
        try:
            item = next(stream)
        except StopIteration:
            return
        if isinstance(item, Article):
            n_articles += 1
            n_characters += len(item.body)
            yield tagger.tag(item, explain=explain)
        else:
            yield item
    if jobs > 1:
        from tagger.workers import Workers

        with Workers(tagger.bundle, jobs, explain=explain) as workers:
            yield from _shared_out(tagger, stream, workers)
    else:
        for chunk in _chunks(stream):
            yield from _tagged(tagger, chunk, explain=explain)


def _chunks(stream: Iterator[Article | _Other]) -> Iterator[list[Article | _Other]]:
    chunk: list[Article | _Other] = []
    n_characters = 0
    began = time.monotonic()
    for item in stream:
        chunk.append(item)
        if isinstance(item, Article):
            n_characters += len(item.title) + len(item.body)
        if n_characters >= _CHUNK_CHARACTERS or len(chunk) >= _CHUNK or time.monotonic() - began > _PATIENCE:
            yield chunk
            chunk, n_characters, began = [], 0, time.monotonic()
    if chunk:
        yield chunk


def _tagged(tagger: Tagger, chunk: list[Article | _Other], *, explain: bool) -> Iterator[TaggedArticle | _Other]:
    """Yield a chunk with its articles tagged."""
    if explain:  # the account of an article is the work, not its scores
        yield from (tagger.tag(item, explain=True) if isinstance(item, Article) else item for item in chunk)
        return
    together = [item for item in chunk if isinstance(item, Article) and len(item.body) + len(item.title) < _GIANT]
    margins = iter(tagger.margins_of_many([a.title for a in together], [a.body for a in together]))
    for item in chunk:
        if not isinstance(item, Article):
            yield item
        elif len(item.body) + len(item.title) < _GIANT:
            yield tagger.tagged(item, next(margins))
        else:
            yield tagger.tag(item)


def _shared_out(
    tagger: Tagger, stream: Iterator[Article | _Other], workers: Workers
) -> Iterator[TaggedArticle | _Other]:
    """Yield a stream with its articles tagged by other processes, a few chunks ahead."""
    waiting: deque[tuple[list[Article | _Other], Iterator[TaggedArticle]]] = deque()
    for chunk in _chunks(stream):
        waiting.append((chunk, workers.tagged(tagger, [item for item in chunk if isinstance(item, Article)])))
        if len(waiting) > workers.jobs + 1:
            yield from _merged(*waiting.popleft())
    while waiting:
        yield from _merged(*waiting.popleft())


def _merged(chunk: list[Article | _Other], tagged: Iterator[TaggedArticle]) -> Iterator[TaggedArticle | _Other]:
    for item in chunk:
        yield next(tagged) if isinstance(item, Article) else item
