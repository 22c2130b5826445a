"""The only writer to MLflow: runs, folds, figures, the model, its version and aliases."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when MLflow is imported
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow
import numpy as np
from mlflow.data.numpy_dataset import from_numpy
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType

from tagger.errors import RegistryError
from tagger.home import MODEL_NAME, home, sqlite_path, tracking_uri
from tagger.registry import CHAMPION, INSIDE
from training.card import model_card
from training.experiment import Outcome
from training.figures import figures

__all__ = ["PREVIOUS", "Registered", "Tracking", "versions"]

_ABOUT = "Topic tags for news articles; `tagger tag` uses the version called champion."
PREVIOUS = "previous"
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
        if (path := sqlite_path(self._uri)) is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            mlflow.set_tracking_uri(self._uri)
            mlflow.set_registry_uri(self._uri)
            self._client = mlflow.MlflowClient()
            self._experiment = self._experiment_id()
        except (MlflowException, OSError) as error:
            raise RegistryError(f"{self._uri}: the MLflow store does not answer ({error})") from error

    def _experiment_id(self) -> str:
        found = self._client.get_experiment_by_name(MODEL_NAME)
        if found is not None:
            return str(found.experiment_id)
        # without a server MLflow would put artifacts below the working directory
        local = (home() / "artifacts").as_uri() if sqlite_path(self._uri) is not None else None
        return str(self._client.create_experiment(MODEL_NAME, artifact_location=local))

    @contextmanager
    def started(self, name: str | None = None) -> Iterator[str]:
        """Open the parent run; yields its id."""
        run = mlflow.start_run(experiment_id=self._experiment, run_name=name, log_system_metrics=False)
        try:
            yield run.info.run_id
        except KeyboardInterrupt:
            mlflow.end_run("KILLED")
            raise
        except BaseException:
            mlflow.end_run("FAILED")
            raise
        mlflow.end_run("FINISHED")

    def log(self, outcome: Outcome, run_id: str) -> Registered:
        """Log everything about an experiment into the open run and register its model.

        The champion is not touched: see `promote`.
        """
        dataset = outcome.dataset
        mlflow.log_params(_parameters(outcome))
        mlflow.set_tags({"git_commit": _git_commit(), "fingerprint": dataset.fingerprint[:16]})
        path = Path(next(iter(dataset.files))).absolute()
        targets = dataset.targets().astype(np.int8)
        with warnings.catch_warnings():  # MLflow finds a local file's source type twice, and says so
            warnings.simplefilter("ignore", UserWarning)
            labels = from_numpy(targets, source=str(path), name=path.name, digest=dataset.fingerprint[:36])
        mlflow.log_input(labels, context="training")
        mlflow.log_dict(
            {"files": dataset.files, "fingerprint": dataset.fingerprint, "support": dataset.support()},
            "labels.json",
        )
        mlflow.log_metrics(outcome.report.flat())
        mlflow.log_table(_table(outcome), "report.json")
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
            bundle = Path(folder) / INSIDE.name
            outcome.save_bundle(bundle)
            # inferring requirements takes half a minute; these are the ones tagging needs
            needed = [f"{name}=={version(name)}" for name in ("topic-tagger", "PyStemmer")]
            info = mlflow.pyfunc.log_model(
                name="model",
                loader_module="tagger.pyfunc",
                data_path=str(bundle),
                signature=_signature(),
                input_example=[{"title": "Two lines at most", "body": "The text of an article."}],
                pip_requirements=needed,
            )
        self._ensure_registered_model()
        # not mlflow.register_model: it talks on standard error
        made = self._client.create_model_version(
            MODEL_NAME, info.model_uri, run_id=run_id, description=card, model_id=info.model_id
        )
        return Registered(str(made.version), run_id)

    def _ensure_registered_model(self) -> None:
        try:
            self._client.create_registered_model(MODEL_NAME, description=_ABOUT)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def promote(self, number: str) -> str | None:
        """Make a version the champion; the champion until now becomes ``previous``.

        Returns
        -------
        str or None
            The former champion's version.
        """
        former = versions(self._client).get(CHAMPION)
        if former and former != number:
            self._client.set_registered_model_alias(MODEL_NAME, PREVIOUS, former)
        # last and alone: a process killed before this line leaves the former champion
        self._client.set_registered_model_alias(MODEL_NAME, CHAMPION, number)
        return former


def versions(client: mlflow.MlflowClient) -> dict[str, str]:
    """Return the aliases of our registered model and the versions they name."""
    try:
        return {k: str(v) for k, v in client.get_registered_model(MODEL_NAME).aliases.items()}
    except MlflowException:
        return {}


def _parameters(outcome: Outcome) -> dict[str, Any]:
    settings = outcome.settings
    return {
        "articles": len(outcome.dataset),
        "topics": len(outcome.dataset.topics),
        "folds": settings.n_folds,
        "inner_folds": settings.n_inner,
        "seed": settings.seed,
        "candidate": outcome.fitted.candidate.name,
        "terms": len(outcome.counts.terms),
        "background_articles": outcome.fitted.weighting.n_background,
    } | {
        f"threshold/{topic}": round(float(value), 4)
        for topic, value in zip(outcome.dataset.topics, outcome.fitted.thresholds, strict=True)
    }


def _table(outcome: Outcome) -> dict[str, list[Any]]:
    rows = outcome.report.topics
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


def _signature() -> ModelSignature:
    inputs: list[ColSpec | TensorSpec] = [ColSpec("string", name, required=False) for name in ("title", "body", "text")]
    outputs: list[ColSpec | TensorSpec] = [ColSpec(AnyType(), "tags"), ColSpec(AnyType(), "scores")]  # type: ignore[no-untyped-call]
    params = [ParamSpec("threshold", "double", -1.0), ParamSpec("explain", "boolean", False)]
    return ModelSignature(Schema(inputs), Schema(outputs), ParamSchema(params))


def _git_commit() -> str:
    """Return the commit of the working directory's repository, "" outside one."""
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()
