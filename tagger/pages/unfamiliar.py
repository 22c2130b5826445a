"""Furniture in words that no list knows, told by its coming back.

A site prints the same lines around each of its stories, word for word, with other numbers, or with other names.
An article's own words do none of that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .furniture import BULLET, FURNITURE, PROSE, RULE, SHORT
from .lines import Block, pattern
from .phrases import ANYWHERE
from .story import Story

_LONGEST, _FEW = 250, 4


def mark_recurring(blocks: Sequence[Block]) -> None:
    """Mark lines that come back between stretches of prose: the page's words, not an article's.

    Paragraphs recur as well when a story stands on the page twice; then their neighbours recur with them, and
    they stay. So do headlines, in a list of links and above their stories, at different distances from prose.
    """
    keys = [pattern(r"\d+").sub("0", block.text.casefold()) if len(block.text) < _LONGEST else "" for block in blocks]
    often = {key for key, count in Counter(keys).items() if count > 1 and key}
    if not often:
        return
    above, below = _distances(blocks), _distances(blocks[::-1])[::-1]
    places: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key in often:
            places.setdefault(key, []).append(index)
    twice = {key for key, at in places.items() if blocks[at[0]].kind == PROSE}
    zones = _zones(blocks)
    for prose in (False, True):  # the short lines first: prose recurs as furniture beside furniture only
        for at in places.values():
            first = blocks[at[0]]
            if len({zones[i] for i in at}) < 2 or first.level or (first.kind in (PROSE, BULLET)) != prose:
                continue
            placed = prose or first.text.count(" ") <= _FEW or _same(above, at) or _same(below, at)
            if first.kind == FURNITURE or (placed and all(_among_furniture(blocks, i, keys, twice) for i in at)):
                _mark([blocks[i] for i in at])


def _mark(recurring: Sequence[Block]) -> None:
    for block in recurring:
        block.recurs = True
        if block.kind != FURNITURE:
            block.kind, block.place, block.reason = FURNITURE, ANYWHERE, "recurring line"


def _distances(blocks: Sequence[Block]) -> list[int]:
    """Return each block's distance from the last prose before it."""
    distances: list[int] = []
    distance = 0
    for block in blocks:
        distance = 0 if block.kind == PROSE else distance + 1
        distances.append(distance)
    return distances


def _zones(blocks: Sequence[Block]) -> list[int]:
    zones: list[int] = []
    zone = 0
    for block in blocks:
        zone += block.kind == PROSE
        zones.append(zone)
    return zones


def _same(distances: Sequence[int], at: Sequence[int]) -> bool:
    return len({distances[i] for i in at}) < len(at)


def _among_furniture(blocks: Sequence[Block], index: int, keys: Sequence[str], twice: set[str]) -> bool:
    """Tell whether a recurring line stands where furniture does, and not in prose that recurs with it."""
    beside = [i for i in (index - 1, index + 1) if 0 <= i < len(blocks)]
    if any(keys[i] in twice and blocks[i].kind == PROSE for i in beside):
        return False
    if blocks[index].kind == SHORT:
        return True
    return any(blocks[i].kind in (FURNITURE, RULE) for i in beside)


def mark_alike(stories: Sequence[Story]) -> None:
    """Find the lines that open, or close, several stories in the same words with other names and numbers."""
    headlines = {story.page[story.title].text for story in stories if story.title is not None}
    for story in stories:
        story.headlines = headlines
    for lines in ([story.head_lines() for story in stories], [story.tail_lines() for story in stories]):
        counts = Counter(mould for story in lines for mould in {m for block in story for m in _moulds(block.text)})
        for story, own in zip(stories, lines, strict=True):
            alike = {block.text for block in own if any(counts[mould] > 1 for mould in _moulds(block.text))}
            story.alike = {*story.alike, *alike}


def _moulds(text: str) -> list[str]:
    """Return what stays of a line when its names and numbers change."""
    words = text.split()
    if len(words) > 9:
        return []
    moulded = " ".join(word if word.islower() else "A" for word in words)
    fixed = [moulded] if any(len(word) > 3 and word.islower() for word in words) else []
    return [*fixed, f"{words[0]} …"] if words[0][-1] == ":" else fixed
