"""``tagger read``: what the tagger sees in an input, and what it left out."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import click

from tagger.article import Article
from tagger.cli.inputs import reading_options, tell, utf8_output
from tagger.errors import InputError
from tagger.output import head_of
from tagger.pages import Page
from tagger.reading import Options, read_all
from tagger.reading.formats import format_of
from tagger.reading.language import language_of
from tagger.reading.opening import open_input, unpacked
from tagger.reading.text import page_of

__all__ = ["command"]


@click.command(
    "read",
    epilog="""\b
Examples:
  tagger read page.txt                  the articles in it, as text
  tagger read page.txt --format jsonl   the same for programs
  tagger read page.txt --discarded      the lines that were dropped, and why""",
)
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), help="Default: text on a terminal, else jsonl.")
@click.option("--discarded", is_flag=True, help="Show the dropped lines of text pages instead.")
@reading_options
def command(paths: tuple[str, ...], form: str | None, discarded: bool, reading: Options) -> None:
    """Show the articles in PATHS as the tagger sees them."""
    utf8_output()
    form = form or ("text" if sys.stdout.isatty() else "jsonl")
    bad = 0
    if discarded:
        bad = sum(not _show_discarded(path, form, reading) for path in paths)
    else:
        for item in read_all(paths, reading):
            if isinstance(item, Article):
                _show(replace(item, language=language_of(item.title, item.body)), form)
            else:
                bad += 1
                tell(item)
    if bad:
        sys.exit(InputError.exit_code)


def _show(article: Article, form: str) -> None:
    if form == "jsonl":
        click.echo(json.dumps(head_of(article) | {"body": article.body}, ensure_ascii=False, separators=(",", ":")))
    else:
        click.secho(article.title or "(no headline)", bold=True)
        known = (article.date, article.url, head_of(article).get("language"))
        click.secho(" ".join(filter(None, (f"{article.source} #{article.number}", *known))) + "\n", dim=True)
        click.echo(f"{article.body}\n")


def _show_discarded(path: str, form: str, reading: Options) -> bool:
    try:
        with open_input(path) as file:
            for inner in unpacked(file, path):
                if isinstance(inner, InputError):
                    raise inner
                page_file, source = inner
                if format_of(page_file.peek(8192), source) != "text":
                    raise InputError(f"{source}: only text pages have lines to discard")
                _list_discarded(page_of(page_file, source, reading), source, form)
    except (InputError, OSError, ValueError) as error:
        tell(error if isinstance(error, InputError) else f"{path}: {getattr(error, 'strerror', None) or error}")
        return False
    return True


def _list_discarded(page: Page, source: str, form: str) -> None:
    for dropped in page.discarded:
        if form == "jsonl":
            entry = {"source": source, "line": dropped.line, "text": dropped.text, "reason": dropped.reason}
            click.echo(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
        else:
            click.echo(f"{source}:{dropped.line}: {dropped.reason}: {dropped.text}")
