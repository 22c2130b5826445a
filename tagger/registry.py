"""Which model is meant: "champion", a version or a folder -> a verified bundle on this disk.

MLflow's registry decides. To ask it costs seconds (importing MLflow alone does), so the answer is
kept with the stamp of the store's files; while they have not changed, the answer has not either.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tagger.bundle import MANIFEST, Bundle, stamp, verify
from tagger.errors import BundleError, NoModelError
from tagger.home import MODEL_NAME, bundle_cache, sqlite_path, tracking_uri
from tagger.tagging import Tagger

__all__ = ["CHAMPION", "INSIDE", "Resolved", "load", "resolve"]

CHAMPION = "champion"
INSIDE = Path("data", "bundle")
"""Where a registered model keeps its bundle."""


class Resolved(NamedTuple):
    """A model on this disk whose bytes were checked."""

    folder: Path
    name: str
    """``topic-tagger/3`` for a registered version, the path for a folder."""


def load(model: str = CHAMPION, talk: Callable[[str], None] = lambda _: None) -> Tagger:
    """Return a tagger for an alias, a version or a folder; see `resolve`."""
    resolved = resolve(model, talk)
    return Tagger(Bundle.open(resolved.folder), resolved.name)


def resolve(model: str = CHAMPION, talk: Callable[[str], None] = lambda _: None) -> Resolved:
    """Find a model and have its bundle on this disk.

    Parameters
    ----------
    model : str
        A folder's path, a version number, or an alias of the registered model.
    talk : callable
        Told, in a few words, about work that takes seconds.

    Raises
    ------
    NoModelError
        If nothing has been trained, or the alias or version does not exist.
    ModelError
        If the store does not answer or the bundle must not be used.
    """
    if os.sep in model or Path(model).is_dir():
        folder = Path(model)
        if not folder.is_dir():
            raise NoModelError(f"{folder}: there is no such folder")
        if not (folder / MANIFEST).exists() and (folder / INSIDE / MANIFEST).exists():
            folder /= INSIDE  # a model downloaded with MLflow
        verify(folder)
        return Resolved(folder, str(model))
    uri = tracking_uri()
    store = _store_stamp(uri)
    if store is None and sqlite_path(uri) is not None:
        raise NoModelError("There is no model yet", "Run `tagger train` first.")
    if store is not None and (known := _recall(uri, model, store)):
        return known
    talk("asking the model registry (a few seconds, once after each change)")
    from tagger.fetch import fetch

    version, folder = fetch(uri, MODEL_NAME, model, INSIDE, bundle_cache())
    if store is not None:
        _remember(uri, model, store, version, folder)
    return Resolved(folder, f"{MODEL_NAME}/{version}")


def _store_stamp(uri: str) -> list[list[int]] | None:
    """Return size and time of change of a SQLite store's files, None for another or no store."""
    path = sqlite_path(uri)
    if path is None or not path.exists():
        return None
    files = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-journal")]
    return [[s.st_size, s.st_mtime_ns] for f in files if f.exists() for s in (f.stat(),)]


def _index() -> Path:
    return bundle_cache() / "resolved.json"


def _read_index() -> dict[str, Any]:
    try:
        index = json.loads(_index().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return index if isinstance(index, dict) else {}


def _recall(uri: str, model: str, store: list[list[int]]) -> Resolved | None:
    entry = _read_index().get(f"{uri} {model}")
    if not isinstance(entry, dict) or entry.get("store") != store:
        return None
    try:
        folder = bundle_cache() / str(entry["folder"])
        if stamp(folder) != entry["files"]:
            verify(folder)
        return Resolved(folder, f"{MODEL_NAME}/{entry['version']}")
    except (BundleError, KeyError):
        return None  # the registry still has it: fetched again


def _remember(uri: str, model: str, store: list[list[int]], version: str, folder: Path) -> None:
    index = _read_index()
    entry = {"store": store, "version": version, "folder": folder.name, "files": stamp(folder)}
    index[f"{uri} {model}"] = entry
    partial = _index().with_name(f"resolved.{os.getpid()}.tmp")
    partial.write_text(json.dumps(index, indent=1), encoding="utf-8")
    partial.replace(_index())
