"""The registered versions as plain records, for people and programs alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from tagger.errors import NoModelError
from tagger.home import MODEL_NAME
from training.promotion import aliases
from training.store import answering

__all__ = ["Version", "version_of", "versions"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the model.

    Parameters
    ----------
    number : str
    created : str
        ISO 8601, UTC.
    aliases : list of str
    run, run_id : str
        Name and id of the run that made it, ``""`` once that is deleted.
    fingerprint : str
        Of the labels it was trained on.
    articles : int or None
        How many there were.
    metrics : dict
        Cross-validated figures, as MLflow shows them.
    gate : dict
        What the comparison with the champion of the time found.
    description : str
        The model card, in Markdown.
    """

    number: str
    created: str
    aliases: list[str]
    run: str
    run_id: str
    fingerprint: str
    articles: int | None
    metrics: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    gate: dict[str, str] = field(default_factory=dict)
    description: str = ""

    @property
    def topic_f1(self) -> dict[str, float]:
        """F1 by topic."""
        return {name.removeprefix("f1/"): v for name, v in self.metrics.items() if name.startswith("f1/")}

    def as_dict(self, *, brief: bool = False) -> dict[str, Any]:
        """Return plain values; brief ones leave out parameters and card."""
        values = asdict(self)
        if brief:
            for name in ("parameters", "description"):
                del values[name]
        return values


def versions(client: mlflow.MlflowClient) -> list[Version]:
    """Return all versions, the newest first."""
    with answering():
        found = client.search_model_versions(f"name = '{MODEL_NAME}'")
    named = _by_version(client)
    return [_version(client, v, named) for v in sorted(found, key=lambda v: -int(v.version))]


def version_of(client: mlflow.MlflowClient, which: str) -> Version:
    """Return one version, by number or alias.

    Raises
    ------
    NoModelError
        If there is none.
    """
    number = which if which.isdecimal() else aliases(client).get(which)
    with answering():
        try:
            found = client.get_model_version(MODEL_NAME, number) if number else None
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            found = None
    if found is None:
        what = f"version {which}" if which.isdecimal() else f"version called {which!r}"
        raise NoModelError(f"There is no {what}", "See `tagger models list`.")
    return _version(client, found, _by_version(client))


def _by_version(client: mlflow.MlflowClient) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for alias, number in sorted(aliases(client).items()):
        named.setdefault(number, []).append(alias)
    return named


def _version(client: mlflow.MlflowClient, found: ModelVersion, named: dict[str, list[str]]) -> Version:
    number = str(found.version)
    try:
        run = client.get_run(found.run_id) if found.run_id else None
    except MlflowException:
        run = None  # deleted in the UI: the version still tags
    data = run.data if run else None
    articles = data.params.get("articles", "") if data else ""
    return Version(
        number=number,
        created=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC).isoformat(timespec="seconds"),
        aliases=named.get(number, []),
        run=(run.info.run_name or "") if run else "",
        run_id=found.run_id or "",
        fingerprint=data.tags.get("fingerprint", "") if data else "",
        articles=int(articles) if articles.isdecimal() else None,
        metrics=dict(sorted(data.metrics.items())) if data else {},
        parameters=dict(sorted(data.params.items())) if data else {},
        gate={k: v for k, v in sorted(found.tags.items()) if k == "gate" or k.startswith("gate.")},
        description=found.description or "",
    )
