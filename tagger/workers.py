"""Processes that tag chunks of articles for one that reads and writes.

Processes, not threads: most of the work is Python's own, between Arrow's splitting and numpy's sorting.
A worker gets titles and bodies and gives margins, or whole tags when evidence is asked for.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tagger.article import Article, Tag, TaggedArticle
from tagger.bundle import Bundle
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from tagger.tagging import Tagger

__all__ = ["Workers"]

_Texts = tuple[list[str], list[str]]


class Workers:
    """Some processes with a tagger each; a context manager that ends them.

    Parameters
    ----------
    bundle : Bundle
        The model; each process opens it for itself, and the operating system keeps one copy in memory.
    jobs : int
    explain : bool
        Whether tags carry evidence.
    """

    def __init__(self, bundle: Bundle, jobs: int, *, explain: bool) -> None:
        self.jobs = jobs
        self._explain = explain
        self._pool = ProcessPoolExecutor(
            jobs,
            # a forked copy of a process with threads, such as a progress bar's, can hang
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(bundle.folder, bundle.manifest),
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # whoever stops early waits for the chunks at hand, a fraction of a second
        self._pool.shutdown(wait=True, cancel_futures=True)

    def tagged(self, tagger: Tagger, articles: Sequence[Article]) -> Iterator[TaggedArticle]:
        """Hand out a chunk now, and return an iterator that waits for it."""
        texts = ([a.title for a in articles], [a.body for a in articles])
        try:
            return self._results(tagger, articles, self._pool.submit(_explained if self._explain else _margins, texts))
        except BrokenProcessPool as error:
            raise _died() from error

    def _results(self, tagger: Tagger, articles: Sequence[Article], handed: Future[Any]) -> Iterator[TaggedArticle]:
        try:
            results = handed.result()
        except BrokenProcessPool as error:
            raise _died() from error
        for article, result in zip(articles, results, strict=True):
            yield TaggedArticle(article, *result) if self._explain else tagger.tagged(article, result)


def _died() -> TaggerError:
    return TaggerError("A tagging process ended unexpectedly", "Is there memory for them all? Try fewer --jobs.")


_mine: Tagger | None = None


def _begin(folder: Path, manifest: dict[str, Any]) -> None:
    """Make this process's tagger."""
    from tagger.tagging import Tagger

    global _mine  # noqa: PLW0603 (what a pool's processes keep between tasks has nowhere else to be)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one that reads ends the others
    _mine = Tagger(Bundle(folder, manifest))


def _margins(texts: _Texts) -> list[list[float]]:
    assert _mine is not None  # noqa: S101 (set by _begin)
    return _mine.margins_of_many(*texts)


def _explained(texts: _Texts) -> list[tuple[tuple[Tag, ...], dict[str, float]]]:
    assert _mine is not None  # noqa: S101 (set by _begin)
    tagged = (_mine.tag(Article(*text), explain=True) for text in zip(*texts, strict=True))
    return [(one.tags, one.scores) for one in tagged]
