"""Small stores for tests of the model's life: two versions trained on a few lines, each test its own copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tagger.cli import main

KINDS = (
    ("Match", "the striker scored in the final minute", "sport"),
    ("Budget", "the council voted on taxes and roads", "city|money"),
    ("Weather", "rain is expected in the hills", ""),
)
Call = Callable[..., "Said"]

__all__ = ["KINDS", "Call", "Said", "move_store", "write_labels"]


@dataclass(frozen=True)
class Said:
    """What a command left: exit code, data, talk."""

    code: int
    out: str
    err: str


def write_labels(path: Path, numbers: Sequence[int], kinds: Sequence[tuple[str, str, str]] = KINDS) -> Path:
    """Write a labelled CSV: each kind of story once for each number."""
    rows = [f"{kind} story {i},{text} number{i} item{i * 7},{tags}" for i in numbers for kind, text, tags in kinds]
    path.write_text("title,body,tags\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def move_store(old: Path, new: Path) -> None:
    """Copy a home so that nothing in the copy leads back to the original."""
    shutil.copytree(old, new)
    with sqlite3.connect(new / "mlflow.db") as store:
        for table, column in (
            ("experiments", "artifact_location"),
            ("runs", "artifact_uri"),
            ("logged_models", "artifact_location"),
            ("model_versions", "storage_location"),
        ):
            store.execute(f"update {table} set {column} = replace({column}, ?, ?)", (str(old), str(new)))  # noqa: S608
    index = new / "bundles" / "resolved.json"
    index.write_text(index.read_text(encoding="utf-8").replace(str(old), str(new)), encoding="utf-8")


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """36 articles on sport, city, money and none of these."""
    return write_labels(tmp_path_factory.mktemp("labels") / "mine.csv", range(12))


@pytest.fixture(scope="session")
def two_versions(labelled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with versions 1 (previous) and 2 (champion), trained by the command line. Tests only read it."""
    path = tmp_path_factory.mktemp("life") / "home"
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-m", "tagger", "train", str(labelled), "--folds", "2", "--seed", seed],
            env={**os.environ, "TAGGER_HOME": str(path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def life(two_versions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A test's own copy of `two_versions`, which it may change and damage; the process works in it."""
    copy = tmp_path / "life"
    move_store(two_versions, copy)
    monkeypatch.setenv("TAGGER_HOME", str(copy))
    # `Tracking` sets these for the whole process; set here, they are undone with the test
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"):
        monkeypatch.setenv(name, f"sqlite:///{copy / 'mlflow.db'}")
    return copy


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`tagger ARGUMENTS`, to its exit code, in this process, which has paid for importing MLflow already."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["tagger", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run
