"""MLflow's own ways to use the champion give the tags that `tagger tag` gives."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest

from tests.training.conftest import Call

ROWS = [
    {"title": "Late goal", "body": "The striker scored in the final minute of the match."},
    {"title": "Vote", "body": "The council voted on taxes and roads."},
]
CHAMPION = "models:/topic-tagger@champion"


@pytest.fixture
def ours(life: Path, call: Call, tmp_path: Path) -> list[dict[str, Any]]:
    """What `tagger tag` says, in the form that MLflow gives."""
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    said = call("tag", tmp_path / "rows.jsonl", "--all-scores", "--format", "jsonl")
    return [{key: line[key] for key in ("tags", "scores")} for line in map(json.loads, said.out.splitlines())]


def mlflow_models(verb: str, *options: str | Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "mlflow",
        "models",
        verb,
        "-m",
        CHAMPION,
        "--env-manager",
        "local",
        *map(str, options),
    ]


def environment() -> dict[str, str]:
    # MLflow starts `uvicorn` by its name
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}


def test_load_model(ours: list[dict[str, Any]]) -> None:
    model = mlflow.pyfunc.load_model(CHAMPION)
    assert model.predict(pd.DataFrame(ROWS)) == ours
    texts = [{"text": f"{row['title']}\n\n{row['body']}"} for row in ROWS]
    assert [[tag["topic"] for tag in tagged["tags"]] for tagged in model.predict(texts)]
    (every, _) = model.predict(ROWS, params={"threshold": 0.0, "explain": True})
    assert len(every["tags"]) == 3
    assert all(tag["evidence"] for tag in every["tags"])
    (none, _) = model.predict(ROWS, params={"threshold": 1.0})
    assert none["tags"] == []


def test_mlflow_models_predict(ours: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps({"dataframe_records": ROWS}))
    done = subprocess.run(
        mlflow_models("predict", "-i", tmp_path / "in.json", "-t", "json", "-o", tmp_path / "out.json"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["predictions"] == ours


def test_mlflow_models_serve(ours: list[dict[str, Any]], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    host, port = address.split(":")
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            mlflow_models("serve", "--host", host, "--port", port, "--workers", "1"),
            env=environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not (asked := ask(address, {"dataframe_records": ROWS})):
            assert process.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.2)
        assert asked == ours
        (every, _) = ask(address, {"dataframe_records": ROWS, "params": {"threshold": 0.0, "explain": True}})
        assert len(every["tags"]) == 3
        assert all(tag["evidence"] for tag in every["tags"])
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ask(address: str, question: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the predictions, [] while nobody listens."""
    request = urllib.request.Request(
        f"http://{address}/invocations", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            predictions: list[dict[str, Any]] = json.load(answer)["predictions"]
            return predictions
    except urllib.error.HTTPError:
        raise
    except (urllib.error.URLError, OSError):
        return []
