import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import read, read_all
from tagger.reading.csv import read_csv
from tagger.reading.jsonl import read_jsonl
from tests.conftest import PAGES

Items = list[Article | InputError]


def lines(*rows: str | bytes) -> Items:
    data = b"\n".join(row if isinstance(row, bytes) else row.encode() for row in rows)
    return list(read_jsonl(io.BytesIO(data), "x.jsonl"))


def cells(text: str | bytes) -> Items:
    return list(read_csv(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "x.csv"))


def test_a_json_line_is_an_article_with_its_id_untouched() -> None:
    assert lines('{"id": 7, "title": "T", "body": "B", "date": "2024-01-02"}') == [
        Article("T", "B", "x.jsonl", 1, id=7, date="2024-01-02")
    ]
    assert lines('{"text": "B"}') == [Article("", "B", "x.jsonl", 1)]


def test_a_csv_row_is_an_article() -> None:
    assert cells('id,title,text,mood\r\n a1,T,"B, with\ncomma",x\r\n') == [
        Article("T", "B, with\ncomma", "x.csv", 1, id=" a1")
    ]


def test_a_page_gives_its_articles_with_headlines() -> None:
    articles = [item for item in read(str(PAGES / "demo.txt")) if isinstance(item, Article)]
    assert [(a.number, a.title.split()[0]) for a in articles] == [(1, "Coastal"), (2, "Village")]


def test_the_format_is_seen_without_a_suffix(tmp_path: Path) -> None:
    for text in ('{"body": "B"}\n', "id,body\n1,B\n", "B\n"):
        path = tmp_path / "input"
        path.write_text(text, encoding="utf-8")
        (article,) = read(str(path))
        assert isinstance(article, Article)
        assert (article.title + article.body) == "B"


def test_a_folder_gives_its_known_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.jsonl").write_text('{"body": "second"}')
    (tmp_path / "a.csv").write_text("body\nfirst\n")
    (tmp_path / "deep" / "c.txt").write_text("third text of one paragraph\n")
    (tmp_path / "skipped.bin").write_bytes(b"\0")
    bodies = [item.body or item.title for item in read_all([str(tmp_path)]) if isinstance(item, Article)]
    assert [body.split()[0] for body in bodies] == ["first", "second", "third"]


def test_a_file_that_must_not_be_read_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed.txt"
    closed.write_text("text")
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("this user may read everything")
    (error,) = read(str(closed))
    assert "Permission denied" in str(error)


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))))
def test_every_line_is_an_article_or_an_error_in_order(rows: list[tuple[str, str]]) -> None:
    items = lines(*(json.dumps({"id": i, "body": body, "title": title}) for i, (body, title) in enumerate(rows)))
    assert len(items) == len(rows)
    assert all(item.id == i for i, item in enumerate(items) if isinstance(item, Article))
