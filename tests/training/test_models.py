"""`tagger models` as a user meets it, on a real store."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest

from tests.training.conftest import Call

ARTICLES = (
    '{"title": "Late goal", "text": "The striker scored in the final minute of the match."}\n'
    '{"title": "Vote", "text": "The council voted on taxes and roads."}\n'
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.jsonl"
    path.write_text(ARTICLES, encoding="utf-8")
    return path


def champion(call: Call, archive: Path) -> str:
    said = call("tag", archive, "--format", "jsonl")
    return str(json.loads(said.out.splitlines()[0])["model"])


def test_help_names_every_verb_with_examples() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tagger", "models", "--help"], capture_output=True, text=True, check=True
    )
    for verb in ("list", "show", "promote", "rollback", "diff", "export", "import", "delete"):
        assert f"\n  {verb} " in done.stdout
    assert "tagger models diff champion 7 archive.jsonl" in done.stdout


def test_list_has_a_row_a_version_with_figures_and_aliases(life: Path, call: Call) -> None:
    said = call("models", "list")
    assert said.code == 0
    for words in ("champion", "previous", "mine, 36 articles", "micro F1", "sport", "money"):
        assert words in said.out


def test_list_for_programs_is_json_with_data_alone_on_standard_output(life: Path, call: Call) -> None:
    newest, oldest = json.loads(call("models", "list", "--format", "json").out)
    assert (newest["number"], newest["aliases"]) == ("2", ["champion"])
    assert (oldest["number"], oldest["aliases"], oldest["articles"]) == ("1", ["previous"], 36)
    assert set(newest["metrics"]) >= {"micro_f1", "f1/sport", "support/city"}
    assert newest["gate"]["gate"] == "passed"


def test_a_version_whose_run_was_deleted_is_still_listed(life: Path, call: Call) -> None:
    client = mlflow.MlflowClient()
    client.delete_run(client.get_model_version("topic-tagger", "1").run_id)
    assert call("models", "list").code == 0


@pytest.mark.parametrize("which", ["2", "champion"])
def test_show_tells_all_about_a_version(life: Path, call: Call, which: str) -> None:
    said = call("models", "show", which)
    for words in ("Version 2", "gate.reason", "not worse", "seed", "Labels", "average precision"):
        assert words in said.out
    shown = json.loads(call("models", "show", which, "--format", "json").out)
    assert shown["parameters"]["seed"] == "1"
    assert "| sport |" in shown["description"]


def test_promote_and_rollback_change_what_tags_next(life: Path, call: Call, archive: Path) -> None:
    assert champion(call, archive) == "topic-tagger/2"
    assert "version 1 is the champion (before: version 2)" in call("models", "promote", "1").err
    assert champion(call, archive) == "topic-tagger/1"
    assert "version 2 is the champion again (before: version 1)" in call("models", "rollback").err
    assert champion(call, archive) == "topic-tagger/2"


def test_a_damaged_version_does_not_become_champion(life: Path, call: Call, archive: Path) -> None:
    shutil.rmtree(life / "bundles")
    source = mlflow.MlflowClient().get_model_version("topic-tagger", "1").source.removeprefix("models:/")
    weights = life / "artifacts" / "models" / source / "artifacts" / "data" / "bundle" / "weights.npy"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    said = call("models", "promote", "1")
    assert (said.code, "weights.npy is not the file that was saved" in said.err) == (4, True)
    assert champion(call, archive) == "topic-tagger/2"


def test_diff_counts_and_shows_who_gains_and_loses_and_why(life: Path, call: Call, archive: Path, bundle: Path) -> None:
    said = call("models", "diff", "2", bundle, archive)
    assert said.code == 0
    for words in ("2 of 2 articles change", "These lose sport", "Late goal", "because of", "no such topic", "striker"):
        assert words in " ".join(said.out.split())
    found = json.loads(call("models", "diff", bundle, "2", archive, "--format", "json", "--examples", "1").out)
    (sport,) = [topic for topic in found["topics"] if topic["topic"] == "sport"]
    assert (sport["gained"], sport["lost"], sport["kept"]) == (1, 0, 0)
    (example,) = sport["examples_gained"]
    assert (example["title"], example["score_before"]) == ("Late goal", 0.0)
    assert example["score_after"] >= example["threshold_after"]
    assert "striker" in example["because_of"]


def test_diff_of_a_model_with_itself_is_empty(life: Path, call: Call, archive: Path) -> None:
    found = json.loads(call("models", "diff", "champion", "2", archive, "--format", "json").out)
    assert (found["articles"], found["changed"]) == (2, 0)
    assert sum(topic["kept"] for topic in found["topics"]) == 3


def test_an_exported_model_tags_elsewhere_and_is_imported_whole(
    life: Path, call: Call, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "exported"
    assert call("models", "export", "1", folder).code == 0
    assert {"manifest.json", "model_card.md", "held_out.jsonl.gz"} <= {file.name for file in folder.iterdir()}
    by_version = json.loads(call("tag", archive, "--model", "1", "--all-scores").out.splitlines()[0])["scores"]
    by_folder = json.loads(call("tag", archive, "--model", folder, "--all-scores").out.splitlines()[0])["scores"]
    assert by_version == by_folder
    again = call("models", "export", "1", folder)
    assert (again.code, "exists already" in again.err) == (1, True)
    said = call("models", "import", folder)
    assert "registered as version 3; to use it: tagger models promote 3" in said.err
    shown = json.loads(call("models", "show", "3", "--format", "json").out)
    assert (shown["articles"], shown["aliases"]) == (36, [])
    assert "| sport |" in shown["description"]
    assert call("models", "promote", "3").code == 0
    assert champion(call, archive) == "topic-tagger/3"


def test_an_import_into_an_empty_store_is_the_first_champion(life: Path, call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    assert call("models", "export", "2", folder).code == 0
    environment = {**os.environ, "TAGGER_HOME": str(tmp_path / "other")}
    del environment["MLFLOW_TRACKING_URI"]

    def tagger(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tagger", *map(str, arguments)]
        return subprocess.run(command, env=environment, check=False, input="Some text.", capture_output=True, text=True)

    assert "registered as version 1; it is the champion" in tagger("models", "import", folder).stderr
    assert '"model":"topic-tagger/1"' in tagger("tag", "-").stdout


@pytest.mark.parametrize("file", ["weights.npy", "manifest.json", "held_out.jsonl.gz"])
def test_an_export_that_was_changed_is_not_imported(life: Path, call: Call, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "exported"
    assert call("models", "export", "1", folder).code == 0
    changed = (folder / file).read_bytes()
    (folder / file).write_bytes(changed[: len(changed) // 2])
    said = call("models", "import", folder)
    assert said.code == 4
    assert file in said.err
    assert len(json.loads(call("models", "list", "--format", "json").out)) == 2


def test_delete_never_takes_the_champion(life: Path, call: Call) -> None:
    said = call("models", "delete", "2", "--yes")
    assert (said.code, "is the champion" in said.err) == (1, True)
    assert call("models", "delete", "1", "--yes").code == 0
    (left,) = json.loads(call("models", "list", "--format", "json").out)
    assert (left["number"], left["aliases"]) == ("2", ["champion"])


def test_an_unknown_version_is_exit_code_3(life: Path, call: Call) -> None:
    for arguments in (["show", "9"], ["promote", "nobody"], ["delete", "9"], ["export", "9", "x"]):
        said = call("models", *arguments)
        assert (said.code, said.out) == (3, "")
        assert "tagger models list" in said.err


def test_without_a_store_there_is_nothing_to_list(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "none"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    said = call("models", "list")
    assert (said.code, "Run `tagger train` first" in said.err) == (3, True)
    assert not (tmp_path / "none").exists()
