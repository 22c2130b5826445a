"""``tagger tag``: articles in, tags with evidence out."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple, TextIO, cast

import click

from tagger.article import Article, TaggedArticle
from tagger.cli.inputs import reading_options, tell, utf8_output
from tagger.cli.progress import Watch, counting
from tagger.errors import InputError
from tagger.output import ENGLISH, CsvWriter, TableWriter, Writer, json_lines
from tagger.reading import Options, parts_of
from tagger.reading.language import language_of
from tagger.reading.places import files_at
from tagger.registry import CHAMPION, load
from tagger.streams import blocks_of, each_block, tag_block
from tagger.tagging import Tagger

__all__ = ["Work", "command"]


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
@click.option("--offline", is_flag=True, help="Do not ask the registry; use the model it named last.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that share the work.",
)
@click.option("--progress/--no-progress", default=None, help="Default: after a second, on a terminal.")
def command(
    paths: tuple[str, ...],
    *,
    form: str | None,
    output: str | None,
    all_scores: bool,
    explain: bool,
    model: str,
    offline: bool,
    jobs: int,
    progress: bool | None,
    only_language: str | None,
    reading: Options,
) -> None:
    """Tag the articles in PATHS: pages (text, HTML), feeds, tables (CSV, TSV, JSON, Parquet), folders of these, -.

    Word documents (.docx) are read too, and PDFs with pip install 'topic-tagger[documents]'. Files may be
    compressed (.gz, .zst) or in a .zip; quoted PATHS may be patterns; - is standard input. Columns are found
    by their usual names, whatever the case: title or headline; body, text or content; id; date; url.
    """
    if not paths:
        if sys.stdin.isatty():
            raise click.UsageError("Give one or more PATHS, or - to read standard input.")
        paths = ("-",)
    form = form or ("table" if output is None and sys.stdout.isatty() else "jsonl")
    chosen = load(model, talk=tell, offline=offline)
    bad = 0
    languages: Counter[str] = Counter()
    watch = Watch(file for path in paths for file in files_at(path) if isinstance(file, str))
    parts = parts_of(paths, replace(reading, opened=watch.opened))
    work = Work(explain=explain or form == "table", only=only_language, as_jsonl=form == "jsonl", all_scores=all_scores)
    results = each_block(chosen, work, blocks_of(parts), jobs)
    shown = sys.stderr.isatty() if progress is None else progress
    with _opened(output) as out, counting(watch, wanted=shown) as counted, closing(results):
        writer = None if form == "jsonl" else _writer(form, out, chosen, explain=explain, all_scores=all_scores)
        for done in results:
            out.buffer.writelines(done.lines)
            if writer is not None:
                for tagged in done.tagged:
                    writer.write(tagged)
            for error in done.errors:
                tell(error)
            bad += len(done.errors)
            languages += done.languages
            counted(done.n_tagged)
        if writer is not None:
            writer.finish()
        out.flush()
    _tell_languages(languages, only_language)
    if isinstance(writer, CsvWriter) and writer.left_out:
        tell(f"left out, for want of a place in the first table's header: {', '.join(writer.left_out)}")
    if bad:
        sys.exit(InputError.exit_code)


class _Done(NamedTuple):
    """What a block has become."""

    n_tagged: int
    tagged: list[TaggedArticle]
    lines: list[bytes]
    """The tagged articles as JSON Lines, in place of `tagged`."""
    errors: list[InputError]
    languages: Counter[str]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each block, here or in another process: articles are read, tagged and made lines of JSON."""

    explain: bool
    only: str | None
    as_jsonl: bool
    all_scores: bool

    def __call__(self, tagger: Tagger, block: Iterable[Article | InputError]) -> _Done:
        """Work on one block."""
        languages: Counter[str] = Counter()
        items = tag_block(tagger, _in(self.only, block, languages), explain=self.explain)
        errors = [item for item in items if isinstance(item, InputError)]
        tagged = [item for item in items if isinstance(item, TaggedArticle)]
        n_tagged, lines = len(tagged), list[bytes]()
        if self.as_jsonl:
            lines, tagged = json_lines(tagged, tagger.name, all_scores=self.all_scores), []
        return _Done(n_tagged, tagged, lines, errors, languages)


def _in(
    only: str | None, items: Iterable[Article | InputError], languages: Counter[str]
) -> Iterator[Article | InputError]:
    """Yield articles with their language, those certainly in another than `only` left out, and count them."""
    for item in items:
        if isinstance(item, InputError):
            yield item
            continue
        language = language_of(item.title, item.body)
        languages[language or ""] += 1
        if not only or language in (only, None):
            # English is not said in the output, and to copy nearly every article is not for nothing
            yield item if language in (None, ENGLISH) else item.in_language(language)


def _writer(form: str, out: IO[str], tagger: Tagger, *, explain: bool, all_scores: bool) -> Writer:
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
def _opened(output: str | None) -> Iterator[TextIO]:
    if output is None:
        utf8_output()
        yield cast("TextIO", sys.stdout)
        return
    try:
        out = Path(output).open("w", encoding="utf-8", errors="replace", newline="")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror})") from error
    with out:
        yield out
