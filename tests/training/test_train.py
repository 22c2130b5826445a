"""`tagger train` as a user meets it, and what it leaves in a real MLflow store."""

import csv
import hashlib
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import sklearn

import labels
from tests.conftest import PAGES, Run
from tests.training.conftest import Call
from tests.training.test_judgement import articles

VERSION = re.compile(r"topic-tagger/\d+")
ROWS = "title,body,tags\n" + "\n".join(
    f"{kind} story {i},{text} number{i} item{i * 7},{tag}"
    for i in range(12)
    for kind, text, tag in (
        ("Match", "the striker scored in the final minute", "sport"),
        ("Budget", "the council voted on taxes and roads", "city|money"),
        ("Weather", "rain is expected in the hills", ""),
    )
)


@pytest.fixture(scope="module")
def client(home: Path) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(f"sqlite:///{home / 'mlflow.db'}")


def parent_run(client: mlflow.MlflowClient) -> mlflow.entities.Run:
    (experiment,) = [e for e in client.search_experiments() if e.name == "topic-tagger"]
    runs = client.search_runs([experiment.experiment_id])
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert len(runs) == 6
    return parent


def test_a_parent_run_has_parameters_metrics_figures_and_the_report(client: mlflow.MlflowClient) -> None:
    run = parent_run(client)
    assert run.info.status == "FINISHED"
    assert run.data.params["folds"] == "5"
    for name in ("micro_f1", "macro_f1", "f1/security", "average_precision/water-rights", "support/diplomacy"):
        assert run.data.metrics[name] >= 0
    names = {item.path for item in client.list_artifacts(run.info.run_id)}
    tables = {"report.json", "errors.json", "terms.json", "labels.json", "environment.json"}
    assert tables | {"errors.md", "model_card.md", "figures"} <= names
    drawn = {Path(item.path).stem for item in client.list_artifacts(run.info.run_id, "figures")}
    assert drawn == {"f1", "precision_recall", "reliability", "confusion", "terms"}
    assert "micro F1" in run.data.tags["mlflow.note.content"]


def test_runs_can_be_filtered_by_kind_topics_and_labels(client: mlflow.MlflowClient) -> None:
    run = parent_run(client)
    wanted = "tags.kind = 'training' and tags.topics like '%water-rights%' and tags.labels = 'starter.csv'"
    (found,) = client.search_runs([run.info.experiment_id], wanted)
    assert found.info.run_id == run.info.run_id
    assert len(client.search_runs([run.info.experiment_id], "tags.kind = 'fold'")) == 5


def test_each_fold_is_a_nested_run_with_its_own_metrics(client: mlflow.MlflowClient) -> None:
    run = parent_run(client)
    folds = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert sorted(fold.data.params["fold"] for fold in folds) == ["1", "2", "3", "4", "5"]
    assert all("f1/security" in fold.data.metrics for fold in folds)


def test_the_labels_are_a_logged_input_with_path_hash_and_counts(client: mlflow.MlflowClient) -> None:
    run = parent_run(client)
    (entry,) = run.inputs.dataset_inputs
    sha256 = hashlib.sha256(labels.starter().read_bytes()).hexdigest()
    assert (entry.dataset.name, entry.dataset.digest) == (
        "starter.csv",
        f"{sha256[:16]}-{run.data.tags['fingerprint']}",
    )
    assert json.loads(entry.dataset.source)["uri"] == str(labels.starter())
    profile = json.loads(entry.dataset.profile)
    assert (profile["sha256"], profile["num_rows"]) == (sha256, int(run.data.params["articles"]))
    assert profile["support"]["security"] == run.data.metrics["support/security"]


def test_the_error_table_names_articles_that_were_judged_wrongly(client: mlflow.MlflowClient, home: Path) -> None:
    run = parent_run(client)
    table = json.loads(Path(client.download_artifacts(run.info.run_id, "errors.json", str(home))).read_text())
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    with labels.starter().open(encoding="utf-8", newline="") as file:
        articles = {row["id"]: row for row in csv.DictReader(file)}
    assert {row["error"] for row in rows} == {"false positive", "false negative"}
    for row in rows:
        article = articles[row["id"]]
        assert article["title"].startswith(row["title"].removesuffix(" ..."))
        assert (row["topic"] in article["tags"].split("|")) == (row["error"] == "false negative")
        assert (row["topic"] in row["given"].split(", ")) == (row["error"] == "false positive")


def test_the_environment_is_recorded(client: mlflow.MlflowClient, home: Path) -> None:
    run = parent_run(client)
    found = json.loads(Path(client.download_artifacts(run.info.run_id, "environment.json", str(home))).read_text())
    assert found["python"] == platform.python_version()
    assert found["packages"]["scikit-learn"] == sklearn.__version__


def test_the_model_is_registered_as_champion_with_its_card(client: mlflow.MlflowClient) -> None:
    version = client.get_model_version_by_alias("topic-tagger", "champion")
    assert version.version in (1, "1")
    assert version.description.startswith("micro F1 0.")
    assert "| security |" in version.description


def test_mlflow_s_own_way_gives_the_same_tags(home: Path, tagger: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{home / 'mlflow.db'}")
    mine = [json.loads(line) for line in tagger("tag", PAGES / "demo.txt", "--all-scores").stdout.splitlines()]
    seen = [json.loads(line) for line in tagger("read", PAGES / "demo.txt").stdout.splitlines()]
    model = mlflow.pyfunc.load_model("models:/topic-tagger@champion")
    theirs = model.predict(pd.DataFrame([{"title": a["title"], "body": a["body"]} for a in seen]))
    assert [{"tags": a["tags"], "scores": a["scores"]} for a in mine] == theirs
    (explained,) = model.predict([{"text": "Bitcoin"}], params={"threshold": 0.0, "explain": True})
    assert len(explained["tags"]) == 4
    assert explained["tags"][0]["evidence"]


def test_the_table_says_that_it_is_cross_validated(run_empty: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(ROWS, encoding="utf-8")
    done = run_empty("train", tmp_path / "mine.csv", "--folds", "3")
    assert done.returncode == 0, done.stderr
    assert "Cross-validated on 36 articles, 3 folds" in done.stdout
    assert "step 5 of 5 done" in done.stderr
    for topic in ("sport", "city", "money", "micro", "macro"):
        assert topic in done.stdout
    # trained without a taxonomy: topics are the tags found
    tagged = run_empty("tag", "-", "--format", "csv", input="Late striker\n\nThe striker scored in the last minute.\n")
    assert ",sport," in tagged.stdout
    # a second training makes version 2 the champion and version 1 the previous one
    again = run_empty("train", tmp_path / "mine.csv", "--folds", "3")
    assert "version 2 of topic-tagger is the champion (before: version 1)" in again.stderr
    assert "topic-tagger/1" in run_empty("tag", "-", "--model", "previous", input="text").stdout
    assert "topic-tagger/2" in run_empty("tag", "-", input="text").stdout


def test_a_learning_curve_is_logged_by_number_of_articles(life: Path, call: Call, tmp_path: Path) -> None:
    rows = [f"{e.body},sport" if "topic-00" in e.tags else f"{e.body}," for e in articles(2, 20).examples]
    (tmp_path / "mine.csv").write_text("\n".join(["text,tags", *rows]) + "\n", encoding="utf-8")
    said = call("train", tmp_path / "mine.csv", "--folds", "2", "--jobs", "1", "--learning-curve", "--name", "curve")
    assert said.code == 0, said.err
    assert "learning curve, 2 of 2: 20 articles" in said.err
    client = mlflow.MlflowClient(f"sqlite:///{life / 'mlflow.db'}")
    (run,) = client.search_runs(["1"], "attributes.run_name = 'curve'")
    for name in ("micro_f1", "macro_f1", "sport"):
        assert [m.step for m in client.get_metric_history(run.info.run_id, f"learning_curve/{name}")] == [10, 20, 40]
    assert run.data.metrics["learning_curve/micro_f1"] == run.data.metrics["micro_f1"]
    assert "figures/learning_curve.png" in {i.path for i in client.list_artifacts(run.info.run_id, "figures")}


def test_mistakes_in_labels_are_all_told_and_nothing_is_trained(
    run_empty: Run, empty_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("title,body,tags\nT,,security\nT,Body,seurity\n")
    (tmp_path / "topics.toml").write_text('[[topic]]\nid = "security"\n')
    done = run_empty("train", tmp_path / "bad.csv", "--taxonomy", tmp_path / "topics.toml")
    assert done.returncode == 1
    assert "bad.csv:2: the text is empty" in done.stderr
    assert "bad.csv:3: tag 'seurity' is not in the taxonomy" in done.stderr
    assert not empty_home.exists()


def test_killing_a_training_at_any_moment_leaves_a_champion_that_tags_as_before(
    run_empty: Run, empty_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text(ROWS, encoding="utf-8")
    assert run_empty("train", tmp_path / "mine.csv", "--folds", "3").returncode == 0
    before = run_empty("tag", PAGES / "demo.txt", "--all-scores").stdout
    command = [sys.executable, "-m", "tagger", "train", str(tmp_path / "mine.csv"), "--folds", "3"]
    environment = {**os.environ, "TAGGER_HOME": str(empty_home)}
    for moment in (1.0, 3.0, 4.5, 6.0):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = run_empty("tag", PAGES / "demo.txt", "--all-scores")
        # killed after its last write it is the new champion, which the same labels make equal
        assert (after.returncode, VERSION.sub("", after.stdout)) == (0, VERSION.sub("", before)), after.stderr


def test_an_interrupted_training_is_marked_killed(run_empty: Run, empty_home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tagger", "train", "--repeats", "2"],
        env={**os.environ, "TAGGER_HOME": str(empty_home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "step 2" in line:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert "of 12 done" in line
    client = mlflow.MlflowClient(f"sqlite:///{empty_home / 'mlflow.db'}")
    (experiment,) = [e for e in client.search_experiments() if e.name == "topic-tagger"]
    assert [run.info.status for run in client.search_runs([experiment.experiment_id])] == ["KILLED"]
    assert run_empty("tag", "-", input="text").returncode == 3


def write_dated(path: Path, days: Sequence[str]) -> Path:
    """Write a story of random words for each day, every third of them on sport."""
    draw = random.Random(0)  # noqa: S311 (no secret)
    rows = ["date,text,tags"]
    for i, day in enumerate(days):
        words = " ".join("".join(draw.choices("abcdefghij", k=6)) for _ in range(20))
        rows.append(f"{day},{words}{' striker goal match' if i % 3 == 0 else ''},{'sport' if i % 3 == 0 else ''}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_future_is_a_hold_out_that_the_registered_model_knows_nothing_of(
    life: Path, call: Call, tmp_path: Path
) -> None:
    days = [f"2025-{1 + i % 4:02}-15" for i in range(80)]
    labels = write_dated(tmp_path / "mine.csv", days)
    options = ("--folds", 2, "--repeats", 2, "--jobs", 1, "--precision-target", "all=0.5", "--promote", "always")
    done = call("train", labels, "--holdout-after", "2025-03-31", *options)
    assert done.code == 0, done.err
    assert "60 articles up to 2025-03-31 to learn from, 20 later ones to judge" in done.err
    assert "step 7 of 7 done (hold-out)" in done.err
    assert "sport: precision 0.5 is promised with 90% confidence" in done.err
    assert "this model learnt nothing after 2025-03-31; for one that did, train without --holdout-after" in done.err
    cross_validated, hold_out = done.out.index("Cross-validated on 60"), done.out.index("Hold-out: 20 articles, after")
    assert cross_validated < hold_out
    assert "2 folds, mean of 2 repeats" in done.out
    # the model that was judged is the one registered: judging it again on the later articles gives the same figures
    later = write_dated(tmp_path / "later.csv", days)
    rows = later.read_text(encoding="utf-8").splitlines()
    later.write_text("\n".join([rows[0], *(row for row in rows if row.startswith("2025-04"))]), encoding="utf-8")
    again = call("evaluate", later, "--no-log")
    table = [line.split() for line in done.out[hold_out:].splitlines() if "sport" in line]
    assert table == [line.split() for line in again.out.splitlines() if "sport" in line]


def test_a_test_set_is_a_hold_out_without_the_articles_that_are_in_training(
    life: Path, call: Call, tmp_path: Path
) -> None:
    labels = write_dated(tmp_path / "mine.csv", ["2025-01-01"] * 60)
    rows = write_dated(tmp_path / "other.csv", ["2025-01-01"] * 90).read_text(encoding="utf-8").splitlines()
    (tmp_path / "other.csv").write_text("\n".join([rows[0], *rows[51:]]), encoding="utf-8")
    done = call("train", labels, "--test", tmp_path / "other.csv", "--folds", 2, "--jobs", 1, "--promote", "never")
    assert done.code == 0, done.err
    assert "10 of 40 hold-out articles are (near copies of) training articles: left out" in done.err
    assert "Hold-out: 30 articles, other.csv" in done.out


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--holdout-after", "2025-06-30"], 1, "No article is dated after 2025-06-30"),
        (["--holdout-after", "30.6.2025"], 2, "does not match the format"),
        (["--holdout-after", "2025-01-31", "--test", "mine.csv"], 2, "two hold-outs: give one of them"),
        (["--test", "mine.csv"], 1, "mine.csv: the training set holds every one of these 60 articles"),
        (["--precision-target", "spotr=0.9"], 1, "'spotr', which is none of the topics. The topics are sport"),
        (["--precision-target", "sport"], 2, "'sport' is not of the form TOPIC=0.9"),
        (["--precision-target", "sport=90"], 2, "a share between 0 and 1"),
    ],
)
def test_what_cannot_be_judged_is_told_before_a_run_begins(
    options: list[str], code: int, said: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    write_dated(tmp_path / "mine.csv", ["2025-01-31", "2025-06-30"] * 30)
    done = call("train", "mine.csv", *options)
    assert done.code == code
    assert said in done.err
    assert not (tmp_path / "home").exists()
