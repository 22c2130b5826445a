"""The starter set keeps the promises of its data card."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

import labels
from tagger.analysis import Analyzer
from tagger.taxonomy import Taxonomy
from training.counts import count_terms
from training.dataset import read_dataset
from training.duplicates import near_pairs
from training.weighting import Weighting

Rows = list[dict[str, str]]
GENRES = set(
    "wire,brief,feature,analysis,opinion,editorial,explainer,court report,market report,parliament report,"
    "press conference,interview,statement,obituary,review,profile,inquiry report,essay,letter".split(",")
)


@pytest.fixture(scope="module")
def rows() -> Rows:
    with labels.starter().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_article_is_complete(rows: Rows) -> None:
    for row in rows:
        assert row["title"] == row["title"].strip() != ""
        assert row["place"]
        assert row["genre"] in GENRES, row["id"]
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", row["date"]), row["id"]
        assert 80 <= len(row["body"].split()) <= 400, row["id"]


def test_ids_and_titles_are_unique(rows: Rows) -> None:
    assert len({row["id"] for row in rows}) == len({row["title"] for row in rows}) == len(rows)


def test_there_are_articles_enough_of_every_kind(rows: Rows) -> None:
    tags = [frozenset(row["tags"].split("|")) - {""} for row in rows]
    assert len(rows) >= 1000
    assert sum(not t for t in tags) >= 400
    counts = Counter(topic for t in tags for topic in t)
    assert all(counts[topic] >= 150 for topic in Taxonomy.read(labels.taxonomy()).ids)
    pairs = Counter(pair for t in tags for pair in combinations(sorted(t), 2))
    natural = [pair for pair in pairs if pair != ("digital-finance", "water-rights")]
    assert len(natural) == 5
    assert all(pairs[pair] >= 60 for pair in natural)


def test_tags_are_of_the_taxonomy() -> None:
    dataset = read_dataset([labels.starter()], Taxonomy.read(labels.taxonomy()))
    assert dataset.topics == ("security", "diplomacy", "digital-finance", "water-rights")


def test_no_article_is_another_with_names_changed() -> None:
    dataset = read_dataset([labels.starter()])
    counts = count_terms(dataset.examples, Analyzer())
    pairs = near_pairs(Weighting().fit(counts.matrix).transform(counts.matrix), 0.6)
    apart = [
        (dataset.examples[i].id, dataset.examples[j].id)
        for i, j in pairs
        if not dataset.examples[i].split_group or dataset.examples[i].split_group != dataset.examples[j].split_group
    ]
    assert apart == []


def test_no_sentence_stands_in_two_articles(rows: Rows) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        for sentence in set(re.split(r"(?<=[.!?])\s+", row["body"])):
            if len(sentence.split()) > 7:
                assert seen.setdefault(sentence, row["id"]) == row["id"], sentence


def test_no_run_of_ten_words_stands_in_a_real_article(rows: Rows, shared: Path) -> None:
    def runs(text: str) -> Iterator[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9]+", text.lower())
        return (tuple(words[i : i + 10]) for i in range(len(words) - 9))

    ours = {run: row["id"] for row in rows for run in runs(row["body"])}
    with (shared / "data" / "real_news_dev.csv").open(encoding="utf-8", newline="") as file:
        real = [row["body"] for row in csv.DictReader(file)]
    with gzip.open(shared / "data" / "unlabelled_news.jsonl.gz", "rt", encoding="utf-8") as file:
        real += [json.loads(line).get("body") or "" for line in file]
    assert sorted({ours[run] for text in real for run in runs(text) if run in ours}) == []


def test_the_data_card_s_counts_are_right(rows: Rows) -> None:
    card = labels.starter().with_name("README.md").read_text(encoding="utf-8")
    combinations_of_tags = Counter(row["tags"] for row in rows)
    table = dict(re.findall(r"^\| (?:`([^`]*)`|\(none\)) \| (\d+) \|$", card, flags=re.MULTILINE))
    assert {tags.replace("\\|", "|"): int(n) for tags, n in table.items()} == dict(combinations_of_tags)
    assert f"**{len(rows):,} articles**" in card
