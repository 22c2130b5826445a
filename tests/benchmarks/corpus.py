"""What the benchmarks read: articles of news length, and a model trained on our starter set."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import labels

__all__ = ["champion", "environment", "starter", "write_news"]

_CHARACTERS = 3500
"""An article's length in the news we looked at."""


def starter() -> list[tuple[str, str, list[str]]]:
    """Return title, body and tags of our starter articles."""
    with labels.starter().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["title"], row["body"], [tag for tag in row["tags"].split("|") if tag]) for row in rows]


def write_news(path: Path, count: int, news: Path | None = None) -> int:
    """Write articles as JSON Lines and return their bytes.

    Parameters
    ----------
    count : int
    news : Path, optional
        JSON Lines with ``title`` and ``body`` to take (again and again) in place of articles made of
        the starter set's paragraphs.
    """
    articles = _real(news) if news else _made()
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for number, (title, body) in zip(range(count), articles, strict=False):
            size += len(title.encode()) + len(body.encode())
            file.write(json.dumps({"id": number, "title": title, "body": body}, ensure_ascii=False) + "\n")
    return size


def _real(news: Path) -> Iterator[tuple[str, str]]:
    while True:
        with gzip.open(news, "rt", encoding="utf-8") if news.suffix == ".gz" else news.open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield row["title"] or "", row["body"]


def _made() -> Iterator[tuple[str, str]]:
    articles = starter()
    sentences = [part for _, body, _ in articles for part in body.replace("\n", " ").split(". ")]
    chance = random.Random(6)  # noqa: S311 (no secret)
    number = 0
    while True:
        body = []
        while sum(map(len, body)) < _CHARACTERS:
            body.append(". ".join(chance.choices(sentences, k=4)))
            # new words keep coming in real news, which is what costs a memory of words
            body.append(f"{chance.getrandbits(24):x}ing in {chance.randint(1000, 9999)}")
        number += 1
        yield chance.choice(articles)[0], "\n\n".join(body)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of every measured process: one thread, byte code kept, our store."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | threads | {"TAGGER_HOME": str(home), "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONUTF8": "1"}


def champion(home: Path) -> Path:
    """Train the champion, unless the home has one, and return its bundle's folder."""
    if not list(home.glob("bundles/*/manifest.json")):
        print("training a champion (a minute) ...", file=sys.stderr)
        env = environment(home)
        subprocess.run([sys.executable, "-m", "tagger", "train"], env=env, check=True, stderr=subprocess.DEVNULL)
        subprocess.run(
            [sys.executable, "-m", "tagger", "tag", "-"],
            env=env,
            check=True,
            input=b"One article.",
            capture_output=True,
        )
    return next(home.glob("bundles/*/manifest.json")).parent
