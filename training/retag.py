"""Two models over one archive: which articles gain or lose which tags, and why."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tagger.article import Article, Tag
from tagger.tagging import Tagger

__all__ = ["Change", "Comparison", "TopicChange", "compare"]

_TERMS = 5
_NEVER = 2.0


@dataclass(frozen=True, slots=True)
class Change:
    """One article that gains or loses a tag.

    Parameters
    ----------
    article : Article
    before, after : float
        The topic's score by either model.
    limit_before, limit_after : float
        The score from which either model gives the topic; 2 where it does not know it.
    terms : tuple of str
        What speaks most for the tag, by the model that gives it.
    passage : str
        The paragraph that earned most.
    """

    article: Article
    before: float
    after: float
    limit_before: float
    limit_after: float
    terms: tuple[str, ...]
    passage: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "source": self.article.source,
            "article": self.article.number,
            "id": self.article.id,
            "title": self.article.title,
            "score_before": round(self.before, 4),
            "score_after": round(self.after, 4),
            "threshold_before": round(self.limit_before, 4),
            "threshold_after": round(self.limit_after, 4),
            "because_of": list(self.terms),
            "passage": self.passage,
        }


@dataclass
class TopicChange:
    """What happens to one topic: counts, and the articles whose score moves most."""

    topic: str
    kept: int = 0
    gained: int = 0
    lost: int = 0
    gains: list[Change] = field(default_factory=list)
    losses: list[Change] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "topic": self.topic,
            "kept": self.kept,
            "gained": self.gained,
            "lost": self.lost,
            "examples_gained": [change.as_dict() for change in self.gains],
            "examples_lost": [change.as_dict() for change in self.losses],
        }


@dataclass
class Comparison:
    """How two models tag the same articles."""

    articles: int
    changed: int
    topics: list[TopicChange]


def compare(before: Tagger, after: Tagger, articles: Iterable[Article], n_examples: int = 3) -> Comparison:
    """Tag articles with both models, one article in memory at a time.

    Parameters
    ----------
    before, after : Tagger
    articles : iterable of Article
    n_examples : int
        Of each topic's gains and losses, how many are kept: those that move most, measured from the threshold.
    """
    topics = list(dict.fromkeys([*before.topics, *after.topics]))
    changes = {topic: TopicChange(topic) for topic in topics}
    # (how far the score moved, -place, change): the place settles ties, so that changes are never compared
    best: dict[tuple[str, bool], list[tuple[float, int, Change]]] = {(t, g): [] for t in topics for g in (True, False)}
    total = changed = 0
    for total, article in enumerate(articles, start=1):
        old, new = before.tag(article), after.tag(article)
        had, has = ({tag.topic for tag in tagged.tags} for tagged in (old, new))
        changed += had != has
        for topic in had & has:
            changes[topic].kept += 1
        for topic in had ^ has:
            gain = topic in has
            changes[topic].gained += gain
            changes[topic].lost += not gain
            scores = (old.scores.get(topic, 0.0), new.scores.get(topic, 0.0))
            needed = (before.thresholds.get(topic, _NEVER), after.thresholds.get(topic, _NEVER))
            moved = abs((scores[1] - needed[1]) - (scores[0] - needed[0]))
            heap = best[topic, gain]
            if len(heap) < n_examples or (heap and moved > heap[0][0]):
                # evidence costs time: only for what may be shown
                given = (after if gain else before).tag(article, explain=True)
                tag = next(tag for tag in given.tags if tag.topic == topic)
                change = Change(article, *scores, *needed, tuple(_strongest(tag)), tag.passage)
                heapq.heappush(heap, (moved, -total, change))
                if len(heap) > n_examples:
                    heapq.heappop(heap)
    for (topic, gain), heap in best.items():
        shown = [change for _, _, change in sorted(heap, key=lambda entry: entry[:2], reverse=True)]
        setattr(changes[topic], "gains" if gain else "losses", shown)
    return Comparison(total, changed, list(changes.values()))


def _strongest(tag: Tag) -> Iterator[str]:
    seen: set[str] = set()
    for evidence in tag.evidence:
        if evidence.contribution > 0 and evidence.term.lower() not in seen:
            seen.add(evidence.term.lower())
            yield evidence.term
        if len(seen) == _TERMS:
            return
