"""What was judged out of fold, shown: errors, words, figures and card, with few topics and with many."""

import io
import random
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from tagger.taxonomy import Taxonomy
from training.card import model_card
from training.curve import Point
from training.dataset import Dataset, Example
from training.experiment import Outcome, Settings, run
from training.figures import curve_figure, figures, terms_figure
from training.judgement import Judgement
from training.strongest_terms import strongest_terms
from training.tables import error_table, report_table, terms_table
from training.wrong_tags import as_markdown, worst

SETTINGS = Settings(n_folds=2, n_inner=2, n_jobs=1)


def articles(topics: int, each: int, *, unsure: int = 0, suffix: str = "") -> Dataset:
    """Articles of one topic each, told by its word; the first of each topic lacks the word."""
    ids = [f"topic-{k:02}{suffix}" for k in range(topics)]
    draw = random.Random(0)  # noqa: S311 (no secret)
    filler = [f"filler{chr(97 + i)}{chr(97 + j)}" for i in range(10) for j in range(10)]
    examples = []
    for k in range(topics):
        for i in range(each):
            word = f"signal{chr(97 + k // 26)}{chr(97 + k % 26)}" if i else ""
            body = f"The {word} {word} {' '.join(draw.choices(filler, k=25))}"
            number = len(examples)
            tags = frozenset({ids[k]})
            examples.append(
                Example("x.csv", number + 2, f"a{number}", f"*Title* {number}", body, tags, sure=number >= unsure)
            )
    return Dataset(tuple(examples), Taxonomy.from_ids(ids), {"x.csv": "0" * 64})


@pytest.fixture(scope="module")
def few() -> Outcome:
    return run(articles(3, 12, unsure=3), SETTINGS)


@pytest.fixture(scope="module")
def many() -> Outcome:
    return run(articles(32, 3, suffix="-long" * 16), SETTINGS)


def judged(truth: list[list[int]], scores: list[list[float]]) -> Judgement:
    """Two topics, thresholds 0.5 and 0.7."""
    examples = [
        Example(
            "x.csv", i + 2, "", f"Article {i}", "body", frozenset(t for t, has in zip("ab", row, strict=True) if has)
        )
        for i, row in enumerate(truth)
    ]
    dataset = Dataset(tuple(examples), Taxonomy.from_ids(["a", "b"]))
    return Judgement.by_model(dataset, np.array(scores), np.array([0.5, 0.7]))


def test_errors_are_those_the_model_was_surest_of_first() -> None:
    judgement = judged(
        [[0, 0], [0, 0], [1, 0], [1, 1], [1, 1]], [[0.6, 0.6], [0.9, 0.1], [0.4, 0.7], [0.1, 0.6], [1, 1]]
    )
    found = [(e.topic, e.kind, e.title, e.score) for e in worst(judgement)]
    assert found == [
        ("a", "false positive", "Article 1", 0.9),
        ("a", "false positive", "Article 0", 0.6),
        ("a", "false negative", "Article 3", 0.1),
        ("a", "false negative", "Article 2", 0.4),
        ("b", "false positive", "Article 2", 0.7),
        ("b", "false negative", "Article 3", 0.6),
    ]
    assert [e.title for e in worst(judgement, 1)] == ["Article 1", "Article 3", "Article 2", "Article 3"]
    page = as_markdown(list(worst(judgement, 1)), judgement)
    assert "### 2 false positives, the worst 1\n\n- **0.90**, 0.50: Article 1 (`row 3`; its tags: none)" in page


def test_a_page_of_errors_shows_titles_as_they_are(few: Outcome) -> None:
    judgement = Judgement.out_of_fold(few)
    page = as_markdown(list(worst(judgement)), judgement)
    assert r"\*Title\* 0" in page


def test_thresholds_out_of_fold_are_those_of_each_article_s_fold(few: Outcome) -> None:
    judgement = Judgement.out_of_fold(few)
    assert ((judgement.scores >= judgement.thresholds) == judgement.given).all()


def test_figures_on_sure_labels_are_told_when_some_are_unsure(few: Outcome, many: Outcome) -> None:
    judgement = Judgement.out_of_fold(few)
    assert judgement.sure is not None
    assert judgement.sure.n_articles == 33
    # the first article, one that cannot be told, is among the unsure
    assert judgement.metrics()["micro_f1_sure"] > judgement.metrics()["micro_f1"]
    assert "macro_f1_sure" not in Judgement.out_of_fold(many).metrics()


def test_each_topic_looks_at_its_word(few: Outcome) -> None:
    for k, topic in enumerate(strongest_terms(few)):
        assert topic.towards[0].word == f"signala{chr(97 + k)}"
        others = {f"signala{chr(97 + other)}" for other in range(3)} - {topic.towards[0].word}
        assert {term.word for term in topic.against[:2]} == others
        assert all(term.contribution < 0 for term in topic.against)


def test_the_strongest_terms_are_spelt_as_articles_spell_them() -> None:
    texts = ["Ministers met in Lahore", "Bowlers toiled all day", "The ministers of Lahore", "The bowlers rested"]
    plain = articles(2, 8).examples
    examples = [
        replace(e, body=f"{texts[i % 4]}. {e.body}", tags=frozenset() if i % 2 else frozenset({"talks"}))
        for i, e in enumerate(plain)
    ]
    (topic,) = strongest_terms(run(Dataset(tuple(examples), Taxonomy.from_ids(["talks"])), SETTINGS))
    assert {"ministers", "Lahore"} <= {term.word for term in topic.towards}


def test_with_a_supplement_the_terms_are_those_of_the_labels() -> None:
    everything = articles(2, 10).examples
    taxonomy = Taxonomy.from_ids(["topic-00", "topic-01"])
    own, lent = Dataset(everything[::2], taxonomy), Dataset(everything[1::2], taxonomy)
    terms = strongest_terms(run(own, SETTINGS, supplement=lent))
    assert [topic.towards[0].word for topic in terms] == ["signalaa", "signalab"]


def test_the_card_names_what_was_learnt_from_but_not_judged() -> None:
    own, lent = articles(2, 10), replace(articles(2, 8), files={"lent.csv": "0" * 64})
    outcome = run(own, SETTINGS, supplement=lent)
    card = model_card(outcome, Judgement.out_of_fold(outcome), ())
    assert f"but not judged: {len(lent)} articles\n\n- `lent.csv`" in card


@pytest.mark.parametrize("size", ["few", "many"])
def test_pictures_and_tables_stay_within_bounds(size: str, request: pytest.FixtureRequest) -> None:
    outcome: Outcome = request.getfixturevalue(size)
    judgement = Judgement.out_of_fold(outcome)
    topics = len(outcome.dataset.topics)
    errors = error_table(worst(judgement))
    assert 0 < len(errors["topic"]) <= 500
    terms = strongest_terms(outcome)
    assert len(terms_table(terms)["topic"]) == len(report_table(judgement)["topic"]) == topics
    curve = [Point(len(outcome.dataset) // 2, outcome.report), Point(len(outcome.dataset), outcome.report)]
    drawn = dict(figures(judgement)) | {"terms": terms_figure(terms, judgement), "curve": curve_figure(curve)}
    for figure in drawn.values():
        width, height = pixels(figure)
        assert width <= 1400
        assert height <= 2200


def pixels(figure: Figure) -> tuple[int, int]:
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    head = picture.getvalue()[16:24]
    return int.from_bytes(head[:4]), int.from_bytes(head[4:])


def test_the_card_fits_the_registry_with_any_number_of_topics(few: Outcome, many: Outcome) -> None:
    short, long = (model_card(o, Judgement.out_of_fold(o), strongest_terms(o)) for o in (few, many))
    assert "| topic-00 | signalaa" in short
    assert len(long) <= 5000
    assert long.startswith("micro F1")
    shown = long.count("| topic-")
    assert 0 < shown < 32
    assert f"{32 - shown} topics with less support" in long
