"""Resolving and caching, on real MLflow stores. What costs seconds is done once, in the shared home."""

import json
import shutil
import sqlite3
from pathlib import Path

import mlflow
import pytest

from tagger.errors import BundleError, NoModelError
from tagger.registry import resolve
from tests.conftest import Run


@pytest.fixture
def own_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the trained home that a test may damage; artifacts stay where they are."""
    copy = tmp_path / "home"
    copy.mkdir()
    # a copied database would not be the one the cache was made for: its stamp is its own
    for name in ("mlflow.db", "bundles"):
        (shutil.copytree if (home / name).is_dir() else shutil.copy2)(home / name, copy / name)
    index = copy / "bundles" / "resolved.json"
    index.write_text(index.read_text(encoding="utf-8").replace(str(home), str(copy)), encoding="utf-8")
    monkeypatch.setenv("TAGGER_HOME", str(copy))
    return copy


def silent(words: str) -> None:
    raise AssertionError(f"the registry was asked: {words}")


def test_the_cache_answers_while_the_store_has_not_changed(own_home: Path) -> None:
    resolved = resolve("champion", silent)
    assert resolved.name == "topic-tagger/1"
    assert resolved.folder.parent == own_home / "bundles"


def test_a_changed_store_is_asked_again(own_home: Path) -> None:
    with sqlite3.connect(own_home / "mlflow.db") as store:
        store.execute("create table changed (x)")
    asked: list[str] = []
    assert resolve("champion", asked.append).name == "topic-tagger/1"
    assert asked
    assert resolve("champion", silent).name == "topic-tagger/1"


def test_an_alias_set_by_hand_is_honoured(own_home: Path) -> None:
    client = mlflow.MlflowClient(f"sqlite:///{own_home / 'mlflow.db'}")
    client.set_registered_model_alias("topic-tagger", "mine", "1")
    assert resolve("mine").name == "topic-tagger/1"


def test_a_version_number_is_a_model(own_home: Path) -> None:
    assert resolve("1").name == "topic-tagger/1"


def test_a_damaged_copy_in_the_cache_is_fetched_again(own_home: Path) -> None:
    folder = resolve("champion", silent).folder
    before = (folder / "weights.npy").read_bytes()
    (folder / "weights.npy").write_bytes(before[:-8] + b"\0\0\0\0\0\0\0\1")
    asked: list[str] = []
    resolved = resolve("champion", asked.append)
    assert asked
    assert (resolved.folder / "weights.npy").read_bytes() == before


def test_a_touched_but_unchanged_copy_is_verified_not_fetched(own_home: Path) -> None:
    folder = resolve("champion", silent).folder
    (folder / "idf.npy").touch()
    assert resolve("champion", silent).folder == folder


@pytest.mark.parametrize("index", ["", "[]", "{", '{"x": 1}', '{"sqlite": null}'])
def test_a_broken_index_of_the_cache_costs_only_time(own_home: Path, index: str) -> None:
    (own_home / "bundles" / "resolved.json").write_text(index)
    assert resolve("champion").name == "topic-tagger/1"


def test_an_index_entry_of_another_shape_costs_only_time(own_home: Path) -> None:
    path = own_home / "bundles" / "resolved.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index.values():
        del entry["folder"]
    path.write_text(json.dumps(index), encoding="utf-8")
    assert resolve("champion").name == "topic-tagger/1"


@pytest.mark.parametrize("model", ["nobody", "99"])
def test_an_unknown_alias_or_version_is_no_model(own_home: Path, model: str) -> None:
    with pytest.raises(NoModelError, match=f"{model}.*tagger train"):
        resolve(model)


def test_without_a_store_there_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path))
    with pytest.raises(NoModelError, match="tagger train"):
        resolve()
    assert not list(tmp_path.iterdir())


def test_a_folder_is_a_model_when_its_bytes_are_right(bundle: Path, tmp_path: Path) -> None:
    assert resolve(str(bundle)).folder == bundle
    copy = Path(shutil.copytree(bundle, tmp_path / "x"))
    (copy / "terms.txt").write_text("other\n")
    with pytest.raises(BundleError, match=r"terms\.txt"):
        resolve(str(copy))
    with pytest.raises(NoModelError, match="no such folder"):
        resolve(str(tmp_path / "absent"))


def test_a_model_downloaded_with_mlflow_is_a_folder_too(home: Path) -> None:
    (model,) = (home / "artifacts" / "models").glob("*/artifacts")
    assert resolve(str(model)).folder == model / "data" / "bundle"


def test_a_damaged_model_in_the_store_is_an_error_and_never_a_wrong_tag(
    tagger: Run, home: Path, tmp_path: Path
) -> None:
    (model,) = (home / "artifacts" / "models").glob("*/artifacts")
    copy = Path(shutil.copytree(model, tmp_path / "model"))
    manifest = copy / "data" / "bundle" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"security"', '"secureity"'), encoding="utf-8")
    done = tagger("tag", "-", "--model", copy, input="text")
    assert done.returncode == 4
    assert done.stdout == ""
    assert "manifest.json is not the file that was saved" in done.stderr
