"""What a reader may be told: how large an article may be, and which columns hold what."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tagger.errors import InputError

__all__ = ["DEFAULTS", "MEGABYTE", "Options"]

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """How inputs are to be read.

    Parameters
    ----------
    max_article : int
        Bytes that one article, page, line or feed may have.
    title_column, body_column, id_column : str, optional
        The column (or JSON key) to take in place of the guessed one.
    opened : callable, optional
        Told of each input, open or to be opened by others, and its path; how progress knows how far reading is.
    """

    max_article: int = 10 * MEGABYTE
    title_column: str | None = None
    body_column: str | None = None
    id_column: str | None = None
    opened: Callable[[io.BufferedReader[Any] | None, str], None] | None = None

    def too_large(self, where: str) -> InputError:
        """Return the error for something larger than `max_article`."""
        return InputError(
            f"{where}: larger than {self.max_article / MEGABYTE:g} MB, too large for one article",
            "Raise --max-article-mb if it is meant to be.",
        )


DEFAULTS = Options()
