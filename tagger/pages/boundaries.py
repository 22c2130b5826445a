"""Where one article ends and the next begins.

Prose is not judged. Between two stretches of prose lies a *zone* of everything else: headlines, dates,
bylines, captions, share buttons, subheads. An article begins in a zone, if anywhere. Each sign found there
has points; they are added up against a threshold, and their distance from it is the confidence. What tells
a headline from a subhead is mostly what stands around it (`headlines`); the vocabulary before and after
supports or contradicts (`cohesion`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import cohesion
from .bylines import has_dateline
from .furniture import FURNITURE, PROSE, RULE, SHORT
from .headlines import Scored, agreement, forgiven, kinship, likeliest, score
from .lines import Block
from .phrases import HEAD, STAMPS, TAIL

THRESHOLD = 4.5
"""Points from which a zone holds an article's beginning."""
_UNTITLED_THRESHOLD = 4.0
_SCALE = 1.2
_STANDFIRST = 200
"""Characters of prose below which an undated headline has not had its article yet."""
_BANNER = 160
"""Characters of prose below which what stands above the first dressed headline may be the site's own."""
_OF_THE_NEXT = 2.0
"""Points for a line whose words the text below uses and the text above does not."""
_PARAGRAPH = 2000
_WINDOW = 80
"""Blocks before the prose that are looked at: an opening is shorter, and the time stays linear."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An article's beginning: the block of its headline (or first block), and how sure that is."""

    start: int
    title: int | None
    points: float
    signs: frozenset[str]
    level: int = 1

    @property
    def confidence(self) -> float:
        """Logistic of the distance from the threshold: 0.5 at it."""
        return 1.0 / (1.0 + math.exp(-(self.points - THRESHOLD) / _SCALE))


def find_openings(blocks: Sequence[Block]) -> list[Opening]:
    """Return the articles' beginnings in page order; the first is always there when the page has text."""
    gap = usual_gap(blocks)
    openings: list[Opening] = []
    so_far: set[str] = set()
    written = 0  # characters of prose since the last opening
    index, size = 0, len(blocks)
    if size and all(block.kind != PROSE for block in blocks):
        return [_first(blocks, 0, size, gap)]
    while index < size:
        end = next((i for i in range(index, size) if blocks[i].kind == PROSE), size)
        if end == size:
            break
        body_end = next((i for i in range(end, size) if blocks[i].kind != PROSE), size)
        body = [block.text for block in blocks[end : min(body_end, end + 4)]]
        if len(body) == 1:  # a standfirst, perhaps: look past the date and the byline below it
            body += [block.text for block in blocks[body_end : body_end + 10] if block.kind == PROSE][:3]
        if not openings:
            openings.append(_first(blocks, index, end, gap))
        elif end > index and not _standfirst(openings[-1], written):
            opening = _next(blocks, index, end, body, so_far, openings, gap)
            if opening is not None:
                dressed = not opening.signs.isdisjoint(("furniture after", "repeated", "marked up"))
                if len(openings) == 1 and written < _BANNER and not openings[0].signs and dressed:
                    openings = []  # what stood above it was the site's banner
                openings.append(opening)
                so_far = set()
                written = 0
        written += sum(len(block.text) for block in blocks[end:body_end])
        so_far.update(*(cohesion.terms(block.text[:_PARAGRAPH]) for block in blocks[end : min(body_end, end + 60)]))
        index = body_end
    return _without_banner(openings, blocks)


def _without_banner(openings: list[Opening], blocks: Sequence[Block]) -> list[Opening]:
    """Take the title off a page whose other articles have none, when the story below does not use its words."""
    first = openings[0] if len(openings) > 1 else None
    if first is None or first.title is None or any(opening.title is not None for opening in openings[1:]):
        return openings
    if kinship(blocks[first.title].text, story_terms(blocks, first.title)) > 0.0:
        return openings
    return [replace(first, title=None), *openings[1:]]


def _standfirst(opening: Opening, written: int) -> bool:
    """Tell whether the prose so far is but a headline's standfirst: the date that follows is its own."""
    dressed = not opening.signs.isdisjoint(("furniture after", "furniture before"))
    return opening.title is not None and written < _STANDFIRST and not dressed


def usual_gap(blocks: Sequence[Block]) -> int:
    """Return how many blank lines the page leaves between paragraphs."""
    gaps = sorted(below.gap for above, below in pairwise(blocks) if above.kind == below.kind == PROSE)
    return gaps[len(gaps) // 2] if gaps else 1


def _first(blocks: Sequence[Block], start: int, end: int, usual_gap: int) -> Opening:
    """Find the page's first article: its headline is the likeliest short line, if there is any."""
    level = next((block.level for block in blocks[start:end] if block.level), 1)
    near, end = (start, min(end, start + _WINDOW)) if end == len(blocks) else (max(start, end - _WINDOW), end)
    story = story_terms(blocks, end)
    scored: list[Scored] = []
    for index in range(near, end):
        if blocks[index].kind == SHORT:
            points, signs = score(blocks, index, near, end, usual_gap, level)
            scored.append((index, points + forgiven(blocks[index], story), signs))
    best = likeliest(blocks, scored, story)
    if best is None or best[1] < -1.0:
        return Opening(start, None, 99.0, frozenset(), level)
    return Opening(best[0], best[0], 99.0, best[2], level)


def _next(
    blocks: Sequence[Block],
    start: int,
    end: int,
    body: list[str],
    so_far: set[str],
    openings: list[Opening],
    usual_gap: int,
) -> Opening | None:
    """Judge the zone ``blocks[start:end]``, which the paragraphs of `body` follow."""
    same = cohesion.shared(body, so_far)
    drift = max(-2.0, min(2.0, (0.30 - same) * 10.0)) if same != 0.5 else 0.0
    zone_points = drift + (1.5 if has_dateline(body[0]) else 0.0)
    scored: list[Scored] = []
    first = openings[0]
    dressed = any(block.kind in (FURNITURE, RULE) for block in blocks[start:end])
    near = max(start, end - _WINDOW)
    story, near_story = story_terms(blocks, end), story_terms(blocks, end, 3)
    for index in range(near, end):
        block = blocks[index]
        if block.kind != SHORT:
            continue
        points, signs = score(blocks, index, near, end, usual_gap, first.level)
        points += 2.0 * kinship(block.text, near_story) + forgiven(block, near_story)
        if dressed and drift > 0.0 and kinship(block.text, near_story) > 0.4 > 2.0 * kinship(block.text, so_far):
            points += _OF_THE_NEXT
        points += agreement(signs, first.signs) if first.title is not None else 0.0
        scored.append((index, points, signs))
    best = likeliest(blocks, scored, story)
    if best is not None:
        total = max(points for _, points, _ in scored) + zone_points
        if total >= THRESHOLD:
            return Opening(best[0], best[0], total, best[2])
    return _untitled(blocks, start, end, zone_points, openings[0].title is not None)


def story_terms(blocks: Sequence[Block], start: int, most: int = 6) -> set[str]:
    """Return the terms of the first paragraphs from `start` on."""
    found: set[str] = set()
    count = 0
    for block in blocks[start : start + 30]:
        if block.kind == PROSE:
            found |= cohesion.terms(block.text[:_PARAGRAPH])
            count += 1
            if count == most:
                break
    return found


def _untitled(blocks: Sequence[Block], start: int, end: int, zone_points: float, titled: bool) -> Opening | None:
    """Find an article without a headline: a byline and a date, or a rule, then another subject."""
    points = zone_points
    first_head = None
    reasons: set[str] = set()
    for index in range(start, end):
        block = blocks[index]
        if block.kind == FURNITURE and block.place == HEAD and block.reason in STAMPS:
            reasons.add(block.reason)
            first_head = index if first_head is None else first_head
        elif block.kind == FURNITURE and block.place == TAIL:
            reasons.add("tail")
        elif block.kind == RULE:
            reasons.add("rule")
    points += 2.0 * ("date line" in reasons) + 1.5 * ("byline" in reasons)
    points += 2.5 * ("rule" in reasons) + 1.5 * ("tail" in reasons)
    if not reasons & {"date line", "byline", "rule"}:
        return None
    if titled:  # a page that gives its first article a headline gives the others one
        points -= 1.5
    if points < _UNTITLED_THRESHOLD:
        return None
    start_at = end if first_head is None else first_head
    return Opening(start_at, None, points - _UNTITLED_THRESHOLD + THRESHOLD, frozenset())
