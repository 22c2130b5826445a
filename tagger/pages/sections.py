"""What a block's neighbours say about it: headings, lists of links, readers' comments.

`furniture.classify` judges one line alone; the passes here run over the whole page and correct it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .furniture import BULLET, FURNITURE, PROSE, RULE, SHORT
from .lines import Block, pattern
from .notices import is_signed
from .phrases import CLOCK, COMMENTS, DAY, HEAD, LINKS, STAMPS, TAIL
from .shapes import headline_points

_COMMENT = 6
"""Lines from one comment's date or buttons to the next at most."""
_ORDINAL = r"(\d{1,2})[.)]\s+(\S.*)"


def mark_up(block: Block) -> None:
    """Take Markdown's marks, or an archive's label, off a heading."""
    label, colon, _ = block.text[:12].partition(":")
    if colon and label.casefold() in ("headline", "title") and len(block.text) > len(label) + 12:
        block.level = 1
        block.text = block.text[len(label) + 1 :].strip()
    if block.text[0] == "#":
        bare = block.text.lstrip("#")
        level = len(block.text) - len(bare)
        if level <= 6 and bare[:1].isspace() and bare.strip("# \t"):
            block.level = level
            block.text = bare.rstrip("#").strip()


def mark_headings(blocks: Sequence[Block]) -> None:
    """See headlines in lines whose neighbours say so: underlined ones, and those that end in a full stop."""
    before = None
    for above, below in pairwise(blocks):
        if below.kind == RULE and below.gap == 0 and above.kind == SHORT and not above.level and below.text[0] in "=-":
            # The other way of Markdown to mark a heading, === above ---.
            above.level = 1 if below.text[0] == "=" else 2
            below.kind, below.reason = FURNITURE, "separator"
        elif (
            above.kind == PROSE
            and below.reason in STAMPS
            and below.place == HEAD
            and len(above.text) < 150
            and not is_signed(above.text)
            and (before is None or before.kind in (FURNITURE, RULE))
        ):
            above.kind = SHORT
        before = above


def mark_numbered(blocks: Sequence[Block]) -> None:
    """Take the numbers off the headlines of a round-up: 1., 2., 3. from the page's first headline on."""
    expected = 1
    found: list[tuple[Block, str]] = []
    for block in blocks:
        if block.kind != SHORT:
            continue
        match = pattern(_ORDINAL).match(block.text)
        if match and int(match.group(1)) == expected:
            found.append((block, match.group(2)))
            expected += 1
        elif not found and block.text.count(" ") > 2:
            return  # a headline above the numbers: a list within one article
    for block, text in found if len(found) > 1 else ():
        block.text, block.level = text, 1


def mark_sections(blocks: Sequence[Block]) -> None:
    """Mark lists of links, readers' comments, which run on below their heading, and clocks of live pages."""
    clocks = [block for block in blocks if block.place == CLOCK and "ago" not in block.text]
    for block in clocks if len(clocks) > 3 else ():
        block.ticking = True
    index, size = 0, len(blocks)
    prose_seen = False
    while index < size:
        block = blocks[index]
        if block.kind == FURNITURE and block.place == LINKS:
            index = _mark_links(blocks, index + 1)
            continue
        if block.kind == FURNITURE and block.place == COMMENTS and prose_seen and _has_comments(blocks, index):
            index = _mark_comments(blocks, index + 1)
            continue
        prose_seen = prose_seen or block.kind == PROSE
        index += 1


def _mark_links(blocks: Sequence[Block], index: int) -> int:
    start = index
    while index < len(blocks):
        block = blocks[index]
        if block.kind in (SHORT, BULLET):
            if index > start and block.gap > 1 and block.gap > blocks[start].gap:
                break
            # In a list, a line above another is a link like it unless a blank line sets it off.
            next_gap = blocks[index + 1].gap if index + 1 < len(blocks) and blocks[index + 1].kind == SHORT else -1
            set_off = index > start and block.gap > blocks[start].gap
            if block.kind == SHORT and (next_gap < 0 or set_off) and _dressed(blocks, index) and index > start:
                break
            block.link = True
        elif (block.kind == FURNITURE and block.place in (CLOCK, DAY)) or (
            block.kind == FURNITURE and block.reason in STAMPS and blocks[index - 1].link
        ):
            pass
        else:
            break
        index += 1
    return index


def _mark_comments(blocks: Sequence[Block], start: int) -> int:
    end = start
    for index in range(start, len(blocks)):
        block = blocks[index]
        if block.kind == RULE or (block.kind == FURNITURE and block.place in (LINKS, TAIL)):
            break
        if block.kind == FURNITURE and (block.reason == "comment buttons" or block.place in (CLOCK, HEAD, DAY)):
            if _opens_story(blocks, index):
                break
            end = index + 1 + (block.reason != "comment buttons")
        elif index > end + _COMMENT:
            break
        # A name above a comment is shorter than a headline, and a comment is seldom shaped like one.
        shaped = block.kind == SHORT and headline_points(block.text) >= 1.0 and len(block.text) > 24
        if shaped and (_dressed(blocks, index) or block.gap > 1 or block.level == 1):
            break
    for block in blocks[start:end]:
        if block.kind in (SHORT, PROSE, BULLET):
            block.kind, block.reason, block.place = FURNITURE, "reader comments", COMMENTS
    return max(end, start)


def _opens_story(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether an article follows a date: paragraph upon paragraph, where a comment is followed by a name."""
    after = [block.kind for block in blocks[index + 1 : index + 12] if block.kind != FURNITURE][:3]
    return len(after) == 3 and all(kind == PROSE for kind in after)


def _has_comments(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether readers' comments follow a line that announces them.

    The same line stands among the buttons of an article's opening, and a subhead may ask "What do you
    think?"; comments come with times or buttons of their own.
    """
    signed = any(
        block.kind == FURNITURE and (block.reason == "comment buttons" or block.place in (CLOCK, HEAD, DAY))
        for block in blocks[index + 1 : index + 9]
    )
    for before in reversed(blocks[max(0, index - 20) : index] if signed else ()):
        if before.kind == PROSE:
            break
        if before.reason in STAMPS:
            return False
    return signed


def _dressed(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a date or byline follows a short line as it follows a headline and its standfirst."""
    after = index + 1
    if after < len(blocks) and blocks[after].kind == SHORT and blocks[after].gap <= blocks[index].gap:
        after += 1
    if after < len(blocks) and blocks[after].kind == PROSE and len(blocks[after].text) < 200:
        after += 1  # a standfirst with a full stop
    if after >= len(blocks) or blocks[after].kind != FURNITURE:
        return False
    dated = False
    for later in range(after, min(after + 9, len(blocks))):
        block = blocks[later]
        if block.kind == PROSE:
            return dated
        if block.kind == FURNITURE and (block.place == HEAD or (block.place == CLOCK and blocks[index].gap > 0)):
            dated = True
        elif (block.kind == SHORT and not dated and block.text.count(" ") > 1) or (
            block.kind == FURNITURE and block.place in (LINKS, TAIL)
        ):
            return False
    return False
