"""What the chain of a page's parts computes, against every sequence written out."""

from __future__ import annotations

from itertools import pairwise, product
from math import exp, isclose
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.pages.chain import BODY, FIRST, FOLLOW, LAST, PARTS, Weights, chances, decode, score
from tagger.pages.features import features
from tagger.pages.learnt import shipped
from tagger.pages.observed import Observed
from tagger.pages.peers import peer_features
from tagger.pages.reader import classified

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.txt"))
numbers = st.integers(-300, 300)
rows = st.lists(numbers, min_size=PARTS, max_size=PARTS)
weights = st.builds(
    lambda transitions, start: Weights.of({"transitions": transitions, "start": start, "names": "", "emissions": "0"}),
    st.lists(rows, min_size=PARTS, max_size=PARTS),
    rows,
)


def sequences(length: int) -> list[tuple[int, ...]]:
    """Every sequence of parts that a page may have."""
    return [
        path
        for path in product(range(PARTS), repeat=length)
        if path[0] in FIRST and path[-1] in LAST and all(after in FOLLOW[part] for part, after in pairwise(path))
    ]


def spoken(path: tuple[int, ...], scores: list[list[float]], learnt: Weights) -> float:
    emitted = sum(row[part] for row, part in zip(scores, path, strict=True))
    return learnt.start[path[0]] + emitted + sum(learnt.transitions[a][b] for a, b in pairwise(path))


@given(st.lists(rows, min_size=1, max_size=4), weights)
@settings(max_examples=60, deadline=None)
def test_the_likeliest_sequence_is_found(scores: list[list[float]], learnt: Weights) -> None:
    best = max(spoken(path, scores, learnt) for path in sequences(len(scores)))

    assert spoken(tuple(decode(scores, learnt)), scores, learnt) == best


@given(st.lists(rows, min_size=1, max_size=4), weights)
@settings(max_examples=60, deadline=None)
def test_chances_are_those_of_all_sequences_together(scores: list[list[float]], learnt: Weights) -> None:
    paths = [(path, exp(spoken(path, scores, learnt) / 100)) for path in sequences(len(scores))]
    total = sum(weight for _, weight in paths)

    for index, row in enumerate(chances(scores, learnt)):
        for part, chance in enumerate(row):
            true = sum(weight for path, weight in paths if path[index] == part) / total
            assert isclose(chance, true, abs_tol=1e-6)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_stretch_of_paragraphs_taken_at_once_is_read_as_one_by_one(path: Path) -> None:
    learnt = shipped()
    page = Observed(classified(path.read_text(encoding="utf-8")))
    shared = score(features(page, learnt.vocabulary), learnt.first)
    single = [list(row) for row in shared]

    assert decode(shared, learnt.first) == decode(single, learnt.first)
    for together, alone in zip(chances(shared, learnt.first), chances(single, learnt.first), strict=True):
        assert together == pytest.approx(alone, abs=0.01)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_second_look_is_taken_at_doubtful_blocks_alone(path: Path) -> None:
    learnt = shipped()
    page = Observed(classified(path.read_text(encoding="utf-8")))
    looked = chances(score(features(page, learnt.vocabulary), learnt.first), learnt.first)
    certain = [[float(part == BODY) for part in range(PARTS)] for _ in page.blocks]

    named = peer_features(page, looked)

    assert [bool(names) for names in named] == [max(row) < 0.98 for row in looked]
    assert peer_features(page, certain) == [[] for _ in page.blocks]
