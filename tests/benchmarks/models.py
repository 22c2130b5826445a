"""Bundles of any number of terms."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tagger.analysis import Analyzer
from tagger.bundle import Calibration, save
from tagger.taxonomy import Taxonomy

__all__ = ["bundle_of_size", "size_of"]

_TOPICS = 4


def bundle_of_size(home: Path, n_terms: int) -> Path:
    """Write a bundle with so many terms and return its folder."""
    folder = home / f"terms-{n_terms}"
    if not folder.exists():
        chance = np.random.default_rng(6)
        save(
            folder,
            taxonomy=Taxonomy.from_ids([f"topic {i}" for i in range(_TOPICS)]),
            analyzer=Analyzer().settings(),
            terms=["border", "troop", "fire", *(f"term{i:x}" for i in range(n_terms - 3))],
            idf=chance.uniform(1, 10, n_terms),
            weights=chance.normal(size=(n_terms, _TOPICS)),
            intercepts=[0.0] * _TOPICS,
            calibration=[Calibration(1.0, 0.0)] * _TOPICS,
            thresholds=[0.5] * _TOPICS,
            training={},
        )
    return folder


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.iterdir())
