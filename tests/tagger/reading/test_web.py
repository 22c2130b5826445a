"""Saved web pages and feeds: the articles, all of them, and nothing else."""

from pathlib import Path

import pytest

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import read, read_all

RIVER = [
    "Pakistan and India agreed on Tuesday to resume talks over the sharing of the river’s water, officials said.",
    "The ministers met in the capital and said that the treaty of 1960 would remain in force while dams are inspected.",
    "Farmers in the province have complained that the canals ran dry in the spring, and relief was promised to them.",
]
RAID = [
    "Soldiers fired on a convoy near the border on Monday, and the army said that five of the attackers were killed.",
    "The ministry said the raid was the third this month, and that troops would be sent to the district to hold it.",
    "Residents fled to the town, where they were given shelter in schools and in the halls of the council.",
]
MENU = '<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/in">Sign in</a></nav>'
FOOTER = "<footer><p>Copyright 2024 The Daily. All rights reserved. Terms of use. Privacy policy.</p></footer>"


def found(folder: Path, text: str | bytes, name: str = "a.html") -> list[Article]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    items = list(read(str(path)))
    assert not [str(item) for item in items if isinstance(item, InputError)]
    return [item for item in items if isinstance(item, Article)]


def prose(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def story(title: str, paragraphs: list[str], attributes: str = "") -> str:
    return f"<article {attributes}><h2>{title}</h2>{prose(*paragraphs)}</article>"


def page(body: str, head: str = "<title>River talks resume | The Daily</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{MENU}<main>{body}</main>{FOOTER}</body></html>"


HEADLINES = {
    "title": "<title>River talks resume</title>",
    "og": '<title>The Daily</title><meta property="og:title" content="River talks resume">',
    "json-ld": "<title>The Daily</title>"
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", '
    '"headline": "River talks resume", "datePublished": "2024-05-06"}</script>',
}


@pytest.mark.parametrize("head", HEADLINES.values(), ids=HEADLINES)
def test_a_page_is_its_article_without_the_furniture(tmp_path: Path, head: str) -> None:
    aside = '<aside><h3>Most read</h3><ul><li><a href="/a">Cup final today</a></li></ul></aside>'
    (article,) = found(tmp_path, page(prose(*RIVER) + aside, head))
    assert article.title == "River talks resume"
    assert article.body.split("\n\n") == RIVER


def test_date_and_address_come_from_the_page(tmp_path: Path) -> None:
    head = (
        '<title>T</title><link rel="canonical" href="https://daily.example/river">'
        '<meta property="article:published_time" content="2024-05-06T10:00:00Z">'
    )
    (article,) = found(tmp_path, page(f"<h1>River talks</h1>{prose(*RIVER)}", head))
    assert (article.date, article.url) == ("2024-05-06", "https://daily.example/river")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-1", "utf-16", "utf-8-sig"])
def test_pages_are_read_in_the_encoding_they_are_in(tmp_path: Path, encoding: str) -> None:
    # what calls itself Latin-1 is Windows-1252 on the web
    real = "cp1252" if encoding in ("iso-8859-1", "windows-1252") else encoding
    text = page(prose(*RIVER), f'<meta charset="{encoding}"><title>Café talks</title>')
    (article,) = found(tmp_path, text.encode(real))
    assert article.title == "Café talks"
    assert "river’s water" in article.body


def test_a_declared_encoding_is_believed(tmp_path: Path) -> None:
    text = "Пакистан и Индия договорились возобновить переговоры о разделе речных вод, сообщили чиновники."
    markup = page(prose(text, text[::-1]), '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">')
    (article,) = found(tmp_path, markup.encode("koi8-r"))
    assert text in article.body


def test_a_page_of_several_stories_gives_each_its_own_text(tmp_path: Path) -> None:
    first, second = found(tmp_path, page(story("River talks", RIVER) + story("Border raid", RAID)))
    assert (first.title, second.title, first.number, second.number) == ("River talks", "Border raid", 1, 2)
    assert first.body.split("\n\n") == RIVER
    assert second.body.split("\n\n") == RAID


def test_a_frame_around_stories_is_no_story(tmp_path: Path) -> None:
    stories = story("River talks", RIVER) + story("Border raid", RAID)
    articles = found(tmp_path, page(f"<article><h1>Today</h1>{stories}</article>"))
    assert [article.title for article in articles] == ["River talks", "Border raid"]


def test_each_story_keeps_its_own_date_and_address(tmp_path: Path) -> None:
    linked = (
        '<article><h2><a href="https://x.example/raid">Border raid</a></h2><time datetime="2024-01-02">2 Jan</time>'
    )
    _, second = found(tmp_path, page(story("River talks", RIVER) + linked + prose(*RAID) + "</article>"))
    assert (second.date, second.url) == ("2024-01-02", "https://x.example/raid")


@pytest.mark.parametrize(
    "other",
    [
        story(
            "Ann",
            ["I think that this is wrong, and somebody has to do something about the river at last."] * 4,
            "class=comment",
        ),
        story("Border raid", RAID, 'class="related-story"'),
        story("Border raid", ["Five attackers were killed on Monday."]),
        f"<article><a href=/raid>{RAID[0]}</a></article>",
    ],
    ids=["comment", "related", "teaser", "link"],
)
def test_comments_related_stories_and_teasers_are_no_stories(tmp_path: Path, other: str) -> None:
    articles = found(tmp_path, page(f"<article><h1>River talks</h1>{prose(*RIVER)}</article>{other}"))
    assert len(articles) == 1
    assert articles[0].title == "River talks"


def test_one_story_with_headings_inside_is_never_cut(tmp_path: Path) -> None:
    inner = "".join(f"<h2>Part {text.split()[0]}</h2>{prose(text)}" for text in (*RIVER, *RAID))
    (article,) = found(tmp_path, page(f"<article><h1>A long report</h1>{inner}</article>"))
    assert all(text in article.body for text in (*RIVER, *RAID))


def test_a_page_s_pictures_hide_no_text(tmp_path: Path) -> None:
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo" * 300_000}">'
    (article,) = found(tmp_path, page(f"<h1>River talks</h1>{picture}{prose(*RIVER)}"))
    assert all(text in article.body for text in RIVER)


TANGLED = {
    "divs nested 100,000 deep": ("<div>" * 100_000 + prose(*RIVER), "nested too deeply"),
    "deep divs, all closed": ("<div>" * 5000 + prose(*RIVER) + "</div>" * 5000, "nested too deeply"),
    "100,000 unclosed tags": (prose(*RIVER) + "<p><b>x" * 50_000, "20,000 elements"),
    "a table of 45,000 cells": (prose(*RIVER) + "<table>" + "<tr><td>1<td>2<td>3" * 15_000, "20,000 elements"),
    "30,000 links": (prose(*RIVER) + "<a href=/x>y</a> " * 30_000, "20,000 elements"),
    "scripts that never end": ("<div>" * 300 + prose(*RIVER) + "<script>" * 50_000, "nested too deeply"),
}


@pytest.mark.parametrize(("body", "message"), TANGLED.values(), ids=TANGLED)
def test_a_page_too_tangled_to_parse_is_read_as_plain_text_and_said_to_be(
    tmp_path: Path, body: str, message: str
) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><h1>River talks resume</h1>{body}")
    (tmp_path / "b.html").write_text(page(story("Border raid", RAID), "<title>Border raid</title>"))
    *articles, error, neighbour = read_all([str(tmp_path)])
    text = "\n".join(f"{item.title}\n{item.body}" for item in articles if isinstance(item, Article))
    assert all(part in text for part in RIVER)
    assert str(error).startswith(f"{tmp_path / 'a.html'}: ")
    assert message in str(error)
    assert "read as plain text" in str(error)
    assert isinstance(neighbour, Article)
    assert neighbour.title == "Border raid"


@pytest.mark.parametrize("between", [' a{}=">"', " a{}", "/a{}", 'a{}="x"', " a{} = 'x y'"])
def test_floods_of_attributes_hide_no_text(tmp_path: Path, between: str) -> None:
    flood = "<p " + "".join(between.format(number) for number in range(30_000)) + f">{RAID[0]}</p>"
    (article,) = found(tmp_path, page(f"<h1>River talks</h1>{prose(*RIVER)}{flood}"))
    assert article.body.split("\n\n") == [*RIVER, RAID[0]]


def test_a_giant_attribute_costs_a_tag_no_other(tmp_path: Path) -> None:
    body = f'<article data-state="{"x= " * 20_000}" class="comment"><h2>Ann</h2>{prose(*RAID)}</article>'
    (article,) = found(tmp_path, page(story("River talks resume", RIVER) + body))
    assert article.body.split("\n\n") == RIVER


def test_giant_attributes_and_thousands_of_paragraphs_are_no_tangle(tmp_path: Path) -> None:
    giant = f'<p class="{"x " * 500_000}" style="{"y" * 500_000}">{RIVER[0]}</p>'
    (article,) = found(tmp_path, page(f"<h1>River talks</h1>{giant}{prose(*RIVER[1:]) * 3000}"))
    assert article.body.count(RIVER[1]) == 3000
    assert RIVER[0] in article.body


def test_a_feed_s_entry_nests_as_deeply_as_it_likes(tmp_path: Path) -> None:
    deep = f"{'&lt;i&gt;' * 2000}{RIVER[0]}"
    assert RIVER[0] in found(tmp_path, RSS.replace("Plain text", deep), "a.rss")[1].body


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Daily</title>
<item><title>Raid &amp; reply</title><guid>g-1</guid><link>https://x.example/1</link>
<pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate><description>Short</description>
<content:encoded><![CDATA[<p>One &amp; two.</p><ul><li>three</li></ul><script>no()</script>]]></content:encoded></item>
<item><title>Second</title><description>Plain text &lt;b&gt;bold&lt;/b&gt;</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Daily</title>
<entry><title type="html">Raid &amp;amp; reply</title><id>g-1</id><link href="https://x.example/1"/>
<updated>2024-05-06T10:00:00Z</updated>
<content type="html">&lt;p&gt;One &amp;amp; two.&lt;/p&gt;</content></entry></feed>"""


def test_an_rss_feed_is_its_entries(tmp_path: Path) -> None:
    first, second = found(tmp_path, RSS, "a.rss")
    assert first == Article(
        "Raid & reply",
        "One & two.\n\n• three",
        str(tmp_path / "a.rss"),
        1,
        "g-1",
        "Mon, 06 May 2024 10:00:00 GMT",
        "https://x.example/1",
    )
    assert (second.title, second.body, second.number) == ("Second", "Plain text bold", 2)


def test_an_atom_feed_is_its_entries(tmp_path: Path) -> None:
    (entry,) = found(tmp_path, ATOM, "a.xml")
    assert (entry.title, entry.body, entry.id, entry.date, entry.url) == (
        "Raid & reply",
        "One & two.",
        "g-1",
        "2024-05-06T10:00:00Z",
        "https://x.example/1",
    )


def test_a_feed_says_its_encoding(tmp_path: Path) -> None:
    text = RSS.replace("utf-8", "windows-1252").replace("Second", "Café “second”")
    assert found(tmp_path, text.encode("cp1252"), "a.rss")[1].title == "Café “second”"


def test_a_feed_cut_off_by_a_broken_download_gives_what_there_is_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text(RSS[: RSS.index("<item><title>Second")])
    article, error = read(str(path))
    assert isinstance(article, Article)
    assert "ends before" in str(error)


def test_a_feed_s_entities_reach_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden words")
    path = tmp_path / "a.rss"
    path.write_text(f'<!DOCTYPE r SYSTEM "file://{tmp_path}/secret">' + RSS.partition("?>")[2].replace("Second", "&x;"))
    assert "hidden" not in "".join(str(item) for item in read(str(path)))
