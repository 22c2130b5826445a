"""Read a page: cut it into blocks, name each one, find the articles' beginnings, and hand out the text."""

from __future__ import annotations

from .boundaries import find_openings, usual_gap
from .furniture import classify
from .lines import read_blocks
from .page import Discarded, Page, PageArticle
from .sections import mark_headings, mark_numbered, mark_sections, mark_up
from .story import Story
from .unfamiliar import mark_alike, mark_recurring


def read_page(text: str) -> Page:
    """Read the articles of a scraped page.

    Parameters
    ----------
    text : str
        The page as plain text, in any layout.

    Returns
    -------
    Page
        Its articles in page order and every line that was left out, with the reason.
    """
    blocks = read_blocks(text)
    for block in blocks:
        mark_up(block)
        classify(block)
    mark_headings(blocks)
    mark_numbered(blocks)
    mark_sections(blocks)
    mark_recurring(blocks)
    openings = find_openings(blocks)
    starts = [0, *(opening.start for opening in openings[1:]), len(blocks)]
    gap = usual_gap(blocks)
    stories = [Story(blocks, starts[n], starts[n + 1], opening.title, gap) for n, opening in enumerate(openings)]
    mark_alike(stories)
    discarded: list[Discarded] = []
    articles: list[PageArticle] = []
    for number, (story, opening) in enumerate(zip(stories, openings, strict=True)):
        title = blocks[opening.title].text if opening.title is not None else ""
        paragraphs: list[str] = []
        for index in range(story.begin, story.end):
            if index == opening.title:
                continue
            block, reason = blocks[index], story.reason(index)
            if reason:
                discarded.append(Discarded(block.line, block.text, reason))
            else:
                paragraphs.append(block.text)
        if title or paragraphs:
            confidence = opening.confidence if number else 1.0
            articles.append(PageArticle(title, tuple(paragraphs), blocks[opening.start].line, confidence))
    discarded.sort(key=lambda item: item.line)
    return Page(tuple(articles), tuple(discarded))
