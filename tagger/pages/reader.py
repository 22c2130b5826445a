"""Read a page: cut it into blocks, look at each, let the chain name its part, and hand out the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .chain import (
    BODY,
    INSIDE,
    OPENING,
    OUTSIDE,
    STANDFIRST,
    START,
    TITLE,
    Scores,
    Weights,
    chances,
    decode,
    score,
)
from .features import features
from .furniture import FURNITURE, PROSE, RULE, SHORT, classify
from .learnt import Learnt, shipped
from .lines import Block, read_blocks
from .observed import Observed
from .page import Discarded, Page, PageArticle
from .peers import peer_features
from .sections import mark_headings, mark_numbered, mark_sections, mark_up

_SURE = 0.65
"""Probability below which an article's beginning is taken for none: in doubt the text stays together."""
_CERTAIN = 1e8
_MARKED = 600
"""What speaks for a headline in the same mark-up as the heading above the page's first paragraph."""
_KEPT = 80
"""What speaks against dropping a sentence, beyond what is learnt: in doubt the text stays."""
_OPENING = 12
"""Blocks below a headline in which it may come again."""


def read_page(text: str, learnt: Learnt | None = None) -> Page:
    """Read the articles of a scraped page.

    Parameters
    ----------
    text : str
        The page as plain text, in any layout.
    learnt : Learnt, optional
        What to go by; by default what comes with the package.

    Returns
    -------
    Page
        Its articles in page order and every line that was left out, with the reason.
    """
    blocks = classified(text)
    learnt = learnt or shipped()
    page = Observed(blocks)
    scores = _looked_at_twice(page, learnt)
    level = next((block.level for block, seen in zip(blocks, page.seen, strict=True) if block.level and not seen), 0)
    above: list[float] | None = None
    for block, row in zip(blocks, scores, strict=True):
        if row is above:  # paragraph upon paragraph: `score`
            continue
        above = row
        if level and block.level == level:
            row[TITLE] += _MARKED
        elif block.kind == RULE or (block.kind == FURNITURE and (block.reason == "price line" or "](" in block.text)):
            row[BODY] = row[START] = row[STANDFIRST] = -_CERTAIN  # drawn, or plainly no text by its form
        elif block.kind == PROSE:
            row[OUTSIDE] -= _KEPT
            row[INSIDE] -= _KEPT
        elif block.kind == SHORT:
            row[START] = -_CERTAIN  # a line without a full stop that begins an article is its headline
    parts, sure = _sure_parts(page, scores, learnt.second)
    _mark_repeated(blocks, parts)
    return _page(page, parts, sure)


def _looked_at_twice(page: Observed, learnt: Learnt) -> Scores:
    """Return what speaks for each part at each block; in a stretch of like paragraphs blocks share theirs (`score`)."""
    first = score(features(page, learnt.vocabulary), learnt.first)
    peers = peer_features(page, chances(first, learnt.first))
    scores: Scores = []
    for index, (row, names) in enumerate(zip(first, peers, strict=True)):
        if names:
            scores.append([a + b for a, b in zip(row, score([names], learnt.second)[0], strict=True)])
        elif index and row is first[index - 1] and not peers[index - 1]:
            scores.append(scores[-1])
        else:
            scores.append(list(row))
    return scores


def classified(text: str) -> list[Block]:
    """Return the blocks of a page with their classes."""
    blocks = read_blocks(text)
    for block in blocks:
        mark_up(block)
        classify(block)
    mark_headings(blocks)
    mark_numbered(blocks)
    mark_sections(blocks)
    return blocks


def _sure_parts(page: Observed, scores: Scores, weights: Weights) -> tuple[list[int], list[float]]:
    """Return the likeliest parts without doubtful beginnings, and how sure each article's beginning is."""
    parts = decode(scores, weights)
    starts = _starts(parts)
    if not starts and (first := _first_text(page)) is not None:
        # Text is never lost as a whole.
        scores[first][TITLE if page.blocks[first].kind == SHORT else START] = _CERTAIN
        parts = decode(scores, weights)
        starts = _starts(parts)
    if len(starts) < 2:
        return parts, [1.0] * len(starts)
    spans = _spans(parts, starts)
    sure = _sure(scores, weights, spans)
    if min(sure[1:]) >= _SURE:
        return parts, sure
    for row, part in zip(scores, parts, strict=True):
        if part in (BODY, START):
            row[OUTSIDE] = -_CERTAIN  # text stays, whosever it is
    for (first, end), chance in zip(spans[1:], sure[1:], strict=True):
        if chance < _SURE:
            for row in scores[first:end]:
                row[TITLE] = row[START] = -_CERTAIN
    parts = decode(scores, weights)
    return parts, _sure(scores, weights, _spans(parts, _starts(parts)))


def _sure(scores: Scores, weights: Weights, spans: Sequence[tuple[int, int]]) -> list[float]:
    """Return the probability that an article begins in each span."""
    begins = [row[TITLE] + row[START] for row in chances(scores, weights)]
    return [min(1.0, sum(begins[first:end])) for first, end in spans]


def _first_text(page: Observed) -> int | None:
    """Return the page's first paragraph, or else its first line that is no furniture."""
    if page.prose:
        return page.prose[0]
    return next((i for i, block in enumerate(page.blocks) if block.kind not in (FURNITURE, RULE)), None)


def _spans(parts: Sequence[int], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each beginning the blocks from the body above to the body below: one opening, whatever heads it."""
    spans = []
    for start in starts:
        first, end = start, start + 1
        while first > 0 and parts[first - 1] not in (BODY, START):
            first -= 1
        while end < len(parts) and parts[end - 1] not in (BODY, START):
            end += 1
        spans.append((first, end))
    return spans


def _starts(parts: Sequence[int]) -> list[int]:
    return [index for index, part in enumerate(parts) if part in (TITLE, START)]


def _mark_repeated(blocks: Sequence[Block], parts: list[int]) -> None:
    """Find the headline's second copy: many pages print it above the picture and above the text."""
    titles = {block.text.casefold() for block, part in zip(blocks, parts, strict=True) if part == TITLE}
    for title in [index for index, part in enumerate(parts) if part == TITLE]:
        text = blocks[title].text.casefold()
        for index in range(title - 1, max(-1, title - _OPENING), -1):
            if parts[index] != OUTSIDE or (blocks[index].text.casefold() in titles - {text}):
                break
            if blocks[index].text.casefold() == text:
                parts[index : title + 1] = [TITLE] + [OPENING] * (title - index)
        for index in range(title + 1, min(len(parts), title + _OPENING)):
            if parts[index] in (TITLE, START):
                break
            if blocks[index].text.casefold() == text:
                parts[index] = OPENING


def _page(page: Observed, parts: Sequence[int], sure: Sequence[float]) -> Page:
    """Hand out the text, line by line."""
    articles: list[PageArticle] = []
    discarded: list[Discarded] = []
    starts = [*_starts(parts), len(parts)]
    discarded += [_discarded(page, index, parts[index], None) for index in range(starts[0])]
    for (start, end), confidence in zip(pairwise(starts), sure, strict=True):
        title = page.blocks[start].text if parts[start] == TITLE else None
        paragraphs = []
        for index in range(start + (title is not None), end):
            if parts[index] in (BODY, STANDFIRST, START):
                paragraphs.append(page.blocks[index].text)
            else:
                discarded.append(_discarded(page, index, parts[index], title or ""))
        line = page.blocks[start].line
        articles.append(PageArticle(title or "", tuple(paragraphs), line, confidence if articles else 1.0))
    return Page(tuple(articles), tuple(discarded))


def _discarded(page: Observed, index: int, part: int, title: str | None) -> Discarded:
    """Say in plain words why a block is left out; `title` is None above the first article."""
    block = page.blocks[index]
    if title and block.text.casefold() == title.casefold():
        reason = "repeated headline"
    elif block.kind == FURNITURE:
        reason = block.reason
    elif block.kind == RULE:
        reason = "separator"
    elif block.link:
        reason = "related links"
    elif page.recurs[index] or page.is_moulded(index):
        reason = "line of every article"
    elif part == OPENING:
        reason = "below the headline"
    elif part == INSIDE:
        reason = "between paragraphs"
    else:
        reason = "before the headline" if title is None else "after the article"
    return Discarded(block.line, block.text, reason)
