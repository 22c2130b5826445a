"""The bundles kept on this disk: put in place whole, pruned, cleared."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from tagger.bundle import verify
from tagger.cache import Index, clear, folders, prune, put, receiving
from tests.conftest import Run

LONG_AGO = time.time() - 10 * 86_400


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path))
    return tmp_path / "bundles"


def fetched(bundle: Path) -> Path:
    with receiving() as partial:
        return put(Path(shutil.copytree(bundle, partial / "bundle")))


def aged(cache: Path, name: str, bundle: Path, age: float = LONG_AGO) -> Path:
    folder = Path(shutil.copytree(bundle, cache / name))
    os.utime(folder, (age, age))
    return folder


def test_a_bundle_gets_its_place_by_what_is_in_it_and_the_download_goes(cache: Path, bundle: Path) -> None:
    folder = fetched(bundle)
    verify(folder)
    assert folder.parent == cache
    assert fetched(bundle) == folder
    assert list(cache.iterdir()) == [folder] == folders()


def test_a_damaged_bundle_in_its_place_is_replaced(cache: Path, bundle: Path) -> None:
    folder = fetched(bundle)
    (folder / "idf.npy").write_bytes(b"")
    assert fetched(bundle) == folder
    verify(folder)


def test_a_download_that_fails_leaves_nothing(cache: Path) -> None:
    with pytest.raises(FileNotFoundError), receiving() as partial:
        shutil.copy2(partial / "absent", partial / "half")
    assert not list(cache.iterdir())


def test_pruning_keeps_what_is_remembered_young_or_among_the_latest(cache: Path, bundle: Path) -> None:
    fetched(bundle)
    latest = [aged(cache, f"latest{i}", bundle, LONG_AGO + 100 + i) for i in range(4)]
    remembered = aged(cache, "remembered", bundle)
    old = aged(cache, "old", bundle)
    Index().set("uri champion", {"folder": "remembered"})
    prune()
    assert all(folder.exists() for folder in [*latest, remembered])
    assert not old.exists()


def test_pruning_takes_what_killed_processes_left_and_not_what_is_going_on(cache: Path, bundle: Path) -> None:
    left, going_on = aged(cache, "fetching-left", bundle), aged(cache, "fetching-now", bundle, time.time())
    (cache / "resolved.1.tmp").write_text("{")
    os.utime(cache / "resolved.1.tmp", (LONG_AGO, LONG_AGO))
    prune()
    assert not left.exists()
    assert going_on.exists()
    assert not (cache / "resolved.1.tmp").exists()


def test_the_memory_of_names_is_bounded_and_keeps_the_latest(cache: Path) -> None:
    cache.mkdir()
    for i in range(60):
        Index().set(f"key {i}", {"version": i})
    assert len(Index().entries()) == 50
    assert Index().get("key 59") == {"version": 59}
    assert Index().get("key 0") == {}


def test_info_says_what_is_kept_and_where(tagger: Run, home: Path) -> None:
    done = tagger("cache", "info", "--format", "json")
    said = json.loads(done.stdout)
    assert said["folder"] == str(home / "bundles")
    (model,) = [model for model in said["models"] if "champion" in model["asked_for_as"]]
    assert model["models"] == ["topic-tagger/1"]
    assert said["bytes"] >= model["bytes"] > 100_000
    table = tagger("cache", "info")
    assert "topic-tagger/1" in table.stdout
    assert str(home / "bundles") in table.stderr


def test_clear_frees_the_space_and_an_empty_cache_is_none(run_empty: Run, empty_home: Path, bundle: Path) -> None:
    assert "0.0 MB freed" in run_empty("cache", "clear").stderr
    shutil.copytree(bundle, empty_home / "bundles" / "x")
    done = run_empty("cache", "clear")
    assert done.returncode == 0
    assert "MB freed" in done.stderr
    assert "0.0 MB" not in done.stderr
    assert not list((empty_home / "bundles").iterdir())
    assert json.loads(run_empty("cache", "info", "--format", "json").stdout)["models"] == []


def test_clearing_nothing_frees_nothing(cache: Path) -> None:
    assert clear() == 0
