"""Which model is meant: "champion", a version or a folder -> a verified bundle on this disk.

MLflow's registry decides. To ask it through MLflow costs seconds (importing it does), so:

- a SQLite store's answer is kept with the stamp of its files: unchanged files, unchanged answer;
- a tracking server is asked each time, by REST; if it is down, what it said last goes on holding.

MLflow is imported only to learn of a change in a SQLite store, or to fetch a version the cache lacks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tagger.bundle import MANIFEST, Bundle, stamp, verify
from tagger.cache import Index
from tagger.errors import BundleError, NoModelError, RegistryError
from tagger.home import MODEL_NAME, bundle_cache, sqlite_path, tracking_uri
from tagger.rest import Named, NotAnswering, Unclear, ask, is_server, without_password
from tagger.tagging import Tagger

__all__ = ["CHAMPION", "INSIDE", "Resolved", "load", "resolve"]

CHAMPION = "champion"
INSIDE = Path("data", "bundle")
"""Where a registered model keeps its bundle."""


_SHORT, _PATIENCE = 3.0, 30.0


class Resolved(NamedTuple):
    """A model on this disk whose bytes were checked."""

    folder: Path
    name: str
    """``topic-tagger/3`` for a registered version, the path for a folder."""


def load(model: str = CHAMPION, talk: Callable[[str], None] = lambda _: None, *, offline: bool = False) -> Tagger:
    """Return a tagger for an alias, a version or a folder; see `resolve`."""
    resolved = resolve(model, talk, offline=offline)
    try:
        return Tagger(Bundle.open(resolved.folder), resolved.name)
    except BundleError:
        if resolved.folder.exists():
            raise
        # somebody cleared the cache between the two lines
        resolved = resolve(model, talk, offline=offline)
        return Tagger(Bundle.open(resolved.folder), resolved.name)


def resolve(model: str = CHAMPION, talk: Callable[[str], None] = lambda _: None, *, offline: bool = False) -> Resolved:
    """Find a model and have its bundle on this disk.

    Parameters
    ----------
    model : str
        A folder's path, a version number, or an alias of the registered model.
    talk : callable
        Told, in a few words, about work that takes seconds, and about a server that is down.
    offline : bool
        Do not ask the registry: take what it said last.

    Raises
    ------
    NoModelError
        If nothing has been trained, or the alias or version does not exist.
    ModelError
        If the store does not answer or the bundle must not be used.
    """
    if os.sep in model or Path(model).is_dir():
        return _folder(Path(model))
    uri = tracking_uri()
    if offline:
        if known := _recall(uri, model):
            return known
        raise RegistryError(
            f"{model!r} of {without_password(uri)} is not in the cache", "Run once without --offline to fetch it."
        )
    return _from_server(uri, model, talk) if is_server(uri) else _from_store(uri, model, talk)


def _folder(folder: Path) -> Resolved:
    name = str(folder)
    if not folder.is_dir():
        raise NoModelError(f"{folder}: there is no such folder")
    if not (folder / MANIFEST).exists() and (folder / INSIDE / MANIFEST).exists():
        folder /= INSIDE  # a model downloaded with MLflow
    verify(folder)
    return Resolved(folder, name)


def _from_store(uri: str, model: str, talk: Callable[[str], None]) -> Resolved:
    """Resolve in a store that MLflow opens itself."""
    store = _store_stamp(uri)  # taken before asking: a change meanwhile is noticed the next time
    if store is None and sqlite_path(uri) is not None:
        raise NoModelError("There is no model yet", "Run `tagger train` first.")
    if store is not None and (known := _recall(uri, model, store=store)):
        return known
    talk("asking the model registry (a few seconds, once after each change)")
    from tagger.fetch import find

    return _have(uri, model, find(uri, MODEL_NAME, model), store)


def _from_server(uri: str, model: str, talk: Callable[[str], None]) -> Resolved:
    """Resolve with a tracking server, or from memory while it is down."""
    try:
        named = _named(uri, model)
        if known := _recall(uri, model, source=named.source):
            return known
        talk(f"fetching {MODEL_NAME}/{named.version} (a few seconds, once)")
        return _have(uri, model, named, None)
    except (NotAnswering, RegistryError) as error:
        shown = without_password(uri)
        if known := _recall(uri, model):
            talk(f"warning: {shown}: {error}; {known.name} from the cache is used")
            return known
        raise RegistryError(
            f"{shown}: {error}, and {model!r} is not in the cache",
            "Try again when the server answers, or give a bundle's folder as --model.",
        ) from error


def _named(uri: str, model: str) -> Named:
    # where the cache can stand in, a slow server is not worth waiting for
    seconds = _PATIENCE if _recall(uri, model) is None else _SHORT
    try:
        return ask(uri, MODEL_NAME, model, seconds)
    except Unclear as unclear:
        from tagger.fetch import find  # MLflow may know another way to sign in

        try:
            return find(uri, MODEL_NAME, model)
        except RegistryError as error:
            raise NotAnswering(str(unclear)) from error


def _store_stamp(uri: str) -> list[list[int]] | None:
    """Return size and time of change of a SQLite store's files, None for another or no store."""
    path = sqlite_path(uri)
    if path is None or not path.exists():
        return None
    files = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-journal")]
    stats = []
    for file in files:
        try:
            status = file.stat()
        except FileNotFoundError:
            continue  # a journal comes and goes
        stats.append([status.st_size, status.st_mtime_ns])
    return stats


def _have(uri: str, model: str, named: Named, store: list[list[int]] | None) -> Resolved:
    """Return a version from the cache, fetched if it is not there; remember what was meant."""
    index = Index()
    same = (e for e in reversed(index.entries().values()) if e.get("source") == named.source)
    folder = next((f for entry in same if (f := _whole(entry))), None)
    if folder is None:
        from tagger.fetch import fetch

        folder = fetch(uri, f"{MODEL_NAME}/{named.version}", named.source, INSIDE)
    index.set(
        _key(uri, model),
        {
            "version": named.version,
            "source": named.source,
            "store": store,
            "folder": folder.name,
            "files": stamp(folder),
        },
    )
    return Resolved(folder, f"{MODEL_NAME}/{named.version}")


def _recall(
    uri: str, model: str, *, store: list[list[int]] | None = None, source: str | None = None
) -> Resolved | None:
    """Return what a name meant when the registry was last asked, if that still holds and is whole."""
    entry = Index().get(_key(uri, model))
    if store is not None and entry.get("store") != store:
        return None
    if source is not None and entry.get("source") != source:
        return None
    folder = _whole(entry)
    return Resolved(folder, f"{MODEL_NAME}/{entry.get('version')}") if folder else None


def _whole(entry: dict[str, object]) -> Path | None:
    """Return the folder of an entry of the index if its bytes are as they were."""
    try:
        folder = bundle_cache() / str(entry["folder"])
        if stamp(folder) != entry["files"]:
            verify(folder)
    except (BundleError, KeyError):
        return None  # the registry still has it: fetched again
    return folder


def _key(uri: str, model: str) -> str:
    return f"{without_password(uri)} {model}"
