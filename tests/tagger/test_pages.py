"""What reading a scraped page means. The pages under tests/pages are our own writing."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.pages import Page, read_page

PAGES = Path(__file__).parents[1] / "pages"
SHARED = Path(__file__).parents[2] / ".." / "shared" / "pages"


def page(name: str) -> Page:
    return read_page((PAGES / f"{name}.txt").read_text(encoding="utf-8"))


def titles(text: str) -> list[str]:
    return [article.title for article in read_page(text).articles]


QUAY = """The harbour council voted on Monday to widen the northern quay, a plan that split the town.

Engineers told the council that dredging could begin after the herring season and would take two winters.

Fishing families had asked the council to keep berths on the quay free for boats that land herring."""

MORE_OF_THE_QUAY = """Traders on the quay fear for their summer, because the crane will stand on the market.

A report on the dredging put its cost at four million, and the council wants half of that from the region.

Work on the northern quay could be halted by storms, the engineers warned, as it was when the mole was built."""

TRAMS = """Tram drivers in Lowfield accepted a shorter night shift on Friday, ending a long dispute.

The union said four drivers in five had voted for the timetable that managers proposed in spring.

Passengers will notice few changes, for the last tram leaves the depot at the same hour as before."""


class TestTwoStoriesOnOnePage:
    def test_each_story_keeps_its_headline_its_summary_and_its_paragraphs(self) -> None:
        first, second = page("gazette").articles

        assert first.title == "Harbour council votes to widen the northern quay"
        assert first.paragraphs[:2] == (
            "• Dredging would begin after the herring season, engineers say",
            "• Fishing families ask for berths to be kept free",
        )
        assert len(first.paragraphs) == 5
        assert second.title == "Tram drivers accept a shorter night shift"
        assert [p.split()[0] for p in second.paragraphs] == ["•", "LOWFIELD:", "The"]

    def test_every_line_left_out_says_why(self) -> None:
        reasons = {item.text: item.reason for item in page("gazette").discarded}

        assert reasons["Short Url"] == "share line"
        assert reasons["Updated 04 March 2024"] == "date line"
        assert reasons["Follow"] == "follow line"
        assert reasons["Harbour council votes to widen the northern quay"] == "repeated headline"
        assert "photo caption" in reasons.values()

    def test_an_article_knows_its_line_and_how_sure_its_beginning_is(self) -> None:
        first, second = page("gazette").articles

        assert (first.line, first.confidence) == (1, 1.0)
        assert second.line == 20
        assert 0.9 < second.confidence <= 1.0

    @pytest.mark.parametrize("rule", ["---", "***", "* * *", "=====", "___________"])
    def test_a_rule_parts_stories_that_have_headlines(self, rule: str) -> None:
        text = f"Council widens the northern quay\n\n{QUAY}\n\n{rule}\n\nTram drivers accept shorter nights\n\n{TRAMS}"

        assert titles(text) == ["Council widens the northern quay", "Tram drivers accept shorter nights"]

    @pytest.mark.parametrize(
        "opening",
        [
            "{title}\nBy Ada Lund | March 4, 2024\n\n",
            "{title}\nAda Lund Published March 4, 2024 Updated March 5, 2024 09:12am\n\n",
            "4 March 2024\n{title}\n\n",
            "By Ada Lund\n\n{title}\n\n",
            "# {title}\n\n",
            "{title}\n==========\n\n",
            "{title}\n3 hours ago\nAda Lund\nBBC News, Lowfield\n\n",
        ],
    )
    def test_openings_of_many_houses_are_understood(self, opening: str) -> None:
        quay, trams = "Council widens the northern quay", "Tram drivers accept shorter nights"
        text = opening.format(title=quay) + QUAY + "\n\n" + opening.format(title=trams) + TRAMS

        read = read_page(text)

        assert [article.title for article in read.articles] == [quay, trams]
        assert [article.paragraphs for article in read.articles] == [
            tuple(QUAY.split("\n\n")),
            tuple(TRAMS.split("\n\n")),
        ]

    def test_headlines_in_capitals_need_nothing_else_when_the_subject_changes(self) -> None:
        text = f"COUNCIL WIDENS NORTHERN QUAY\n{QUAY}\n\nTRAM DRIVERS ACCEPT SHORTER NIGHT SHIFT\n{TRAMS}"

        assert titles(text) == ["COUNCIL WIDENS NORTHERN QUAY", "TRAM DRIVERS ACCEPT SHORTER NIGHT SHIFT"]

    def test_stories_without_headlines_are_told_by_byline_and_date(self) -> None:
        text = f"By Ada Lund\nMarch 4, 2024\n\n{QUAY}\n\nBy Tom Reed\nMarch 5, 2024\n\n{TRAMS}"

        assert titles(text) == ["", ""]


class TestOneStory:
    def test_subheads_do_not_cut_it(self) -> None:
        paragraphs = QUAY.split("\n\n")
        text = "\n\n".join(
            [
                "Council widens the northern quay",
                *paragraphs[:2],
                "What happens next on the quay",
                paragraphs[2],
                "Room for herring boats",
                paragraphs[0],
            ]
        )

        assert titles(text) == ["Council widens the northern quay"]
        assert "What happens next on the quay" in read_page(text).articles[0].paragraphs

    def test_without_a_headline_everything_is_body(self) -> None:
        (article,) = read_page(QUAY).articles

        assert article.title == ""
        assert article.paragraphs == tuple(QUAY.split("\n\n"))

    def test_one_paragraph_a_line_is_enough(self) -> None:
        (article,) = read_page("Council widens the northern quay\n" + QUAY.replace("\n\n", "\n")).articles

        assert article.paragraphs == tuple(QUAY.split("\n\n"))

    def test_wrapped_lines_are_joined(self) -> None:
        first, second = page("agency_wire").articles

        assert first.title == "Reservoir levels fall for a third month as spring rain stays away"
        assert first.paragraphs[0].startswith(
            "MARLOW, April 9 (Reuters) - Reservoirs that supply the eastern valleys fell for"
        )
        assert len(first.paragraphs) == 2
        assert second.title == "Chess federation moves its congress to the coast"
        assert second.paragraphs[1] == (
            "Players who had paid for their rooms would get their money back, the secretary added."
        )

    def test_clocks_of_live_coverage_are_no_boundaries(self) -> None:
        paragraphs = [*QUAY.split("\n\n"), *MORE_OF_THE_QUAY.split("\n\n")]
        lines = [
            "Council meets on the quay",
            "",
            *(f"{hour}:15 GMT\n{p}\n" for hour, p in enumerate(paragraphs, 9)),
        ]

        assert titles("\n".join(lines)) == ["Council meets on the quay"]

    def test_sentences_that_begin_like_buttons_stay(self) -> None:
        text = (
            "Share prices fell on Monday after the harbour council published its plan.\n\n"
            "Follow-up talks are planned for May.\n\n"
            "Comments by the mayor calmed traders.\n\n"
            "Updated figures are expected on Friday."
        )

        assert len(read_page(text).articles[0].paragraphs) == 4


class TestFurniture:
    def test_banners_inserts_comments_and_lists_go_and_the_body_stays(self) -> None:
        (article,) = page("comments_and_lists").articles

        assert article.title == "Museum reopens its clock room after nine years"
        # the subhead right below an advert line may go with it
        assert [p.split(",")[0] for p in article.paragraphs if p != "What happens next"] == [
            "The town museum reopened its clock room on Friday",
            "Curators said that forty of the sixty clocks were running again.",
            "The remaining clocks will be repaired in front of visitors",
        ]

    def test_the_reasons_are_plain_words(self) -> None:
        reasons = {item.text: item.reason for item in page("comments_and_lists").discarded}

        assert reasons["Accept all"] == "cookie notice"
        assert reasons["Home | News | Sport | Weather"] == "navigation line"
        assert reasons["By Tobias Renn | June 2, 2023"] == "byline"
        assert reasons["READ MORE: Five small museums worth a detour"] == "related links"
        assert reasons["Lovely news, I remember the tall one by the stairs."] == "reader comments"
        assert reasons["Night bus to the airport will run on Sundays"] == "related links"
        assert reasons["© 2023 The Lowfield Post. All rights reserved."] == "copyright line"

    def test_words_that_no_list_knows_are_told_by_coming_back_around_every_story(self) -> None:
        opening = "{title}\nPlucked fresh by {name}\n\n"
        tail = "\n\nCheer this tale on\n\n"
        text = (
            opening.format(title="Council widens the northern quay", name="Ada Lund")
            + QUAY
            + tail
            + opening.format(title="Tram drivers accept shorter nights", name="Tom Reed")
            + TRAMS
            + tail
        )

        first, second = read_page(text).articles

        assert first.paragraphs == tuple(QUAY.split("\n\n"))
        assert second.paragraphs == tuple(TRAMS.split("\n\n"))

    def test_a_tight_run_after_the_last_paragraph_is_furniture_in_any_words(self) -> None:
        text = f"Council widens the northern quay\n\n{QUAY}\n\nMood of the harbour\nMerry\nGrim\nHand it to a neighbour"

        (article,) = read_page(text).articles

        assert article.paragraphs == tuple(QUAY.split("\n\n"))

    def test_a_slogan_above_the_headline_is_none_for_the_story_says_none_of_its_words(self) -> None:
        text = f"The Lowfield Post\nPrinted upstream since 1888\n\nCouncil votes to widen the northern quay\n\n{QUAY}"

        (article,) = read_page(text).articles

        assert article.title == "Council votes to widen the northern quay"
        assert article.paragraphs == tuple(QUAY.split("\n\n"))

    def test_buttons_below_the_headline_go_in_any_words(self) -> None:
        text = f"Council widens quay\n\nMarch 4, 2024\nClip this\nWave at the author\n\n{QUAY}"

        (article,) = read_page(text).articles

        assert article.paragraphs == tuple(QUAY.split("\n\n"))

    def test_a_standfirst_stays(self) -> None:
        text = f"Council widens quay\n\nEngineers would dredge the northern quay for two winters\n\n{QUAY}"

        (article,) = read_page(text).articles

        assert article.paragraphs[0] == "Engineers would dredge the northern quay for two winters"

    def test_a_tight_run_with_furniture_between_paragraphs_goes_and_a_subhead_stays(self) -> None:
        first, second, third = QUAY.split("\n\n")
        fourth = "The council will ask the owners of herring boats in May which berths on the quay they want to keep."
        fifth = "Dredging the harbour would cost four million a year, engineers said, and more if the winters are hard."
        run = "Share this\nHand it on\nPrint this page"
        text = "\n\n".join(
            ["Council widens the northern quay", first, second, run, third, "Room for boats", fourth, fifth]
        )

        (article,) = read_page(text).articles

        assert article.paragraphs == (first, second, third, "Room for boats", fourth, fifth)

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("Story continues after this ad", "advert line"),
            ("ADVERTISEMENT | CONTINUE READING BELOW", "advert line"),
            ("[World news](/world)", "related links"),
            ("![The quay](/img/15.png)", "related links"),
            ("FTSE 100 16,126.52 +0.17%", "price line"),
        ],
    )
    def test_furniture_is_told_by_what_a_line_is_made_of(self, line: str, reason: str) -> None:
        first, second, third = QUAY.split("\n\n")
        read = read_page("\n\n".join(["Council widens the northern quay", first, second, line, third]))

        assert [(item.text, item.reason) for item in read.discarded] == [(line, reason)]

    def test_a_doubtful_line_set_as_a_paragraph_stays(self) -> None:
        doubtful = "Sign up for the harbour walk that the council plans in May"
        first, second, third = QUAY.split("\n\n")

        (article,) = read_page("\n\n".join(["Council widens the quay", first, doubtful, second, third])).articles

        assert article.paragraphs == (first, doubtful, second, third)

    def test_a_question_that_also_opens_comment_sections_drops_no_body(self) -> None:
        text = f"Council widens the northern quay\n\n{QUAY}\n\nWhat do you think?\n\n{QUAY}"

        assert len(read_page(text).articles[0].paragraphs) >= 6


class TestRealPages:
    @pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder shared/ beside the repository")
    @pytest.mark.parametrize("name", ["seed-000", "seed-002"])
    def test_are_read_exactly(self, name: str) -> None:
        text = (SHARED / f"{name}.txt").read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines() if line.strip()]

        first, second = read_page(text).articles

        starts = [i for i, line in enumerate(lines) if line in (first.title, second.title)]
        assert (starts[0], len(starts)) == (0, 4)
        # From the repeated headline to the next article's first one, every line is the article's.
        assert list(first.paragraphs) == lines[starts[1] + 1 : starts[2]]
        assert list(second.paragraphs) == lines[starts[3] + 1 :]


class TestAnyInput:
    """Whatever comes in: no error, no line lost, no order changed, no hanging."""

    words = st.sampled_from(
        "Council;votes;Share;By Ada Lund;March 4, 2024;•;#;---;\u200b;\x00;\ud800;10:15;(AP/File);Read more;"
        "Comments;said on Monday.;the quay;1.;|;\t;\ufeff;https://a.example;2 hours ago".split(";")
    )
    pages = st.lists(st.lists(words | st.text(max_size=12), max_size=12).map(" ".join), max_size=40).map("\n".join)

    @given(pages | st.text(max_size=400))
    @settings(max_examples=300, deadline=None)
    def test_every_line_is_in_an_article_or_discarded_with_a_reason(self, text: str) -> None:
        read = read_page(text)

        kept = [text for article in read.articles for text in (article.title, *article.paragraphs)]
        everything = "\n".join([*kept, *(item.text for item in read.discarded)])
        for line in text.splitlines():
            for word in line.split():
                bare = word.strip("#\x00\u200b\ufeff")
                if bare.isalnum() and bare.isascii() and not bare.isdigit():
                    assert bare in everything
        assert all(item.reason for item in read.discarded)

    @given(pages)
    @settings(max_examples=150, deadline=None)
    def test_the_order_of_the_page_is_kept(self, text: str) -> None:
        read = read_page(text)

        assert [a.line for a in read.articles] == sorted(a.line for a in read.articles)
        assert [d.line for d in read.discarded] == sorted(d.line for d in read.discarded)
        assert all(0.0 <= a.confidence <= 1.0 for a in read.articles)

    @pytest.mark.parametrize(
        "line",
        [
            "Comments are moderated. Please follow our community guidelines.",
            "Ada Lund is a reporter at the Lowfield Gazette, covering the harbour and the council.",
            "A version of this article appears in print on Page 4 with the headline: Quay.",
        ],
    )
    def test_a_sentence_in_which_the_site_speaks_of_itself_is_left_out(self, line: str) -> None:
        read = read_page(f"Council votes to widen the quay\n\n{QUAY}\n\n{line}\n\nAbout us\nPrivacy policy")

        assert read.articles[0].paragraphs == tuple(QUAY.split("\n\n"))

    def test_an_offer_that_comes_after_every_story_is_left_out(self) -> None:
        offer = "Want more stories like this? Get them delivered to your inbox every morning."
        text = "\n\n".join(
            ["Council votes to widen the quay", QUAY, offer, "Tram drivers accept shorter nights", TRAMS, offer]
        )

        first, second = read_page(text).articles

        assert first.paragraphs == tuple(QUAY.split("\n\n"))
        assert second.paragraphs == tuple(TRAMS.split("\n\n"))

    def test_memory_grows_with_the_page_and_not_with_its_square(self) -> None:
        tracemalloc.start()
        try:
            read_page("Council votes on quay\n" * 6_000)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert peak < 35_000_000

    def test_a_sentence_that_reports_on_a_newsletter_stays(self) -> None:
        line = "The council said that its newsletter would explain the dredging to the families on the quay."
        read = read_page(f"Council votes to widen the quay\n\n{QUAY}\n\n{line}")

        assert read.articles[0].paragraphs[-1] == line

    def test_headlines_of_other_stories_in_a_run_are_left_out_and_subheads_stay(self) -> None:
        first, second, third = QUAY.split("\n\n")
        lines = "Minister resigns over railway tender\nRecord snowfall closes mountain passes"
        rest = [third, *MORE_OF_THE_QUAY.split("\n\n")]
        text = ["Council votes to widen the quay", first, "Room for boats", second, f"Read more\n{lines}", *rest]
        (article,) = read_page("\n\n".join(text)).articles

        assert article.paragraphs == (first, "Room for boats", second, *rest)

    def test_reading_an_article_again_changes_nothing(self) -> None:
        for name in ("gazette", "agency_wire", "comments_and_lists"):
            for article in page(name).articles:
                again = read_page("\n\n".join([article.title, *article.paragraphs]))
                assert [(a.title, a.paragraphs) for a in again.articles] == [(article.title, article.paragraphs)]

    @pytest.mark.parametrize("text", ["", "\n\n\n", "\x00", "\ufeff", "\ud800", " \u200b\n\t"])
    def test_nothing_in_nothing_out(self, text: str) -> None:
        assert all(a.title or a.paragraphs for a in read_page(text).articles)

    def test_carriage_returns_and_byte_order_marks_do_not_matter(self) -> None:
        text = (PAGES / "gazette.txt").read_text(encoding="utf-8")

        assert read_page("\ufeff" + text.replace("\n", "\r\n")) == read_page(text)

    @pytest.mark.parametrize(
        "text",
        [
            "a" * 1_000_000,
            "a " * 100_000,
            "# " + " " * 1_000_000 + "#",
            "(" * 1_000_000,
            "Council votes on quay\n" * 50_000,
            "Comments\nReply\n" * 20_000,
            "Most read\nMarch 4, 2024\n" * 20_000,
            "• \n" * 50_000,
            "---\n" * 50_000,
            "By Ada Lund\nCouncil votes again\nSo it was.\n" * 10_000,
            "The quay. (AP/File)\n" * 20_000,
            "word, " * 100_000 + "\n" + "| " * 200_000,
        ],
        ids=lambda text: repr(text[:14]),
    )
    def test_hostile_input_is_read_to_its_end(self, text: str) -> None:
        read = read_page(text)

        assert len(read.discarded) + sum(len(a.paragraphs) + 1 for a in read.articles) > 0
