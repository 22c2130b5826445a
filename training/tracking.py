"""The only writer to MLflow: runs, folds, figures, the model, its version and aliases."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import mlflow
from mlflow.exceptions import MlflowException

from tagger.bundle import MANIFEST, SEAL, TABLES, Bundle
from tagger.home import MODEL_NAME, home, sqlite_path, tracking_uri
from tagger.registry import INSIDE
from training.card import headline, model_card
from training.curve import Point
from training.dataset import Dataset
from training.experiment import Outcome
from training.figures import curve_figure, figures, terms_figure
from training.heldout import FILE, HeldOut
from training.judgement import Judgement
from training.lineage import LabelledFile, environment, git_commit, labelled_files
from training.registering import register
from training.store import answering, make_store
from training.strongest_terms import strongest_terms
from training.tables import error_table, report_table, terms_table
from training.unseen import Holdout
from training.wrong_tags import as_markdown, worst

__all__ = ["Registered", "Tracking"]

_PACKAGES = ("topic-tagger", "PyStemmer", "scikit-learn", "scipy", "numpy", "mlflow")
_NOTE = "mlflow.note.content"
_TAG_LENGTH = 250
_DIGITS = 4
_WHERE_TO_LOOK = """
- `errors.md`, `errors.json`: the worst false positives and negatives of each topic
- `report.json`: every topic's figures; `figures/`: F1, precision-recall, reliability, confusion
"""
_WHERE_ELSE = """- `terms.json`: the words that each topic looks at; `model_card.md`: the model's description
- `labels.json`, `environment.json`: what it was trained on and with; the child runs are the folds
"""


class Registered(NamedTuple):
    """A new model version."""

    version: str
    run_id: str


class Tracking:
    """One training run in the MLflow store that the environment names.

    Use `started` around the training: an exception inside marks the run FAILED, an interrupt KILLED.
    """

    def __init__(self) -> None:
        self._uri = tracking_uri()
        with answering():
            if (path := sqlite_path(self._uri)) is not None:
                make_store(path)
            mlflow.set_tracking_uri(self._uri)
            mlflow.set_registry_uri(self._uri)
            self.client = mlflow.MlflowClient()
            self._experiment = self._experiment_id()

    def _experiment_id(self) -> str:
        found = self.client.get_experiment_by_name(MODEL_NAME)
        if found is not None:
            return str(found.experiment_id)
        # without a server MLflow would put artifacts below the working directory
        local = (home() / "artifacts").as_uri() if sqlite_path(self._uri) is not None else None
        kind = {"mlflow.experimentKind": "custom_model_development"}  # the UI opens it as model training
        try:
            return str(self.client.create_experiment(MODEL_NAME, artifact_location=local, tags=kind))
        except MlflowException:
            # another first training was a moment faster
            if (found := self.client.get_experiment_by_name(MODEL_NAME)) is None:
                raise
            return str(found.experiment_id)

    @contextmanager
    def started(self, name: str | None = None) -> Iterator[str]:
        """Open the parent run; yields its id."""
        with answering():
            run = mlflow.start_run(experiment_id=self._experiment, run_name=name, log_system_metrics=False)
        try:
            yield run.info.run_id
        except BaseException as error:
            with suppress(Exception):  # a store that failed cannot be told so; the first error is the one to see
                mlflow.end_run("KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED")
            raise
        with answering():
            mlflow.end_run("FINISHED")

    def log(self, outcome: Outcome, run_id: str, curve: Sequence[Point] = ()) -> Registered:
        """Log everything about an experiment into the open run and register its model.

        The champion is not touched: see `training.promotion`.

        Parameters
        ----------
        outcome : Outcome
        run_id : str
            The open run.
        curve : sequence of Point
            The learning curve below the whole set, smallest first, where one was asked for.
        """
        with answering():
            return self._log(outcome, run_id, curve)

    def _log(self, outcome: Outcome, run_id: str, curve: Sequence[Point]) -> Registered:
        judgement = Judgement.out_of_fold(outcome)
        mlflow.set_tags({"kind": "training", "git_commit": git_commit()})
        mlflow.log_params(_parameters(outcome))
        _log_judgement(judgement, "training", "Cross-validated", _WHERE_ELSE)
        mlflow.log_dict(environment(), "environment.json")
        if outcome.supplement:
            _log_labels(outcome.supplement, "supplement", "supplement.json")
        if outcome.holdout:
            _log_holdout(Judgement.held_out(outcome.holdout, outcome.fitted.thresholds), outcome.holdout)
        if curve:
            _log_curve([*curve, Point(len(outcome.dataset), outcome.report)])
        _log_metrics(_thresholds(outcome))
        for fold in reversed(outcome.folds):  # the UI lists the newest first
            name = f"fold {fold.number}"
            with mlflow.start_run(experiment_id=self._experiment, run_name=name, nested=True):
                mlflow.set_tag("kind", "fold")
                mlflow.log_params({"fold": fold.number, "candidate": fold.candidate})
                _log_metrics(fold.report.flat())
        return self._register(outcome, judgement, run_id)

    def _register(self, outcome: Outcome, judgement: Judgement, run_id: str) -> Registered:
        terms = strongest_terms(outcome)
        mlflow.log_table(terms_table(terms), "terms.json")
        mlflow.log_figure(terms_figure(terms, judgement), "figures/terms.png")
        card = model_card(outcome, judgement, terms)
        mlflow.log_text(card, "model_card.md")
        outcome.provenance.update(
            fingerprint=outcome.dataset.fingerprint,
            articles=len(outcome.dataset),
            support=outcome.dataset.support(),
            parameters=_parameters(outcome),
            metrics=judgement.metrics() | _thresholds(outcome),
            versions={name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
            git_commit=git_commit(),
            run_id=run_id,
        )
        with tempfile.TemporaryDirectory() as folder:
            held_out = Path(folder) / FILE
            outcome.provenance["held_out"] = HeldOut.of(outcome).write(held_out)
            mlflow.log_artifact(str(held_out))
            bundle = Path(folder) / INSIDE.name
            outcome.save_bundle(bundle)
            return Registered(register(self.client, bundle, card, run_id), run_id)

    def log_evaluation(self, model: str, judgement: Judgement) -> None:
        """Log how a model did on labelled articles as a run of its own."""
        dataset = judgement.dataset
        with self.started(f"{model} on {Path(next(iter(dataset.files))).stem}, {len(dataset)} articles"), answering():
            mlflow.set_tags({"kind": "evaluation", "evaluated_model": model})
            _log_judgement(
                judgement, "evaluation", f"{model} on articles it was not trained on", of=self._logged(model)
            )

    def _logged(self, model: str) -> str | None:
        """Return MLflow's id of a registered version's files, on whose page its evaluations then stand."""
        name, _, number = model.rpartition("/")
        if name != MODEL_NAME:
            return None
        source = str(self.client.get_model_version(MODEL_NAME, number).source)
        return source.removeprefix("models:/") if source.startswith("models:/m-") else None

    def log_imported(self, folder: Path, card: str, run_id: str) -> Registered:
        """Log a bundle that was trained elsewhere into the open run and register it."""
        training = Bundle.open(folder).manifest["training"]
        with answering():
            mlflow.log_params(training.get("parameters", {}))
            _log_metrics(training.get("metrics", {}))
            fingerprint = str(training.get("fingerprint", ""))[:16]
            commit = str(training.get("git_commit", ""))
            mlflow.set_tags({"kind": "import", "git_commit": commit, "fingerprint": fingerprint})
            mlflow.log_text(card, "model_card.md")
            if (folder / FILE).exists():
                mlflow.log_artifact(str(folder / FILE))
            with tempfile.TemporaryDirectory() as partial:
                bundle = Path(partial) / INSIDE.name
                bundle.mkdir()
                for name in (MANIFEST, SEAL, *TABLES):
                    shutil.copyfile(folder / name, bundle / name)
                return Registered(register(self.client, bundle, card, run_id), run_id)


def _log_judgement(judgement: Judgement, context: str, what: str, where_else: str = "", of: str | None = None) -> None:
    """Log figures, errors and labels of judged articles into the open run."""
    dataset = judgement.dataset
    mlflow.set_tags(
        {
            "topics": ", ".join(dataset.topics)[:_TAG_LENGTH],
            "labels": " + ".join(Path(path).name for path in dataset.files)[:_TAG_LENGTH],
            "fingerprint": dataset.fingerprint[:16],
            _NOTE: f"{what}: {headline(judgement)}.\n{_WHERE_TO_LOOK}{where_else}",
        }
    )
    files = _log_labels(dataset, context)
    # the model's page then tells figures on one file from those on another
    _log_metrics(judgement.metrics(), model_id=of, dataset=files[0] if len(files) == 1 else None)
    mlflow.log_table(report_table(judgement), "report.json")
    errors = list(worst(judgement))
    mlflow.log_table(error_table(errors), "errors.json")
    mlflow.log_text(as_markdown(errors, judgement), "errors.md")
    for name, figure in figures(judgement):
        mlflow.log_figure(figure, f"figures/{name}.png")


def _log_holdout(judgement: Judgement, holdout: Holdout) -> None:
    """Log how the model did on its hold-out beside what cross-validation found."""
    mlflow.set_tag("holdout", holdout.unseen.name)
    _log_labels(judgement.dataset, "hold-out", "holdout.json")
    _log_metrics({f"holdout/{name}": value for name, value in judgement.metrics().items()})
    mlflow.log_table(report_table(judgement), "holdout_report.json")
    mlflow.log_text(as_markdown(list(worst(judgement)), judgement), "holdout_errors.md")


def _log_labels(dataset: Dataset, context: str, name: str = "labels.json") -> list[LabelledFile]:
    """Log the labelled files as inputs of the open run, and the set that they make together."""
    files = labelled_files(dataset)
    for labelled in files:
        mlflow.log_input(labelled, context=context)
    mlflow.log_dict(
        {
            "files": dataset.files,
            "fingerprint": dataset.fingerprint,
            "articles": len(dataset),
            "untagged": sum(not e.tags for e in dataset.examples),
            "support": dataset.support(),
        },
        name,
    )
    return files


def _log_curve(points: Sequence[Point]) -> None:
    """Log the learning curve as metrics whose step is the number of articles."""
    for point in points:
        overall = point.report.overall
        values = {"micro_f1": overall.micro_f1.value, "macro_f1": overall.macro_f1.value}
        values |= {row.topic: row.f1.value for row in point.report.topics}
        _log_metrics({f"learning_curve/{name}": v for name, v in values.items()}, step=point.n_articles)
    mlflow.log_figure(curve_figure(points), "figures/learning_curve.png")


def _parameters(outcome: Outcome) -> dict[str, Any]:
    settings = outcome.settings
    return {
        "articles": len(outcome.dataset),
        "supplement_articles": len(outcome.supplement) if outcome.supplement else 0,
        "topics": len(outcome.dataset.topics),
        "folds": settings.n_folds,
        "repeats": settings.repeats,
        "inner_folds": settings.inner_folds(outcome.counts.matrix.shape[0]),
        "seed": settings.seed,
        "candidate": outcome.fitted.candidate.name,
        "terms": len(outcome.counts.terms),
        "background_articles": outcome.fitted.weighting.n_background,
    } | {f"precision_target/{topic}": promise.target for topic, promise in outcome.promises.items()}


def _thresholds(outcome: Outcome) -> dict[str, float]:
    """Return the final model's thresholds: found, not chosen, so that they stand with the metrics."""
    thresholds = zip(outcome.dataset.topics, outcome.fitted.thresholds.tolist(), strict=True)
    return {f"threshold/{topic}": value for topic, value in thresholds}


def _log_metrics(values: dict[str, float], **options: Any) -> None:
    """Log metrics with as many digits as mean something; the UI shows all there are."""
    mlflow.log_metrics({name: round(value, _DIGITS) for name, value in values.items()}, **options)
