"""What is named on the command line -> the files that are meant: files, folders, patterns, ``-``."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from tagger.errors import InputError
from tagger.reading.formats import COMPRESSED, SUFFIXES, is_known
from tagger.reading.opening import STDIN

__all__ = ["files_at"]


def files_at(path: str) -> Iterator[str | InputError]:
    """Yield the files a path stands for, in order.

    Parameters
    ----------
    path : str
        A file, a folder (its known files, recursively, hidden ones and links to folders left out), a
        shell pattern such as ``news/**/*.html``, or ``-``.
    """
    if path == STDIN:
        yield path
    elif os.path.isdir(path):  # noqa: PTH112 (Path refuses names that os answers)
        yield from _inside(path)
    elif glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 (Path takes no absolute pattern)
        if not matches:
            yield InputError(f"{path}: no file matches the pattern")
        for match in matches:
            if not Path(match).is_dir():
                yield match
            elif "**" not in path:  # which has found the files below already
                yield from _inside(match)
    else:
        yield path


def _inside(folder: str) -> Iterator[str | InputError]:
    errors: list[OSError] = []
    found = False
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            # a link that leads nowhere is told; pipes and devices are no articles
            if not name.startswith(".") and is_known(name) and (path.is_file() or path.is_symlink()):
                found = True
                yield str(path)
    for error in errors:
        found = True
        yield InputError(f"{error.filename}: {error.strerror}")
    if not found:
        yield InputError(f"{folder}: the folder holds no {', '.join((*SUFFIXES, *COMPRESSED))} file")
