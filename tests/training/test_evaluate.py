"""`tagger evaluate` on real processes: a model is judged on what it did not see."""

import json
from pathlib import Path

import mlflow
import pytest

import labels
from tests.conftest import Run
from tests.training.conftest import Call, write_labels

FRESH = """id,title,body,tags
1,Shelling on the ridge,Artillery fire killed four soldiers at a border post and troops returned fire.,security
2,Envoys meet,The foreign ministers of the two states met and agreed to send their ambassadors back.,diplomacy
3,Bitcoin falls,The cryptocurrency exchange halted withdrawals after its wallet was drained.,digital-finance
4,Tail-enders wait,Farmers at the tail of the canal said the irrigation department cut their share.,water-rights
5,Cup final,The opener's century settled the match before tea.,
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    path = tmp_path / "fresh.csv"
    path.write_text(FRESH, encoding="utf-8")
    return path


def test_reports_every_figure_of_a_model_on_fresh_articles(tagger: Run, fresh: Path) -> None:
    done = tagger("evaluate", fresh, "--format", "json", "--no-log")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["model"] == "topic-tagger/1"
    assert found["n_articles"] == 5
    assert [topic["support"] for topic in found["topics"]] == [1, 1, 1, 1]
    assert found["overall"]["micro_f1"]["low"] <= found["overall"]["micro_f1"]["value"]


def test_articles_of_the_training_are_left_out(tagger: Run, fresh: Path, tmp_path: Path) -> None:
    done = tagger("evaluate", labels.starter(), "--no-log")
    assert done.returncode == 1
    assert "was trained on every one of these articles" in done.stderr
    done = tagger("evaluate", labels.starter(), fresh, "--format", "json", "--no-log")
    assert json.loads(done.stdout)["n_articles"] == 5
    assert "were in the model's training" in done.stderr


def test_a_folder_s_model_is_judged_with_a_warning(tagger: Run, fresh: Path, bundle: Path) -> None:
    done = tagger("evaluate", fresh, "--model", bundle, "--no-log")
    assert done.returncode == 0
    assert "not recorded which articles this model was trained on" in done.stderr
    assert "on 5 labelled articles" in done.stdout


def test_tags_outside_the_model_s_topics_are_mistakes(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("text,tags\nBody,sport\n")
    done = tagger("evaluate", tmp_path / "other.csv", "--no-log")
    assert done.returncode == 1
    assert "tag 'sport' is not in the taxonomy" in done.stderr


def test_the_report_is_logged_as_a_run(run_empty: Run, empty_home: Path, fresh: Path, bundle: Path) -> None:
    assert run_empty("evaluate", fresh, "--model", bundle).returncode == 0
    client = mlflow.MlflowClient(f"sqlite:///{empty_home / 'mlflow.db'}")
    (experiment,) = [e for e in client.search_experiments() if e.name == "topic-tagger"]
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    assert "micro_f1" in run.data.metrics
    assert (run.data.tags["kind"], run.data.tags["evaluated_model"]) == ("evaluation", str(bundle))
    names = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert {"report.json", "errors.json", "errors.md", "labels.json", "figures"} <= names


def test_f1_on_the_labels_that_are_sure_is_told(tagger: Run, fresh: Path, tmp_path: Path) -> None:
    rows = FRESH.splitlines()
    unsure = "\n".join([rows[0] + ",sure", *(f"{row},{'no' if row[0] == '5' else 'yes'}" for row in rows[1:])])
    (tmp_path / "unsure.csv").write_text(unsure + "\n", encoding="utf-8")
    found = json.loads(tagger("evaluate", tmp_path / "unsure.csv", "--format", "json", "--no-log").stdout)
    assert (found["n_articles"], found["sure"]["n_articles"]) == (5, 4)
    assert (
        "On the 4 articles whose annotator was sure" in tagger("evaluate", tmp_path / "unsure.csv", "--no-log").stdout
    )
    found = json.loads(tagger("evaluate", fresh, "--format", "json", "--no-log").stdout)
    assert found["sure"] is None


def test_an_evaluation_stands_on_the_page_of_the_version(life: Path, call: Call, tmp_path: Path) -> None:
    other = write_labels(tmp_path / "other.csv", range(40, 43), [("Final", "a striker scored twice tonight", "sport")])
    assert call("evaluate", other).code == 0
    client = mlflow.MlflowClient(f"sqlite:///{life / 'mlflow.db'}")
    (run,) = client.search_runs(["1"], "tags.kind = 'evaluation'")
    model = client.get_model_version("topic-tagger", "2").source.removeprefix("models:/")
    judged_by = {metric.run_id for metric in client.get_logged_model(model).metrics if metric.key == "micro_f1"}
    assert run.info.run_id in judged_by
