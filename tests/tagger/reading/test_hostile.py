"""Bad inputs, one a row: each gives its message and nothing else, and the good files beside it are read."""

import gzip
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import Options, read, read_all
from tests.conftest import Run

LIMIT = Options(max_article=200_000)
GOOD = '{"id": "good", "title": "Army and river", "body": "The army crossed the river on Monday."}\n'


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": "secret text"}))
    data[6] |= 1  # the flag in the file's header and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("passwords.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def parquet(**columns: list[object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def rss(inside: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel>{inside}</channel></rss>'


LAUGHS = '<!DOCTYPE r [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)
FOREIGN = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BIG = "word " * 50_000
PARQUET = parquet(title=["T"], body=["B"])

# name, content, what the message says
WHOLE_FILES: list[tuple[str, bytes | str, str]] = [
    ("empty.txt", "", "holds no article"),
    ("blank.txt", " \n\t\n ", "holds no article"),
    ("mark.txt", b"\xef\xbb\xbf", "holds no article"),
    ("nul.txt", "text\0text", "NUL"),
    ("zeros.txt", b"\0" * 5000, "NUL"),
    ("random.txt", bytes(range(1, 32)) * 50, "binary data"),
    ("half.txt", b"\xff\xfe\x00", "not UTF-16"),
    ("half32.txt", b"\xff\xfe\0\0\x01", "not UTF-32"),
    ("surrogate16.txt", b"\xff\xfe\x00\xd8\x00\xd8", "not UTF-16"),
    ("large.txt", BIG, "larger than 0.2 MB"),
    ("line.txt", "x" * 300_000, "larger than 0.2 MB"),
    ("image.txt", b"\x89PNG\r\n\x1a\n", "a PNG image"),
    ("photo.html", b"\xff\xd8\xff\xe0JFIF", "a JPEG image"),
    ("document.txt", b"%PDF-1.7\n", "a PDF document"),
    ("letter.txt", rb"{\rtf1 text}", "an RTF document"),
    ("old.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or encrypted Office document"),
    ("program.txt", b"\x7fELF\x02\x01", "a program"),
    ("seven.zip", b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    ("rar.zip", b"Rar!\x1a\x07", "a RAR archive"),
    ("tar.txt", b"a.txt".ljust(257, b"\0") + b"ustar", "a tar archive"),
    ("data.csv", b"SQLite format 3\0", "a SQLite database"),
    ("model.jsonl", b"\x80\x04\x95\x10", "a Python pickle"),
    ("sheet.csv", zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}), "an Office document"),
    ("empty.html", "<html></html>", "holds no article"),
    ("scripts.html", "<html><body><script>var a = 1;</script></body></html>", "holds no article"),
    ("nul.html", "<html><body><p>a\0b</p></body></html>", "NUL"),
    ("large.html", f"<html><body><p>{BIG}</p></body></html>", "larger than 0.2 MB"),
    ("deep.html", "<html><body>" + "<div>" * 30_000, "nested too deeply for a page; and it holds no text"),
    ("many.html", "<html><p " + " ".join(f"a{i}=1" for i in range(20_000)) + ">", "holds no article"),
    ("open.html", "<html" + "<" * 100_000, "holds no article"),
    ("empty.rss", rss(""), "no entry"),
    ("laughs.xml", rss("<item><title>&j;</title></item>", LAUGHS + "]>"), "entities of its own"),
    (
        "entity.rss",
        rss("<item><title>&x;</title></item>", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "entities",
    ),
    ("deep.rss", rss("<item><title>" + "<b>" * 20_000), "nested too deeply"),
    ("other.xml", '<?xml version="1.0"?><note><to>Ann</to></note>', "no RSS or Atom feed"),
    ("svg.xml", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "no RSS or Atom feed"),
    ("large.rss", rss(f"<item><title>{BIG}</title></item>"), "larger than 0.2 MB"),
    ("blank.rss", rss("<item><link>http://x</link></item>"), "empty"),
    ("many.rss", "<rss " + " ".join(f"a{i}='1'" for i in range(15_000)) + ">", "no entry"),
    ("empty.csv", "", "no column 'body'"),
    ("strange.csv", "a,b\n1,2\n", "no column 'body'"),
    ("header.csv", '"id,body\n1,x\n', "no column 'body'"),
    ("empty.json", "", "not JSON"),
    ("number.json", "3", "not a JSON object"),
    ("cut.json", '[{"body": "x"}, {"bo', "not JSON"),
    ("deep.json", "[" * 100_000, "not JSON"),
    ("other.json", '{"a": 1}', "neither 'body' nor 'text'"),
    ("digits.json", "1" * 10_000, "not JSON"),
    ("cut.parquet", PARQUET[:-20], "not a Parquet file"),
    ("broken.parquet", PARQUET[:8] + bytes(b ^ 255 for b in PARQUET[8:-8]) + PARQUET[-8:], "not a Parquet file"),
    ("name.parquet", b"PAR1", "not a Parquet file"),
    ("columns.parquet", parquet(a=[1], b=[2]), "no column 'body'"),
    ("null.parquet", parquet(title=[None], body=[None]), "empty"),
    ("number.parquet", parquet(body=[1]), "body must be a string"),
    ("large.parquet", parquet(body=[BIG]), "larger than 0.2 MB"),
    ("cut.txt.gz", gzip.compress(GOOD.encode() * 500)[:40], "broken compressed data"),
    ("wrong.txt.gz", b"\x1f\x8b\x08\0nonsense", "broken compressed data"),
    ("bomb.txt.gz", gzip.compress(b"a" * 3_000_000), "larger than 0.2 MB"),
    ("cut.jsonl.gz", gzip.compress(b"\n" * 100_000)[:-8], "broken compressed data"),
    ("twice.txt.gz", gzip.compress(gzip.compress(b"text")), "packed twice over"),
    ("cut.txt.zst", zstd.compress(os.urandom(5000).hex().encode())[:60], "broken compressed data"),
    ("wrong.txt.zst", b"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff", "broken compressed data"),
    ("bomb.txt.zst", zstd.compress(b"a" * 3_000_000), "larger than 0.2 MB"),
    ("cut.zip", zipped({"a.txt": "text"})[:30], "a broken zip archive"),
    ("empty.zip", zipped({}), "no file that can be read"),
    ("images.zip", zipped({"a.png": b"x"}), "no file that can be read"),
    ("link.zip", linked(), "no file that can be read"),
    ("nested.zip", zipped({"b.zip": zipped({"a.txt": "text"})}), "packed twice over"),
    ("secret.zip", encrypted(), "encrypted"),
    ("bomb.zip", zipped({"a.txt": b"a" * 3_000_000}), "larger than 0.2 MB"),
]

# a row among good ones, and what the message says
ROWS: list[tuple[str, str | bytes, str]] = [
    ("jsonl", "{", "not JSON"),
    ("jsonl", "[1]", "not a JSON object"),
    ("jsonl", "null", "not a JSON object"),
    ("jsonl", "{}", "neither 'body' nor 'text'"),
    ("jsonl", '{"title": "", "body": " "}', "empty"),
    ("jsonl", '{"body": 3}', "body must be a string"),
    ("jsonl", '{"body": ["x"]}', "body must be a string"),
    ("jsonl", '{"body": "x", "id": [1]}', "id must be"),
    ("jsonl", '{"body": "\\ud800"}', "lone surrogate"),
    ("jsonl", '{"body": "a\\u0000b"}', "NUL"),
    ("jsonl", '{"body": "x", "id": "\\udfff"}', "lone surrogate"),
    ("jsonl", '{"body": "a\0b"}', "NUL"),
    ("jsonl", "[" * 100_000, "not JSON"),
    ("jsonl", '{"id": ' + "9" * 5000 + "}", "not JSON"),
    ("jsonl", json.dumps({"body": BIG}), "larger than 0.2 MB"),
    ("jsonl", b"\x01\x02\xff\xfe\x03", "binary data"),
    ("csv", "1,", "empty"),
    ("csv", "1,a,b,c", "more cells"),
    ("csv", "1,a\0b", "NUL"),
    ("csv", '1,"never closed', "a quote is out of place"),
    ("csv", '1,"a" b"', "a quote is out of place"),
    ("csv", f"1,{BIG}", "larger than 0.2 MB"),
    ("csv", f"1,{BIG * 3}", "larger than 0.2 MB"),
]


@pytest.mark.parametrize(("name", "data", "message"), WHOLE_FILES, ids=[name for name, *_ in WHOLE_FILES])
def test_a_bad_file_is_named_and_costs_no_neighbour(tmp_path: Path, name: str, data: bytes | str, message: str) -> None:
    (tmp_path / "before.jsonl").write_text(GOOD)
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (tmp_path / "zz.jsonl").write_text(GOOD)
    paths = [str(tmp_path / file) for file in ("before.jsonl", name, "zz.jsonl")]
    first, bad, last = read_all(paths, LIMIT)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(bad, InputError)
    assert message in str(bad)
    assert name in str(bad)


@pytest.mark.parametrize(("form", "row", "message"), ROWS)
def test_a_bad_row_is_named_and_costs_no_neighbour(tmp_path: Path, form: str, row: str | bytes, message: str) -> None:
    before, after = (GOOD, GOOD) if form == "jsonl" else ("id,body\ngood,first\n", 'good,"second\nline"\n')
    path = tmp_path / f"rows.{form}"
    path.write_bytes(before.encode() + (row.encode() if isinstance(row, str) else row) + b"\n" + after.encode())
    first, bad, last = read(str(path), LIMIT)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.id, last.id, first.number, last.number) == ("good", "good", 1, 3)
    assert isinstance(bad, InputError)
    assert f"rows.{form}:{2 if form == 'jsonl' else 3}: " in str(bad)
    assert message in str(bad)


def test_the_whole_corpus_in_one_run_is_lines_on_standard_error_and_every_good_file_tagged(
    tagger: Run, tmp_path: Path
) -> None:
    for number, (name, data, _) in enumerate(WHOLE_FILES):
        (tmp_path / f"{number:02}-{name}").write_bytes(data.encode() if isinstance(data, str) else data)
        (tmp_path / f"{number:02}-zz.jsonl").write_text(GOOD)
    done = tagger("tag", tmp_path, "--max-article-mb", "0.2", timeout=60)
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["good"] * len(WHOLE_FILES)
    told = done.stderr.splitlines()
    assert len(told) == len(WHOLE_FILES)
    for line, (name, _, message) in zip(told, WHOLE_FILES, strict=True):
        assert line.startswith("tagger: ")
        assert name in line
        assert message in line


def absent(folder: Path) -> Path:
    return folder / "absent.txt"


def loop(folder: Path) -> Path:
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    return folder / "loop.txt"


def dangling(folder: Path) -> Path:
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    return folder / "gone.txt"


def nothing(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


def long_name(folder: Path) -> Path:
    return folder / ("x" * 300 + ".txt")


def no_match(folder: Path) -> Path:
    return folder / "*.nothing"


def endless(_: Path) -> Path:
    return Path("/dev/zero")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (absent, "No such file"),
        (loop, "Too many levels of symbolic links"),
        (dangling, "No such file"),
        (nothing, "the folder holds no"),
        (long_name, "File name too long"),
        (no_match, "no file matches"),
        (endless, "larger than"),
    ],
)
def test_a_bad_place_is_named(tmp_path: Path, make: Callable[[Path], Path], message: str) -> None:
    path = make(tmp_path)
    (error,) = read_all([str(path)], LIMIT)
    assert isinstance(error, InputError)
    assert message in str(error)
    assert str(path) in str(error)


def test_a_name_with_nul_is_an_error() -> None:
    (error,) = read_all(["a\0b"])
    assert "null" in str(error)


def test_a_name_with_a_line_break_stays_one_line_on_standard_error(tagger: Run, tmp_path: Path) -> None:
    bad = tmp_path / "a\ntagger: all is well.txt"
    bad.write_bytes(b"\0")
    (tmp_path / "b\nc.txt").write_text("The army crossed the river on Monday.\n")
    done = tagger("tag", tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert json.loads(done.stdout)["source"].endswith("b\nc.txt")


def test_a_name_that_is_no_utf8_is_read_and_shown(tagger: Run, tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("The army crossed the river.\n")
    for command in ("tag", "read"):
        done = tagger(command, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["source"].endswith("caf?.txt")


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The army crossed the river.\n")
    (tmp_path / "again").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    assert len(list(read_all([str(tmp_path)]))) == 1


def test_a_zip_bomb_of_lines_ends_before_it_fills_the_day(tmp_path: Path) -> None:
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b"\n" * 50_000_000, compresslevel=9))
    (error,) = read(str(tmp_path / "bomb.jsonl.gz"))
    assert "zip bomb" in str(error)


def test_a_line_of_200_megabytes_is_passed_over_in_constant_memory(run_empty: Run, tmp_path: Path) -> None:
    for name, head, row in (("a.jsonl", "", '{"body": "good"}\n'), ("a.csv", "body\n", "good\n")):
        with (tmp_path / name).open("w") as file:
            file.write(head + row + '{"body": "')
            for _ in range(200):
                file.write("x" * 1_000_000)
            file.write('"}\n' + row)
        done = run_empty("read", tmp_path / name, preexec_fn=_half_a_gigabyte)
        assert len(done.stdout.splitlines()) == 2
        assert "larger than 10 MB" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        (tmp_path / name).unlink()


def _half_a_gigabyte() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))


def test_a_zip_member_that_lies_about_its_size_is_an_error(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": "The army crossed the river. " * 100}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    (tmp_path / "liar.zip").write_bytes(data)
    (item,) = read(str(tmp_path / "liar.zip"))
    assert isinstance(item, InputError) or len(item.title + item.body) <= 10


def test_a_broken_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    rows = [f'{i},"text {i}, with ""quotes"" and\na second line"\n' for i in range(2000)]
    rows[700] = '700,"text 700, opened and never closed\n'
    rows[1400] = '1400,text 1400 with a stray " quote\n'
    (tmp_path / "a.csv").write_text("id,body\n" + "".join(rows))
    items = list(read(str(tmp_path / "a.csv")))
    errors = [str(item) for item in items if isinstance(item, InputError)]
    assert len(errors) == 1
    assert ":1402: " in errors[0]
    assert [item.id for item in items if isinstance(item, Article)] == [str(i) for i in range(2000) if i != 700]
