"""How likely a short line is a headline, by what stands around it.

The shape alone does not tell a headline from a subhead or a link. The date, byline and caption below it do,
its repetition, a rule or a wider gap above it, and whether it is dressed as the page's first headline is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from . import cohesion
from .bylines import is_name
from .furniture import FURNITURE, PROSE, RULE, SHORT
from .lines import Block
from .phrases import ANYWHERE, CLOCK, DAY, HEAD, LINKS, STAMPS, TAIL
from .shapes import headline_points, is_capitals

_STANDFIRST = 200
"""A standfirst that ends in a full stop has no more characters than this."""

_KICKER = 2
_LINK = 4.0
"""Points against an item of a list of links."""
_KINSHIP, _STRANGER = 4.0, 0.26
"""Points for a line whose every word the story uses; the share of them up to which a line is of another subject."""

Scored = tuple[int, float, frozenset[str]]


def likeliest(blocks: Sequence[Block], scored: list[Scored], story: set[str]) -> Scored | None:
    """Return the best headline; of near equals the earlier, for a standfirst follows its headline."""
    if not scored:
        return None
    scored = [(index, points + _KINSHIP * kinship(blocks[index].text, story), signs) for index, points, signs in scored]
    best = max(scored, key=lambda item: item[1])
    text = blocks[best[0]].text
    bare = [item for item in scored if 14 < len(blocks[item[0]].text) < len(text) and blocks[item[0]].text in text]
    best = bare[0] if bare else best
    for item in scored:
        if item[0] >= best[0]:
            break
        if 14 < len(blocks[best[0]].text) < len(blocks[item[0]].text) and blocks[best[0]].text in blocks[item[0]].text:
            continue  # the headline with a trail, a number or the site's name around it
        between = blocks[item[0] : best[0]]
        parted = any(b.kind == RULE or b.place == TAIL or (b.kind == FURNITURE and b.place == LINKS) for b in between)
        text = blocks[item[0]].text
        kicker = text.count(" ") <= _KICKER and best[0] == item[0] + 1 and blocks[best[0]].gap == 0
        if kinship(text, story) <= _STRANGER < kinship(blocks[best[0]].text, story):
            continue
        margin = 3.0 if " " in text and len(text) > 14 and not kicker else 1.0
        if item[1] >= best[1] - margin and not parted:
            return item
    return best


def kinship(text: str, story: set[str]) -> float:
    """Return the share of a line's terms that its story uses: a headline's are, a slogan's are not."""
    own = cohesion.terms(text)
    return len(own & story) / (len(own) + 0.5) if own else 0.0


def forgiven(block: Block, story: set[str]) -> float:
    """Return the points that an item of a list of links gets back when the story below uses its words."""
    return _LINK if block.link and kinship(block.text, story) > 0.4 else 0.0


def score(
    blocks: Sequence[Block], index: int, start: int, end: int, usual_gap: int, level: int
) -> tuple[float, frozenset[str]]:
    """Score the short line at `index` of the zone ``blocks[start:end]`` as a headline.

    Parameters
    ----------
    blocks : sequence of Block
        The page.
    index, start, end : int
        The line, and the zone it stands in; prose follows the zone.
    usual_gap : int
        Blank lines that the page leaves between paragraphs.
    level : int
        Level of headings that are headlines where the page marks them up.

    Returns
    -------
    float
        Points for a headline, negative ones against.
    frozenset of str
        The signs that were seen, for `agreement`.
    """
    block = blocks[index]
    folded = block.text.casefold()
    repeated = len(folded) > 14 and any(later.text.casefold() == folded for later in blocks[index + 1 : end])
    below, dressed = _points_below(blocks, index, end, repeated)
    above, signs = _points_above(blocks, index, start, dressed or repeated or block.level > 0)
    points = headline_points(block.text) + below + above
    signs.update(["repeated"] if repeated else [], ["furniture after"] if dressed else [])
    if repeated:
        points += 5.0
    if block.link:
        points -= _LINK
    if block.gap > usual_gap:
        points += 1.5
        signs.add("gap before")
    if block.level:
        points += 4.0 if block.level <= level else -1.0
        signs.update(["marked up"] if block.level <= level else [])
    if is_capitals(block.text):
        points += 0.7
        signs.add("capitals")
    if is_name(block.text):
        points -= 1.0
    points -= 0.2 * sum(later.kind == SHORT for later in blocks[index + 1 : end])
    return points, frozenset(signs)


def _points_below(blocks: Sequence[Block], index: int, end: int, repeated: bool) -> tuple[float, bool]:
    """Score what follows a line: at most two short ones (a standfirst), then date, byline, caption.

    Returns the points, and whether the line is dressed as a headline.
    """
    after = index + 1
    while after < min(end, index + 3) and blocks[after].kind == SHORT:
        after += 1
    shorts = after - index - 1
    if after == end:
        dated = shorts == 0 and _dated_below_standfirst(blocks, end)
        return (2.0 if dated else 0.0), False
    first = blocks[after]
    if first.kind != FURNITURE or (shorts and repeated):
        return 0.0, False
    run = list(takewhile(lambda block: block.kind == FURNITURE, blocks[after:end]))
    captioned = any(block.reason == "photo caption" for block in run)
    strong = any(block.place == HEAD and block.reason != "photo caption" for block in run)
    if strong:
        return 3.0 - 0.5 * shorts, True
    if captioned:
        return 1.0, False  # subheads have pictures below them, too
    if first.place in (CLOCK, DAY) and not first.ticking:
        return 2.0, True
    return (0.8, False) if first.place == ANYWHERE else (0.0, False)


def _points_above(blocks: Sequence[Block], index: int, start: int, dressed: bool) -> tuple[float, set[str]]:
    """Score what stands above a line in its zone: rules, furniture that ends an article or begins one."""
    zone = blocks[start:index]
    signs: set[str] = set()
    points = 0.0
    before = index - 1
    while before >= start and blocks[before].kind == SHORT and blocks[index].gap == blocks[before].gap == 0:
        before -= 1
        points -= 0.5
    rule = any(block.kind == RULE for block in zone)
    tail = any(block.place == TAIL for block in zone)
    if rule:
        points += 3.5
        signs.add("rule before")
    if tail:
        points += 1.5
    elif any(block.place == ANYWHERE for block in zone):
        points += 0.7
    # A line below a headline's own date or byline is a standfirst, a name or a label.
    opened = not (rule or tail) and any(
        block.kind == SHORT and below.place == HEAD and len(block.text) > 14 and not block.link
        for block, below in pairwise(zone)
    )
    dated = any(block.place == HEAD and block.reason in STAMPS for block in zone)
    if opened and not dressed:
        points -= 3.0
    elif dated and not dressed:
        points += 2.5 if blocks[index - 1].kind != SHORT else 1.0
        signs.add("furniture before")
    return points, signs


def _dated_below_standfirst(blocks: Sequence[Block], end: int) -> bool:
    """Tell whether the prose at `end` is one sentence and a date or byline follows it: a standfirst."""
    if end >= len(blocks) or len(blocks[end].text) > _STANDFIRST:
        return False
    for block in blocks[end + 1 : end + 9]:
        if block.kind == PROSE:
            return False
        if block.reason in STAMPS and block.place == HEAD:
            return True
    return False


def agreement(signs: frozenset[str], first: frozenset[str]) -> float:
    """Articles of one page are dressed alike: reward what the first wore, mistrust what goes without it."""
    points = 0.0
    for sign in ("repeated", "furniture after", "furniture before", "marked up", "capitals"):
        if sign in first:
            # A date above the page's first headline may be the page's own.
            without = 0.0 if sign == "furniture before" else -1.5
            points += (1.5 if sign == "capitals" else 0.7) if sign in signs else without
        elif sign in signs and sign == "capitals":
            points -= 2.0
    return max(points, -3.0)
