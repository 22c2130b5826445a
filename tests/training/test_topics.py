"""`tagger topics` as a user meets it: real processes, real files, a real store."""

import csv
import io
import json
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest

from tests.conftest import Run
from tests.training.conftest import Call
from training.heldout import HeldOut
from training.promotion import aliases, record_of

TOPICS = '''# Our topics; ask the desk before you touch them.

[[topic]]
id = "sport"  # the oldest one
name = "Sport"
scope_in = """
[[topic]]
# not a comment"""

# --- what the city does ---

# Only the council, not the mayor.
[[topic]]
name    =   'City'
id = 'city'
seeds = [
  "council",  # first of all
  "roads",
]

# Taxes too.
[[topic]]
id = "money"
'''
TAGGED = (
    "title,body,tags,note\r\n"
    'Match,"A goal, late","sport | city","said ""yes"""\r\n'
    'Budget,"Two\r\nlines",city|money,\r\n'
    "\r\n"
    "Rain,It rains,,a\xa0b\r\n"
    "Bank,It lends,money, kept \r\n"
)
COLUMNS = (
    "title,body,sport,city,money\nMatch,A goal,1,0,0\nBudget,Taxes,no,yes,true\nRain,It rains,,,\nBank,It lends,0,0,1\n"
)


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    return write(tmp_path / "topics.toml", TOPICS)


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    return write(tmp_path / "tagged.csv", "\ufeff" + TAGGED)


@pytest.fixture
def columns(tmp_path: Path) -> Path:
    return write(tmp_path / "columns.csv", COLUMNS)


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(path), newline="")))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def versions(call: Call) -> list[str]:
    return [version["number"] for version in json.loads(call("models", "list", "--format", "json").out)]


class TestFiles:
    def test_rename_changes_the_id_and_nothing_else(
        self, run_empty: Run, taxonomy: Path, tagged: Path, columns: Path
    ) -> None:
        taxonomy.chmod(0o640)
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", columns, "--no-model")
        done = run_empty("topics", "rename", "sport", "athletics", *options)
        assert done.returncode == 0, done.stderr
        assert text_of(taxonomy) == TOPICS.replace('id = "sport"', 'id = "athletics"')
        assert taxonomy.stat().st_mode & 0o777 == 0o640
        assert text_of(tagged) == "\ufeff" + TAGGED.replace('"sport | city"', "athletics | city")
        assert text_of(columns) == COLUMNS.replace("sport", "athletics")
        assert "3 topics -> 3: athletics, city, money" in done.stdout
        assert "tagged.csv: the tags of 1 of 4 articles" in done.stdout

    def test_retire_takes_out_the_table_with_its_own_comment_and_leaves_the_others(
        self, run_empty: Run, taxonomy: Path, tagged: Path, columns: Path
    ) -> None:
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", columns, "--no-model")
        done = run_empty("topics", "retire", "city", *options)
        assert done.returncode == 0, done.stderr
        before, after = TOPICS.index("# Only the council"), TOPICS.index("# Taxes too.")
        assert text_of(taxonomy) == TOPICS[:before] + TOPICS[after:]
        assert [row[2] for row in rows_of(tagged) if row] == ["tags", "sport", "money", "", "money"]
        assert rows_of(columns)[:2] == [["title", "body", "sport", "money"], ["Match", "A goal", "1", "0"]]

    @pytest.mark.parametrize(("topic", "left"), [("sport", "# Our topics"), ("money", "Only the council")])
    def test_the_first_and_the_last_topic_retire_as_well(
        self, run_empty: Run, taxonomy: Path, topic: str, left: str
    ) -> None:
        done = run_empty("topics", "retire", topic, "--taxonomy", taxonomy, "--no-model")
        assert done.returncode == 0, done.stderr
        text = text_of(taxonomy)
        assert left in text
        assert "# --- what the city does ---" in text
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")

    def test_merge_into_one_of_them_joins_tags_and_columns(
        self, run_empty: Run, taxonomy: Path, tagged: Path, columns: Path
    ) -> None:
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", columns)
        done = run_empty("topics", "merge", "sport", "city", "money", *options)
        assert done.returncode == 0, done.stderr
        assert "weights cannot be merged honestly; train anew with --promote always" in done.stderr
        assert [row[2] for row in rows_of(tagged) if row] == ["tags", "money", "money", "", "money"]
        assert [row[2] for row in rows_of(columns)] == ["money", "1", "true", "", "1"]
        assert text_of(taxonomy).count("\nid = ") == 1

    def test_merge_into_a_new_id_takes_over_the_first_topic_s_table_and_column(
        self, run_empty: Run, taxonomy: Path, columns: Path
    ) -> None:
        done = run_empty("topics", "merge", "city", "money", "public", "--taxonomy", taxonomy, "--csv", columns)
        assert done.returncode == 0, done.stderr
        assert rows_of(columns)[0] == ["title", "body", "sport", "public"]
        assert [row[3] for row in rows_of(columns)[1:]] == ["0", "yes", "", "1"]
        assert 'id = "public"\nseeds = [\n  "council",  # first of all' in text_of(taxonomy)

    def test_a_dry_run_tells_each_place_and_writes_nothing(
        self, run_empty: Run, taxonomy: Path, tagged: Path, columns: Path, tmp_path: Path
    ) -> None:
        before = files(tmp_path)
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", columns, "--dry-run")
        done = run_empty("topics", "merge", "city", "money", *options)
        assert done.returncode == 0, done.stderr
        for words in (
            f"{taxonomy}:13: the table of 'city' goes",
            f"{tagged}:2: sport | city -> sport | money",
            f"{tagged}:3: city|money -> money",
            f"{columns}:1: the column 'city' goes",
            "columns.csv: the columns; 1 of 4 articles",
        ):
            assert words in done.stdout
        assert f"{tagged}:5" not in done.stdout
        assert "nothing was written" in done.stderr
        assert files(tmp_path) == before

    def test_a_full_disk_is_a_line_and_no_harm(self, run_empty: Run, taxonomy: Path, tmp_path: Path) -> None:
        before = files(tmp_path)
        done = run_empty(
            *("topics", "rename", "sport", "athletics", "--taxonomy", taxonomy, "--no-model"),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
        )
        assert (done.returncode, "cannot be written (File too large)" in done.stderr) == (1, True)
        assert files(tmp_path) == before

    @pytest.mark.parametrize(
        ("move", "said"),
        [
            (("rename", "sprot", "athletics"), "there is no topic 'sprot'. There are: sport, city, money."),
            (("rename", "sport", "city"), "there is a topic 'city' already"),
            (("rename", "sport", "a|b"), "topic id 'a|b' cannot be used"),
            (("rename", "sport", "title"), "there is a column 'title' already"),
            (("retire", "weather"), "there is no topic 'weather'"),
        ],
    )
    def test_a_mistake_in_one_file_leaves_all_as_they_were(
        self,
        run_empty: Run,
        taxonomy: Path,
        tagged: Path,
        columns: Path,
        tmp_path: Path,
        move: tuple[str, ...],
        said: str,
    ) -> None:
        before = files(tmp_path)
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", columns, "--no-model")
        done = run_empty("topics", *move, *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert files(tmp_path) == before

    def test_a_name_that_a_column_cannot_have_is_refused(self, run_empty: Run, columns: Path) -> None:
        done = run_empty("topics", "rename", "sport", "genre", "--csv", columns, "--no-model")
        assert (done.returncode, "would not be labelled CSVs as meant" in done.stderr) == (1, True)
        assert text_of(columns) == COLUMNS

    def test_the_only_topic_and_a_column_that_stands_twice_are_refused(self, run_empty: Run, tmp_path: Path) -> None:
        only = write(tmp_path / "only.toml", '[[topic]]\nid = "sport"\n')
        done = run_empty("topics", "retire", "sport", "--taxonomy", only, "--no-model")
        assert (done.returncode, "there is no topic but 'sport'" in done.stderr) == (1, True)
        twice = write(tmp_path / "twice.csv", "body,sport,sport,city\nA goal,1,1,0\n")
        done = run_empty("topics", "retire", "sport", "--csv", twice, "--no-model")
        assert (done.returncode, "column 'sport' stands twice" in done.stderr) == (1, True)

    def test_cells_with_every_kind_of_line_end_and_quote_keep_their_value(self, run_empty: Run, tmp_path: Path) -> None:
        odd = ["a\rb", "c\nd", "e\r\nf", 'g"h', "i,j", " k ", "", "\u2028", "'"]
        path = tmp_path / "odd.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
                [["body", "tags", "note"], *(["Text", "sport|city", cell] for cell in odd)]
            )
        done = run_empty("topics", "rename", "sport", "a, b", "--csv", path, "--no-model")
        assert done.returncode == 0, done.stderr
        assert rows_of(path)[1:] == [["Text", "a, b|city", cell] for cell in odd]

    def test_what_cannot_be_done_is_wrong_usage(self, run_empty: Run, taxonomy: Path) -> None:
        for move in (("rename", "a", "b", "--no-model"), ("merge", "a", "b"), ("merge", "a", "a", "--csv", taxonomy)):
            done = run_empty("topics", *move)
            assert (done.returncode, done.stdout) == (2, "")

    def test_a_file_that_cannot_be_written_leaves_the_others_as_they_were(
        self, run_empty: Run, taxonomy: Path, tagged: Path, tmp_path: Path
    ) -> None:
        # there is no room for the temporary file's longer name beside it
        long = write(tmp_path / f"{'n' * 246}.csv", "body,tags\nA goal,sport\nTaxes,city\n")
        before = files(tmp_path)
        options = ("--taxonomy", taxonomy, "--csv", tagged, "--csv", long, "--no-model")
        done = run_empty("topics", "rename", "sport", "athletics", *options)
        assert (done.returncode, "cannot be written (File name too long)" in done.stderr) == (1, True)
        assert files(tmp_path) == before

    def test_without_a_champion_it_says_how_to_leave_it_out(self, run_empty: Run, taxonomy: Path) -> None:
        done = run_empty("topics", "rename", "sport", "athletics", "--taxonomy", taxonomy)
        assert (done.returncode, "--no-model" in done.stderr) == (3, True)
        assert text_of(taxonomy) == TOPICS


class TestChampion:
    def test_renamed_it_tags_the_same_under_the_new_id(
        self, life: Path, call: Call, taxonomy: Path, labelled: Path
    ) -> None:
        story = write(taxonomy.with_name("story.txt"), "The striker scored; the council voted on taxes.\n")
        before = json.loads(call("tag", story, "--all-scores").out)
        mine = write(taxonomy.with_name("mine.csv"), text_of(labelled))
        command = [sys.executable, "-m", "tagger", "topics", "rename", "sport", "athletics"]
        done = subprocess.run(
            [*command, "--taxonomy", taxonomy, "--csv", mine], check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert "topic-tagger/2: 3 topics -> 3: city, money, athletics" in done.stdout
        assert "version 3 is the champion (before: version 2, now called previous)" in done.stderr
        after = json.loads(call("tag", story, "--all-scores").out)
        assert (before["model"], after["model"]) == ("topic-tagger/2", "topic-tagger/3")
        assert after["scores"].pop("athletics") == before["scores"].pop("sport")
        assert after["scores"] == before["scores"]
        assert 'id = "athletics"' in text_of(taxonomy)
        assert text_of(mine) == text_of(labelled).replace(",sport\n", ",athletics\n")

    def test_the_new_version_says_where_it_comes_from(self, life: Path, call: Call, tmp_path: Path) -> None:
        assert call("topics", "rename", "sport", "athletics").code == 0
        shown = json.loads(call("models", "show", "champion", "--format", "json").out)
        assert (shown["number"], shown["articles"]) == ("3", 36)
        assert {"f1/athletics", "micro_f1"} <= set(shown["metrics"])
        assert "threshold/athletics" in shown["metrics"]
        assert "nothing was trained" in shown["gate"]["gate.reason"]
        assert "| athletics |" in shown["description"]
        tags = mlflow.MlflowClient().get_model_version("topic-tagger", "3").tags
        assert (tags["moved"], tags["moved.from_version"]) == ("rename 'sport' -> 'athletics'", "2")
        folder = tmp_path / "exported"
        assert call("models", "export", "3", folder).code == 0
        training = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["training"]
        (moved,) = training["moved"]
        assert (moved["move"], moved["from"]) == ("rename 'sport' -> 'athletics'", "topic-tagger/2")
        assert call("models", "import", folder).code == 0
        # and back by the usual way
        assert "version 2 is the champion again" in call("models", "rollback").err

    def test_retired_it_gives_the_other_tags_and_the_next_training_can_be_compared(
        self, life: Path, call: Call, labelled: Path, tmp_path: Path
    ) -> None:
        mine = write(tmp_path / "mine.csv", text_of(labelled))
        done = call("topics", "retire", "money", "--csv", mine)
        assert done.code == 0, done.err
        client = mlflow.MlflowClient()
        assert aliases(client) == {"champion": "3", "previous": "2"}
        before, after = record_of(client, "2"), record_of(client, "3")
        assert isinstance(before, HeldOut)
        assert isinstance(after, HeldOut)
        assert {t for judged in after.judged.values() for t in judged.labels} == {"sport", "city"}
        metrics = json.loads(call("models", "show", "3", "--format", "json").out)["metrics"]
        assert "f1/money" not in metrics
        assert metrics["macro_f1"] == pytest.approx((metrics["f1/sport"] + metrics["f1/city"]) / 2)
        trained = call("train", mine, "--folds", "2", "--jobs", "1")
        assert "compared with the champion on 36 articles that both judged out of fold" in trained.err

    def test_a_dry_run_names_the_version_and_writes_nothing(self, life: Path, call: Call) -> None:
        store = (life / "mlflow.db").read_bytes()
        said = call("topics", "retire", "money", "--dry-run")
        assert "topic-tagger/2: 3 topics -> 2: city, sport; the same weights" in said.out
        assert (life / "mlflow.db").read_bytes() == store

    def test_a_store_that_fails_at_the_last_step_leaves_files_versions_and_aliases(
        self, life: Path, call: Call, taxonomy: Path, tagged: Path
    ) -> None:
        before = files(taxonomy.parent)
        with sqlite3.connect(life / "mlflow.db") as store:
            for moment in ("insert", "update"):
                store.execute(
                    f"create trigger no_{moment} before {moment} on registered_model_aliases "
                    "when new.alias = 'champion' and new.version = 3 begin select raise(abort, 'refused'); end"
                )
        said = call("topics", "rename", "sport", "athletics", "--taxonomy", taxonomy, "--csv", tagged)
        assert (said.code, "refused" in said.err) == (4, True)
        assert files(taxonomy.parent) == before
        assert versions(call) == ["2", "1"]
        assert aliases(mlflow.MlflowClient()) == {"champion": "2", "previous": "1"}

    def test_a_topic_that_the_champion_does_not_know_moves_nothing(
        self, life: Path, call: Call, tmp_path: Path
    ) -> None:
        taxonomy = write(tmp_path / "topics.toml", '[[topic]]\nid = "weather"\n\n[[topic]]\nid = "sport"\n')
        before = text_of(taxonomy)
        said = call("topics", "rename", "weather", "climate", "--taxonomy", taxonomy)
        assert (said.code, "topic-tagger/2 has no topic 'weather'" in said.err) == (1, True)
        assert text_of(taxonomy) == before
        assert versions(call) == ["2", "1"]


def test_help_has_examples(run_empty: Run) -> None:
    text = run_empty("topics", "--help").stdout
    assert "tagger topics merge city villages places --taxonomy topics.toml --csv a.csv" in text
    for verb in ("rename", "merge", "retire"):
        assert f"tagger topics {verb}" in run_empty("topics", verb, "--help").stdout
