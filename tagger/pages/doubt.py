"""When a line that looks like furniture may as well be the article's own: it is set as the paragraphs are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .furniture import FURNITURE, PROSE
from .lines import Block
from .phrases import DAY, EXACT

if TYPE_CHECKING:
    from .story import Story

_LABEL, _STANDFIRST, _SIGNATURE, _RUN = 3, 200, 20, 8
_UNSURE = ("newsletter line", "copyright line", "follow line", "photo caption")
"""Furniture that scrapes leave inside their articles, too."""


def is_doubtful(story: Story, index: int) -> bool:
    """Tell whether a line that looks like furniture may as well be the article's own."""
    page, block = story.page, story.page[index]
    after_prose = index > story.begin and page[index - 1].kind == PROSE
    alone = (index == story.begin or after_prose) and index + 1 < story.end and page[index + 1].kind == PROSE
    # A day standing alone between paragraphs heads a part of a timeline.
    if block.place == DAY:
        beside = [page[i] for i in (index - 1, index + 1) if story.begin <= i < story.end]
        prose_before = any(page[i].kind == PROSE for i in range(max(story.begin, index - 3), index))
        in_list = index > story.body_to or any(other.kind == FURNITURE or other.link for other in beside)
        return alone or (prose_before and not in_list)
    if block.reason == "number line" or (block.reason == "dated line" and index > story.body_from):
        return alone
    # So does a name with its paper, over a part of a round-up.
    if block.reason == "byline":
        return alone and not block.text.casefold().startswith(("by ", "written by", "reported by"))
    if block.reason == "notice to the reader":
        return alone and len(block.text) > _STANDFIRST
    if (
        block.reason == "photo caption"
        and len(block.text) < _STANDFIRST
        and story.vocabulary().is_stranger_to(block.text)
    ):
        return False
    return block.reason in _UNSURE and is_set_as_paragraph(story, index)


def is_set_as_paragraph(story: Story, index: int) -> bool:
    """Tell whether a line in no list, word for word, stands below the prose as one more paragraph."""
    page, start = story.page, index
    while start > max(story.body_from, index - _RUN) and page[start].kind == FURNITURE and _spaced(story, page[start]):
        start -= 1
    above = page[start]
    if start == index or start < story.body_from or above.kind == FURNITURE or len(above.text) < _SIGNATURE:
        return False
    below = index + 1
    while below < min(len(page), index + _RUN) and page[below].kind == FURNITURE and _spaced(story, page[below]):
        if below + 1 < len(page) and page[below + 1].gap < story.usual_gap:
            break
        below += 1
    # The last lines of a page are the site's.
    return below < len(page) and (below > index + 1 or page[below].gap >= story.usual_gap)


def _spaced(story: Story, block: Block) -> bool:
    """Tell whether a line of furniture is long enough for a paragraph, and set as one."""
    if block.reason not in _UNSURE or block.recurs or not block.gap == story.usual_gap > 0:
        return False
    if block.reason == "photo caption":
        return len(block.text) > 60
    return block.text.count(" ") >= _LABEL and block.text.casefold().strip(" :.") not in EXACT
