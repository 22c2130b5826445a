import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.article import Article, TaggedArticle
from tagger.streams import tag_stream
from tagger.tagging import Tagger

RIVER = Article("Provinces quarrel over canal shares", "Farmers at the tail say the barrage gives them no water.")
BOTH = Article(
    "Envoys meet after missiles hit border posts",
    "The foreign ministers of the two states met on Monday.\n\n"
    "Troops traded artillery fire across the border and four soldiers were killed.",
)


@pytest.fixture(scope="module")
def tagger(bundle: Path) -> Tagger:
    return Tagger.load(bundle)


def test_tags_come_by_falling_score_and_reach_their_thresholds(tagger: Tagger) -> None:
    tagged = tagger.tag(BOTH)
    assert {tag.topic for tag in tagged.tags} == {"security", "diplomacy"}
    assert [tag.score for tag in tagged.tags] == sorted((tag.score for tag in tagged.tags), reverse=True)
    assert all(tag.score >= tag.threshold == tagger.thresholds[tag.topic] for tag in tagged.tags)


def test_no_topic_is_an_answer(tagger: Tagger) -> None:
    tagged = tagger.tag(Article("Seven-wicket win", "The opener's attack on the spinners settled the final by tea."))
    assert tagged.tags == ()
    assert set(tagged.scores) == set(tagger.topics)


def test_a_text_without_known_words_gets_no_tag(tagger: Tagger) -> None:
    for text in ("", "xqzzt", "ЖЖЖ", "\udcff"):
        assert tagger.tag(text).tags == ()


def test_a_bare_text_is_a_body(tagger: Tagger) -> None:
    assert tagger.tag(RIVER.body).scores == tagger.tag(Article("", RIVER.body)).scores


def test_one_threshold_can_stand_for_all(tagger: Tagger) -> None:
    assert len(tagger.tag(RIVER, threshold=0.0).tags) == len(tagger.topics)
    assert tagger.tag(RIVER, threshold=1.1).tags == ()


def test_evidence_sums_to_the_margin_less_the_intercept(tagger: Tagger) -> None:
    for tag in tagger.tag(BOTH, explain=True).tags:
        assert tag.margin is not None
        assert tag.intercept is not None
        assert math.isclose(math.fsum(e.contribution for e in tag.evidence), tag.margin - tag.intercept, abs_tol=1e-9)


def test_evidence_names_words_as_they_stand_in_the_text(tagger: Tagger) -> None:
    article = Article("U.S. troops leave", "The U.S. said SOLDIERS had left, U.S. officials confirmed.")
    for tag in tagger.tag(article, explain=True, threshold=0.0).tags:
        assert all(e.term in f"{article.title} {article.body}" for e in tag.evidence)
        assert {e.field for e in tag.evidence} == {"title", "body"}


def test_evidence_is_strongest_first(tagger: Tagger) -> None:
    (tag, *_) = tagger.tag(BOTH, explain=True).tags
    sizes = [abs(e.contribution) for e in tag.evidence]
    assert sizes == sorted(sizes, reverse=True)


def test_the_passage_is_the_paragraph_that_earned_most(tagger: Tagger) -> None:
    passages = {tag.topic: tag.passage for tag in tagger.tag(BOTH, explain=True).tags}
    assert passages["diplomacy"].startswith("The foreign ministers")
    assert passages["security"].startswith("Troops traded")


def test_without_a_body_the_title_is_the_passage(tagger: Tagger) -> None:
    (tag, *_) = tagger.tag(Article("Bitcoin exchange hacked", ""), explain=True).tags
    assert tag.passage == "Bitcoin exchange hacked"


def test_a_stream_keeps_its_order(tagger: Tagger) -> None:
    articles = [RIVER, BOTH, RIVER]
    results: list[TaggedArticle] = list(tag_stream(tagger, articles))
    assert [r.article for r in results] == articles
    assert results[0] == tagger.tag(RIVER)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_text_gets_scores_between_0_and_1_and_a_full_account(tagger: Tagger, title: str, body: str) -> None:
    tagged = tagger.tag(Article(title, body), explain=True, threshold=0.0)
    assert all(0 <= score <= 1 for score in tagged.scores.values())
    for tag in tagged.tags:
        assert tag.margin is not None
        assert tag.intercept is not None
        total = math.fsum(e.contribution for e in tag.evidence)
        assert math.isclose(total, tag.margin - tag.intercept, abs_tol=1e-9)
