"""Archives of many articles through `tagger tag`: jobs, progress, closed pipes and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tagger.cli.progress import Watch
from tagger.reading import Options, read_all
from tests.conftest import Run

BODIES = (
    "Troops fired across the border.",
    "Envoys signed a treaty.",
    "Bitcoin fell.",
    "The canal ran dry.",
    "A draw.",
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    lines = [json.dumps({"id": n, "body": f"{BODIES[n % 5]} {'Officials spoke. ' * 60}"}) for n in range(1200)]
    lines[400] = "{nonsense"
    path = tmp_path / "archive.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_jobs_change_nothing_but_the_time(tagger: Run, archive: Path) -> None:
    one, two = tagger("tag", archive), tagger("tag", archive, "--jobs", 2)
    assert one.returncode == two.returncode == 1
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert ":401:" in one.stderr
    ids = [json.loads(line)["id"] for line in one.stdout.splitlines()]
    assert ids == [n for n in range(1200) if n != 400]


def test_jobs_read_the_pages_of_a_folder(tagger: Run, tmp_path: Path) -> None:
    for n in range(60):
        paragraph = f"{BODIES[n % 5]} {'Officials spoke. ' * 300}"
        (tmp_path / f"{n:02}.html").write_text(f"<h1>Report {n}</h1><p>{paragraph}</p>")
    (tmp_path / "30.html").write_bytes(b"\x00\x01")
    one, two = tagger("tag", tmp_path), tagger("tag", tmp_path, "--jobs", 2)
    assert one.returncode == two.returncode == 1
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert "30.html" in one.stderr
    assert len(one.stdout.splitlines()) == 59


def test_jobs_keep_the_evidence(tagger: Run, archive: Path) -> None:
    one, two = (tagger("tag", archive, "--explain", "--jobs", jobs) for jobs in (1, 2))
    assert one.stdout == two.stdout
    assert '"evidence"' in one.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_pipe_is_no_error(home: Path, archive: Path, jobs: str) -> None:
    command = f"{sys.executable} -m tagger tag {archive} {archive} {archive} --jobs {jobs} | head -n 1"
    env = {**os.environ, "TAGGER_HOME": str(home)}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], check=False, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "not JSON" not in line] == []
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_all_processes_with_one_line(home: Path, tmp_path: Path, jobs: str) -> None:
    archive = tmp_path / "long.jsonl"
    archive.write_bytes(b'{"body": "army and river"}\n' * 100_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "tagger", "tag", archive, "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TAGGER_HOME": str(home)},
        start_new_session=True,
    )
    assert process.stdout is not None
    first = os.read(process.stdout.fileno(), 1)  # by now it tags
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    rest, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error == b"tagger: interrupted\n"
    for line in (first + rest).splitlines():
        json.loads(line)


def test_progress_is_the_share_of_bytes_that_was_read(archive: Path, tmp_path: Path) -> None:
    second = tmp_path / "b.jsonl"
    second.write_text('{"body": "one"}\n')
    files = [str(archive), str(second)]
    watch = Watch(files)
    assert watch.done() == 0
    seen = [watch.done() for _ in read_all(files, Options(opened=watch.opened))]
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= watch.total()
    assert watch.done() == watch.total() == archive.stat().st_size + second.stat().st_size


def test_the_time_left_is_not_guessed_where_a_size_is_unknown(archive: Path) -> None:
    assert Watch([str(archive), "-"]).total() == 0
