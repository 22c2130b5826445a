"""When a candidate may replace the champion, on tags that are given."""

import pytest

from training.gate import Pair, judge

TOPICS = ("sport", "city", "money")


def pair(labels: str, champion: str, candidate: str) -> Pair:
    return Pair(*(frozenset(tags.split()) for tags in (labels, champion, candidate)))


RIGHT = [pair(topic, topic, topic) for topic in (*TOPICS, "") for _ in range(50)]
"""200 articles that both tag rightly."""


def test_an_equal_candidate_passes() -> None:
    verdict = judge(RIGHT, TOPICS)
    assert verdict.better_or_equal
    assert verdict.overall is not None
    assert (verdict.overall.champion, verdict.overall.candidate, verdict.overall.gain) == (1.0, 1.0, 0.0)
    assert verdict.n_articles == 200


def test_a_better_candidate_passes() -> None:
    verdict = judge([*RIGHT, *[pair("sport", "", "sport")] * 20], TOPICS)
    assert verdict.better_or_equal
    assert verdict.overall is not None
    assert verdict.overall.gain > 0


def test_a_candidate_that_loses_overall_does_not_pass_however_uncertain_the_loss() -> None:
    verdict = judge([pair("sport", "sport", "sport")] * 9 + [pair("sport", "sport", "")], TOPICS)
    assert not verdict.better_or_equal
    assert verdict.reason.startswith("worse overall: micro F1 1.000 -> 0.947")


def test_a_loss_smaller_than_that_of_a_rerun_is_none() -> None:
    assert judge([*RIGHT, *RIGHT, pair("sport", "sport", "")], TOPICS).better_or_equal


def test_a_topic_that_clearly_loses_stops_a_candidate_that_gains_overall() -> None:
    verdict = judge([*RIGHT, *[pair("sport", "", "sport")] * 30, *[pair("city", "city", "")] * 20], TOPICS)
    assert verdict.overall is not None
    assert verdict.overall.gain > 0
    assert not verdict.better_or_equal
    assert verdict.reason.startswith("clearly worse on city F1 1.000 -> 0.833")


def test_one_article_of_a_rare_topic_is_no_evidence_against_a_candidate() -> None:
    rare = [pair("rare", "rare", "rare"), pair("rare", "rare", "")]
    verdict = judge([*RIGHT, *[pair("sport", "", "sport")] * 10, *rare], (*TOPICS, "rare"))
    assert verdict.better_or_equal
    (topic,) = [d for d in verdict.topics if d.name == "rare"]
    assert topic.gain < 0


def test_the_more_topics_are_looked_at_the_more_evidence_each_needs() -> None:
    mixed = [*RIGHT, *[pair("city", "city", "")] * 5, *[pair("sport", "", "sport")] * 30]
    few = judge(mixed, TOPICS)
    many = judge(mixed, (*TOPICS, *(f"other{i}" for i in range(60))))
    assert [d.clearly_worse for d in few.topics if d.name == "city"] == [True]
    assert [d.clearly_worse for d in many.topics if d.name == "city"] == [False]


def test_false_tags_count_as_errors() -> None:
    verdict = judge([*RIGHT, *[pair("", "", "money")] * 20], TOPICS)
    assert not verdict.better_or_equal


def test_nothing_to_compare_is_no_reason_to_promote() -> None:
    verdict = judge([], TOPICS)
    assert not verdict.better_or_equal
    assert verdict.reason == "there is no article that neither of them saw"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_interval_holds_the_difference(seed: int) -> None:
    verdict = judge([*RIGHT, *[pair("sport", "", "sport")] * 9, *[pair("city", "city", "")] * 4], TOPICS, seed)
    for difference in (verdict.overall, *verdict.topics):
        assert difference is not None
        assert difference.low <= difference.gain <= difference.high
