"""The gate on accuracy: pinned floors for pinned data (floors.toml)."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import labels
from tagger.article import Article
from tagger.tagging import Tagger
from tagger.taxonomy import Taxonomy
from training.dataset import read_dataset
from training.experiment import Outcome
from training.metrics import Report, report

FLOORS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


def check_data(path: Path, floors: dict[str, Any]) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == floors["sha256"], f"{path.name} has changed: measure again and pin its hash {digest}"


def check_figures(found: Report, floors: dict[str, Any]) -> None:
    figures = {"micro_f1": found.overall.micro_f1.value, "macro_f1": found.overall.macro_f1.value}
    print(figures, {t.topic: round(t.f1.value, 3) for t in found.topics})
    for name, value in figures.items():
        assert value >= floors[name], f"{name} fell to {value:.3f}"
        assert value <= floors[name] + FLOORS["slack"], f"{name} rose to {value:.3f}: raise its floor"


def test_the_starter_set_by_cross_validation(outcome: Outcome) -> None:
    check_data(labels.starter(), FLOORS["starter"])
    check_figures(outcome.report, FLOORS["starter"])


@pytest.fixture(scope="module")
def on_real_news(bundle: Path, shared: Path) -> Report:
    path = shared / "data" / "real_news_dev.csv"
    check_data(path, FLOORS["real"])
    dataset = read_dataset([path], Taxonomy.read(labels.taxonomy()))
    tagger = Tagger.load(bundle)
    tagged = [tagger.tag(Article(e.title, e.body)) for e in dataset.examples]
    given = np.array([[topic in {tag.topic for tag in t.tags} for topic in dataset.topics] for t in tagged])
    scores = np.array([[t.scores[topic] for topic in dataset.topics] for t in tagged])
    return report(dataset.topics, dataset.targets(), given, scores)


def test_the_starter_model_on_real_news(on_real_news: Report) -> None:
    floors = FLOORS["real"]
    check_figures(on_real_news, floors)
    assert min(topic.f1.value for topic in on_real_news.topics) >= floors["least_topic_f1"]
    assert on_real_news.overall.false_per_100_untagged <= floors["most_false_per_100_untagged"]


def test_no_topic_is_left_behind_on_real_news(on_real_news: Report) -> None:
    overall = on_real_news.overall
    assert overall.micro_f1.value - overall.macro_f1.value <= 0.03
