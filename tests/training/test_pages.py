"""What teaching the page reader means."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import pytest

from tagger.pages import read_page
from tagger.pages.chain import BODY, FOLLOW, INSIDE, START, TITLE, Weights, chances, decode, score
from tagger.pages.features import features
from tagger.pages.observed import Observed
from tagger.pages.peers import peer_features
from tagger.pages.reader import classified
from tagger.pages.vocabulary import Vocabulary
from training.pages.compose import Article, Composed, composed, templates
from training.pages.fit import fit
from training.pages.judge import is_found, judge
from training.pages.odds import Odds

STARTER = Path(__file__).parents[2] / "labels" / "starter.csv"
WORDS = Vocabulary(frozenset({"by", "share", "read", "more"}), {"share": 30, "council": -30})


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    with STARTER.open(encoding="utf-8", newline="") as lines:
        rows = islice(csv.DictReader(lines), 40)
        return [(row["title"], [text for text in row["body"].split("\n") if text.strip()]) for row in rows]


@pytest.fixture(scope="module")
def pages(articles: list[Article]) -> list[Composed]:
    return list(islice(composed(templates(), articles, lambda _: WORDS, Random(3), 1), 60))  # noqa: S311


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
    learnt = fit(pages, penalty=1.0, rounds=30)
    weights = Weights.of(learnt)
    right = total = 0
    for page in pages:
        path = decode(score(page.rows, weights), weights)
        right += sum(part in allowed for part, allowed in zip(path, page.parts, strict=True))
        total += len(path)

    assert right / total > 0.97


def test_a_path_never_goes_where_no_page_does(pages: list[Composed]) -> None:
    learnt = fit(pages[:20], rounds=3, styles=1)
    weights = Weights.of(learnt)
    blocks = classified("Share\n\nCouncil votes on quay\n\nThe council voted.\n\nShare\n\nThe quay is wide.\n\nPrint")

    path = decode(score(features(Observed(blocks), WORDS), weights), weights)

    assert all(after in FOLLOW[part] for part, after in pairwise(path))
    assert path[-1] != INSIDE


def test_what_a_style_alone_says_is_not_known_to_its_own_pages() -> None:
    def drawn(style: str, *lines: str) -> dict[str, object]:
        return {"style": style, "lines": [*([0, line] for line in lines), [1, "{p0}", 9]]}

    odds = Odds(
        [drawn("a", "Tell a friend"), drawn("b", "Tell the desk"), drawn("c", "Gazette")],
        [("Council votes", ["The council met the desk."] * 400)],
    )

    assert odds.without()["friend"] > 0
    assert "friend" not in odds.without("a")
    assert 0 < odds.without("a")["tell"] < odds.without()["tell"]
    assert odds.without()["council"] < 0


def test_the_second_step_learns_from_what_became_of_peers(pages: list[Composed]) -> None:
    first = fit(pages, penalty=1.0, rounds=5)
    weights = Weights.of(first)
    besides = [score(page.rows, weights) for page in pages]
    stacked = [
        replace(page, rows=peer_features(Observed(page.blocks), chances(scores, weights)))
        for page, scores in zip(pages, besides, strict=True)
    ]
    second = Weights.of(fit(stacked, penalty=1.0, rounds=20, besides=besides, begin=first))

    wrong = {"first": 0, "second": 0}
    for page, peers, scores in zip(pages, stacked, besides, strict=True):
        both = [
            [a + b for a, b in zip(*rows, strict=True)] for rows in zip(scores, score(peers.rows, second), strict=True)
        ]
        for step, path in (("first", decode(scores, weights)), ("second", decode(both, second))):
            wrong[step] += sum(part not in allowed for part, allowed in zip(path, page.parts, strict=True))

    assert wrong["second"] < wrong["first"]


def test_styles_that_are_judged_were_not_learnt_from(articles: list[Article]) -> None:
    drawn = templates()[:: len(templates()) // 40]
    steps: list[str] = []

    found = judge(drawn, articles, 1, steps.append)

    assert steps
    assert found.keys() < {template["style"] for template in drawn}
    assert all(0 <= hits <= total for hits, total in found.values())
    assert sum(hits for hits, _ in found.values()) > 0


def test_an_article_is_found_with_its_headline_and_nearly_all_of_its_text_alone() -> None:
    text = "\n\n".join(["Council votes on quay", *(f"The council met on day {day} of the week." for day in range(20))])
    paragraphs = [f"The council met on day {day} of the week." for day in range(20)]
    page = read_page(text)

    assert is_found(page, "Council votes on quay", paragraphs, frozenset())
    assert not is_found(page, "Council votes", paragraphs, frozenset())
    assert not is_found(page, "Council votes on quay", [*paragraphs, "One.", "Two."], frozenset())
    assert not is_found(page, "Council votes on quay", paragraphs[:18], frozenset())
    assert is_found(page, "Council votes on quay", paragraphs[:18], frozenset(paragraphs[18:]))
