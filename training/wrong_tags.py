"""The worst errors of a model, topic by topic: tags that articles got and should not, or should and did not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from training.dataset import Example
from training.judgement import Judgement

__all__ = ["WrongTag", "as_markdown", "worst"]

_MOST = 10
_FEWEST = 2
_ALTOGETHER = 500
_TITLE = 120
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|#]")


@dataclass(frozen=True, slots=True)
class WrongTag:
    """One error.

    Attributes
    ----------
    topic : str
    kind : {"false positive", "false negative"}
    score, threshold : float
        The article's probability for the topic, and from which one the tag was given.
    example : Example
    given : tuple of str
        All tags it got.
    """

    topic: str
    kind: str
    score: float
    threshold: float
    example: Example
    given: tuple[str, ...]

    @property
    def title(self) -> str:
        """The article's title, or how its text begins."""
        words = " ".join((self.example.title or self.example.body).split())
        return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0] + " ..."


def worst(judgement: Judgement, per_topic: int | None = None) -> Iterator[WrongTag]:
    """Yield the errors that the model was surest of, topic by topic.

    Parameters
    ----------
    judgement : Judgement
    per_topic : int, optional
        How many false positives, and as many false negatives, of each topic. By default 10, with many topics
        as few as 2, so that the table stays readable.
    """
    topics = judgement.dataset.topics
    if per_topic is None:
        per_topic = max(_FEWEST, min(_MOST, _ALTOGETHER // (2 * len(topics))))
    truth = judgement.dataset.targets()
    for k, topic in enumerate(topics):
        tagged, given, scores = truth[:, k], judgement.given[:, k], judgement.scores[:, k]
        sides = (("false positive", given & ~tagged, -scores), ("false negative", tagged & ~given, scores))
        for kind, wrong, order in sides:
            rows = np.flatnonzero(wrong)
            for i in rows[np.argsort(order[rows], kind="stable")][:per_topic].tolist():
                yield WrongTag(
                    topic,
                    kind,
                    float(scores[i]),
                    float(judgement.thresholds[i, k]),
                    judgement.dataset.examples[i],
                    tuple(t for t, got in zip(topics, judgement.given[i].tolist(), strict=True) if got),
                )


def as_markdown(errors: Sequence[WrongTag], judgement: Judgement) -> str:
    """Return the errors as a page, topic by topic.

    Parameters
    ----------
    errors : sequence of WrongTag
        As `worst` yields them.
    judgement : Judgement
        What they are taken from, for the counts.
    """
    truth, given = judgement.dataset.targets(), judgement.given
    lines = ["# The worst errors", "", "No article was judged by a model that had seen it. Score, then threshold."]
    for topic, of_topic in groupby(errors, key=lambda error: error.topic):
        k = judgement.dataset.topics.index(topic)
        counts = {
            "false positive": int((given[:, k] & ~truth[:, k]).sum()),
            "false negative": int((truth[:, k] & ~given[:, k]).sum()),
        }
        lines += ["", f"## {topic}"]
        for kind, group in groupby(of_topic, key=lambda error: error.kind):
            listed = list(group)
            shown = "" if len(listed) == counts[kind] else f", the worst {len(listed)}"
            lines += ["", f"### {counts[kind]} {kind}{'s' if counts[kind] > 1 else ''}{shown}", ""]
            lines += [_line(error) for error in listed]
    return "\n".join(lines) + "\n"


def _line(error: WrongTag) -> str:
    e = error.example
    place = f"`{e.id or f'row {e.row}'}`" + (f", {_plain(e.source)}" if e.source else "")
    tags = ", ".join(sorted(e.tags)) or "none"
    return f"- **{error.score:.2f}**, {error.threshold:.2f}: {_plain(error.title)} ({place}; its tags: {tags})"


def _plain(text: str) -> str:
    """Take from a text what Markdown would read as its own."""
    return _MARKDOWN.sub(r"\\\g<0>", text)
