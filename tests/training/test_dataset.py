from pathlib import Path

import pytest

from tagger.errors import LabelsError
from tagger.taxonomy import Taxonomy
from training.dataset import Dataset, read_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str | bytes, taxonomy: Taxonomy | None = None, name: str = "mine.csv") -> Dataset:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_dataset([path], taxonomy)


def test_title_body_tags(folder: Path) -> None:
    dataset = read(folder, "title,body,tags\nT,Body one,a|b\n,Body two,\n")
    assert dataset.topics == ("a", "b")
    assert [sorted(e.tags) for e in dataset.examples] == [["a", "b"], []]
    assert dataset.targets().tolist() == [[True, True], [False, False]]
    assert dataset.support() == {"a": 1, "b": 1}


def test_text_stands_for_body_and_spaces_around_tags_do_not_count(folder: Path) -> None:
    (example,) = read(folder, "text,tags\nBody, a | b |\n").examples
    assert (example.body, example.tags) == ("Body", {"a", "b"})


def test_markup_in_a_cell_is_left_out_as_it_is_in_tagging(folder: Path) -> None:
    (example,) = read(folder, "text,tags\n<p>One &amp; two.</p><p>Three.</p>,a\n").examples
    assert example.body == "One & two.\n\nThree."


def test_one_column_a_topic(folder: Path) -> None:
    dataset = read(folder, "text,sport,home news\nBody,1,0\nMore,,true\n")
    assert dataset.topics == ("home news", "sport")
    assert [sorted(e.tags) for e in dataset.examples] == [["sport"], ["home news"]]


def test_columns_of_topics_are_known_by_the_taxonomy(folder: Path) -> None:
    taxonomy = Taxonomy.from_ids(["sport", "home"])
    dataset = read(folder, "text,desk,sport,home\nBody,city,1,0\n", taxonomy)
    assert dataset.topics == ("sport", "home")


def test_files_are_joined_and_recorded(folder: Path) -> None:
    (folder / "a.csv").write_text("text,tags\nOne,x\n")
    (folder / "b.csv").write_text("title,body,tags\nT,Two,y\n")
    dataset = read_dataset([folder / "a.csv", folder / "b.csv"])
    assert [Path(e.file).name for e in dataset.examples] == ["a.csv", "b.csv"]
    assert set(map(len, dataset.files.values())) == {64}


def test_the_fingerprint_is_of_the_labels_not_of_the_file(folder: Path) -> None:
    one = read(folder, "text,tags\nBody,a|b\n", name="one.csv")
    two = read(folder, 'tags,text,note\r\nb|a,"Body",x\r\n', name="two.csv")
    other = read(folder, "text,tags\nBody,a\n", name="three.csv")
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_every_problem_is_told_at_once_with_its_spreadsheet_row(folder: Path) -> None:
    taxonomy = Taxonomy.from_ids(["a", "b"])
    rows = [
        "id,title,body,tags",
        "1,T,Good,a",
        '2,T,"Two\nlines",typo|a',
        "3,T, ,a",
        "1,T,Other,b",
        "5,T,Good,b",
        "6,T",
        "7,T,x,a,extra",
    ]
    with pytest.raises(LabelsError) as caught:
        read(folder, "\n".join(rows).encode() + b"\n8,T,caf\xe9,a\n", taxonomy)
    message = str(caught.value)
    for problem in (
        "mine.csv:3: tag 'typo' is not in the taxonomy",
        "mine.csv:4: the text is empty",
        "mine.csv:5: id '1' stands already in row 2",
        "mine.csv:6: the text of",
        "mine.csv:7: not as many cells",
        "mine.csv:8: not as many cells",
        "mine.csv:9: not UTF-8",
    ):
        assert problem in message
    assert "7 problems" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column 'body' or 'text'"),
        ("title,tags\nT,a\n", "no column 'body' or 'text'"),
        ("text\nBody\n", "neither a column 'tags' nor 0/1 columns"),
        ("text,tags,tags\nBody,a,b\n", "stands twice"),
        ("text,a\nBody,maybe\n", "must be 0 or 1, not 'maybe'"),
        ("text,tags\nBody,\n", "no article carries a tag"),
        ("text,tags\n", "no article carries a tag"),
    ],
)
def test_a_file_that_cannot_teach_is_refused_with_the_reason(folder: Path, text: str, message: str) -> None:
    with pytest.raises(LabelsError, match=message):
        read(folder, text)


def test_equal_texts_with_equal_tags_are_no_conflict(folder: Path) -> None:
    assert len(read(folder, "text,tags\nBody,a\nBody,a\n")) == 2


def test_conflicting_tags_are_taken_as_they_are_only_on_demand(folder: Path) -> None:
    (folder / "x.csv").write_text("text,tags\nBody,a\nBody,b\n")
    with pytest.raises(LabelsError, match="with other tags: a against b"):
        read_dataset([folder / "x.csv"])
    kept = read_dataset([folder / "x.csv"], keep_conflicts=True)
    assert [sorted(e.tags) for e in kept.examples] == [["a"], ["b"]]


def test_a_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(LabelsError, match=r"absent\.csv: No such file"):
        read_dataset([folder / "absent.csv"])


def test_a_column_may_say_where_the_annotator_hesitated(folder: Path) -> None:
    dataset = read(folder, "text,tags,source,sure\nOne,a,Dawn,no\nTwo,a,,yes\nThree,,,\n")
    assert [(e.source, e.sure) for e in dataset.examples] == [("Dawn", False), ("", True), ("", True)]
    with pytest.raises(LabelsError, match=r"mine\.csv:2: sure must be yes or no, not 'perhaps'"):
        read(folder, "text,tags,sure\nOne,a,perhaps\n")
