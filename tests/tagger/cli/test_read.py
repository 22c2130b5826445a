import json
from pathlib import Path

from tests.conftest import PAGES, Run

DEMO = PAGES / "demo.txt"


def test_shows_articles_as_the_tagger_sees_them(run_empty: Run) -> None:
    done = run_empty("read", DEMO, "--format", "jsonl")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert list(first) == ["source", "article", "title", "body"]
    assert first["title"].startswith("Coastal states")
    assert second["body"].split("\n\n")[0].startswith("• Instant-payment")
    for furniture in ("Short Url", "Updated", "Follow", "(Agency/File)"):
        assert furniture not in done.stdout


def test_shows_what_was_dropped_and_why(run_empty: Run) -> None:
    done = run_empty("read", DEMO, "--discarded", "--format", "jsonl")
    dropped = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"line": 4, "text": "Short Url"}.items() <= dropped[1].items()
    assert all(entry["reason"] for entry in dropped)
    assert f"{DEMO}:4: " in run_empty("read", DEMO, "--discarded", "--format", "text").stdout


def test_bad_input_is_told_and_the_rest_is_shown(run_empty: Run, tmp_path: Path) -> None:
    done = run_empty("read", tmp_path / "absent.txt", DEMO, "--format", "text")
    assert done.returncode == 1
    assert "absent.txt" in done.stderr
    assert "Village shopkeepers" in done.stdout


def test_only_pages_have_lines_to_drop(run_empty: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "x"}')
    done = run_empty("read", "--discarded", tmp_path / "a.jsonl")
    assert done.returncode == 1
    assert "only text pages" in done.stderr
