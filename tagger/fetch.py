"""A registered model version -> a verified bundle in the cache. The one file here that imports MLflow."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

from tagger.bundle import verify
from tagger.cache import prune, put, receiving, unwritable
from tagger.errors import NoModelError, RegistryError
from tagger.home import bundle_cache
from tagger.rest import Named, without_password

__all__ = ["fetch", "find"]

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # its own 7 are minutes of silence

# it logs a stack of SQL before it raises what we say in one line
logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)

_LOGGED = "models:/"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def find(uri: str, name: str, model: str) -> Named:
    """Ask MLflow for a version or an alias of a registered model.

    Raises
    ------
    NoModelError
        If there is no such version or alias.
    RegistryError
        If the registry does not answer.
    """
    import mlflow
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    shown = without_password(uri)
    try:
        # not mlflow.set_tracking_uri: it would change the environment of the whole process
        client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
        if model.isdecimal():
            found = client.get_model_version(name, model)
        else:
            found = client.get_model_version_by_alias(name, model)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            what = f"version {model}" if model.isdecimal() else f"model called {model!r}"
            raise NoModelError(f"There is no {what} in {shown}", "Run `tagger train` first.") from error
        raise RegistryError(f"{shown}: the model registry does not answer ({_first_line(error)})") from error
    except (OSError, SQLAlchemyError) as error:
        raise RegistryError(f"{shown}: the model registry does not answer ({_first_line(error)})") from error
    return Named(str(found.version), str(found.source))


def fetch(uri: str, label: str, source: str, inside: Path) -> Path:
    """Bring a model's bundle into the cache, unless it is there.

    Parameters
    ----------
    uri : str
        MLflow tracking URI.
    label : str
        What messages call the model.
    source : str
        Where the registry says that the model's files are.
    inside : Path
        Where in them the bundle is.

    Returns
    -------
    Path
        The folder of the verified bundle.
    """
    import mlflow
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    with receiving() as partial:
        try:
            if source.startswith(_LOGGED):  # resolved here: download_artifacts would look in the default store
                client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
                source = client.get_logged_model(source.removeprefix(_LOGGED)).artifact_location
            got = Path(mlflow.artifacts.download_artifacts(source, dst_path=str(partial), tracking_uri=uri))
        except (MlflowException, SQLAlchemyError) as error:
            if reason := next((r for r in map(os.strerror, _NO_ROOM) if r in str(error)), ""):
                raise unwritable(bundle_cache(), OSError(reason)) from error  # MLflow packs it into its own
            raise RegistryError(f"{label}: its files cannot be fetched ({_first_line(error)})") from error
        except OSError as error:
            raise unwritable(bundle_cache(), error) from error
        verify(got / inside)
        folder = put(got / inside)
    prune()
    return folder


def _first_line(error: Exception) -> str:
    """Return what an error says without the stack of SQL or HTTP details below it."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
