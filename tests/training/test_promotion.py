"""The gate on a real store: what is compared, what is recorded, who becomes champion."""

from pathlib import Path

import mlflow
import pytest

from tagger.errors import NoModelError
from tests.training.conftest import KINDS, write_labels
from training.dataset import Dataset, read_dataset
from training.experiment import Outcome, Settings, run
from training.promotion import Decision, aliases, consider, promote, rollback
from training.tracking import Tracking

# the same stories with the tags moved round: a model learns these well, and is wrong
WRONG = tuple((kind, text, tags) for (kind, text, _), tags in zip(KINDS, ("city|money", "", "sport"), strict=True))


def train(labels: Path | Dataset) -> Outcome:
    dataset = labels if isinstance(labels, Dataset) else read_dataset([labels])
    return run(dataset, Settings(n_folds=2, n_inner=2, n_jobs=1))


def register(outcome: Outcome) -> tuple[mlflow.MlflowClient, str]:
    tracking = Tracking()
    with tracking.started() as run_id:
        return tracking.client, tracking.log(outcome, run_id).version


def offer(outcome: Outcome, how: str = "auto", test: Dataset | None = None) -> tuple[Decision, mlflow.MlflowClient]:
    client, version = register(outcome)
    assert version == "3"
    return consider(client, outcome, version, how, test), client


def test_the_second_training_was_compared_out_of_fold_and_says_so_on_the_version(life: Path) -> None:
    tags = mlflow.MlflowClient().get_model_version("topic-tagger", "2").tags
    assert tags["gate"] == "passed"
    assert tags["gate.champion"] == "1"
    assert tags["gate.compared_on"] == "36 articles that both judged out of fold and 0 new to the champion"
    assert tags["gate.reason"].startswith("not worse: micro F1")
    first = mlflow.MlflowClient().get_model_version("topic-tagger", "1").tags
    assert (first["gate"], first["gate.reason"]) == ("passed", "the first model")


def test_new_articles_are_tagged_by_the_champion_which_never_saw_them(life: Path, tmp_path: Path) -> None:
    more = write_labels(tmp_path / "more.csv", range(6, 18))
    decision, client = offer(train(more))
    # a new number in an old sentence is a near copy: the champion knows the story
    assert decision.compared == "18 articles that both judged out of fold and 0 new to the champion"
    fresh = "title,body,tags\n" + "".join(
        f"Report {i},{' '.join(f'{word}{i * j}' for j in range(9))},{tag}\n"
        for i in range(20, 32)
        for word, tag in (("racket", "sport"), ("mayors", "city|money"))
    )
    (tmp_path / "fresh.csv").write_text(more.read_text(encoding="utf-8") + fresh.split("\n", 1)[1], encoding="utf-8")
    outcome = train(tmp_path / "fresh.csv")
    client, version = register(outcome)
    again = consider(client, outcome, version, "never")
    assert again.compared.endswith("and 24 new to the champion")


def test_a_worse_candidate_stays_a_version_and_the_champion_the_champion(life: Path, tmp_path: Path) -> None:
    stories = [("Finals", "striker scored minute", "sport"), ("Council", "taxes roads voted", "city|money")]
    rows = [
        f"{k} {i},{text} {' '.join(f'extra{i}x{j}' for j in range(6))},{t}" for i in range(9) for k, text, t in stories
    ]
    (tmp_path / "test.csv").write_text("title,body,tags\n" + "\n".join(rows), encoding="utf-8")
    test = read_dataset([tmp_path / "test.csv"])
    decision, client = offer(train(write_labels(tmp_path / "wrong.csv", range(12), WRONG)), test=test)
    assert not decision.promoted
    assert decision.compared == "18 of 18 test articles, those that neither saw"
    assert decision.reason.startswith("worse overall: micro F1 ")
    assert aliases(client) == {"champion": "2", "previous": "1"}
    assert client.get_model_version("topic-tagger", "3").tags["gate"] == "not passed"


def test_test_articles_that_one_of_them_saw_do_not_count(life: Path, labelled: Path, tmp_path: Path) -> None:
    other = write_labels(tmp_path / "other.csv", range(40, 52))
    decision, _ = offer(train(other), test=read_dataset([labelled]))
    assert not decision.promoted
    assert decision.compared == "0 of 36 test articles, those that neither saw"
    assert decision.reason == "there is no article that neither of them saw"


def test_corrected_labels_count_for_both(life: Path, labelled: Path, tmp_path: Path) -> None:
    corrected = labelled.read_text(encoding="utf-8").replace("city|money", "city")
    (tmp_path / "corrected.csv").write_text(corrected + "Odd one out,money money bank,money\n", encoding="utf-8")
    decision, _ = offer(train(tmp_path / "corrected.csv"))
    assert "(12 relabelled since)" in decision.compared


def test_a_changed_set_of_topics_is_only_promoted_on_demand(life: Path, tmp_path: Path) -> None:
    renamed = tuple((kind, text, tags.replace("money", "finance")) for kind, text, tags in KINDS)
    outcome = train(write_labels(tmp_path / "renamed.csv", range(12), renamed))
    decision, client = offer(outcome)
    assert not decision.promoted
    assert decision.reason == "the topics have changed (+finance -money): give --promote always to accept that"
    assert consider(client, outcome, "3", "always").promoted
    assert aliases(client) == {"champion": "3", "previous": "2"}


def test_never_compares_and_leaves_the_champion(life: Path, labelled: Path) -> None:
    decision, client = offer(train(labelled), "never")
    assert (decision.promoted, decision.reason[:9]) == (False, "not worse")
    assert aliases(client)["champion"] == "2"


def test_a_champion_whose_training_is_not_on_record_is_not_compared(life: Path, labelled: Path) -> None:
    for file in (life / "artifacts").glob("*/artifacts/held_out.jsonl.gz"):
        file.unlink()
    decision, _ = offer(train(labelled))
    assert not decision.promoted
    assert decision.reason == "it is not recorded which articles the champion, version 2, saw"


def test_promoting_and_rolling_back_keep_the_way_back(life: Path) -> None:
    client = mlflow.MlflowClient()
    assert rollback(client) == ("1", "2")
    assert aliases(client) == {"champion": "1", "previous": "2"}
    assert rollback(client) == ("2", "1")
    assert promote(client, "2") == "2"
    assert aliases(client) == {"champion": "2", "previous": "1"}
    client.delete_registered_model_alias("topic-tagger", "previous")
    with pytest.raises(NoModelError, match="no previous champion"):
        rollback(client)


def test_a_first_model_is_always_promoted(tmp_path: Path, labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'other.db'}")
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    outcome = train(labelled)
    client, version = register(outcome)
    assert consider(client, outcome, version, "never").promoted
    assert aliases(client) == {"champion": "1"}
