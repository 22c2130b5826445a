"""Where the store and the cache live, and which MLflow store is meant."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["MODEL_NAME", "bundle_cache", "home", "sqlite_path", "tracking_uri"]

MODEL_NAME = "topic-tagger"


def home() -> Path:
    """Return the folder that holds our data: ``$TAGGER_HOME``, else the user's data folder."""
    if chosen := os.environ.get("TAGGER_HOME"):
        return Path(chosen).expanduser().absolute()
    import platformdirs  # only here: with TAGGER_HOME set, tagging never pays for it

    return Path(platformdirs.user_data_dir("topic-tagger", appauthor=False))


def tracking_uri() -> str:
    """Return the MLflow store: ``$MLFLOW_TRACKING_URI``, else a SQLite file in `home`."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{home() / 'mlflow.db'}"


def sqlite_path(uri: str) -> Path | None:
    """Return the database file of a ``sqlite:///`` store, None for any other store."""
    prefix = "sqlite:///"
    return Path(uri[len(prefix) :]) if uri.startswith(prefix) else None


def bundle_cache() -> Path:
    """Return the folder of bundles fetched from the registry."""
    return home() / "bundles"
