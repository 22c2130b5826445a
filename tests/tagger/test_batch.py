"""Many articles at once against one by one, and against scikit-learn: the same numbers to 1e-9."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline

from tagger import bundle as bundles
from tagger.analysis import Analyzer
from tagger.bundle import Calibration
from tagger.tagging import Tagger
from tagger.taxonomy import Taxonomy

Text = tuple[str, str]

PLAIN = "army river Treaty US USA us U.S. U.S U.N. U.K. U.A.E. un 1960 F-16s don't the a I snake_case x"
CURLY = (
    "“Peace—now” India’s ‘talks’ said.” word…next U.S.… e‑CNY ½ ² ™ … river\xa0talks ´ ﬁnance ＦＩＮＡＮＣＥ Ｕ.Ｓ. ．"
)
MARKS = (
    "naïve nai\u0308ve U.S.\u0301x <\u0338army =\u0338 >\u0338 a\u0301\u0327 \u0301river पानी की संधि پانی کا معاہدہ بِ"
)
OTHERS = (
    "水 水権、河川。協定 条約と軍隊 한국 🌊 👩‍🌾 river🌊treaty \udcff\ud800 army\ud800river"
    " \0 \x1c \x85 \u2028 \u3000 _ __a__"
)
PARTS = st.sampled_from([*PLAIN.split(), *CURLY.split(" "), *MARKS.split(" "), *OTHERS.split(" ")])
GAPS = st.sampled_from(["", " ", "\n\n", ".", ",", "-", "'", "’", "_", "\xa0", "…", "\u0301", "\u200d"])
TEXT = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.tuples(PARTS, GAPS), max_size=60).map(lambda parts: "".join(part for pair in parts for part in pair)),
)


def bundle_of(pipeline: Pipeline, folder: Path) -> Tagger:
    """Save a fitted pipeline's numbers as a bundle, and open it."""
    tfidf, linear = (step for _, step in pipeline.steps)
    width = len(linear.estimators_)
    bundles.save(
        folder,
        taxonomy=Taxonomy.from_ids([f"topic {i}" for i in range(width)]),
        analyzer=Analyzer().settings(),
        terms=tfidf.get_feature_names_out().tolist(),
        idf=tfidf.idf_,
        weights=np.vstack([e.coef_ for e in linear.estimators_]).T,
        intercepts=[float(e.intercept_[0]) for e in linear.estimators_],
        calibration=[Calibration(1.0, 0.0)] * width,
        thresholds=[0.5] * width,
        training={},
    )
    return Tagger.load(folder)


def fitted(texts: list[Text], targets: np.ndarray) -> Pipeline:
    analyzer = Analyzer()
    pipeline = Pipeline(
        [
            ("tfidf", TfidfVectorizer(analyzer=lambda text: analyzer.terms(*text), sublinear_tf=True)),
            ("linear", OneVsRestClassifier(SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=0))),
        ]
    )
    return pipeline.fit(texts, targets)


@pytest.fixture(scope="module")
def unicode(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    """A model that knows the odd words of these tests, each with weights of its own."""
    words = f"{PLAIN} {CURLY} {MARKS} {OTHERS}".split()
    texts = [(word, f"{word} {other}") for word, other in zip(words, reversed(words), strict=True)]
    targets = np.array([[i % 2, i % 3 == 0, i % 5 == 0] for i in range(len(words))], dtype=bool)
    return bundle_of(fitted(texts, targets), tmp_path_factory.mktemp("unicode") / "bundle")


def singly(tagger: Tagger, texts: list[Text]) -> list[tuple[float, ...]]:
    return [tagger.margins(*text) for text in texts]


def together(tagger: Tagger, texts: list[Text]) -> list[list[float]]:
    return tagger.margins_of_many([title for title, _ in texts], [body for _, body in texts])


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
def test_any_texts_score_together_as_they_do_singly(unicode: Tagger, texts: list[Text]) -> None:
    np.testing.assert_allclose(together(unicode, texts), singly(unicode, texts), rtol=0, atol=1e-9)


def test_every_character_parts_or_joins_words_alike(unicode: Tagger) -> None:
    texts = [("", f"army{chr(code)}river treaty") for code in range(0x110000) if code < 0x3000 or code % 61 == 0]
    np.testing.assert_allclose(together(unicode, texts), singly(unicode, texts), rtol=0, atol=1e-9)


def test_empty_and_giant_texts_score_alike(unicode: Tagger) -> None:
    texts = [("", ""), ("army", ""), ("", "river " * 300_000), ("", "x" * 2_000_000), ("", "水" * 300_000), ("", "")]
    np.testing.assert_allclose(together(unicode, texts), singly(unicode, texts), rtol=0, atol=1e-9)
    assert together(unicode, []) == []


def test_what_was_met_before_does_not_change_a_score(unicode: Tagger) -> None:
    texts = [("Treaty", "“army—river” talks"), ("", "India’s river-talks")]
    first = together(unicode, texts)
    together(unicode, [("", f"“w{i}—river” army’s{i}") for i in range(310_000)])  # more than is remembered
    assert together(unicode, texts) == first


def test_real_news_scores_as_in_scikit_learn(shared: Path, tmp_path: Path) -> None:
    texts = [(row["title"] or "", row["body"]) for row in rows(shared / "data" / "unlabelled_news.jsonl.gz")]
    words = ("army", "minister", "bitcoin", "water")
    targets = np.array([[word in body for word in words] for _, body in texts])
    compare(texts, targets, tmp_path)


def test_reuters_scores_as_in_scikit_learn(shared: Path, tmp_path: Path) -> None:
    parts = [rows(shared / "data" / f"reuters21578_r90_{part}.jsonl.gz") for part in ("train", "test")]
    found = [row for part in parts for row in part]
    topics = sorted({label for row in found for label in row["labels"]})
    texts = [tuple(row["text"].split("\n", 1)) if "\n" in row["text"] else ("", row["text"]) for row in found]
    compare(texts, np.array([[topic in row["labels"] for topic in topics] for row in found]), tmp_path)


def compare(texts: list[Text], targets: np.ndarray, folder: Path) -> None:
    learned = min(2000, len(texts) // 2)
    targets[0], targets[1] = True, False  # each topic has both kinds
    pipeline = fitted(texts[:learned], targets[:learned])
    tagger = bundle_of(pipeline, folder / "bundle")
    expected = pipeline.decision_function(texts)
    for begin in range(0, len(texts), 1000):
        part = slice(begin, begin + 1000)
        np.testing.assert_allclose(together(tagger, texts[part]), expected[part], rtol=0, atol=1e-9)
        np.testing.assert_allclose(singly(tagger, texts[part]), expected[part], rtol=0, atol=1e-9)


def rows(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
