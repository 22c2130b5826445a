"""A page as the chain sees it: classes of blocks, what comes back on the page, and whose words are near.

Furniture comes back around every article of a page, word for word, with other names or in the same place; an
article's own lines do none of that. So the page itself says which of its lines are the site's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from .bylines import has_dateline
from .cohesion import terms
from .furniture import BULLET, FURNITURE, PROSE, SHORT
from .lines import Block, pattern
from .phrases import ANYWHERE, CLOCK, COMMENTS, DAY, HEAD, LINKS, STAMPS, TAIL
from .shapes import is_capitals

_PLACES = {TAIL: "T", ANYWHERE: "A", LINKS: "K", COMMENTS: "C", CLOCK: "c", DAY: "d", HEAD: "h"}
_REASONS = {"photo caption": "I", "notice to the reader": "N", "author note": "N", "separator": "R"}
_LONG_PROSE, _LONG_KEY, _PARAGRAPH = 200, 250, 1000
_BEFORE, _AFTER = 6, 4
_REPEATED = 14
"""Characters above which a line that stands twice in a zone is a headline and no label."""


def grade(value: float, *edges: float) -> int:
    """Return how many of the edges a value reaches."""
    return bisect_right(edges, value)


def share(own: frozenset[str], others: frozenset[str]) -> int:
    """Grade the share of words that are among others: 1 none, 2 some, 3 a quarter, 4 a half, 5 most; 0 unknown."""
    if not own or not others:
        return 0
    return 1 if own.isdisjoint(others) else 1 + grade(len(own & others) / len(own), 0.01, 0.25, 0.5, 0.75)


def _sort(block: Block) -> str:
    """Return the class of a block, one letter."""
    kind = block.kind
    if kind == PROSE:
        return "P" if len(block.text) >= _LONG_PROSE else "p"
    if kind == SHORT:
        return "L" if block.link else "S"
    if kind == FURNITURE:
        if block.reason in STAMPS and block.place == HEAD:
            return "B" if block.reason == "byline" else "H"
        return _REASONS.get(block.reason) or _PLACES[block.place]
    return "U" if kind == BULLET else "R"


def _moulds(text: str) -> list[str]:
    """Return what stays of a line when its names and numbers change."""
    words = text.split(None, 9)
    if len(words) > 9:
        return []
    moulded = " ".join(word if word.islower() else "A" for word in words)
    fixed = [moulded] if any(len(word) > 3 and word.islower() for word in words) else []
    return [*fixed, f"{words[0]} …"] if words[0][-1] == ":" else fixed


class Observed:
    """What is counted over a page before its blocks are looked at one by one.

    Parameters
    ----------
    blocks : sequence of Block
        The classified blocks of a page.

    Attributes
    ----------
    sorts : list of str
        Class of each block, one letter.
    gaps : list of str
        ``<``, ``=`` or ``>``: the blank lines above each block against the page's usual number; ``$`` after the last.
    seen : list of int
        Stretches of prose up to and including each block: its *zone*.
    looks : list of tuple of str
        The setting of each block (class, neighbours, gaps), in three ways.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.sorts = [_sort(block) for block in blocks]
        usual = _usual_gap(blocks)
        self.gaps = ["<" if block.gap < usual else "=" if block.gap == usual else ">" for block in blocks] + ["$"]
        self.keys = [
            pattern(r"\d+").sub("0", block.text.casefold()) if len(block.text) < _LONG_KEY else "" for block in blocks
        ]
        self.prose = [index for index, block in enumerate(blocks) if block.kind == PROSE]
        self.seen: list[int] = []
        count = 0
        for block in blocks:
            count += block.kind == PROSE
            self.seen.append(count)
        self.total = count
        self.looks = [self._looks(index) for index in range(len(blocks))]
        self._zones: dict[tuple[str, str], set[int]] = {}
        self._moulds: dict[int, list[str]] = {}
        self._count()
        self._paragraphs = [blocks[index].text[:_PARAGRAPH] for index in self.prose]
        self._words: dict[tuple[int, int], frozenset[str]] = {}

    def _count(self) -> None:
        """Note in which zones each wording, mould, kind of furniture and setting stands."""
        zones = self._zones
        for index, block in enumerate(self.blocks):
            zone, sort = self.seen[index], self.sorts[index]
            if self.keys[index]:
                zones.setdefault(("key", self.keys[index]), set()).add(zone)
            if sort in "PR":
                continue
            for look in self.looks[index]:
                zones.setdefault(("look", look), set()).add(zone)
            if block.kind in (SHORT, FURNITURE):
                self._moulds[index] = _moulds(block.text)
                for mould in self._moulds[index]:
                    zones.setdefault(("mould", mould), set()).add(zone)
                if block.kind == FURNITURE:
                    zones.setdefault(("reason", block.reason), set()).add(zone)
                else:
                    zones.setdefault(("context", self._context(index)), set()).add(zone)
        twice = [len(zones.get(("key", key), ())) > 1 for key in self.keys]
        # Paragraphs recur as well when an article stands on the page twice; then their neighbours do, too.
        self.recurs = [
            came and not (sort == "p" and (self._in_prose(twice, i - 1) or self._in_prose(twice, i + 1)))
            for i, (came, sort) in enumerate(zip(twice, self.sorts, strict=True))
        ]
        inside = [i for i, sort in enumerate(self.sorts) if sort in "AKTICNLh" and 0 < self.seen[i] < self.total]
        self._busy = {self.seen[i] for i in inside}
        stamped = {self.seen[i] for i, sort in enumerate(self.sorts) if sort in "HB"}
        known = sum(sort not in "PpSULR" for sort in self.sorts)
        self.page = f"{min(2, len(stamped))}{grade(known, 1, 4, 12)}"

    def _in_prose(self, twice: Sequence[bool], index: int) -> bool:
        return self.at(index) in "Pp" and twice[index]

    def _looks(self, index: int) -> tuple[str, str, str]:
        sort, gap, after = self.sorts[index], self.gaps[index], self.gaps[index + 1]
        above, below = self.at(index - 1), self.at(index + 1)
        alone = "alone" if above in "Pp" and below in "Pp" else ""
        return f"{sort}{alone}{gap}{after}", f"{sort}-{above}{gap}", f"{sort}+{below}{after}"

    def _context(self, index: int) -> str:
        block, looks = self.blocks[index], self.looks[index]
        return f"{looks[1]}{looks[2]}{is_capitals(block.text)}{block.level}"

    def at(self, index: int) -> str:
        """Return the class of the block at an index, ``^`` above the page and ``$`` below it."""
        return "^" if index < 0 else self.sorts[index] if index < len(self.sorts) else "$"

    def elsewhere(self, what: str, name: str) -> int:
        """Return in how many zones other than one something stands."""
        return len(self._zones.get((what, name), ())) - 1

    def alike(self, index: int) -> int:
        """Return in how many zones the setting of a short line comes, at most 3."""
        return min(3, len(self._zones.get(("context", self._context(index)), ())))

    def mould(self, index: int) -> str:
        """Return what stays of a line when its names and numbers change, empty where little does."""
        return next(iter(self._moulds.get(index, ())), "")

    def is_moulded(self, index: int) -> bool:
        """Tell whether a line comes back with other names and numbers."""
        return any(self.elsewhere("mould", mould) > 0 for mould in self._moulds.get(index, ()))

    def others(self, index: int) -> int:
        """Grade how many other zones between paragraphs hold furniture."""
        return grade(len(self._busy) - (self.seen[index] in self._busy), 1, 3)

    def words(self, first: int, last: int) -> frozenset[str]:
        """Return the terms of the page's paragraphs from number `first` up to `last`."""
        span = max(0, first), last
        found = self._words.get(span)
        if found is None:
            found = self._words[span] = frozenset().union(*map(terms, self._paragraphs[span[0] : last]))
        return found

    def drift(self, seen: int) -> str:
        """Grade the share of the next paragraphs' words that the last ones have used."""
        after, before = self.words(seen, seen + _AFTER), self.words(seen - _BEFORE, seen)
        if len(after) < 8 or len(before) < 12:
            return "?"
        return str(grade(len(after & before) / len(after), 0.06, 0.1, 0.14, 0.18, 0.23, 0.3, 0.4))


class Zone:
    """A stretch of blocks without prose: ``blocks[start:end]``.

    Attributes
    ----------
    position : str
        ``top`` and ``end`` of the page, or ``mid``.
    after, near, before : frozenset of str
        Terms of the four paragraphs and of the one below, and of the six above.
    signs : str
        What stands in it, in short.
    longest, kindest : int
        The longest of its short lines, and the one that shares most words with the text below.
    """

    def __init__(self, page: Observed, start: int, end: int) -> None:
        self.start, self.end = start, end
        seen = page.seen[start]
        self.position = "top" if seen == 0 else "end" if seen == page.total else "mid"
        self.after = page.words(seen, seen + _AFTER)
        self.near = page.words(seen, seen + 1)
        self.before = page.words(seen - _BEFORE, seen)
        self.drift = page.drift(seen) if self.position == "mid" else self.position
        self.dateline = seen < page.total and has_dateline(page.blocks[page.prose[seen]].text)
        sorts = page.sorts[start:end]
        stamp = next((sort for sort in "HBc" if sort in sorts), "")
        wide = ">" if ">" in page.gaps[start : end + 1] else ""
        held = "".join(sort for sort in "RTK" if sort in sorts)
        self.signs = f"{stamp}{held}{min(2, sorts.count('S'))}{wide}"
        short = [index for index in range(start, end) if page.sorts[index] in "SL"]
        self.longest = max(short, key=lambda index: len(page.blocks[index].text), default=-1)
        kinship = {index: self._kinship(page.blocks[index].text) for index in short}
        self.kindest = max(short, key=kinship.__getitem__, default=-1)
        if self.kindest >= 0 and kinship[self.kindest] == 0.0:
            self.kindest = -1
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for index in range(start, end):
            if len(page.keys[index]) > _REPEATED:
                self.first.setdefault(page.keys[index], index)
                self.last[page.keys[index]] = index
        sites = (
            i
            for i in range(start, end)
            if page.recurs[i] or page.sorts[i] in "TKCHB" or (i > start and page.gaps[i] == "<")
        )
        self._site = next(sites, end)
        self._tight = next((index for index in range(start, end - 1) if page.gaps[index + 1] == "<"), end)

    def _kinship(self, text: str) -> float:
        own = terms(text)
        return len(own & self.after) / (len(own) + 0.5)

    def site_above(self, index: int) -> str:
        """Say whether lines that are surely the site's stand above, whether in a tight run, and whether anywhere."""
        return f"{int(index > self._site)}{int(index >= self._tight)}{int(self._site < self.end)}"


def _usual_gap(blocks: Sequence[Block]) -> int:
    """Return how many blank lines the page leaves between paragraphs."""
    gaps = sorted(below.gap for above, below in pairwise(blocks) if above.kind == below.kind == PROSE)
    return gaps[len(gaps) // 2] if gaps else 1
