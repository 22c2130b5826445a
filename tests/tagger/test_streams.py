"""Streams of articles: in order, whatever their number, and without numpy where they are few."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tagger.article import Article, TaggedArticle
from tagger.errors import InputError
from tagger.streams import tag_stream
from tagger.tagging import Tagger

WORDS = "ceasefire border troops treaty envoy summit bitcoin wallet exchange canal barrage irrigation match".split()
MANY = 700
ERROR = InputError("row 3: empty")


def news(count: int) -> Iterator[Article]:
    for number in range(count):
        words = [WORDS[(number * step) % len(WORDS)] for step in range(1, 9)]
        yield Article(words[0].title(), " ".join(words[1:]), number=number)


@pytest.fixture(scope="module")
def tagger(bundle: Path) -> Tagger:
    return Tagger.load(bundle)


def tags(tagged: TaggedArticle) -> list[tuple[str, float]]:
    return [(tag.topic, round(tag.score, 9)) for tag in tagged.tags]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("explain", [False, True])
def test_many_articles_are_tagged_in_order_as_each_alone(tagger: Tagger, explain: bool, jobs: int) -> None:
    results = list(tag_stream(tagger, news(MANY), explain=explain, jobs=jobs))
    assert [result.article for result in results] == list(news(MANY))
    for result in results[:: MANY // 70]:
        alone = tagger.tag(result.article, explain=explain)
        assert tags(result) == tags(alone)
        assert [tag.passage for tag in result.tags] == [tag.passage for tag in alone.tags]


@pytest.mark.parametrize("jobs", [1, 2])
def test_errors_keep_their_place(tagger: Tagger, jobs: int) -> None:
    items: list[Article | InputError] = list(news(MANY))
    for place in (0, 5, 300, 301, len(items)):
        items.insert(place, ERROR)
    results = list(tag_stream(tagger, items, jobs=jobs))
    assert [r.article if isinstance(r, TaggedArticle) else r for r in results] == items


def test_an_endless_stream_is_tagged_as_it_comes(tagger: Tagger) -> None:
    endless = itertools.cycle(news(MANY))
    assert len(list(itertools.islice(tag_stream(tagger, endless), 10_000))) == 10_000


@pytest.mark.parametrize("jobs", [1, 2])
def test_whoever_stops_early_is_not_kept(tagger: Tagger, jobs: int) -> None:
    results = tag_stream(tagger, itertools.cycle(news(MANY)), jobs=jobs)
    for _ in itertools.islice(results, MANY):
        pass
    results.close()


def test_an_error_of_the_source_comes_through(tagger: Tagger) -> None:
    def broken() -> Iterator[Article]:
        yield from news(MANY)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        list(tag_stream(tagger, broken()))


def test_a_few_articles_need_neither_numpy_nor_pyarrow(bundle: Path) -> None:
    code = (
        "import sys; from tagger.tagging import Tagger; from tagger.streams import tag_stream\n"
        "from tagger.article import Article\n"
        f"tagger = Tagger.load({str(bundle)!r})\n"
        "assert len(list(tag_stream(tagger, [Article('Border', 'troops fired')] * 20, explain=True))) == 20\n"
        "print(*sorted({'numpy', 'pyarrow', 'click', 'mlflow', 'multiprocessing'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
