"""The MLflow store as the commands of `training` open it: its client, and its failures in our words."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from tagger.errors import NoModelError, RegistryError
from tagger.home import sqlite_path, tracking_uri
from tagger.rest import without_password

__all__ = ["answering", "make_store", "opened"]

# it logs a stack of SQL before it raises what `answering` says in one line
logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)

_NO_ROOM = ("disk is full", "No space left", "File too large", "readonly database", "Read-only", "Permission denied")

_LINE = 300


def opened() -> mlflow.MlflowClient:
    """Return a client of the store that the environment names.

    Raises
    ------
    NoModelError
        If there is no store yet.
    RegistryError
        If it does not answer.
    """
    uri = tracking_uri()
    path = sqlite_path(uri)
    if path is not None and not path.exists():
        raise NoModelError("There is no model yet", "Run `tagger train` first.")
    with answering():
        return mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)


def make_store(path: Path) -> None:
    """Make a SQLite store unless it is there; it appears in its place with all its tables, or not at all.

    MLflow makes the tables one by one where the store is to be: two first trainings at once would step on
    each other, and a killed one would leave a store that never works again.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-store-", dir=path.parent) as folder:
        new = Path(folder) / path.name
        mlflow.MlflowClient(tracking_uri=f"sqlite:///{new}").search_experiments(max_results=1)
        # another process that was faster has the store in use: linking never replaces it, as renaming would
        with suppress(FileExistsError):
            path.hardlink_to(new)


@contextmanager
def answering() -> Iterator[None]:
    """Turn what MLflow, its database, the network and the disk raise into a `RegistryError` of one line."""
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        said = str(error).strip()
        line = said.partition("\n")[0] or type(error).__name__
        remedy = ""
        if any(words in said for words in _NO_ROOM):
            remedy = "Make room, or set TAGGER_HOME to a folder that can be written to."
        shown = without_password(tracking_uri())
        if "Max retries exceeded" in said:
            raise RegistryError(f"{shown} does not answer", "Is the tracking server up?") from error
        if "error code 401" in said or "error code 403" in said:
            remedy = "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."
            raise RegistryError(f"{shown} refuses access", remedy) from error
        raise RegistryError(f"{shown}: the MLflow store failed ({line[:_LINE]})", remedy) from error
