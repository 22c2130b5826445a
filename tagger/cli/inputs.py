"""What commands that read articles share: the options of reading, and how bad input is told."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import click

from tagger.errors import TaggerError
from tagger.reading import MEGABYTE, Options

__all__ = ["reading_options", "tell", "utf8_output"]

_OPTIONS = (
    click.option("--title-column", metavar="NAME", help="Column or JSON key of the headline. Default: guessed."),
    click.option("--body-column", metavar="NAME", help="Column or JSON key of the text. Default: guessed."),
    click.option("--id-column", metavar="NAME", help="Column or JSON key of the id. Default: guessed."),
    click.option(
        "--max-article-mb",
        type=click.FloatRange(min=0, min_open=True),
        default=Options().max_article / MEGABYTE,
        show_default=True,
        help="Refuse larger articles, pages and feeds.",
    ),
)


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading; it gets them as one argument `reading`."""

    @functools.wraps(command)
    def wrapped(
        *arguments: Any,
        title_column: str | None,
        body_column: str | None,
        id_column: str | None,
        max_article_mb: float,
        **others: Any,
    ) -> None:
        size = max(1, int(max_article_mb * MEGABYTE))
        command(*arguments, reading=Options(size, title_column, body_column, id_column), **others)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def tell(error: TaggerError | str) -> None:
    """Write one line on standard error; a name with a line break must not fake a second message."""
    click.echo(f"tagger: {' '.join(str(error).split())}", err=True)


def utf8_output() -> None:
    """Make standard output UTF-8; what UTF-8 cannot say, such as a broken file name, becomes ``?``."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
