"""A topic's move to another id, into another topic or out of use: what it means for tags, and for files on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tagger.errors import InputError

__all__ = ["Change", "Move", "staged", "writing"]


@dataclass(frozen=True, slots=True)
class Move:
    """What happens to topics.

    Parameters
    ----------
    verb : {"rename", "merge", "retire"}
    topics : tuple of str
        Ids that are given up.
    into : str
        The id that takes their place, ``""`` when none does.
    """

    verb: str
    topics: tuple[str, ...]
    into: str = ""

    def __str__(self) -> str:
        names = " and ".join(map(repr, self.topics))
        return f"{self.verb} {names} -> {self.into!r}" if self.into else f"{self.verb} {names}"

    def id(self, topic: str) -> str:
        """Return what a topic is called afterwards, ``""`` when it is gone."""
        return self.into if topic in self.topics else topic

    def ids(self, topics: Iterable[str]) -> tuple[str, ...]:
        """Return what topics are called afterwards, in order, each once."""
        return tuple(dict.fromkeys(new for topic in topics if (new := self.id(topic))))

    def cell(self, tags: str) -> str:
        """Return a ``tags`` cell afterwards; tags that stay keep their spelling and white space."""
        parts = []
        taken = False
        for part in tags.split("|"):
            tag = part.strip()
            if tag in self.topics or (tag and tag == self.into):
                if self.into and not taken:
                    before, _, after = part.partition(tag)
                    parts.append(before + self.into + after)
                taken = True
            else:
                parts.append(part)
        moved = "|".join(parts)
        return moved if len(parts) == tags.count("|") + 1 else moved.strip()


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after a move.

    Parameters
    ----------
    path : Path
    before, after : bytes
        Equal when there is nothing to change.
    summary : str
        What changes, with counts.
    details : tuple of str
        What changes, one place a line.
    """

    path: Path
    before: bytes
    after: bytes
    summary: str
    details: tuple[str, ...] = ()


@contextmanager
def staged(changes: Sequence[Change]) -> Iterator[Callable[[], None]]:
    """Write changed files beside the old ones; yield what puts them in place, all or none.

    An exception inside the block, whenever it comes, puts every file back as it was.

    Raises
    ------
    InputError
        If a file cannot be written, or is not any more what was read.
    """
    waiting: list[tuple[Change, Path]] = []
    placed: list[Change] = []

    def place() -> None:
        for change, new in waiting:
            with writing(change.path):
                if change.path.read_bytes() != change.before:
                    raise InputError(f"{change.path}: was changed by somebody else meanwhile", "Run the command again.")
                new.replace(change.path.resolve())
                placed.append(change)

    try:
        for change in changes:
            if change.after != change.before:
                with writing(change.path):
                    waiting.append((change, _beside(change.path.resolve(), change.after)))
        yield place
    except BaseException:
        for change in placed:
            path = change.path.resolve()
            _beside(path, change.before).replace(path)
        raise
    finally:
        for _, new in waiting:
            new.unlink(missing_ok=True)


def _beside(path: Path, content: bytes) -> Path:
    """Write a temporary file in the folder of a file, with its permissions."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says while a file is read, copied or written into an `InputError`."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
