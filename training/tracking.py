"""The only writer to MLflow: runs, folds, figures, the model, its version and aliases."""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import mlflow
import numpy as np
from mlflow.data.numpy_dataset import from_numpy
from mlflow.exceptions import MlflowException

from tagger.bundle import MANIFEST, SEAL, TABLES, Bundle
from tagger.home import MODEL_NAME, home, sqlite_path, tracking_uri
from tagger.registry import INSIDE
from training.card import model_card
from training.dataset import Dataset
from training.experiment import Outcome
from training.figures import figures
from training.heldout import FILE, HeldOut
from training.metrics import Report
from training.registering import register
from training.store import answering, make_store

__all__ = ["Registered", "Tracking"]

_PACKAGES = ("topic-tagger", "PyStemmer", "scikit-learn", "scipy", "numpy", "mlflow")


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

    def log(self, outcome: Outcome, run_id: str) -> Registered:
        """Log everything about an experiment into the open run and register its model.

        The champion is not touched: see `training.promotion`.
        """
        with answering():
            return self._log(outcome, run_id)

    def _log(self, outcome: Outcome, run_id: str) -> Registered:
        dataset = outcome.dataset
        mlflow.log_params(_parameters(outcome))
        mlflow.set_tags({"git_commit": _git_commit(), "fingerprint": dataset.fingerprint[:16]})
        _log_labels(dataset, "training")
        mlflow.log_metrics(outcome.report.flat())
        mlflow.log_table(_table(outcome.report), "report.json")
        for name, figure in figures(outcome):
            mlflow.log_figure(figure, f"figures/{name}.png")
        for fold in outcome.folds:
            name = f"fold {fold.number}"
            with mlflow.start_run(experiment_id=self._experiment, run_name=name, nested=True):
                mlflow.log_params({"fold": fold.number, "candidate": fold.candidate})
                mlflow.log_metrics(fold.report.flat())
        return self._register(outcome, run_id)

    def _register(self, outcome: Outcome, run_id: str) -> Registered:
        card = model_card(outcome)
        mlflow.log_text(card, "model_card.md")
        outcome.provenance.update(
            fingerprint=outcome.dataset.fingerprint,
            articles=len(outcome.dataset),
            support=outcome.dataset.support(),
            parameters=_parameters(outcome),
            metrics=outcome.report.flat(),
            versions={name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
            git_commit=_git_commit(),
            run_id=run_id,
        )
        with tempfile.TemporaryDirectory() as folder:
            held_out = Path(folder) / FILE
            outcome.provenance["held_out"] = HeldOut.of(outcome).write(held_out)
            mlflow.log_artifact(str(held_out))
            bundle = Path(folder) / INSIDE.name
            outcome.save_bundle(bundle)
            return Registered(register(self.client, bundle, card, run_id), run_id)

    def log_evaluation(self, model: str, dataset: Dataset, report: Report) -> None:
        """Log how a model did on labelled articles as a run of its own."""
        with self.started(f"{model} on {Path(next(iter(dataset.files))).stem}, {len(dataset)} articles"), answering():
            mlflow.set_tags({"evaluated_model": model, "fingerprint": dataset.fingerprint[:16]})
            _log_labels(dataset, "evaluation")
            mlflow.log_metrics(report.flat())
            mlflow.log_table(_table(report), "report.json")

    def log_imported(self, folder: Path, card: str, run_id: str) -> Registered:
        """Log a bundle that was trained elsewhere into the open run and register it."""
        training = Bundle.open(folder).manifest["training"]
        with answering():
            mlflow.log_params(training.get("parameters", {}))
            mlflow.log_metrics(training.get("metrics", {}))
            fingerprint = str(training.get("fingerprint", ""))[:16]
            mlflow.set_tags({"git_commit": str(training.get("git_commit", "")), "fingerprint": fingerprint})
            mlflow.log_text(card, "model_card.md")
            if (folder / FILE).exists():
                mlflow.log_artifact(str(folder / FILE))
            with tempfile.TemporaryDirectory() as partial:
                bundle = Path(partial) / INSIDE.name
                bundle.mkdir()
                for name in (MANIFEST, SEAL, *TABLES):
                    shutil.copyfile(folder / name, bundle / name)
                return Registered(register(self.client, bundle, card, run_id), run_id)


def _log_labels(dataset: Dataset, context: str) -> None:
    """Log the labels as an input of the open run: path, fingerprint, files' hashes, tag counts."""
    path = Path(next(iter(dataset.files))).absolute()
    targets = dataset.targets().astype(np.int8)
    with warnings.catch_warnings():  # MLflow finds a local file's source type twice, and says so
        warnings.simplefilter("ignore", UserWarning)
        labels = from_numpy(targets, source=str(path), name=path.name, digest=dataset.fingerprint[:36])
    mlflow.log_input(labels, context=context)
    mlflow.log_dict(
        {"files": dataset.files, "fingerprint": dataset.fingerprint, "support": dataset.support()},
        "labels.json",
    )


def _parameters(outcome: Outcome) -> dict[str, Any]:
    settings = outcome.settings
    return (
        {
            "articles": len(outcome.dataset),
            "topics": len(outcome.dataset.topics),
            "folds": settings.n_folds,
            "repeats": settings.repeats,
            "inner_folds": settings.inner_folds(len(outcome.dataset)),
            "seed": settings.seed,
            "candidate": outcome.fitted.candidate.name,
            "terms": len(outcome.counts.terms),
            "background_articles": outcome.fitted.weighting.n_background,
        }
        | {
            f"threshold/{topic}": round(float(value), 4)
            for topic, value in zip(outcome.dataset.topics, outcome.fitted.thresholds, strict=True)
        }
        | {
            f"precision_{name}/{topic}": value
            for topic, promise in outcome.promises.items()
            for name, value in (("target", promise.target), ("proven", promise.proven))
        }
    )


def _table(report: Report) -> dict[str, list[Any]]:
    rows = report.topics
    return {
        "topic": [r.topic for r in rows],
        "support": [r.support for r in rows],
        "precision": [round(r.precision, 4) for r in rows],
        "recall": [round(r.recall, 4) for r in rows],
        "f1": [round(r.f1.value, 4) for r in rows],
        "f1_low": [round(r.f1.low, 4) for r in rows],
        "f1_high": [round(r.f1.high, 4) for r in rows],
        "average_precision": [round(r.average_precision, 4) for r in rows],
        "brier": [round(r.brier, 4) for r in rows],
    }


def _git_commit() -> str:
    """Return the commit of the working directory's repository, "" outside one."""
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()
