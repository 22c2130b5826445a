from pathlib import Path

import pytest

import labels
from tagger.errors import LabelsError
from tagger.taxonomy import Taxonomy


def test_ours_has_four_topics_with_definitions_and_iptc_ids() -> None:
    taxonomy = Taxonomy.read(labels.taxonomy())
    assert taxonomy.ids == ("security", "diplomacy", "digital-finance", "water-rights")
    for topic in taxonomy.topics:
        assert topic.definition
        assert topic.scope_in
        assert topic.scope_out
        assert topic.seeds
        assert all(len(i) == 8 and i.isdecimal() for i in topic.iptc)


def test_survives_being_frozen_into_a_bundle() -> None:
    taxonomy = Taxonomy.read(labels.taxonomy())
    from tagger.taxonomy import Topic

    assert Taxonomy.of(Topic.from_dict(d, "again") for d in taxonomy.as_dicts()) == taxonomy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no topic"),
        ("topic = 3", "list of tables"),
        ("[[topic]]\nname = 'x'", "cannot be used"),
        ("[[topic]]\nid = 'a|b'", "cannot be used"),
        ("[[topic]]\nid = ' a'\n[[topic]]\nid = 'a'", "twice"),
        ("[[topic]]\nid = 'a'\ncolour = 'red'", "unknown key 'colour'"),
        ("[[topic]]\nid = 'a'\niptc = '1'", "list of strings"),
        ("[[topic]]\nid = 4", "must be a string"),
        ("[[topic", "cannot be read"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LabelsError, match=message) as caught:
        Taxonomy.read(path)
    assert "mine.toml" in str(caught.value)
