"""``tagger ui``: the MLflow UI on our store."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from tagger.errors import NoModelError
from tagger.home import home, sqlite_path, tracking_uri

__all__ = ["command"]


@click.command(
    "ui",
    epilog="""\b
Examples:
  tagger ui                http://127.0.0.1:5000
  tagger ui --port 8080    on another port""",
)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
def command(port: int, host: str) -> None:
    """Open the MLflow UI on our store: runs, folds, figures, models. Ctrl-C ends it."""
    uri = tracking_uri()
    if uri.startswith(("http://", "https://")):
        click.echo(f"tagger: the store is a tracking server; open {uri}", err=True)
        return
    path = sqlite_path(uri)
    if path is not None and not path.exists():
        raise NoModelError("There is nothing to show yet", "Run `tagger train` first.")
    click.echo(f"tagger: MLflow starts on http://{host}:{port} (store {uri}); Ctrl-C ends it", err=True)
    arguments = ["--backend-store-uri", uri, "--host", host, "--port", str(port)]
    # without jobs, which our runs do not use, it starts as one process in place of nine
    ours = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment = {**ours, **os.environ}
    ended = subprocess.run([sys.executable, "-m", "mlflow", "ui", *arguments], env=environment, cwd=home(), check=False)
    sys.exit(ended.returncode)
