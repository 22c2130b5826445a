"""Whatever the bytes are: articles or errors, never a crash, and every good neighbour is kept."""

import csv
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import Options, read
from tagger.reading.csv import read_csv
from tagger.reading.docx import read_docx
from tagger.reading.feed import read_feed
from tagger.reading.html import read_html
from tagger.reading.jsonl import read_json, read_jsonl
from tagger.reading.language import language_of
from tagger.reading.parquet import read_parquet
from tagger.reading.pdf import read_pdf
from tagger.reading.text import read_text
from tests.tagger.reading.test_documents import docx, para, pdf

SMALL = Options(max_article=1500)
READERS = {
    "text": read_text,
    "html": read_html,
    "feed": read_feed,
    "jsonl": read_jsonl,
    "json": read_json,
    "csv": read_csv,
    "parquet": read_parquet,
    "docx": read_docx,
    "pdf": read_pdf,
}
quick = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 2], "title": ["T", "U"], "body": ["B", None]}), out)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", '{"body": "B"}\n' * 20)
        archive.writestr("b.txt", "Text of one line.")
    return out.getvalue()


SEEDS = {
    "html": b"<!DOCTYPE html><html><head><title>T</title></head><body><article><h1>T</h1><p>Text, and more.</p>"
    b"<ul><li>one</li></ul></article><article><h2>U</h2><p>Text</p></article></body></html>",
    "feed": b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>T</title><guid>1</guid>'
    b"<description><![CDATA[<p>B &amp; C</p>]]></description></item></channel></rss>",
    "jsonl": b'{"id": 1, "title": "T", "body": "B"}\n{"text": "C"}\n',
    "json": b'{"articles": [{"title": "T", "body": "B"}, {"text": "C"}]}',
    "csv": b'id,title,body\n1,T,"B, ""C""\nD"\n2,U,V\n',
    "parquet": _parquet(),
    "docx": docx(para("T", "Titel") + para("B &amp; C")),
    "pdf": pdf(["T", "The army crossed the river on Monday, officials said."]),
    "text": b"A headline\n\nBy A Writer\n\nThe army crossed the river on Monday, officials said.\n",
}
PACKED = {"gz": gzip.compress(SEEDS["jsonl"]), "zst": zstd.compress(SEEDS["jsonl"]), "zip": _zip()}


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A good file with some bytes changed, cut out, doubled or put in."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 12)))
        data[begin:end] = draw(st.one_of(st.binary(max_size=8), st.just(bytes(data[begin:end]) * 3)))
    return bytes(data)


def check(items: object) -> None:
    for item in items:  # type: ignore[attr-defined]
        assert isinstance(item, (Article, InputError))
        if isinstance(item, Article):
            assert item.title or item.body
            assert len(item.title) + len(item.body) <= 2 * SMALL.max_article
            language_of(item.title, item.body)


@pytest.mark.parametrize("form", READERS)
@quick
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_articles_or_errors(form: str, data: bytes) -> None:
    check(READERS[form](io.BytesIO(data), "x", SMALL))


@pytest.mark.parametrize("form", READERS)
@quick
@given(data=st.data())
def test_damaged_files_are_articles_or_errors(form: str, data: st.DataObject) -> None:
    check(READERS[form](io.BytesIO(data.draw(damaged(SEEDS[form]))), "x", SMALL))


@pytest.mark.parametrize("suffix", PACKED)
@quick
@given(data=st.data())
def test_damaged_archives_are_articles_or_errors(suffix: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{suffix}")
        path.write_bytes(data.draw(damaged(PACKED[suffix])))
        check(read(str(path), SMALL))


@quick
@given(st.binary(max_size=300), st.sampled_from(["", ".txt", ".html", ".xml", ".json", ".csv", ".gz", ".zip", ".pq"]))
def test_any_file_of_any_name_is_articles_or_errors(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x{suffix}")
        path.write_bytes(data)
        check(read(str(path), SMALL))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@quick
@given(st.lists(st.tuples(words, words), min_size=1, max_size=8))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "title", "body"])
    writer.writerows((number, title, f"B {body}") for number, (title, body) in enumerate(rows))
    items = list(read_csv(io.BytesIO(out.getvalue().encode()), "x"))
    assert [(a.id, a.title, a.body) for a in items if isinstance(a, Article)] == [
        (str(number), title.strip(), f"B {body}".strip()) for number, (title, body) in enumerate(rows)
    ]


@quick
@given(
    st.lists(st.sampled_from(['1,"', '2,x"', '"', '3,""', '4,"a"', "5,a", '6,a"b', '""",', '7,"a""', ","]), max_size=25)
)
def test_no_quotes_however_wrong_cost_the_rows_far_below(lines: list[str]) -> None:
    text = "id,body\n" + "".join(f"{line}\n" for line in lines) + "x,plain\n" + 'good,"last row"\n'
    items = list(read_csv(io.BytesIO(text.encode()), "x"))
    assert any(isinstance(item, Article) and item.id == "good" for item in items)
