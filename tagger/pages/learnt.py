"""What the page reader has learnt, as it comes with the package: written by ``python -m training.pages``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .chain import Weights
from .vocabulary import Vocabulary


class Learnt(NamedTuple):
    """All that is learnt.

    Attributes
    ----------
    vocabulary : Vocabulary
        Words that sites say.
    first : Weights
        What the features of a block speak for.
    second : Weights
        What the features of its peers speak for besides.
    """

    vocabulary: Vocabulary
    first: Weights
    second: Weights

    @classmethod
    def of(cls, learnt: Mapping[str, Any]) -> Learnt:
        """Take what is written in ``weights.json``."""
        vocabulary = Vocabulary.of(learnt["vocabulary"])
        return cls(vocabulary, Weights.of(learnt["first"]), Weights.of(learnt["second"]))


@cache
def shipped() -> Learnt:
    """Return what comes with the package, read when first asked for."""
    return Learnt.of(json.loads(Path(__file__).with_name("weights.json").read_bytes()))
