"""Compose pages whose every line has a known part, from templates of furniture and any articles.

A template is one page of one of some 370 made-up or imitated site styles, all of them our own writing, with
slots where its articles stood: lines of ``[blank lines above, text, number]``. ``{p0}`` stands for as many
paragraphs of the first article as the number says (behind a dateline, if any), ``{t0}`` and ``{T0}`` for its
headline as typed and in capitals, ``{h}`` for another article's headline, ``{s}`` for a sentence. A number behind
other text marks a line that may as well be kept as dropped (a standfirst, a caption set as a paragraph).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any

from tagger.pages.bylines import has_dateline
from tagger.pages.chain import BODY, INSIDE, OPENING, OUTSIDE, STANDFIRST, START, TITLE
from tagger.pages.features import features
from tagger.pages.furniture import BULLET, SHORT
from tagger.pages.lines import Block
from tagger.pages.observed import Observed
from tagger.pages.reader import classified
from tagger.pages.vocabulary import Vocabulary

Parts = frozenset[int]
Article = tuple[str, list[str]]
"""Headline and paragraphs."""

_PARAGRAPHS = re.compile(r"(.*)\{p(\d+)\}")
_SLOT = re.compile(r"\{([a-zA-Z])(\d*)\}")
_SHORTENED, _BRIEF, _UNSTOPPED, _LOOSE, _PARTED = 0.2, 0.12, 0.5, 0.05, 0.15
_SENTENCE = range(30, 200)
_NEAR = 8
"""Blocks below an article in which a line that may be kept may be its own."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A page to learn from: its style, its blocks, what is seen of each, and the parts each may be."""

    style: str
    blocks: list[Block]
    rows: list[list[str]]
    parts: list[Parts]


@dataclass(slots=True)
class _Line:
    text: str
    article: int | None = None  # whose paragraph or headline it is
    paragraph: bool = False
    optional: bool = False


def templates() -> list[dict[str, Any]]:
    """Return the templates that come with the package."""
    packed = files(__package__).joinpath("templates.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).decode("utf-8").splitlines()]


def composed(
    drawn: Sequence[Mapping[str, Any]],
    articles: Sequence[Article],
    vocabulary: Callable[[str], Vocabulary],
    random: Random,
    rounds: int,
) -> Iterator[Composed]:
    """Compose pages: each template `rounds` times, and articles that stand alone.

    Parameters
    ----------
    drawn : sequence of dict
        Templates.
    articles : sequence of (str, list of str)
        Headlines and paragraphs, as scraped: what earlier scraping left in them belongs to them.
    vocabulary : callable
        What somebody who does not know a style knows of words.
    random : Random
        Chance.
    rounds : int
        How often each template is filled.

    Yields
    ------
    Composed
        Pages in which every block has at least one part.
    """
    for _ in range(rounds):
        for template in drawn:
            picked = [_varied(article, random) for article in random.sample(articles, len(template["untitled"]))]
            page = _labelled(template["style"], _fill(template, picked, articles, random), picked, template, vocabulary)
            if page is not None:
                yield page
        for number in range(len(drawn) // 2):
            gap = random.choice([0, 1, 1])
            lines: list[list[Any]] = [[gap, "{p0}", 99]]
            titled = random.random() < 0.75
            if titled:
                lines.insert(0, [0, "{t0}"])
            template = {"lines": lines, "untitled": [not titled], "upper": [False]}
            picked = [_varied(random.choice(articles), random)]
            filled = _fill(template, picked, articles, random)
            page = _labelled(f"alone{number % 3}", filled, picked, template, vocabulary)
            if page is not None:
                yield page


def filled(
    template: Mapping[str, Any], picked: Sequence[Article], articles: Sequence[Article], random: Random
) -> tuple[str, list[Article], frozenset[str]]:
    """Return a page's text, its articles as they stand there, and its lines that may as well be kept as dropped."""
    lines = _fill(template, picked, articles, random)
    text = "\n".join("" if line is None else line.text for line in lines)
    true = [
        (
            "" if untitled else title.upper() if upper else title,
            [line.text for line in lines if line is not None and line.paragraph and line.article == number],
        )
        for number, ((title, _), untitled, upper) in enumerate(
            zip(picked, template["untitled"], template["upper"], strict=True)
        )
    ]
    return text, true, frozenset(line.text for line in lines if line is not None and line.optional)


def _varied(article: Article, random: Random) -> Article:
    """Shorten an article or its paragraphs now and then, leave out full stops, or give it subheads."""
    title, paragraphs = article
    if random.random() < _SHORTENED:
        paragraphs = paragraphs[: random.randint(2, 5)]
    if random.random() < _BRIEF:
        firsts = [text.split(". ")[0].rstrip(".") + "." for text in paragraphs]
        paragraphs = [
            first if len(first) in _SENTENCE else text for first, text in zip(firsts, paragraphs, strict=True)
        ]
    if random.random() < _UNSTOPPED:
        paragraphs = [text.rstrip(".") if random.random() < _LOOSE else text for text in paragraphs]
    if random.random() < _PARTED and len(paragraphs) > 3:
        for place in sorted(random.sample(range(1, len(paragraphs)), random.randint(1, 3)), reverse=True):
            words = [word for word in re.findall(r"[^\W\d_]+", paragraphs[place]) if len(word) > 4]
            if len(words) > 5:
                first = random.randrange(len(words) - 4)
                subhead = " ".join(words[first : first + random.randint(2, 4)])
                paragraphs = [*paragraphs[:place], subhead[0].upper() + subhead[1:], *paragraphs[place:]]
    return title, paragraphs


def _fill(
    template: Mapping[str, Any], picked: Sequence[Article], articles: Sequence[Article], random: Random
) -> list[_Line | None]:
    """Put articles into the slots of a template; None is a blank line."""
    filled: list[_Line | None] = []
    left = [list(paragraphs) for _, paragraphs in picked]
    slots = [_PARAGRAPHS.fullmatch(line[1]) for line in template["lines"]]
    last = {int(slot[2]): number for number, slot in enumerate(slots) if slot is not None}
    current = 0
    for number, (gap, text, *rest) in enumerate(template["lines"]):
        slot = _PARAGRAPHS.fullmatch(text)
        if slot is not None:
            current = int(slot[2])
            count = len(left[current]) if last[current] == number else rest[0]
            for place, paragraph in enumerate(left[current][:count]):
                dateline = slot[1] if place == 0 and not has_dateline(paragraph) else ""
                filled += [None] * gap + [_Line(dateline + paragraph, current, True)]
            del left[current][:count]
            continue
        named = next((m for m in _SLOT.finditer(text) if m[1] in "tT"), None)
        current = int(named[2]) if named is not None else current
        said, begun = "", 0
        for match in _SLOT.finditer(text):
            said += text[begun : match.start()] + _said(match, picked, current, articles, random, bool(rest))
            begun = match.end()
        said += text[begun:]
        filled += [None] * gap + [_Line(said, current if named is not None else None, False, bool(rest))]
    return filled


def _said(
    slot: re.Match[str],
    picked: Sequence[Article],
    current: int,
    articles: Sequence[Article],
    random: Random,
    own: bool,
) -> str:
    if slot[1] in "tT":
        title = picked[int(slot[2])][0]
        return title.upper() if slot[1] == "T" else title
    other = random.choice(articles)
    if slot[1] == "h":
        return other[0]
    paragraphs = picked[current][1] if own or random.random() < 0.3 else other[1]
    sentence = random.choice(paragraphs).split(". ")[0]
    return sentence if len(sentence) < 160 else sentence[: random.randint(80, 150)].rsplit(" ", 1)[0]


def _labelled(
    style: str,
    filled: Sequence[_Line | None],
    picked: Sequence[Article],
    template: Mapping[str, Any],
    vocabulary: Callable[[str], Vocabulary],
) -> Composed | None:
    """Read a page's blocks and say which parts each may be; None when the blocks are not the lines."""
    blocks = classified("\n".join("" if line is None else line.text for line in filled))
    lines = [filled[block.line - 1] for block in blocks]
    parts: list[set[int]] = [{OUTSIDE} for _ in blocks]
    at = 0
    for article in range(len(picked)):
        body = [i for i, line in enumerate(lines) if line and line.paragraph and line.article == article]
        untitled = template["untitled"][article]
        # nor is a page to learn from whose reader would take a first paragraph for a headline
        if not body or len(body) < len(picked[article][1]) or (untitled and blocks[body[0]].kind == SHORT):
            return None
        first, last = body[0], body[-1]
        for i in range(first, last + 1):
            parts[i] = {INSIDE, BODY} if _is_optional(lines[i]) else {INSIDE}
        for i in body:
            parts[i] = {BODY}
        if untitled:
            parts[first] = {START}
        else:
            title = _title(blocks, lines, article, picked[article][0], at, first)
            if title is None:
                return None
            parts[title] = {TITLE}
            for i in range(title + 1, first):
                kept = {STANDFIRST, BODY} if blocks[i].kind == BULLET else {OPENING, STANDFIRST, BODY}
                parts[i] = kept if _is_optional(lines[i]) else {OPENING}
            _allow_standfirst(parts, body, first, last)
        for i in range(last + 1, min(len(parts), last + _NEAR)):
            if _is_optional(lines[i]):
                parts[i] = {OUTSIDE, BODY, INSIDE} if INSIDE in parts[i - 1] or i == last + 1 else {OUTSIDE, BODY}
        at = last + 1
    rows = features(Observed(blocks), vocabulary(style))
    return Composed(style, blocks, rows, [frozenset(allowed) for allowed in parts])


def _is_optional(line: _Line | None) -> bool:
    return line is not None and line.optional


def _title(
    blocks: Sequence[Block], lines: Sequence[_Line | None], article: int, title: str, at: int, first: int
) -> int | None:
    """Return the block that is the headline: the last one with its words above the text."""
    for i in range(first - 1, at - 1, -1):
        line = lines[i]
        if line is not None and line.article == article and blocks[i].text.casefold() == title.casefold():
            return i
    return None


def _allow_standfirst(parts: list[set[int]], body: Sequence[int], first: int, last: int) -> None:
    """Let the first paragraphs be a standfirst as well, with furniture of the opening below it."""
    for i in range(first, min(last, first + 4)):
        if INSIDE in parts[i]:
            break
        parts[i].add(STANDFIRST)
    for i in range(first, body[min(len(body), 5) - 1]):
        if INSIDE in parts[i]:
            parts[i].add(OPENING)
