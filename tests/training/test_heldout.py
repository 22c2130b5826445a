"""The record of what a run judged, and how it tells seen articles from new ones."""

from pathlib import Path

import pytest

from training.dataset import Example
from training.experiment import Outcome
from training.heldout import FILE, HeldOut, Judged
from training.sketches import key_of, sketch_of

WORDS = [f"word{i:03}" for i in range(400)]


def example(text: str, title: str = "") -> Example:
    return Example("x.csv", 2, "", title, text, frozenset())


def record(*texts: str) -> HeldOut:
    none: frozenset[str] = frozenset()
    return HeldOut({key_of(e): Judged(none, none, sketch_of(e)) for e in map(example, texts)})


@pytest.fixture(scope="module")
def judged(outcome: Outcome) -> HeldOut:
    return HeldOut.of(outcome)


def test_every_article_is_recorded_with_its_labels_and_its_out_of_fold_tags(outcome: Outcome, judged: HeldOut) -> None:
    assert len(judged.judged) == len(outcome.dataset)
    for e, row in zip(outcome.dataset.examples, outcome.given.tolist(), strict=True):
        found = judged.judged[key_of(e)]
        assert found.labels == e.tags
        assert found.given == {t for t, given in zip(outcome.dataset.topics, row, strict=True) if given}


def test_it_reads_what_it_wrote_and_writes_the_same_bytes(judged: HeldOut, tmp_path: Path) -> None:
    digest = judged.write(tmp_path / FILE)
    again = HeldOut.read(tmp_path / FILE)
    assert again == judged
    assert again.write(tmp_path / "again.gz") == digest
    assert b"minister" not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\xff"])
def test_something_else_is_not_a_record(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        HeldOut.read(tmp_path / FILE)


def test_white_space_capitals_and_where_the_title_stands_make_no_other_article() -> None:
    assert key_of(example("Title The text")) == key_of(example("the\n text", "Title"))
    assert key_of(example("the text")) != key_of(example("the texts"))


def test_a_seen_article_and_a_near_copy_of_it_are_not_new() -> None:
    seen = " ".join(WORDS[:200])
    edited = " ".join([*WORDS[:180], "corrected", "in", "four", "places"])
    other = " ".join(WORDS[200:])
    half = " ".join(WORDS[100:300])
    found = record(seen).unseen([example(seen.upper()), example(edited), example(other), example(half)])
    assert found == [example(other), example(half)]


def test_nothing_seen_leaves_all_new() -> None:
    assert record().unseen([example("one")]) == [example("one")]
    assert record("one").unseen([]) == []


def test_texts_without_longer_words_are_told_apart_by_their_hash() -> None:
    assert record("a b c").unseen([example("a b c"), example("d e f")]) == [example("d e f")]


def test_articles_only_learnt_from_are_recorded_as_seen(tmp_path: Path) -> None:
    text, other = " ".join(WORDS[:120]), " ".join(WORDS[200:320])
    learnt = HeldOut(record("an article").judged, {key_of(e): sketch_of(e) for e in [example(text)]})
    learnt.write(tmp_path / FILE)
    assert HeldOut.read(tmp_path / FILE) == learnt
    assert learnt.unseen([example(text + " more"), example(other)]) == [example(other)]
