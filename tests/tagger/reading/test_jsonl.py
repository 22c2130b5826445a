"""JSON Lines: every line's article or error, whatever blocks the file is cut into."""

import io
import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import Options, parts_of, read_all
from tagger.reading.jsonl import Lines, lines_of, read_jsonl

GOOD = '{"body": "good"}'
LINES = st.lists(st.sampled_from([GOOD, "", "  ", "\r", "{bad", '{"body": "' + "x" * 60 + '"}']))


class Slow(io.BytesIO):
    """A file that gives a few bytes at a time."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(7)


def places(items: object) -> list[tuple[int, str]]:
    return [
        (item.number, "") if isinstance(item, Article) else (0, str(item).partition(" ")[0])
        for item in items  # type: ignore[attr-defined]
    ]


@given(LINES, st.booleans())
def test_articles_and_errors_have_the_numbers_of_their_lines(lines: list[str], ended: bool) -> None:
    expected = []
    number = 0
    for place, line in enumerate(lines, start=1):
        if line.strip():
            number += 1
            expected.append((number, "") if line == GOOD else (0, f"x:{place}:"))
    data = ("\n".join(lines) + "\n" * ended).encode()
    for file in (io.BytesIO(data), Slow(data)):
        assert places(read_jsonl(file, "x", Options(max_article=50))) == expected


def test_numbers_go_on_from_block_to_block(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text("".join(json.dumps({"id": n, "body": "word " * 100}) + "\n" * (1 + n % 2) for n in range(8000)))
    blocks = list(parts_of([str(path)]))
    assert len(blocks) > 2
    assert all(isinstance(block, Lines) for block in blocks)
    articles = [article for block in blocks for article in pickle.loads(pickle.dumps(block))]  # noqa: S301 (our own)
    assert articles == list(read_all([str(path)]))
    assert [(a.number, a.id) for a in articles] == [(n + 1, n) for n in range(8000)]


def test_lines_of_a_plain_file_are_handed_on_as_their_place(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    long, short = b'{"body": "' + b"long " * 300_000 + b'"}', b'{"body": "short"}'
    path.write_bytes(b"\n\n".join([short, long, *[short] * 50_000, long, short]))
    blocks = list(parts_of([str(path)], Options(max_article=1_000_000)))
    handed_on = [pickle.dumps(block) for block in blocks]
    assert max(map(len, handed_on)) < 1000
    assert [pickle.loads(one) for one in handed_on] == blocks  # noqa: S301 (our own)


def test_lines_of_a_file_that_was_replaced_are_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for file in (path, other):
        file.write_text(f"{GOOD}\n" * 9)
    with path.open("rb") as opened:
        (block,) = lines_of(opened, str(path))
    other.rename(path)
    with pytest.raises(InputError, match="replaced"):
        pickle.loads(pickle.dumps(block))  # noqa: S301 (our own)


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        ('{"id": 123456789012345678901234567890, "body": "x"}', 123456789012345678901234567890),
        ('{"id": 18446744073709551615, "body": "x"}', 18446744073709551615),
        ('{"id": 1.5, "body": "x"}', 1.5),
        ('{"id": NaN, "body": "x"}', None),
        ('{"id": 1, "id": 2, "body": "x"}', 2),
        ('\ufeff{"id": "a", "body": "x"}', "a"),
        ('{"id": "\\ud83c\\udf0a", "body": "x"}', "\U0001f30a"),
    ],
)
def test_an_id_is_what_the_line_says(line: str, identity: object) -> None:
    (article,) = read_jsonl(io.BytesIO(line.encode()), "x")
    assert isinstance(article, Article)
    assert article.id == identity
    assert type(article.id) is type(identity)


def test_what_a_pipe_holds_is_read_before_more_comes() -> None:
    source, sink = os.pipe()
    with open(source, "rb") as file, open(sink, "wb", buffering=0) as out:  # noqa: PTH123 (descriptors)
        blocks = lines_of(file, "-")
        for number in (1, 2):
            out.write(b'{"body": "one"}\n{"body": "two"}\n{"body"')
            assert [article.body for article in next(blocks) if isinstance(article, Article)] == ["one", "two"]
            out.write(b': "three"}\n')
            (third,) = next(blocks)
            assert third == Article("", "three", "-", 3 * number)


def test_what_came_before_a_break_is_read() -> None:
    class Broken(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            if data := super().read1(20):
                return data
            raise OSError("broken")

    items = read_jsonl(Broken(b'{"body": "one"}\n{"body": "two"}\n{"bo'), "x")
    assert [next(items), next(items)] == [Article("", "one", "x", 1), Article("", "two", "x", 2)]
    with pytest.raises(OSError, match="broken"):
        next(items)
    assert not any(isinstance(item, InputError) for item in items)
