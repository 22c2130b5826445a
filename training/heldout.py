"""What a training run judged out of fold, kept so that a later run can be compared with it fairly.

One JSON object an article: its key, a sketch of its words, its labels, and the tags it got from a model
that had not seen it. The articles themselves are not kept; key and sketch suffice to tell whether a
model saw an article, or a near copy of it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.dataset import Example
from training.experiment import Outcome
from training.sketches import key_of, sketch_of, unseen

__all__ = ["FILE", "HeldOut", "Judged"]

FILE = "held_out.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Judged:
    """One article as a run judged it.

    Parameters
    ----------
    labels, given : frozenset of str
        The tags it has, and those it got out of fold.
    sketch : tuple of int
        See `training.sketches.sketch_of`.
    """

    labels: frozenset[str]
    given: frozenset[str]
    sketch: tuple[int, ...]


@dataclass(frozen=True)
class HeldOut:
    """All articles that a run learnt from.

    Parameters
    ----------
    judged : mapping
        Key of an article -> how it was judged, by a fold that did not see it.
    learnt : mapping
        Key -> sketch of the articles that no fold judged.
    """

    judged: Mapping[str, Judged]
    learnt: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, outcome: Outcome) -> HeldOut:
        """Keep what an experiment judged."""
        topics = outcome.dataset.topics
        return cls(
            {
                key_of(example): Judged(
                    example.tags,
                    frozenset(t for t, given in zip(topics, row, strict=True) if given),
                    sketch_of(example),
                )
                for example, row in zip(outcome.dataset.examples, outcome.given.tolist(), strict=True)
            },
            {key_of(e): sketch_of(e) for e in (outcome.supplement.examples if outcome.supplement else ())},
        )

    def write(self, path: Path) -> str:
        """Write the file, the same bytes for the same articles; return its SHA-256."""
        lines = [
            json.dumps(
                {
                    "article": key,
                    "labels": sorted(judged.labels),
                    "given": sorted(judged.given),
                    "sketch": _hex(judged.sketch),
                }
            )
            for key, judged in self.judged.items()
        ]
        lines += [json.dumps({"article": key, "sketch": _hex(sketch)}) for key, sketch in self.learnt.items()]
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as file:
            file.write("".join(line + "\n" for line in lines).encode("ascii"))
        path.write_bytes(packed.getvalue())
        return hashlib.sha256(packed.getvalue()).hexdigest()

    @classmethod
    def read(cls, path: Path) -> HeldOut:
        """Read a file that `write` wrote.

        Raises
        ------
        ValueError, OSError
            If it is something else.
        """
        judged: dict[str, Judged] = {}
        learnt: dict[str, tuple[int, ...]] = {}
        try:
            with gzip.open(path, "rt", encoding="ascii") as file:
                for line in file:
                    row = json.loads(line)
                    key, written = str(row["article"]), row["sketch"]
                    sketch = tuple(int(written[i : i + 8], 16) for i in range(0, len(written), 8))
                    if "given" in row:
                        labels, given = (frozenset(map(str, row[name])) for name in ("labels", "given"))
                        judged[key] = Judged(labels, given, sketch)
                    else:
                        learnt[key] = sketch
        except (KeyError, TypeError, EOFError) as error:
            raise ValueError(f"{path.name}: not a record of judged articles ({error!r})") from error
        if not judged:
            raise ValueError(f"{path.name}: no article is in it")
        return cls(judged, learnt)

    def unseen(self, examples: Sequence[Example]) -> list[Example]:
        """Return the articles that a model trained on these cannot have seen, not even as a near copy."""
        return unseen(examples, {**self.learnt, **{key: judged.sketch for key, judged in self.judged.items()}})


def _hex(sketch: tuple[int, ...]) -> str:
    return "".join(f"{value:08x}" for value in sketch)
