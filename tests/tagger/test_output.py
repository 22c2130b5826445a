import csv
import io
import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Article, Evidence, Tag, TaggedArticle
from tagger.output import CsvWriter, TableWriter, as_object, cell, json_lines
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "tagger" / "schema.json").read_text(encoding="utf-8"))
PLAIN = TaggedArticle(
    Article("Talks", "Body", source="a.jsonl", number=2, id=7),
    (Tag("security", 0.93, 0.4), Tag("diplomacy", 0.61, 0.5)),
    {"security": 0.93, "diplomacy": 0.61, "water-rights": 0.01},
)
EXPLAINED = TaggedArticle(
    Article("Talks", "Body"),
    (Tag("security", 0.9, 0.4, 1.5, -1.0, (Evidence("army", "body", 2.5),), "Body"),),
    {"security": 0.9},
)


def test_an_object_is_what_the_documentation_shows() -> None:
    assert as_object(PLAIN, "topic-tagger/3") == {
        "schema": "tagger/1",
        "source": "a.jsonl",
        "article": 2,
        "id": 7,
        "title": "Talks",
        "tags": [{"topic": "security", "score": 0.93}, {"topic": "diplomacy", "score": 0.61}],
        "model": "topic-tagger/3",
    }


@pytest.mark.parametrize("tagged", [PLAIN, EXPLAINED])
@pytest.mark.parametrize("all_scores", [False, True])
def test_objects_fit_the_json_schema(tagged: TaggedArticle, all_scores: bool) -> None:
    jsonschema.validate(as_object(tagged, "topic-tagger/3", all_scores=all_scores), SCHEMA)


def test_the_json_schema_refuses_what_it_does_not_describe() -> None:
    for change in ({"tags": [{"topic": "x", "score": 2}]}, {"schema": "tagger/2"}, {"extra": 1}, {"article": 0}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(as_object(PLAIN, "m") | change, SCHEMA)


def test_a_line_of_json_has_no_blanks_and_no_escapes_but_json_s_own() -> None:
    tagged = TaggedArticle(Article('"Cessez-le-feu" à Genève', "Body", "a.txt"), (Tag("security", 0.5, 0.4),))
    (line,) = json_lines([tagged], "m")
    assert line.decode() == (
        '{"schema":"tagger/1","source":"a.txt","article":1,"title":"\\"Cessez-le-feu\\" à Genève",'
        '"tags":[{"topic":"security","score":0.5}],"model":"m"}\n'
    )


# with lone surrogates, as file names have, and control characters
TEXTS = st.text(st.characters(codec=None), max_size=8)
NUMBERS = st.floats() | st.floats(0, 0.001) | st.integers() | st.integers(-(10**30), 10**30)


SCORES = st.floats(0, 1) | st.floats(0, 0.001)


@given(TEXTS, TEXTS | NUMBERS | st.none(), SCORES, SCORES, NUMBERS.map(float) | st.none(), st.booleans())
def test_lines_are_the_same_for_one_article_as_among_many(
    text: str, identity: str | float | None, score: float, other: float, contribution: float | None, all_scores: bool
) -> None:
    evidence = () if contribution is None else (Evidence(text, "body", contribution),)
    tag = Tag("security", score, 0.4, contribution, contribution, evidence, text)
    article = Article(text, "B", text, id=identity, date=text, language="fr")
    one = TaggedArticle(article, (tag,), {"security": score, "health": other})
    (alone,) = json_lines([one], "m", all_scores=all_scores)
    assert json_lines([one] * 100, "m", all_scores=all_scores) == [alone] * 100


def test_csv_has_one_row_an_article_and_a_column_a_topic_on_request() -> None:
    out = io.StringIO()
    writer = CsvWriter(out, "m/1", ("security", "diplomacy", "water-rights"), all_scores=True)
    writer.write(PLAIN)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["tags"] == "security|diplomacy"
    assert row["id"] == "7"
    assert row["water-rights"] == "0.0100"


@given(st.text())
def test_no_cell_is_a_formula_and_none_loses_its_text(text: str) -> None:
    safe = cell(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe in (text, f"'{text}")


def test_a_table_names_article_tags_scores_and_terms() -> None:
    out = io.StringIO()
    writer = TableWriter(out, "m/1", explain=True, all_scores=False)
    writer.write(EXPLAINED)
    writer.write(TaggedArticle(Article("Cup final", "Body"), (), {"security": 0.1}))
    writer.finish()
    text = out.getvalue()
    for shown in ("Talks", "security 0.90", "army", "Cup final", "none", "m/1"):
        assert shown in text
