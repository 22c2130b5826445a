"""Processes that work on blocks of articles for one that reads and writes.

Processes, not threads: most of the work is Python's own, between numpy's.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from tagger.bundle import Bundle
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from tagger.tagging import Tagger

__all__ = ["Workers"]

_Block = TypeVar("_Block")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Blocks that each other process has before it, so that it never waits for the next."""
_UNWRITTEN = 40
"""Blocks that may be done before the first of them is: as many as are done here while the others start."""


class Workers:
    """Some processes with a tagger each, the present one among them; a context manager that ends the others.

    Parameters
    ----------
    tagger : Tagger
        Each process opens its model for itself, and the operating system keeps one copy in memory.
    jobs : int
        How many processes work, 2 or more.
    """

    def __init__(self, tagger: Tagger, jobs: int) -> None:
        self._tagger = tagger
        self._ahead = _AHEAD * (jobs - 1)
        self._pool = ProcessPoolExecutor(
            jobs - 1,
            mp_context=multiprocessing.get_context("fork" if _is_single_threaded() else "spawn"),
            initializer=_begin,
            initargs=(tagger.bundle.folder, tagger.bundle.manifest, tagger.name),
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # whoever stops early waits for the blocks at hand, a fraction of a second
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each_block(self, work: Callable[[Tagger, _Block], _Result], blocks: Iterable[_Block]) -> Iterator[_Result]:
        """Yield what is made of each block, in order; while the others have enough to do, one is made here."""
        waiting: deque[Future[_Result]] = deque()
        try:
            for block in blocks:
                if sum(not one.done() for one in waiting) < self._ahead:
                    waiting.append(self._pool.submit(_do, work, block))
                else:
                    waiting.append(Future())
                    waiting[-1].set_result(work(self._tagger, block))
                while waiting and (waiting[0].done() or len(waiting) > _UNWRITTEN + self._ahead):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise TaggerError(
                "A tagging process ended unexpectedly", "Is there memory for them all? Try fewer --jobs."
            ) from error


def _is_single_threaded() -> bool:
    """Tell whether this process may be forked: a copy of one with threads, such as a progress bar's, can hang."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:  # no Linux
        return False


_mine: Tagger | None = None


def _begin(folder: Path, manifest: dict[str, Any], name: str) -> None:
    """Make this process's tagger."""
    from tagger.tagging import Tagger

    global _mine  # noqa: PLW0603 (what a pool's processes keep between tasks has nowhere else to be)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one that reads ends the others
    _mine = Tagger(Bundle(folder, manifest), name)


def _do(work: Callable[[Tagger, _Block], _Result], block: _Block) -> _Result:
    assert _mine is not None  # noqa: S101 (set by _begin)
    return work(_mine, block)
