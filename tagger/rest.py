"""Which version a tracking server means, asked by its public REST interface: no MLflow, a short time-out.

Importing MLflow takes seconds; this takes milliseconds, so every `tagger tag` can ask.
"""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from tagger.errors import NoModelError

if TYPE_CHECKING:
    import ssl

__all__ = ["Named", "NotAnswering", "Unclear", "ask", "is_server", "without_password"]

_UNKNOWN = {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}


class NotAnswering(Exception):  # noqa: N818 (not a mistake: servers are down at times)
    """The server cannot be reached, or is ill."""


class Unclear(Exception):  # noqa: N818 (the caller asks MLflow itself then)
    """The server answered something else than the version: it may want a way to sign in that only MLflow knows."""


class Named(NamedTuple):
    """What the registry says about a version."""

    version: str
    source: str
    """Where its files are: a URI with a unique id in it, never used twice."""


def is_server(uri: str) -> bool:
    """Tell whether a tracking URI is a server's."""
    return uri.startswith(("http://", "https://"))


def without_password(uri: str) -> str:
    """Return the URI as it may be shown and kept."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else uri


def ask(uri: str, name: str, model: str, seconds: float) -> Named:
    """Ask a server for a version or an alias of a registered model.

    Parameters
    ----------
    uri, name, model : str
    seconds : float
        How long it may be silent.

    Raises
    ------
    NoModelError
        If the server has no such version or alias.
    NotAnswering, Unclear
    """
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import HTTPSHandler, Request, build_opener

    if model.isdecimal():
        what, query = "model-versions/get", {"name": name, "version": model}
    else:
        what, query = "registered-models/alias", {"name": name, "alias": model}
    base = without_password(uri).rstrip("/")
    request = Request(f"{base}/api/2.0/mlflow/{what}?{urlencode(query, quote_via=quote)}")  # noqa: S310 (http only: `is_server`)
    if credentials := _credentials(uri):
        # unredirected: another host that the server points to must not get the password
        request.add_unredirected_header("Authorization", credentials)
    try:
        opener = build_opener(HTTPSHandler(context=_context())) if base.startswith("https") else build_opener()
        with opener.open(request, timeout=seconds) as response:
            found = json.load(response)["model_version"]
        return Named(str(found["version"]), str(found["source"]))
    except HTTPError as error:
        if error.code >= 500 or error.code == 429:
            raise NotAnswering(f"it is ill, HTTP {error.code}") from error
        if _code(error.read()) in _UNKNOWN:
            which = f"version {model}" if model.isdecimal() else f"model called {model!r}"
            raise NoModelError(f"There is no {which} on {base}", "Run `tagger train` first.") from error
        refused = error.code in (401, 403)
        hint = " (set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD)" if refused else ""
        raise Unclear(
            f"it {'refuses access' if refused else 'gives a strange answer'}, HTTP {error.code}{hint}"
        ) from error
    except URLError as error:
        raise NotAnswering(f"it does not answer, {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise NotAnswering(f"it does not answer, {str(error) or type(error).__name__}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unclear("it gives a strange answer") from error


def _credentials(uri: str) -> str:
    """Return what MLflow's client would send: the environment's user or token, else the URI's user."""
    parts = urlsplit(uri)
    user = os.environ.get("MLFLOW_TRACKING_USERNAME") or unquote(parts.username or "")
    password = os.environ.get("MLFLOW_TRACKING_PASSWORD") or unquote(parts.password or "")
    if user:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else ""


def _context() -> ssl.SSLContext:
    import ssl  # only here: it takes as long to import as tagging an article does

    if os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() == "true":
        return ssl._create_unverified_context()  # noqa: S323 (asked for by name, as MLflow does)
    return ssl.create_default_context(cafile=os.environ.get("MLFLOW_TRACKING_SERVER_CERT_PATH") or None)


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["error_code"])
    except (ValueError, KeyError, TypeError):
        return ""
