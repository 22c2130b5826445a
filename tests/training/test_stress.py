"""Many processes, full disks and homes that may not be written to, on real stores.

`tests/stress/kill.py` kills processes at random moments, 50 times over.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest

from tests.training.conftest import Call

PAGE = Path(__file__).parent.parent / "pages" / "demo.txt"
Done = subprocess.CompletedProcess[str]


def tagger(home: Path, *arguments: object, prefix: tuple[str, ...] = (), **options: Any) -> Done:
    environment = {**os.environ, "TAGGER_HOME": str(home), "PYTHONUTF8": "1"}
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"):
        environment.pop(name, None)
    return subprocess.run(
        [*prefix, sys.executable, "-m", "tagger", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        **options,
    )


def scores(out: str) -> list[dict[str, float]]:
    return [json.loads(line)["scores"] for line in out.splitlines()]


def small_files(limit: int) -> Callable[[], None]:
    """Return what makes a process fail to write larger files, as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.fixture
def two_models(life: Path, call: Call, bundle: Path) -> dict[str, list[dict[str, float]]]:
    """Scores by model, of two that differ: version 2 and version 3, the starter model."""
    assert call("models", "import", bundle).code == 0
    return {
        f"topic-tagger/{version}": scores(
            call("tag", PAGE, "--all-scores", "--model", version, "--format", "jsonl").out
        )
        for version in ("2", "3")
    }


def test_tagging_while_the_champion_changes_is_by_the_old_or_the_new_model(
    life: Path, two_models: dict[str, list[dict[str, float]]]
) -> None:
    assert two_models["topic-tagger/2"] != two_models["topic-tagger/3"]
    finished: list[Done] = []

    def tag() -> None:
        finished.extend(tagger(life, "tag", PAGE, "--all-scores") for _ in range(2))

    threads = [threading.Thread(target=tag) for _ in range(2)]
    for thread in threads:
        thread.start()
    client, number = mlflow.MlflowClient(), 0
    while any(thread.is_alive() for thread in threads):
        number += 1
        client.set_registered_model_alias("topic-tagger", "champion", "23"[number % 2])
        threads[0].join(0.3)
    assert number > 2
    for done in finished:
        assert done.returncode == 0, done.stderr
        (name,) = {json.loads(line)["model"] for line in done.stdout.splitlines()}
        assert scores(done.stdout) == two_models[name]


def test_clearing_the_cache_under_a_tagger_never_gives_half_a_model(life: Path) -> None:
    done = []
    thread = threading.Thread(target=lambda: done.append(tagger(life, "tag", PAGE)))
    thread.start()
    while thread.is_alive():
        shutil.rmtree(life / "bundles", ignore_errors=True)
        thread.join(0.4)
    # it is cleared without a pause: fetching may give up, with an error and no output
    assert (done[0].returncode, bool(done[0].stdout)) in ((0, True), (4, False)), done[0].stderr


def test_two_first_trainings_at_once_both_end_registered(labelled: Path, tmp_path: Path) -> None:
    home, done = tmp_path / "home", []
    threads = [
        threading.Thread(target=lambda: done.append(tagger(home, "train", labelled, "--folds", "2"))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.returncode for one in done] == [0, 0], done[0].stderr + done[1].stderr
    client = mlflow.MlflowClient(f"sqlite:///{home / 'mlflow.db'}")
    assert {int(v.version) for v in client.search_model_versions("name = 'topic-tagger'")} == {1, 2}
    runs = client.search_runs([e.experiment_id for e in client.search_experiments() if e.name == "topic-tagger"])
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert client.get_model_version_by_alias("topic-tagger", "champion")


def test_a_full_disk_is_told_when_a_model_is_fetched_and_nothing_half_is_kept(life: Path) -> None:
    shutil.rmtree(life / "bundles")
    done = tagger(life, "tag", PAGE, preexec_fn=small_files(1000))
    assert (done.returncode, done.stdout) == (4, "")
    assert "the model cannot be kept there (File too large). Make room, or set TAGGER_HOME" in done.stderr
    assert done.stderr.count("\n") <= 2
    assert not list((life / "bundles").iterdir())
    assert tagger(life, "tag", PAGE).returncode == 0


def test_a_full_disk_is_told_in_training_and_the_champion_stays(life: Path, labelled: Path) -> None:
    size = (life / "mlflow.db").stat().st_size
    done = tagger(life, "train", labelled, "--folds", "2", preexec_fn=small_files(size // 2))
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert "the MLflow store failed" in done.stderr
    assert '"model":"topic-tagger/2"' in tagger(life, "tag", PAGE).stdout


@pytest.fixture
def unprivileged() -> tuple[str, ...]:
    """What to put before a command so that it may not write where permissions forbid it."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


def read_only(home: Path) -> None:
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_read_only_home_with_a_cached_champion_tags(life: Path, unprivileged: tuple[str, ...]) -> None:
    assert tagger(life, "tag", PAGE).returncode == 0  # a copied store is a changed one: asked once
    read_only(life)
    done = tagger(life, "tag", PAGE, prefix=unprivileged)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_read_only_home_is_told_where_it_must_be_written_to(
    life: Path, labelled: Path, unprivileged: tuple[str, ...]
) -> None:
    read_only(life)
    other = tagger(life, "tag", PAGE, "--model", "1", prefix=unprivileged)
    assert '"model":"topic-tagger/1"' in other.stdout  # in the cache; only that cannot be noted down
    cleared = tagger(life, "cache", "clear", prefix=unprivileged)
    assert (cleared.returncode, "cannot be cleared (Permission denied)" in cleared.stderr) == (4, True)
    trained = tagger(life, "train", labelled, "--folds", "2", prefix=unprivileged)
    assert trained.returncode == 4
    assert "Traceback" not in trained.stderr
    assert "Make room, or set TAGGER_HOME to a folder that can be written to" in trained.stderr
    new = tagger(life / "new", "train", labelled, prefix=unprivileged)
    assert (new.returncode, "Permission denied" in new.stderr) == (4, True)
