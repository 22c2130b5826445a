"""Kill -9 at random moments of training, promoting, rolling back and importing; count what survives.

Not collected by pytest: 50 kills take minutes. From the repository's root::

    .venv/bin/python tests/stress/kill.py [KILLS] [SEED]
"""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mlflow

PAGE = Path(__file__).parent.parent / "pages" / "demo.txt"
_HEAD = "title,body,tags\n"


def _labels(path: Path, n: int) -> Path:
    rows = [
        f"{kind} story {i},{text} number{i} item{i * 7},{tag}"
        for i in range(n)
        for kind, text, tag in (
            ("Match", "the striker scored in the final minute", "sport"),
            ("Budget", "the council voted on taxes and roads", "city|money"),
            ("Weather", "rain is expected in the hills", ""),
        )
    ]
    path.write_text(_HEAD + "\n".join(rows), encoding="utf-8")
    return path


def _tagger(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tagger", *map(str, arguments)],
        env={**os.environ, "TAGGER_HOME": str(home), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _killed(home: Path, seconds: float, *arguments: object) -> bool:
    """Start a command and kill it after some seconds; return whether it was still at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tagger", *map(str, arguments)],
        env={**os.environ, "TAGGER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def _scores(home: Path, model: object) -> tuple[str, list[dict[str, float]]]:
    """Return the model's name and its scores; an error of the command ends the test."""
    done = _tagger(home, "tag", PAGE, "--all-scores", "--format", "jsonl", "--model", model)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[0]["model"], [line["scores"] for line in lines]


def _in_the_store(home: Path, version: str) -> Path:
    """Return the version's bundle as the store has it, past our cache."""
    client = mlflow.MlflowClient(f"sqlite:///{home / 'mlflow.db'}")
    source = client.get_model_version("topic-tagger", version).source
    location = client.get_logged_model(source.removeprefix("models:/")).artifact_location
    return Path(location.removeprefix("file://")) / "data" / "bundle"


def main(kills: int, seed: int) -> None:
    """Run the test and print its counts."""
    chance = random.Random(seed)  # noqa: S311 (moments, not secrets)
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        small, large = _labels(Path(folder) / "small.csv", 12), _labels(Path(folder) / "large.csv", 15)
        began, first = time.monotonic(), 0.0
        for labels in (small, large):
            done = _tagger(home, "train", labels, "--folds", "2")
            assert done.returncode == 0, done.stderr
            first = time.monotonic() - began if labels == small else first
        for number in range(max(1, kills // 10)):
            fresh = Path(folder) / f"fresh{number}"
            # it makes the store about half-way through
            counts["first training: killed"] += _killed(fresh, chance.uniform(0.2, 0.9) * first, "train", small)
            done = _tagger(fresh, "train", small, "--folds", "2")
            assert done.returncode == 0, done.stderr
            _scores(fresh, "champion")
            counts["training and tagging after a killed first training work"] += 1
        exported = Path(folder) / "exported"
        assert _tagger(home, "models", "export", "1", exported).returncode == 0
        actions: dict[str, list[object]] = {
            "train": ["train", small, "--folds", "2"],
            "train more": ["train", large, "--folds", "2"],
            "promote": ["models", "promote", "1"],
            "rollback": ["models", "rollback"],
            "import": ["models", "import", exported],
            "tag": ["tag", PAGE],
        }
        lengths = {}
        for name, action in actions.items():
            began = time.monotonic()
            done = _tagger(home, *action)
            assert done.returncode == 0, done.stderr
            lengths[name] = time.monotonic() - began
        number = 0
        while sum(count for name, count in counts.items() if name.endswith(" killed")) < kills:
            number += 1
            name = chance.choice(list(actions))
            # the first third goes into importing MLflow: kills in it show little
            killed = _killed(home, chance.uniform(0.3, 1.0) * lengths[name], *actions[name])
            counts[f"{name}: {'killed' if killed else 'finished before its moment'}"] += 1
            model, scores = _scores(home, "champion")
            version = model.rpartition("/")[2]
            assert scores == _scores(home, _in_the_store(home, version))[1], f"{model} tags otherwise"
            counts["champion tags as its version in the store does"] += 1
            if name != "tag":
                client = mlflow.MlflowClient(f"sqlite:///{home / 'mlflow.db'}")
                aliases = client.get_registered_model("topic-tagger").aliases
                assert {"champion", "previous"} <= aliases.keys(), aliases
            print(f"{number:3} {name:10} {'killed' if killed else 'done':6}: {model}", flush=True)
        with sqlite3.connect(home / "mlflow.db") as store:
            assert store.execute("pragma integrity_check").fetchone() == ("ok",)
            counts["store is sound"] += 1
        done = _tagger(home, "train", small, "--folds", "2", "--promote", "always")
        assert done.returncode == 0, done.stderr
        assert _tagger(home, "models", "list").returncode == 0
        counts["training and listing afterwards work"] += 1
        counts["bundles in the cache"] = len(list((home / "bundles").glob("????????????????")))
        counts["half downloads left for pruning"] = len(list((home / "bundles").glob("*-*")))
    for name, count in sorted(counts.items()):
        print(f"{count:4} {name}")


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *["50", "0"][len(sys.argv) - 1 :]]))
