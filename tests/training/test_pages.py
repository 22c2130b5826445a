"""What teaching the page reader means."""

from __future__ import annotations

import csv
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import pytest

from tagger.pages.chain import BODY, FOLLOW, INSIDE, START, TITLE, Weights, decode, score
from tagger.pages.features import features
from tagger.pages.observed import Observed
from tagger.pages.reader import classified
from training.pages.compose import Article, Composed, composed, templates
from training.pages.fit import fit

STARTER = Path(__file__).parents[2] / "labels" / "starter.csv"
LEXICON = frozenset({"by", "share", "read", "more"})


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    with STARTER.open(encoding="utf-8", newline="") as lines:
        rows = islice(csv.DictReader(lines), 40)
        return [(row["title"], [text for text in row["body"].split("\n") if text.strip()]) for row in rows]


@pytest.fixture(scope="module")
def pages(articles: list[Article]) -> list[Composed]:
    return list(islice(composed(articles, LEXICON, Random(3), 1), 60))  # noqa: S311


def test_templates_hold_slots_and_furniture_alone() -> None:
    drawn = templates()

    assert len({template["style"] for template in drawn}) > 80
    assert all(any("{p0}" in line[1] for line in template["lines"]) for template in drawn)
    assert max(len(line[1]) for template in drawn for line in template["lines"]) < 600


def test_every_block_of_a_composed_page_has_its_parts(pages: list[Composed]) -> None:
    for page in pages:
        assert len(page.rows) == len(page.parts)
        assert all(page.parts)
        beginnings = [parts for parts in page.parts if parts in ({TITLE}, {START})]
        assert 1 <= len(beginnings) <= 4
        assert any(parts == {BODY} for parts in page.parts)


def test_sixty_pages_teach_to_tell_headline_and_body_from_buttons(pages: list[Composed]) -> None:
    learnt = fit(pages, LEXICON, penalty=1.0, rounds=30)
    weights = Weights.of(learnt)
    right = total = 0
    for page in pages:
        path = decode(score(page.rows, weights), weights)
        right += sum(part in allowed for part, allowed in zip(path, page.parts, strict=True))
        total += len(path)

    assert right / total > 0.97


def test_a_path_never_goes_where_no_page_does(pages: list[Composed]) -> None:
    learnt = fit(pages[:20], LEXICON, rounds=3, styles=1)
    weights = Weights.of(learnt)
    blocks = classified("Share\n\nCouncil votes on quay\n\nThe council voted.\n\nShare\n\nThe quay is wide.\n\nPrint")

    path = decode(score(features(Observed(blocks), weights.lexicon), weights), weights)

    assert all(after in FOLLOW[part] for part, after in pairwise(path))
    assert path[-1] != INSIDE
