"""One story of a page: which of its lines are its text, and why the others are not.

A story has an opening (headline to first prose), a middle, and a tail (after its last prose). A line that no
list knows is judged by where it stands: furniture huddles in tight runs where paragraphs keep their distance,
and a site dresses its stories alike (`unfamiliar`). A line that only looks like furniture but is set as the
paragraphs around it are is kept: nothing of an article is dropped in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .bylines import is_name, is_role
from .doubt import is_doubtful, is_set_as_paragraph
from .furniture import BULLET, FURNITURE, PROSE, RULE, SHORT
from .lines import Block, pattern
from .phrases import CLOCK, DAY, HEAD, TAIL
from .vocabulary import Vocabulary, without_teasers

_LABEL = 3
"""Spaces in a label at most; so few words among furniture before or after the prose are no text."""
_LONG_LABEL = 7
_STANDFIRST = 200
_HEADLINE = 95
_RUN = 8
_ADDRESS = r"@|://|\.com"


class Story:
    """The blocks ``page[begin:end]`` of one story, with the bounds of its middle.

    Attributes
    ----------
    title : int or None
        The block that is its headline.
    body_from, body_to : int
        Its first and last prose.
    text_from, dressed_from : int
        Its first text, bullets included, and the first furniture of its opening.
    tail_from : int
        Where the furniture after its last prose begins for good.
    alike : collection of str
        Lines that stand in the same place of several stories.
    headlines : collection of str
        The headlines of the page.
    """

    def __init__(self, page: Sequence[Block], begin: int, end: int, title: int | None, usual_gap: int) -> None:
        self.page, self.begin, self.end, self.title, self.usual_gap = page, begin, end, title, usual_gap
        self.alike: Collection[str] = ()
        self.headlines: Collection[str] = ()
        self._words: Vocabulary | None = None
        start = begin if title is None else title
        prose = [index for index in range(start, end) if page[index].kind == PROSE]
        self.body_from, self.body_to = (prose[0], prose[-1]) if prose else (begin, end)
        if len(prose) > 1 and len(page[prose[0]].text) < _STANDFIRST:
            # A standfirst with a full stop: the opening goes on below it, if it holds a date or byline.
            between = page[prose[0] + 1 : prose[1]]
            if any(block.place == HEAD for block in between):
                self.body_from = prose[1]
        if prose:
            self.body_to = without_teasers([(index, page[index].text) for index in prose])
        self.text_from = next((i for i in range(start, end) if page[i].kind in (PROSE, BULLET)), end)
        self.dressed_from = next((i for i in range(begin, self.body_from) if page[i].kind == FURNITURE), end)
        self.head_dressed = self.dressed_from < end
        if not self.head_dressed:  # two labels side by side are furniture of their own
            labels = [i for i in range(start, self.body_from) if page[i].kind == SHORT and i != title]
            self.head_dressed = sum(page[i].text.count(" ") <= _LABEL and self._huddled(i) for i in labels) > 1
        self.tail_dressed = any(
            page[index].kind == FURNITURE and not is_set_as_paragraph(self, index)
            for index in range(self.body_to + 1, min(end + 3, len(page)))
        )
        self.tail_from = self._tail()

    def head_lines(self) -> list[Block]:
        """Return the short lines of the opening, below the headline."""
        first = self.begin if self.title is None else self.title + 1
        return [block for block in self.page[first : self.body_from] if block.kind == SHORT]

    def tail_lines(self) -> list[Block]:
        """Return the short lines after the last prose."""
        return [block for block in self.page[self.body_to + 1 : self.end] if block.kind == SHORT]

    def reason(self, index: int) -> str:
        """Say why the block at `index` is left out, ``""`` when it is not."""
        block = self.page[index]
        title = "" if self.title is None else self.page[self.title].text.casefold()
        same = block.text.casefold() == title
        reason = ""
        if block.kind == FURNITURE:
            reason = "" if is_doubtful(self, index) else block.reason
        elif block.kind == RULE:
            reason = "separator"
        elif block.link or (block.kind == SHORT and not same and block.text in self.headlines):
            reason = "related links"
        elif same and index < self.text_from:
            reason = "repeated headline"
        elif self.title is not None and index < self.title and block.kind != BULLET:
            reason = "before the headline"
        elif block.kind == SHORT and index < self.body_from:
            reason = self._opening_reason(index)
        elif block.kind == SHORT and index > self.body_to:
            reason = self._tail_reason(index)
        elif block.kind == PROSE and index > self.body_to:
            reason = "after the article"
        elif block.kind == SHORT and index > self.body_from:
            reason = "label" if self._crowded(index) else self._foreign(index)
        return reason

    def _crowded(self, index: int) -> bool:
        """Tell whether a short line between paragraphs stands in a tight run with furniture."""
        page = self.page
        for step in (-1, 1):
            for other in range(index + step, index + _RUN * step, step):
                inside = self.body_from < other < self.body_to
                if not inside or page[max(other, other - step)].gap >= self.usual_gap:
                    break
                if page[other].kind == FURNITURE and page[other].place not in (CLOCK, DAY):
                    return True
                if page[other].kind != SHORT:
                    break
        return False

    def _opening_reason(self, index: int) -> str:
        """Say why a short line between headline and prose is left out; a standfirst is not."""
        block = self.page[index]
        spaces = block.text.count(" ")
        if self._signs(index):
            return "byline"
        if self.head_dressed and spaces <= _LABEL:
            return "label"
        if block.text in self.alike:
            return "line of every story"
        huddled = index > self.dressed_from and spaces <= _LONG_LABEL and self._huddled(index)
        return "label" if huddled else self._strange(block.text)

    def _tail_reason(self, index: int) -> str:
        block = self.page[index]
        spaces = block.text.count(" ")
        if index >= self.tail_from:
            return "after the article"
        if block.text in self.alike:
            return "line of every story"
        if spaces <= _LABEL and (self.head_dressed or self.tail_dressed):
            return "label"
        # Set off as the paragraphs are, a last line may be the article's own.
        before = range(self.body_to + 1, min(index + 1, self.body_to + _RUN))
        set_off = all(self.page[i].gap == self.usual_gap and not self._surely_furniture(i) for i in before)
        return (self._strange(block.text) if self.tail_dressed and not set_off else "") or self._foreign(index)

    def _surely_furniture(self, index: int) -> bool:
        return self.page[index].kind in (FURNITURE, RULE) and not is_doubtful(self, index)

    def _strange(self, text: str) -> str:
        """Say so when a line outside the body shares no word with it: a standfirst or a last remark does."""
        return "none of the story's words" if self.vocabulary().shares_none(text) else ""

    def _foreign(self, index: int) -> str:
        """Say so when a line in a run shares too few words with the story to be a subhead: another's headline."""
        beside = [self.page[i] for i in (index - 1, index + 1) if self.begin <= i < self.end]
        text = self.page[index].text
        addressed = len(text) > _HEADLINE or text[0].islower() or text[0] in '(["“' or pattern(_ADDRESS).search(text)
        if addressed or all(block.kind == PROSE for block in beside):
            return ""
        return "another story's words" if self.vocabulary().is_stranger_to(text) else ""

    def vocabulary(self) -> Vocabulary:
        """Return the words of the story's prose, gathered when first asked for."""
        if self._words is None:
            self._words = Vocabulary(block.text for block in self.page[self.begin : self.end] if block.kind == PROSE)
        return self._words

    def _huddled(self, index: int) -> bool:
        """Tell whether a line stands in a tight run on a page whose paragraphs keep their distance."""
        for other in (index - 1, index + 1):
            usual = self.usual_gap
            if index < self.body_from < self.end:
                usual = max(usual, self.page[self.body_from].gap)
            if self.begin <= other < self.end and self.page[max(index, other)].gap < usual:
                neighbour = self.page[other]
                if neighbour.kind in (SHORT, FURNITURE) and neighbour.place not in (CLOCK, DAY):
                    return True
        return False

    def _tail(self) -> int:
        """Return where the furniture after the story's last prose begins for good."""
        page, first = self.page, self.body_to + 1
        labels = 0
        for at in range(first, self.end):
            block = page[at]
            if block.kind == FURNITURE and block.place == TAIL:
                return at
            labels = labels + 1 if block.kind == SHORT and block.text.count(" ") <= _LABEL else 0
            if labels > 1 and (self.head_dressed or self.tail_dressed):
                return at - 1
            run = page[at : min(at + 2, self.end)]
            if at > first and len(run) == 2 and all(map(_is_headline, run)):
                above = page[at - 1]
                if above.kind == FURNITURE or above.text.count(" ") <= _LABEL:
                    return at  # headlines in a row, under a heading or among furniture
            if block.kind == SHORT and self._huddled(at):
                return at
        return self.end

    def _signs(self, index: int) -> bool:
        """Tell whether a short line of an opening is the author's name or post, among dates and credits."""
        page = self.page
        if not (is_name(page[index].text) or is_role(page[index].text)):
            return False
        for other in (index - 1, index + 1):
            if self.begin <= other < self.end and page[max(index, other)].gap <= 1:
                neighbour = page[other]
                if neighbour.kind == FURNITURE or (neighbour.kind == SHORT and is_role(neighbour.text)):
                    return True
        return False


def _is_headline(block: Block) -> bool:
    return block.kind == SHORT and block.text.count(" ") > 2 and len(block.text) < 120
