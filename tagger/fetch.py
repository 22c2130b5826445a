"""A registered model version -> a verified bundle in the cache. The one file here that imports MLflow."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from tagger.bundle import SEAL, verify
from tagger.errors import BundleError, NoModelError, RegistryError

__all__ = ["fetch"]

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")


_LOGGED = "models:/"


def fetch(uri: str, name: str, model: str, inside: Path, cache: Path) -> tuple[str, Path]:
    """Bring a version into the cache, unless it is there.

    Parameters
    ----------
    uri : str
        MLflow tracking and registry URI.
    name : str
        The registered model's name.
    model : str
        A version number or an alias.
    inside : Path
        Where in the model's files the bundle is.
    cache : Path
        Bundles are kept here, in folders named after their manifest's SHA-256.

    Returns
    -------
    (str, Path)
        The version, and the folder of its verified bundle.
    """
    import mlflow
    from mlflow.exceptions import MlflowException

    # not mlflow.set_tracking_uri: it would change the environment of the whole process
    client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
    try:
        if model.isdecimal():
            found = client.get_model_version(name, model)
        else:
            found = client.get_model_version_by_alias(name, model)
        files = found.source
        if files.startswith(_LOGGED):  # resolved here: download_artifacts would look in the default store
            files = client.get_logged_model(files.removeprefix(_LOGGED)).artifact_location
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            what = f"version {model}" if model.isdecimal() else f"model called {model!r}"
            raise NoModelError(f"There is no {what} in {uri}", "Run `tagger train` first.") from error
        raise RegistryError(f"{uri}: the model registry does not answer ({error.message})") from error
    version = str(found.version)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=cache) as partial:
        try:
            got = Path(mlflow.artifacts.download_artifacts(files, dst_path=partial, tracking_uri=uri))
        except (MlflowException, OSError) as error:
            raise RegistryError(f"{name}/{version}: its files cannot be fetched ({error})") from error
        bundle = got / inside
        verify(bundle)
        folder = cache / (bundle / SEAL).read_text(encoding="ascii")[:16]
        _put(bundle, folder)
    return version, folder


def _put(bundle: Path, folder: Path) -> None:
    """Move a verified bundle to its place in one step; one already there and whole stays."""
    try:
        bundle.rename(folder)
    except OSError:
        try:
            verify(folder)
        except BundleError:
            shutil.rmtree(folder)
            bundle.rename(folder)
