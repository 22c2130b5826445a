"""``tagger tag``: articles in, tags with evidence out."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tagger.article import Article
from tagger.cli.inputs import reading_options, tell, utf8_output
from tagger.errors import InputError
from tagger.output import ENGLISH, CsvWriter, JsonlWriter, TableWriter, Writer
from tagger.reading import Options, read_all
from tagger.reading.language import language_of
from tagger.registry import CHAMPION, load
from tagger.tagging import Tagger

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["command"]

_QUIET_SECONDS = 1.0


@click.command(
    "tag",
    epilog="""\b
Examples:
  tagger tag page.txt                          a table, on a terminal
  tagger tag news/ --format csv -o tags.csv    every file in a folder
  tagger tag 'news/**/*.html' feed.xml         a pattern, a feed
  tagger tag articles.csv --format csv         the table, with our columns added
  tagger tag archive.jsonl --explain | jq .    JSON Lines with the evidence
  cat page.txt | tagger tag -                  from standard input
  tagger tag page.txt --model 2                another version than the champion""",
)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "csv"]),
    help="Default: table on a terminal, else jsonl.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of standard output.")
@click.option(
    "--only-language",
    metavar="CODE",
    callback=lambda _context, _option, value: _language(value),
    help="Skip articles that are certainly in another language, such as en.",
)
@reading_options
@click.option("--all-scores", is_flag=True, help="Add every topic's score.")
@click.option("--explain", is_flag=True, help="Add each tag's evidence: all terms, and the best passage.")
@click.option(
    "--model",
    default=CHAMPION,
    show_default=True,
    metavar="ALIAS|VERSION|FOLDER",
    help="The model: an alias or version in the registry, or a bundle's folder.",
)
@click.option("--progress/--no-progress", default=None, help="Default: after a second, on a terminal.")
def command(
    paths: tuple[str, ...],
    form: str | None,
    output: str | None,
    all_scores: bool,
    explain: bool,
    model: str,
    progress: bool | None,
    only_language: str | None,
    reading: Options,
) -> None:
    """Tag the articles in PATHS: pages (text, HTML), feeds, tables (CSV, TSV, JSON, Parquet), folders of these, -.

    Files may be compressed (.gz, .zst) or in a .zip; quoted PATHS may be patterns; - is standard input.
    Columns are found by their usual names, whatever the case: title or headline; body, text or content; id;
    date; url.
    """
    if not paths:
        if sys.stdin.isatty():
            raise click.UsageError("Give one or more PATHS, or - to read standard input.")
        paths = ("-",)
    form = form or ("table" if output is None and sys.stdout.isatty() else "jsonl")
    chosen = load(model, talk=lambda words: click.echo(f"tagger: {words}", err=True))
    bad = 0
    languages: Counter[str] = Counter()
    with _opened(output) as out, _counting(progress) as counted:
        writer = _writer(form, out, chosen, explain=explain, all_scores=all_scores)
        for item in read_all(paths, reading):
            if isinstance(item, Article):
                article = replace(item, language=language_of(item.title, item.body))
                languages[article.language or ""] += 1
                if only_language and article.language not in (only_language, None):
                    continue
                writer.write(chosen.tag(article, explain=explain or form == "table"))
                counted()
            else:
                bad += 1
                tell(item)
        writer.finish()
        out.flush()
    _tell_languages(languages, only_language)
    if isinstance(writer, CsvWriter) and writer.left_out:
        tell(f"left out, for want of a place in the first table's header: {', '.join(writer.left_out)}")
    if bad:
        sys.exit(InputError.exit_code)


def _writer(form: str, out: IO[str], tagger: Tagger, *, explain: bool, all_scores: bool) -> Writer:
    if form == "jsonl":
        return JsonlWriter(out, tagger.name, all_scores=all_scores)
    if form == "csv":
        return CsvWriter(out, tagger.name, tagger.topics, all_scores=all_scores)
    return TableWriter(out, tagger.name, explain=explain, all_scores=all_scores)


def _language(code: str | None) -> str | None:
    if code is not None and not re.fullmatch("[a-z]{2,3}", code):
        raise click.BadParameter("give an ISO 639 code of two or three small letters, such as en")
    return code


def _tell_languages(languages: Counter[str], only: str | None) -> None:
    """Warn once a run of what was skipped, or tagged by topics learned from another language."""
    others = {code: n for code, n in languages.most_common() if code not in ("", only or ENGLISH)}
    if not others:
        return
    n_others = sum(others.values())
    counts = ", ".join(f"{code} {n:,}" for code, n in others.items())
    if only:
        tell(f"{n_others:,} skipped, not in {only} ({counts})")
    else:
        what = "1 article is" if n_others == 1 else f"{n_others:,} articles are"
        tell(f"{what} not in English ({counts}): the topics were learned from English. --only-language en skips such")


@contextmanager
def _opened(output: str | None) -> Iterator[IO[str]]:
    if output is None:
        utf8_output()
        yield sys.stdout
        return
    try:
        out = Path(output).open("w", encoding="utf-8", errors="replace", newline="")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    with out:
        yield out


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} articles tagged"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    bar.add_task("tagging", total=None)
    return bar


@contextmanager
def _counting(wanted: bool | None) -> Iterator[Callable[[], None]]:
    """Yield a function to call for each article; it shows count and rate once the work takes long."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield lambda: None
        return
    began = time.monotonic()
    bar: Progress | None = None
    done = 0

    def counted() -> None:
        nonlocal bar, done
        done += 1
        if bar is None and (wanted or time.monotonic() - began > _QUIET_SECONDS):
            bar = _bar()
            bar.start()
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield counted
    finally:
        if bar is not None:
            bar.stop()
