import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.analysis import TITLE, Analyzer, paragraphs

analyzer = Analyzer(title_terms=False)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Armies and army", ["armi", "armi"]),
        ("the of and", []),
        ("opened fire at the front", ["open", "fire", "front"]),
        ("in 1960, 24 tanks", ["tank"]),
        ("F-16s", ["16s"]),
        ("Pakistan’s and Pakistan's", ["pakistan", "pakistan"]),
        ("water-sharing", ["water", "share"]),
        ("U.S. and US and USA", ["usa", "usa", "usa"]),
        ("tell us", []),
        ("UN U.N.", ["un", "un"]),
        ("ﬁnance ＦＩＮＡＮＣＥ", ["financ", "financ"]),
        ("snake_case", ["snake", "case"]),
        ("don't we'll", []),
        ("पानी की संधि", ["पानी", "की", "संधि"]),
        ("پانی کا معاہدہ", ["پانی", "کا", "معاہدہ"]),
        ("emoji 🌊 river", ["emoji", "river"]),
        ("", []),
    ],
)
def test_a_term_is_a_stemmed_word_without_stop_words_numbers_and_punctuation(text: str, terms: list[str]) -> None:
    assert analyzer.terms("", text) == terms


def test_title_terms_stand_beside_the_body_s_in_their_own_namespace() -> None:
    assert Analyzer().terms("River talks", "Envoys met") == [
        "river",
        "talk",
        "envoy",
        "met",
        "title:river",
        "title:talk",
    ]


@given(st.text(), st.text())
def test_any_text_gives_terms_without_spaces_or_stop_words(title: str, body: str) -> None:
    for term in Analyzer().terms(title, body):
        word = term.removeprefix(TITLE)
        assert word
        assert ":" not in word
        assert not any(c.isspace() for c in word)


@given(st.text(), st.text())
def test_occurrences_are_the_terms_that_are_counted(title: str, body: str) -> None:
    analyzer = Analyzer()
    assert sorted(o.term for o in analyzer.occurrences(title, body)) == sorted(analyzer.terms(title, body))


@given(st.text())
def test_a_second_pass_over_the_same_text_gives_the_same_terms(text: str) -> None:
    analyzer = Analyzer()
    assert analyzer.terms("", text) == analyzer.terms("", text) == Analyzer().terms("", text)


def test_settings_make_the_same_analyzer_again() -> None:
    again = Analyzer.from_settings(analyzer.settings())
    assert again.terms("Talks", "on water") == analyzer.terms("Talks", "on water")


def test_settings_of_another_definition_of_a_term_are_refused() -> None:
    with pytest.raises(ValueError, match="analyzer version"):
        Analyzer.from_settings({**analyzer.settings(), "version": 99})


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert paragraphs("one\nstill one\n\n\n two \n \nthree") == ["one\nstill one", "two", "three"]
