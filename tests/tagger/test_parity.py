"""The tagger without scikit-learn against scikit-learn's own pipeline: the same numbers to 1e-9."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline

import labels
from tagger import bundle as bundles
from tagger.analysis import Analyzer
from tagger.article import Article
from tagger.bundle import Calibration
from tagger.tagging import Tagger
from tagger.taxonomy import Taxonomy
from training.experiment import Outcome

Text = tuple[str, str]
WORDS = st.sampled_from(
    "army river treaty Bitcoin U.S. India’s talks wallet 1960 don't naïve e-CNY पानी 水 🌊 the".split()
)
TEXTS = st.tuples(
    st.lists(WORDS, max_size=8).map(" ".join),
    st.one_of(st.text(max_size=300), st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=80).map(" ".join)),
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pipeline, Tagger]:
    """A scikit-learn pipeline fitted on the starter set, and its numbers as a bundle."""
    with labels.starter().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    topics = ("security", "diplomacy", "digital-finance", "water-rights")
    analyzer = Analyzer()
    pipeline = Pipeline(
        [
            ("tfidf", TfidfVectorizer(analyzer=lambda text: analyzer.terms(*text), sublinear_tf=True)),
            ("linear", OneVsRestClassifier(LogisticRegression(class_weight="balanced", C=4))),
        ]
    )
    targets = np.array([[topic in row["tags"].split("|") for topic in topics] for row in rows])
    pipeline.fit([(row["title"], row["body"]) for row in rows], targets)
    folder = tmp_path_factory.mktemp("parity") / "bundle"
    members = pipeline["linear"].estimators_
    bundles.save(
        folder,
        taxonomy=Taxonomy.from_ids(topics),
        analyzer=analyzer.settings(),
        terms=pipeline["tfidf"].get_feature_names_out().tolist(),
        idf=pipeline["tfidf"].idf_,
        weights=np.column_stack([member.coef_[0] for member in members]),
        intercepts=[float(member.intercept_[0]) for member in members],
        calibration=[Calibration(1.0, 0.0)] * len(topics),
        thresholds=[0.5] * len(topics),
        training={},
    )
    return pipeline, Tagger.load(folder)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_made_up_texts_score_as_in_scikit_learn(plain: tuple[Pipeline, Tagger], text: Text) -> None:
    pipeline, tagger = plain
    expected = pipeline.decision_function([text])[0]
    np.testing.assert_allclose(tagger.margins(*text), expected, rtol=0, atol=1e-9)


def test_the_starter_articles_score_as_in_scikit_learn(plain: tuple[Pipeline, Tagger], outcome: Outcome) -> None:
    pipeline, tagger = plain
    texts = [(e.title, e.body) for e in outcome.dataset.examples]
    found = [tagger.margins(*text) for text in texts]
    np.testing.assert_allclose(found, pipeline.decision_function(texts), rtol=0, atol=1e-9)


def test_giant_and_empty_texts_score_as_in_scikit_learn(plain: tuple[Pipeline, Tagger]) -> None:
    pipeline, tagger = plain
    texts = [("", ""), ("Title only", ""), ("", "river " * 200_000), ("", "x" * 1_000_000)]
    found = [tagger.margins(*text) for text in texts]
    np.testing.assert_allclose(found, pipeline.decision_function(texts), rtol=0, atol=1e-9)


def test_a_trained_bundle_gives_the_scores_of_the_fitted_experiment(outcome: Outcome, bundle: Path) -> None:
    tagger = Tagger.load(bundle)
    expected = outcome.fitted.scores(outcome.counts.matrix)
    for example, scores in zip(outcome.dataset.examples, expected, strict=True):
        article = tagger.tag(Article(example.title, example.body))
        np.testing.assert_allclose(list(article.scores.values()), scores, rtol=0, atol=1e-9)
