"""A row or a JSON object -> an Article: what the columns of every table-like input are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading.markup import text_of_cell
from tagger.reading.options import DEFAULTS, Options

__all__ = ["article_from", "check_columns", "role_of"]

# the names each field goes by, the surest first; case, spaces, dashes and underscores do not count
_NAMES = {
    "title": "title headline heading subject articletitle newstitle pagetitle head",
    "body": "body text content article articlebody articletext articlecontent fulltext bodytext maintext plaintext "
    "story storytext news contenttext contenthtml description summary abstract",
    "id": "id articleid docid documentid newsid storyid guid uuid uid",
    "date": "date published publishedat pubdate publicationdate publishdate publisheddate datepublished datepublish "
    "datetime timestamp createdat",
    "url": "url link href sourceurl articleurl weburl canonicalurl permalink uri",
}
_ROLES = {name: (role, rank) for role, names in _NAMES.items() for rank, name in enumerate(names.split())}
_SURE = {"title", "body", "text"}


@lru_cache(maxsize=4096)
def role_of(column: str) -> tuple[str | None, int]:
    """Return what a column holds by its name (``"title"``, ``"body"`` ... or None), and how sure that is."""
    return _ROLES.get(re.sub(r"[\s_.-]+", "", column).casefold(), (None, 0))


def check_columns(columns: Iterable[str], where: str, options: Options) -> None:
    """Check that a table's columns hold text.

    Raises
    ------
    InputError
        If no column is known to hold an article, or a column that was asked for is missing.
    """
    have = list(columns)
    shown = ", ".join(have)[:200] or "none"
    for wanted in (options.title_column, options.body_column, options.id_column):
        if wanted is not None and wanted not in have:
            raise InputError(f"{where}: has no column {wanted!r} (columns: {shown})")
    asked = options.title_column or options.body_column
    if not asked and not any(role_of(column)[0] in ("title", "body") for column in have):
        raise InputError(
            f"{where}: has no column 'body', 'text' or 'title' (columns: {shown})",
            "Name the columns in the first line, or give --body-column and --title-column.",
        )


def article_from(
    record: Mapping[str, Any],
    where: str,
    source: str,
    number: int,
    options: Options = DEFAULTS,
    *,
    sound: bool = False,
) -> Article:
    """Make an article of one row.

    Parameters
    ----------
    record : mapping
        One row; keys that are no field of an article are left alone.
    where : str
        Named in errors: path and line.
    source : str
        The path, for the output.
    number : int
        The article's place in the source, from 1.
    options : Options
        Columns that were named, and the size an article may have.
    sound : bool
        Whether the strings are known to hold no lone surrogates.

    Raises
    ------
    InputError
        If there is no text, or it is none: too large, not a string, broken.
    """
    keys = _keys(tuple(record), options.title_column, options.body_column, options.id_column)
    title = text_of_cell(_first(record, keys["title"], where, sound))
    body = text_of_cell(_first(record, keys["body"], where, sound))
    if not (title or body):
        if not (keys["title"] or keys["body"]):
            have = ", ".join(map(str, list(record)[:6])) or "none"
            raise InputError(f"{where}: has neither 'body' nor 'text' (keys: {have})")
        raise InputError(f"{where}: the article is empty")
    if len(title) + len(body) > options.max_article:
        raise options.too_large(where)
    identity = record[keys["id"][0]] if keys["id"] else None
    if isinstance(identity, dict):
        identity = identity.get("$oid", identity)  # as MongoDB exports it
    if isinstance(identity, (dict, list)):
        raise InputError(f"{where}: id must be a string or a number")
    if isinstance(identity, str):
        _checked(identity, "id", where, sound)
    date = _first(record, keys["date"], where, sound) if keys["date"] else None
    url = _first(record, keys["url"], where, sound) if keys["url"] else None
    # positional: keywords take twice as long
    return Article(title, body, source, number, None if identity == "" else identity, date or None, url or None)


@lru_cache(maxsize=256)
def _keys(
    columns: tuple[str, ...], title_column: str | None, body_column: str | None, id_column: str | None
) -> dict[str, list[str]]:
    """Return each field's keys in records of these columns, the surest first."""
    found: dict[str, list[tuple[int, str]]] = {role: [] for role in _NAMES}
    for key in columns:
        role, rank = role_of(key)
        if role:
            found[role].append((rank, key))
    keys = {role: [key for _, key in sorted(ranked)] for role, ranked in found.items()}
    named = {"title": title_column, "body": body_column, "id": id_column}
    for role, column in named.items():
        if column is not None:
            keys = {other: [key for key in names if key != column] for other, names in keys.items()}
            keys[role] = [column] if column in columns else []
    return keys


def _first(record: Mapping[str, Any], keys: list[str], where: str, sound: bool) -> str:
    """Return the first of some values that has text; a mere guess of a name that holds no string is passed over."""
    for key in keys:
        value = record[key]
        if value is None:
            continue
        if isinstance(value, str):
            if text := value.strip():
                return _checked(text, key, where, sound)
        elif role_of(key)[0] == "date" and isinstance(value, int | float):
            return str(value)
        elif key.lower() in _SURE or len(keys) == 1:
            raise InputError(f"{where}: {key} must be a string, not {type(value).__name__}")
    return ""


def _checked(value: str, key: str, where: str, sound: bool) -> str:
    if not (sound or value.isascii()):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"{where}: {key} is not UTF-8 text (a lone surrogate)", "Save the file as UTF-8."
            ) from error
    if "\0" in value:
        raise InputError(f"{where}: {key} holds NUL characters")
    return value
