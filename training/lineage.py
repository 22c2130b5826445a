"""Where a run comes from, in MLflow's terms: the labelled files, the software, the commit."""

from __future__ import annotations

import json
import platform
import re
import subprocess
import warnings
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from mlflow.data.dataset import Dataset as Input
from mlflow.data.dataset_source_registry import resolve_dataset_source
from mlflow.types import ColSpec, DataType, Schema

from training.dataset import Dataset, Example

__all__ = ["LabelledFile", "environment", "git_commit", "labelled_files"]

_DIGEST = 16
_DISTRIBUTION = "topic-tagger"


class LabelledFile(Input):
    """One labelled CSV as an input of a run: its path, SHA-256, number of articles, and how many carry each topic.

    Parameters
    ----------
    path, sha256 : str
        Of the file.
    rows : Dataset
        Those of its articles that the run used.
    """

    def __init__(self, path: str, sha256: str, rows: Dataset) -> None:
        self._topics = rows.topics
        self._profile = {
            "num_rows": len(rows),
            "sha256": sha256,
            "untagged": sum(not e.tags for e in rows.examples),
            "support": rows.support(),
        }
        whole = Path(path).absolute()
        with warnings.catch_warnings():  # MLflow finds a local file's source type twice, and says so
            warnings.simplefilter("ignore", UserWarning)
            source = resolve_dataset_source(str(whole))
        # MLflow keeps one profile a digest, and another run may use other rows of the file
        super().__init__(source, whole.name, f"{sha256[:_DIGEST]}-{rows.fingerprint[:_DIGEST]}")

    def _compute_digest(self) -> str:
        raise NotImplementedError  # the constructor gives one

    @property
    def profile(self) -> dict[str, Any]:
        """Counts and the whole hash; MLflow's digest has room for 36 characters."""
        return self._profile

    @property
    def schema(self) -> Schema:
        """Text in, one answer a topic out."""
        text = [ColSpec(DataType.string, name) for name in ("title", "body")]
        return Schema([*text, *(ColSpec(DataType.boolean, topic) for topic in self._topics)])

    def to_dict(self) -> dict[str, str]:
        """Return what MLflow stores."""
        schema = {"mlflow_colspec": self.schema.to_dict()}
        return super().to_dict() | {"schema": json.dumps(schema), "profile": json.dumps(self._profile)}


def labelled_files(dataset: Dataset) -> list[LabelledFile]:
    """Return the files that a dataset was read from."""
    by_file: dict[str, list[Example]] = {path: [] for path in dataset.files}
    for example in dataset.examples:
        by_file[example.file].append(example)
    return [
        LabelledFile(path, dataset.files[path], Dataset(tuple(rows), dataset.taxonomy))
        for path, rows in by_file.items()
        if rows
    ]


def environment() -> dict[str, Any]:
    """Return Python, platform and the versions of this package and of what it depends on."""
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requires(_DISTRIBUTION) or () if "extra" not in line]
    versions = {}
    for name in (_DISTRIBUTION, *sorted(names, key=str.lower)):
        try:
            versions[name] = version(name)
        except ImportError:  # needed on other versions of Python only
            continue
    return {"python": platform.python_version(), "platform": platform.platform(), "packages": versions}


def git_commit() -> str:
    """Return the commit of the working directory's repository, "" outside one."""
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()
