"""CSV, TSV, JSON and Parquet: columns by their usual names, every article in its place."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import Options, read

Items = list[Article | InputError]


def items(folder: Path, name: str, data: str | bytes, **options: str) -> Items:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read(str(path), Options(**options)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header",
    [
        "id,title,body,date,url",
        "ID,Title,TEXT,Date,URL",
        "Article ID,Headline,Content,Published At,Link",
        "guid,head-line,article_text,pubDate,canonical url",
        "uuid,Subject,Story,publication_date,href",
    ],
)
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_columns_are_found_by_their_usual_names_and_separators(tmp_path: Path, header: str, mark: str) -> None:
    (article,) = items(tmp_path, "a.csv", f"{header}\n7,T,B,2024-01-02,http://x\n".replace(",", mark))
    assert article == Article("T", "B", str(tmp_path / "a.csv"), 1, "7", "2024-01-02", "http://x")


def test_the_surer_name_wins_and_an_empty_cell_is_passed_over(tmp_path: Path) -> None:
    first, second = items(tmp_path, "a.csv", "summary,text,title\nshort,long,T\nshort,,T\n")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.body, second.body) == ("long", "short")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet"])
def test_named_columns_override_the_guess(tmp_path: Path, name: str) -> None:
    row = {"title": "no", "body": "no", "id": "no", "Überschrift": "T", "Notes": "B", "nr": "9"}
    out = io.BytesIO()
    pq.write_table(pa.table({key: [value] for key, value in row.items()}), out)
    data = {
        "a.csv": ",".join(row) + "\n" + ",".join(row.values()) + "\n",
        "a.jsonl": json.dumps(row),
        "a.json": json.dumps([row]),
        "a.parquet": out.getvalue(),
    }[name]
    (article,) = items(tmp_path, name, data, title_column="Überschrift", body_column="Notes", id_column="nr")
    assert isinstance(article, Article)
    assert (article.title, article.body, article.id) == ("T", "B", "9")


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_named_column_that_is_missing_is_one_error_for_the_table(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"body": ["x"]}), out)
    (error,) = items(tmp_path, name, out.getvalue() if name == "a.parquet" else "body\nx\ny\n", body_column="Text")
    assert "has no column 'Text' (columns: body)" in str(error)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_excel_s_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = "id,title,body\n1,Café,“Quoted” – and €5\n"
    (article,) = items(tmp_path, "a.csv", text.encode(encoding))
    assert isinstance(article, Article)
    assert (article.title, article.body) == ("Café", "“Quoted” – and €5")


def test_one_row_in_another_encoding_is_read_in_its_own(tmp_path: Path) -> None:
    rows = "id,body\n1,Café\n".encode() + "2,Café\n".encode("cp1252")
    assert [item.body for item in items(tmp_path, "a.csv", rows) if isinstance(item, Article)] == ["Café", "Café"]


def test_cells_keep_quotes_commas_and_lines(tmp_path: Path) -> None:
    (article,) = items(tmp_path, "a.csv", 'id,body\r\n1,"A ""quote"", a comma\r\nand a line"\r\n')
    assert isinstance(article, Article)
    assert article.body == 'A "quote", a comma\r\nand a line'
    assert article.row == {"id": "1", "body": 'A "quote", a comma\r\nand a line'}


def test_quotes_that_were_not_doubled_are_kept(tmp_path: Path) -> None:
    (article, after) = items(tmp_path, "a.csv", 'id,body\n1,"He said "hello" to all"\n2,B\n')
    assert isinstance(article, Article)
    assert "hello" in article.body
    assert isinstance(after, Article)


@pytest.mark.parametrize("document", ["[{}, {}]", '{"status": "ok", "articles": [{}, {}]}', "{}\n{}\n"])
@pytest.mark.parametrize("name", ["a.json", "a"])
def test_a_json_document_is_its_list_of_articles(tmp_path: Path, document: str, name: str) -> None:
    text = document
    for number in (1, 2):
        text = text.replace("{}", json.dumps({"id": number, "headline": "T", "content": "B"}), 1)
    if name == "a" and text.startswith('{"status"'):
        pytest.skip("one object on one line without a suffix is JSON Lines")
    assert [item.id for item in items(tmp_path, name, text) if isinstance(item, Article)] == [1, 2]


def test_one_json_object_is_one_article(tmp_path: Path) -> None:
    (article,) = items(tmp_path, "a.json", json.dumps({"title": "T", "body": "B"}, indent=1))
    assert article == Article("T", "B", str(tmp_path / "a.json"))


def test_what_programs_write_for_missing_values_is_missing(tmp_path: Path) -> None:
    (article,) = items(tmp_path, "a.jsonl", '{"title": NaN, "body": "B", "id": null, "date": NaN}')
    assert article == Article("", "B", str(tmp_path / "a.jsonl"))


def test_parquet_rows_are_articles_in_order(tmp_path: Path) -> None:
    out = io.BytesIO()
    when = pa.array([1_700_000_000_000] * 600, pa.timestamp("ms"))
    table = pa.table({"id": list(range(600)), "Headline": ["T"] * 600, "text": ["same"] * 600, "date": when})
    pq.write_table(table, out, row_group_size=250)
    found = items(tmp_path, "a.parquet", out.getvalue())
    assert [item.id for item in found if isinstance(item, Article)] == list(range(600))
    assert found[0] == Article("T", "same", str(tmp_path / "a.parquet"), 1, 0, "2023-11-14T22:13:20")


@pytest.mark.parametrize(
    "cell",
    [
        "<p>The army crossed &amp; held it.</p>\n<p>Officials <b>said</b> so.</p>",
        "<p class='lead'>The army crossed &amp; held it.<br/>Officials said so.",
        '<div><a href="/x">The army</a> crossed &#38; held it.</div><img src="x.jpg"><h2>Officials said so.</h2>',
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_the_markup_of_a_content_system_s_export_is_left_out(tmp_path: Path, cell: str, name: str) -> None:
    table = 'id,content\n1,"{}"\n'.format(cell.replace('"', '""'))
    (tmp_path / name).write_text(table if name == "a.csv" else json.dumps({"content": cell}))
    (article,) = read(str(tmp_path / name))
    assert isinstance(article, Article)
    assert article.body == "The army crossed & held it.\n\nOfficials said so."


@pytest.mark.parametrize("text", ["1 < 2 and 3 > 2", "<angle> text", "a &amp; b", "if x<p and q>r", "<3 <br"])
def test_text_that_is_no_markup_stays_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": text}))
    (article,) = read(str(tmp_path / "a.jsonl"))
    assert isinstance(article, Article)
    assert article.body == text


def test_a_json_feed_s_items_are_articles(tmp_path: Path) -> None:
    items = [
        {"id": "1", "title": "T", "content_html": "<p>One.</p><p>Two.</p>", "url": "https://x.example/1"},
        {"id": "2", "content_text": "Text", "summary": "Less", "date_published": "2024-05-06T10:00:00Z"},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    source = str(tmp_path / "a.json")
    assert list(read(source)) == [
        Article("T", "One.\n\nTwo.", source, 1, "1", url="https://x.example/1"),
        Article("", "Text", source, 2, "2", "2024-05-06T10:00:00Z"),
    ]


def test_a_mongodb_export_s_ids_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"_id": {"$oid": "5f3a"}, "text": "B"}))
    (article,) = read(str(tmp_path / "a.jsonl"))
    assert isinstance(article, Article)
    assert article.id == "5f3a"
