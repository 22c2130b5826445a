"""Lines of a scraped page, and the paragraphs they make up.

A page comes in one of three layouts: paragraphs parted by blank lines, one paragraph a line, or paragraphs
hard-wrapped at some seventy columns as news agencies send them. Only the last needs mending, and it gives
itself away: its lines break in the middle of sentences, so that the next one starts with a small letter.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

BULLETS = "•◦▪‣·●○■□⁃∙➤►▶*"
"""Characters that open an item of a list when a space follows (hyphens are told apart in `is_bullet`)."""

# Characters that are invisible at the edge of a line; scrapes carry them and no reader ever typed them there.
_EDGES = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029))) + (
    "\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3000\ufeff\ufffe"
)

_RULE_CHARACTERS = frozenset("-–—=*_~#+·•.<>─━═●■□ ")
_ENDS_SENTENCE = (".", "!", "?", ".”", '."', "?”", "!”", '?"', '!"', ".’", ".'", ".)", "…", ":", ";")

# A hard-wrapped line is neither shorter nor longer than this; e-mail and wire copy keep to 60-80 columns.
_WRAP_SHORTEST, _WRAP_LONGEST = 40, 110


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """Compile an expression when it is first needed: importing the reader costs none of that."""
    return re.compile(expression)


class Block:
    """One paragraph, headline or piece of furniture: the unit in which a page is judged.

    Attributes
    ----------
    line : int
        1-based number of its first line.
    text : str
        Its characters as typed, without the invisible ones at its edges.
    gap : int
        Blank lines before it.
    kind, reason, place : str
        What `furniture.classify` made of it.
    level : int
        Level of a marked-up heading, 1 the highest; 0 for none.
    link : bool
        Whether it is an item of a list of links.
    ticking : bool
        Whether it is one of many times of day on the page, as live coverage has them.
    recurs : bool
        Whether it comes back elsewhere on the page.
    """

    __slots__ = ("gap", "kind", "level", "line", "link", "place", "reason", "recurs", "text", "ticking")

    def __init__(self, line: int, text: str, gap: int) -> None:
        self.line = line
        self.text = text
        self.gap = gap
        self.kind = ""
        self.reason = ""
        self.place = ""
        self.level = 0
        self.link = False
        self.ticking = False
        self.recurs = False

    def __repr__(self) -> str:
        return f"Block({self.line}, {self.kind} {self.place} {self.text[:50]!r})"


def is_rule(text: str) -> bool:
    """Tell whether a line is drawn rather than written: ``---``, ``* * *``, ``=====``."""
    return (
        len(text) >= 3
        and text[0] in _RULE_CHARACTERS
        and not (text[0] == "." and len(text) < 5)
        and len(set(text) - {" "}) <= 2
        and _RULE_CHARACTERS.issuperset(text)
    )


def is_bullet(text: str) -> bool:
    """Tell whether a line is an item of a list."""
    first = text[:1]
    if first in BULLETS or first in "-–—":
        return len(text) > 2 and text[1].isspace()
    return False


def read_blocks(text: str) -> list[Block]:
    """Cut a page into its blocks.

    Parameters
    ----------
    text : str
        The page, with any line ends.

    Returns
    -------
    list of Block
        In page order; every line with a visible character is in exactly one of them.
    """
    rows: list[tuple[int, str, int, int]] = []  # number, stripped text, indentation, blank lines before
    gap = 0
    for number, raw in enumerate(text.splitlines(), 1):
        stripped = raw.strip(_EDGES)
        if not stripped:
            gap += 1
            continue
        rows.append((number, stripped, len(raw) - len(raw.lstrip()), gap))
        gap = 0
    width = _wrap_width(rows)
    blocks: list[Block] = []
    parts: list[str] = []
    previous_indent = 0
    for number, stripped, indent, gap in rows:
        if width and parts and gap == 0 and _runs_on(parts[-1], stripped, width, indent > previous_indent):
            parts.append(stripped)
        else:
            if parts:
                blocks[-1].text = _join(parts)
            blocks.append(Block(number, stripped, gap))
            parts = [stripped]
        previous_indent = indent
    if parts:
        blocks[-1].text = _join(parts)
    return blocks


def _wrap_width(rows: list[tuple[int, str, int, int]]) -> int:
    """Return the column at which the page's lines were wrapped, or 0 when they were not."""
    pairs = broken = width = 0
    for (_, above, _, _), (_, below, _, gap) in pairwise(rows):
        if gap or len(above) > _WRAP_LONGEST or len(below) > _WRAP_LONGEST or len(above) < _WRAP_SHORTEST:
            continue
        pairs += 1
        if below[0].islower() and not above.endswith(_ENDS_SENTENCE):
            broken += 1
            width = max(width, len(above))
    # Three lines broken inside a sentence, a fifth of all: prose breaks before a capital often enough.
    # Lines longer than any wrapped one speak against it.
    overlong = sum(len(row[1]) > _WRAP_LONGEST for row in rows)
    return width if broken >= 3 and broken * 5 >= pairs and broken > overlong else 0


def _runs_on(above: str, below: str, width: int, indented: bool) -> bool:
    """Tell whether `below` continues the wrapped paragraph that `above` belongs to."""
    if len(above) > width + 8 or len(below) > width + 8 or indented or is_rule(below):
        return False
    if is_rule(above) or below.startswith(("By ", "BY ", "#")) or above.startswith("#"):
        return False
    # A dash in the middle of a sentence may open a wrapped line; an item of a list follows a finished one.
    if is_bullet(below) and (below[0] in BULLETS or above.endswith(_ENDS_SENTENCE)):
        return False
    first_word = below.split(None, 1)[0]
    if len(above) + 1 + len(first_word) > width:
        return True
    # A ragged margin: the sentence plainly goes on.
    return below[0].islower() and len(above) * 2 > width and not above.endswith(_ENDS_SENTENCE)


def _join(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    text = parts[0]
    for part in parts[1:]:
        hyphenated = text[-1] == "-" and len(text) > 1 and text[-2].isalpha() and part[0].islower()
        text = text + part if hyphenated else text + " " + part
    return text
