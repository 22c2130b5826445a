"""What the README shows is what the commands print."""

import re

from tests.conftest import PAGES, ROOT, Run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_screenful_is_the_demo_s_output(tagger: Run) -> None:
    shown = re.search(
        r"<!-- output of: tagger tag --format table tests/pages/demo.txt -->\n```text\n(.*?)```", README, re.S
    )
    assert shown
    done = tagger("tag", "--format", "table", PAGES.relative_to(ROOT) / "demo.txt", cwd=ROOT)
    assert [line.rstrip() for line in done.stdout.splitlines()] == shown.group(1).splitlines()


def test_every_command_it_names_exists(tagger: Run) -> None:
    names = set(re.findall(r"^\$ (?:cat page.txt \| )?tagger (\w+)", README, re.M))
    assert {"tag", "read", "train", "ui"} <= names
    for name in sorted(names):
        assert tagger(name, "--help").returncode == 0


def test_every_option_it_names_exists(tagger: Run) -> None:
    for name, rest in re.findall(r"^\$ (?:cat page.txt \| )?tagger (\w+)([^#|\n]*)", README, re.M):
        text = tagger(name, "--help").stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in text


def test_every_exit_code_is_listed(tagger: Run) -> None:
    for code in (0, 1, 2, 3, 4, 130):
        assert f"**{code}**" in README
    assert "130 interrupted" in tagger("--help").stdout


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.M)
