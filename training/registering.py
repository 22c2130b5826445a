"""A bundle's folder -> a new version of the registered model, in MLflow's own format for models."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType

from tagger.home import MODEL_NAME

__all__ = ["register"]

_ABOUT = "Topic tags for news articles; `tagger tag` uses the version called champion."


def register(client: mlflow.MlflowClient, bundle: Path, card: str, run_id: str) -> str:
    """Log a bundle into the open run and make it a version; no alias is touched.

    Parameters
    ----------
    client : MlflowClient
    bundle : Path
        A folder called `tagger.registry.INSIDE.name`.
    card : str
        The version's description, in Markdown.
    run_id : str
        The open run.

    Returns
    -------
    str
        The version.
    """
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
    try:
        client.create_registered_model(MODEL_NAME, description=_ABOUT)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    # not mlflow.register_model: it talks on standard error
    made = client.create_model_version(
        MODEL_NAME, info.model_uri, run_id=run_id, description=card, model_id=info.model_id
    )
    # as mlflow.register_model does: the logged model's page then leads to the version
    made_of = json.dumps([{"name": MODEL_NAME, "version": str(made.version)}])
    client.set_logged_model_tags(info.model_id, {"mlflow.modelVersions": made_of})
    return str(made.version)


def _signature() -> ModelSignature:
    inputs: list[ColSpec | TensorSpec] = [ColSpec("string", name, required=False) for name in ("title", "body", "text")]
    outputs: list[ColSpec | TensorSpec] = [ColSpec(AnyType(), "tags"), ColSpec(AnyType(), "scores")]  # type: ignore[no-untyped-call]
    params = [ParamSpec("threshold", "double", -1.0), ParamSpec("explain", "boolean", False)]
    return ModelSignature(Schema(inputs), Schema(outputs), ParamSchema(params))
