"""Fetched bundles on this disk: put in place in one step, forgotten when long unused, all safe to delete.

``bundles/HASH/`` holds one bundle, named after its manifest's SHA-256; ``bundles/resolved.json`` remembers
what each name meant. Any number of processes use them at once, and any of them may be killed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tagger.bundle import SEAL, verify
from tagger.errors import BundleError, ModelError
from tagger.home import bundle_cache

__all__ = ["Index", "clear", "folders", "prune", "put", "receiving", "size_of"]

_KEPT = 5
_YOUNG_SECONDS = 3600
"""A folder may be in use by a process that has not opened it yet, or be half a download that goes on."""
_REMEMBERED = 50
_PARTIAL = "fetching-"


class Index:
    """What names meant when the registry was last asked: ``resolved.json``.

    Losing it costs a question to the registry, so whatever is wrong with it is no error.
    """

    def __init__(self) -> None:
        self.path = bundle_cache() / "resolved.json"

    def get(self, key: str) -> dict[str, Any]:
        """Return an entry, ``{}`` when there is none."""
        entry = self._read().get(key)
        return entry if isinstance(entry, dict) else {}

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return all entries, the newest last."""
        return {key: entry for key, entry in self._read().items() if isinstance(entry, dict)}

    def set(self, key: str, entry: dict[str, Any]) -> None:
        """Keep an entry; a disk that is full or may not be written to costs only the memory of it."""
        entries = self.entries()
        entries.pop(key, None)
        kept = dict([*entries.items(), (key, entry)][-_REMEMBERED:])
        partial = self.path.with_name(f"resolved.{os.getpid()}.tmp")
        try:
            partial.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            partial.replace(self.path)
        except OSError:
            with suppress(OSError):
                partial.unlink()

    def _read(self) -> dict[str, Any]:
        try:
            index = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return index if isinstance(index, dict) else {}


@contextmanager
def receiving() -> Iterator[Path]:
    """Make a folder in the cache to download into; it goes away at the end.

    Raises
    ------
    ModelError
        If the cache cannot be written to.
    """
    import shutil
    import tempfile

    cache = bundle_cache()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=cache))
    except OSError as error:
        raise unwritable(cache, error) from error
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def unwritable(cache: Path, error: OSError) -> ModelError:
    """Return the error of a disk that is full or may not be written to."""
    return ModelError(
        f"{cache}: the model cannot be kept there ({error.strerror or error})",
        "Make room, or set TAGGER_HOME to a folder that can be written to.",
    )


def put(bundle: Path) -> Path:
    """Move a verified bundle to its place in one step; one that is there already, and whole, stays."""
    folder = bundle_cache() / (bundle / SEAL).read_text(encoding="ascii")[:16]
    for attempt in range(3):
        try:
            bundle.rename(folder)
            break
        except OSError as error:
            try:
                verify(folder)
                break
            except BundleError:
                if attempt == 2:
                    raise unwritable(folder, error) from error
                _remove(folder)  # damaged; another process may be doing the same
    with suppress(OSError):
        os.utime(folder)  # what `prune` goes by
    return folder


def folders() -> list[Path]:
    """Return the folders of the bundles, the latest first."""
    try:
        found = [(f.stat().st_mtime, f) for f in bundle_cache().iterdir() if (f / SEAL).exists() and "-" not in f.name]
    except OSError:
        return []
    return [folder for _, folder in sorted(found, reverse=True)]


def size_of(folder: Path) -> int:
    """Return the bytes of a bundle's files."""
    return sum(file.stat().st_size for file in folder.iterdir())


def prune() -> None:
    """Remove bundles that are neither among the latest nor remembered, and what killed downloads left."""
    named = {entry.get("folder") for entry in Index().entries().values()}
    old = [folder for folder in folders()[_KEPT:] if folder.name not in named]
    partial = [*bundle_cache().glob(f"{_PARTIAL}*"), *bundle_cache().glob("removed-*")]
    tmp = [*bundle_cache().glob("resolved.*.tmp")]
    for path in [*old, *partial, *tmp]:
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _YOUNG_SECONDS:
                _remove(path)


def clear() -> int:
    """Remove everything; return the bytes that were freed.

    Raises
    ------
    ModelError
        If something may not be removed.
    """
    cache = bundle_cache()
    freed = 0
    try:
        for path in cache.iterdir() if cache.exists() else ():
            freed += size_of(path) if (path / SEAL).exists() else 0
            _remove(path)
    except OSError as error:
        raise ModelError(f"{cache}: cannot be cleared ({error.strerror or error})") from error
    return freed


def _remove(path: Path) -> None:
    """Remove a folder or file; a folder is out of its place before the first file of it goes."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    import shutil
    import tempfile

    gone = Path(tempfile.mkdtemp(prefix="removed-", dir=path.parent))
    with suppress(FileNotFoundError):
        path.rename(gone / path.name)
    shutil.rmtree(gone, ignore_errors=True)
