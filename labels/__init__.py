"""The words and the examples: data, no logic. See README.md in this folder."""

from __future__ import annotations

from pathlib import Path

__all__ = ["background", "starter", "taxonomy"]

_HERE = Path(__file__).parent


def taxonomy() -> Path:
    """Return the path of our four topics (TOML)."""
    return _HERE / "taxonomy.toml"


def starter() -> Path:
    """Return the path of the starter articles (CSV)."""
    return _HERE / "starter.csv"


def background() -> Path:
    """Return the path of the background document frequencies (TSV)."""
    return _HERE / "background.tsv"
