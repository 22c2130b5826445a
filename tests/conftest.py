"""What the tests share: a temporary home with a trained champion, and the command line as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import labels
from tagger.taxonomy import Taxonomy
from training.background import read_background
from training.dataset import read_dataset
from training.experiment import Outcome, Settings, run

ROOT = Path(__file__).parent.parent
PAGES = Path(__file__).parent / "pages"
Run = Callable[..., subprocess.CompletedProcess[str]]

__all__ = ["PAGES", "ROOT", "Run"]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_machine() -> Iterator[None]:
    """Tests never see the store or the settings of whoever runs them."""
    kept = {name: os.environ.pop(name, None) for name in ("TAGGER_HOME", "MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")}
    yield
    os.environ.update({name: value for name, value in kept.items() if value is not None})


@pytest.fixture(autouse=True)
def _no_store_outlives_its_test() -> Iterator[None]:
    """MLflow keeps the store it was last told of, and writes it into the environment."""
    yield
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"):
        os.environ.pop(name, None)
    if "mlflow" in sys.modules:
        sys.modules["mlflow"].set_tracking_uri(None)
        sys.modules["mlflow"].set_registry_uri(None)


def _process(
    home: Path, *arguments: str | Path, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TAGGER_HOME": str(home), "PYTHONUTF8": "1", **(env or {})}
    command = [sys.executable, "-m", "tagger", *map(str, arguments)]
    options = {"capture_output": True, "text": True, "timeout": 300, **options}
    return subprocess.run(command, env=environment, check=False, **options)


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    """A home in which nothing was trained."""
    return tmp_path / "home"


@pytest.fixture
def run_empty(empty_home: Path) -> Run:
    """`tagger ARGUMENTS` in the empty home."""
    return lambda *arguments, **options: _process(empty_home, *arguments, **options)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a champion trained from the starter set by the command line. Tests only read it."""
    path = tmp_path_factory.mktemp("home")
    done = _process(path, "train")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def tagger(home: Path) -> Run:
    """`tagger ARGUMENTS` as a real process, with the starter champion."""
    return lambda *arguments, **options: _process(home, *arguments, **options)


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    """An experiment on the starter set, as `tagger train` runs it, without MLflow."""
    dataset = read_dataset([labels.starter()], Taxonomy.read(labels.taxonomy()))
    return run(dataset, Settings(), read_background(labels.background()))


@pytest.fixture(scope="session")
def bundle(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of `outcome`. Tests only read it."""
    folder = tmp_path_factory.mktemp("bundle") / "starter"
    outcome.save_bundle(folder)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real articles and pages for development, where they are at hand."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the development data is not on this machine")
    return folder
