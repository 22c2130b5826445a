"""The progress line: articles, their rate, and the time left where the inputs' sizes are known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import io

    from rich.progress import Progress

__all__ = ["Watch", "counting"]

_QUIET_SECONDS = 1.0
_BETWEEN_LOOKS = 0.2


class Watch:
    """How many of the inputs' bytes have been read.

    Parameters
    ----------
    files : iterable of str
        All files that will be read, in order; looked at only when somebody asks.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files = files
        self._total: int | None = None
        self._before = 0
        self._size = 0
        self._file: io.BufferedReader[Any] | None = None

    def opened(self, file: io.BufferedReader[Any] | None, path: str) -> None:
        """Be told that the next file is open, or given to others to read."""
        self._before += self._size
        self._size = _size(path)
        # Parquet is read from its end
        self._file = None if path.endswith((".parquet", ".pq")) else file

    def total(self) -> int:
        """Return the bytes of all files, 0 where one's size is not known."""
        if self._total is None:
            sizes = [_size(path) for path in self._files]
            self._total = sum(sizes) if all(sizes) else 0
        return self._total

    def done(self) -> int:
        """Return the bytes of the files that are read, and of the open one so far."""
        try:
            here = self._file.raw.tell() if self._file is not None else 0
        except (OSError, ValueError):  # a pipe; a file that was closed
            here = 0 if self._file is not None and not self._file.closed else self._size
        return self._before + here


@contextmanager
def counting(watch: Watch, *, wanted: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function to tell of articles that are done; it shows how far things are, once the work takes long."""
    began = looked = time.monotonic()
    bar: Progress | None = None
    done = 0

    def counted(more: int) -> None:
        nonlocal bar, done, looked
        done += more
        now = time.monotonic()
        if not wanted or now - looked < _BETWEEN_LOOKS or now - began < _QUIET_SECONDS:
            return
        looked = now
        if bar is None:
            bar = _bar(watch.total())
            bar.start()
        bar.update(bar.task_ids[0], completed=watch.done(), articles=done, rate=done / (now - began))

    try:
        yield counted
    finally:
        if bar is not None:
            seconds = time.monotonic() - began
            bar.update(bar.task_ids[0], completed=watch.done(), articles=done, rate=done / seconds)
            bar.stop()


def _bar(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    known = (BarColumn(bar_width=20), TimeRemainingColumn(), TextColumn("left")) if total else ()
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[articles]:,} articles tagged, {task.fields[rate]:,.0f} a second"),
        TimeElapsedColumn(),
        *known,
        console=Console(stderr=True),
    )
    bar.add_task("tagging", total=total or None, articles=0, rate=0.0)
    return bar


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
