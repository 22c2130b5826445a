"""Everything against a real tracking server over HTTP: SQLite and local artifacts on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "pages" / "demo.txt"
PASSWORD = "a pass phrase, long enough"  # noqa: S105 (of a server that lives for one test)
Done = subprocess.CompletedProcess[str]


class Server:
    """An `mlflow server` with its store in a folder."""

    def __init__(self, folder: Path, *options: str, env: dict[str, str] | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.uri = folder, f"http://127.0.0.1:{self.port}"
        folder.mkdir(exist_ok=True)
        self._log = (folder / "log").open("w")
        arguments = ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}", "--workers", "1", *options]
        arguments += ["--artifacts-destination", str(folder / "files"), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", *arguments],
            # without jobs it is one process in place of nine
            env={
                **os.environ,
                "MLFLOW_DISABLE_TELEMETRY": "true",
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                **(env or {}),
            },
            cwd=folder,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        while not self._answers():
            assert self._process.poll() is None, (folder / "log").read_text()
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.uri}/health", timeout=5):  # noqa: S310 (loopback)
                return True
        except (urllib.error.URLError, OSError):
            return False

    def signal(self, number: int) -> None:
        os.killpg(self._process.pid, number)

    def stop(self) -> None:
        self.signal(signal.SIGKILL)
        self._process.wait()
        self._log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("server") / "store")
    yield started
    started.stop()


def tagger(home: Path, uri: str, *arguments: object, **env: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "tagger", *map(str, arguments)],
        env={**os.environ, "TAGGER_HOME": str(home), "MLFLOW_TRACKING_URI": uri, **env},
        input="A text.",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def trained(server: Server, labelled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose champion is version 1 on the server, trained over HTTP. Tests only read it."""
    home = tmp_path_factory.mktemp("far") / "home"
    done = tagger(home, server.uri, "train", labelled, "--folds", "2")
    assert done.returncode == 0, done.stderr
    assert "http" not in done.stdout
    return home


@pytest.fixture
def home(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "home"))


def test_all_of_a_training_is_on_the_server_and_nothing_but_the_cache_is_here(trained: Path, server: Server) -> None:
    assert [path.name for path in trained.iterdir()] == ["bundles"]
    assert list((server.folder / "files").glob("**/held_out.jsonl.gz"))
    assert list((server.folder / "files").glob("**/weights.npy"))


def test_a_cached_version_is_confirmed_by_rest_without_importing_mlflow(home: Path, server: Server) -> None:
    done = tagger(home, server.uri, "tag", "-", PYTHONPROFILEIMPORTTIME="1")
    assert '"model":"topic-tagger/1"' in done.stdout
    assert " urllib.request" in done.stderr
    assert " mlflow" not in done.stderr


def test_models_are_listed_and_an_alias_set_on_the_server_counts_at_once(home: Path, server: Server) -> None:
    (version,) = json.loads(tagger(home, server.uri, "models", "list", "--format", "json").stdout)
    assert version["aliases"] == ["champion"]
    body = json.dumps({"name": "topic-tagger", "alias": "night", "version": "1"}).encode()
    request = urllib.request.Request(  # noqa: S310 (loopback)
        f"{server.uri}/api/2.0/mlflow/registered-models/alias", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass
    done = tagger(home, server.uri, "tag", "-", "--model", "night", PYTHONPROFILEIMPORTTIME="1")
    assert '"model":"topic-tagger/1"' in done.stdout
    assert " mlflow" not in done.stderr  # the same files under a new name


def test_an_unknown_alias_is_no_model(home: Path, server: Server) -> None:
    done = tagger(home, server.uri, "tag", "-", "--model", "nobody")
    assert (done.returncode, done.stdout) == (3, "")
    assert "There is no model called 'nobody'" in done.stderr


def test_a_server_that_hangs_costs_seconds_and_one_warning(home: Path, server: Server) -> None:
    server.signal(signal.SIGSTOP)
    try:
        done = tagger(home, server.uri, "tag", "-")
    finally:
        server.signal(signal.SIGCONT)
    assert '"model":"topic-tagger/1"' in done.stdout
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "does not answer" in done.stderr
    assert "topic-tagger/1 from the cache is used" in done.stderr


def test_offline_asks_nobody(home: Path, server: Server) -> None:
    server.signal(signal.SIGSTOP)
    try:
        done = tagger(home, server.uri, "tag", "-", "--offline", PYTHONPROFILEIMPORTTIME="1")
        unknown = tagger(home, server.uri, "tag", "-", "--offline", "--model", "7")
    finally:
        server.signal(signal.SIGCONT)
    assert '"model":"topic-tagger/1"' in done.stdout
    assert " urllib.request" not in done.stderr
    assert "does not answer" not in done.stderr
    assert (unknown.returncode, "without --offline" in unknown.stderr) == (4, True)


def test_a_server_that_is_down_and_an_empty_cache_are_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        uri = f"http://someone:secret@127.0.0.1:{taken.getsockname()[1]}"
        done = tagger(tmp_path, uri, "tag", "-")
        trained = tagger(tmp_path, uri, "models", "list", MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")
    assert (done.returncode, done.stdout) == (4, "")
    assert "does not answer" in done.stderr
    assert "'champion' is not in the cache" in done.stderr
    assert (trained.returncode, "does not answer" in trained.stderr) == (4, True), trained.stderr
    assert "secret" not in done.stderr + trained.stderr


def test_a_damaged_or_half_artifact_is_never_used_nor_kept(server: Server, trained: Path, tmp_path: Path) -> None:
    (weights,) = (server.folder / "files").glob("**/weights.npy")
    whole = weights.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-8] + b"\0\0\0\0\0\0\0\1"):
        weights.write_bytes(damaged)
        done = tagger(tmp_path / "new", server.uri, "tag", "-")
        assert (done.returncode, done.stdout) == (4, "")
        assert "weights.npy is not the file that was saved" in done.stderr
        assert not list((tmp_path / "new" / "bundles").iterdir())
    weights.write_bytes(whole)
    assert '"model":"topic-tagger/1"' in tagger(tmp_path / "new", server.uri, "tag", "-").stdout


def test_a_server_that_wants_a_password(server: Server, trained: Path, tmp_path: Path) -> None:
    pytest.importorskip("flask_wtf", reason="MLflow's basic authentication needs Flask-WTF")
    settings = {
        "default_permission": "READ",
        "database_uri": f"sqlite:///{tmp_path / 'users.db'}",
        "admin_username": "admin",
        "admin_password": PASSWORD,
        "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
    }
    (tmp_path / "auth.ini").write_text("[mlflow]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items()))
    # the same store behind another door
    guarded = Server(
        server.folder,
        "--app-name",
        "basic-auth",
        env={"MLFLOW_AUTH_CONFIG_PATH": str(tmp_path / "auth.ini"), "MLFLOW_FLASK_SERVER_SECRET_KEY": "key"},
    )
    try:
        user = {"MLFLOW_TRACKING_USERNAME": "admin", "MLFLOW_TRACKING_PASSWORD": PASSWORD}
        fetched = tagger(tmp_path / "new", guarded.uri, "tag", "-", **user)
        assert '"model":"topic-tagger/1"' in fetched.stdout, fetched.stderr
        again = tagger(tmp_path / "new", guarded.uri, "tag", "-", PYTHONPROFILEIMPORTTIME="1", **user)
        assert " mlflow" not in again.stderr
        refused = tagger(tmp_path / "empty", guarded.uri, "tag", "-")
        assert refused.returncode == 4
        assert "refuses access, HTTP 401 (set MLFLOW_TRACKING_USERNAME" in refused.stderr
        stale = tagger(tmp_path / "new", guarded.uri, "tag", "-", **{**user, "MLFLOW_TRACKING_PASSWORD": "other"})
        assert "refuses access" in stale.stderr
        assert '"model":"topic-tagger/1"' in stale.stdout
    finally:
        guarded.stop()
