"""Files, folders, patterns, archives: which files are meant, and which format each has."""

import gzip
import zipfile
from pathlib import Path

import pytest
from backports import zstd

from tagger.article import Article
from tagger.reading import read, read_all
from tagger.reading.formats import format_of

LINE = b'{"title": "T", "body": "B"}\n'


def sources(*paths: str | Path) -> list[str]:
    return [str(item.source) for item in read_all(map(str, paths)) if isinstance(item, Article)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.jsonl", "a.jsonl", "deep/c.jsonl", "deep/deeper/d.ndjson", ".hidden/e.jsonl", "f.bin", ".g.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(LINE)
    return tmp_path


def test_a_folder_is_its_known_files_in_order_hidden_ones_left_out(folder: Path) -> None:
    names = ["a.jsonl", "b.jsonl", "deep/c.jsonl", "deep/deeper/d.ndjson"]
    assert sources(folder) == [str(folder / name) for name in names]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.jsonl", ["a.jsonl", "b.jsonl"]),
        ("[a]*", ["a.jsonl"]),
        ("**/*.*json*", ["a.jsonl", "b.jsonl", "deep/c.jsonl", "deep/deeper/d.ndjson"]),
        ("dee?", ["deep/c.jsonl", "deep/deeper/d.ndjson"]),
    ],
)
def test_a_quoted_pattern_is_what_a_shell_makes_of_it(folder: Path, pattern: str, names: list[str]) -> None:
    assert sources(folder / pattern) == [str(folder / name) for name in names]


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").write_bytes(LINE)
    assert sources(tmp_path / "a[1].jsonl") == [str(tmp_path / "a[1].jsonl")]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a"])
def test_compressed_files_are_read_as_what_they_hold(tmp_path: Path, suffix: str, pack: object, name: str) -> None:
    data = b"title,body\nT,B\n" if name == "a.csv" else LINE
    path = tmp_path / (name + suffix)
    path.write_bytes(pack(data) + pack(b""))  # type: ignore[operator]
    assert list(read(str(path))) == [Article("T", "B", str(path))]


def test_an_archive_is_its_known_files_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/c.jsonl", LINE)
        archive.writestr("a.csv", "title,body\nT,B\n")
        archive.writestr("d.txt.gz", gzip.compress(b"The army crossed the river."))
        archive.writestr("image.png", "x")
        archive.writestr("__MACOSX/b/._c.jsonl", "x")
    found = list(read(str(path)))
    assert [getattr(item, "source", str(item)) for item in found] == [
        f"{path}/a.csv",
        f"{path}/b/c.jsonl",
        f"{path}/d.txt.gz: packed twice over. Unpack it first.",
    ]


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (b"<!DOCTYPE html><html>", "a.txt", "html"),
        (b"\xef\xbb\xbf\n<!-- saved --><HTML lang=en>", "a.jsonl", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html>', "a.xml", "html"),
        (b'<?xml version="1.0"?><rss version="2.0">', "a.html", "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "a.txt", "feed"),
        (b'{"title": "x"}', "a.csv", "jsonl"),
        (b'[{"title": "x"}]', "a.txt", "json"),
        (b"id,title,body\n", "a.jsonl", "csv"),
        (b"id\theadline\ttext\n", "a.txt", "csv"),
        (b"PAR1", "a.csv", "parquet"),
        (b"A page that only claims to be HTML.", "a.html", "text"),
        (b"<p>A fragment", "a.html", "html"),
        (b"Text, with a body of words", "a.txt", "text"),
        (b"{sic} a text", "a.txt", "text"),
        (b"<angle> text", "a.txt", "text"),
        (b"title\nx\n", "a.csv", "csv"),
    ],
)
def test_content_decides_where_the_suffix_lies(data: bytes, name: str, form: str) -> None:
    assert format_of(data, name) == form


def test_utf16_pages_as_windows_writes_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"title": "Café", "body": "B"}\r\n'.encode("utf-16"))
    assert list(read(str(path))) == [Article("Café", "B", str(path))]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The café’s owner said “no” – and left.", "cp1252"),
        ("Die Minister haben über die Kanäle gesprochen, fünf Jahre später.", "iso-8859-1"),
        ("Пакистан и Индия договорились во вторник возобновить переговоры о разделе речных вод." * 3, "cp1251"),
        ("巴基斯坦和印度周二同意恢复关于河水分配的谈判。" * 8, "gb18030"),
        ("パキスタンとインドは火曜日、河川の水の分配に関する協議を再開することで合意した。" * 5, "shift_jis"),
    ],
)
def test_other_encodings_are_told_by_their_letters(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    (article,) = read(str(path))
    assert isinstance(article, Article)
    assert article.title + article.body == text


def test_a_utf8_page_with_one_broken_letter_stays_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("The café said so. Olé, olé, “yes” and “no”, “maybe” – or “never”.".encode() + b"\xe2\x80")
    (article,) = read(str(path))
    assert isinstance(article, Article)
    assert "café said so. Olé, olé, “yes”" in article.title + article.body
