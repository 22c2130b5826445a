"""Tagged articles -> a table for people, JSON Lines or CSV for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Protocol

from tagger.article import Article, TaggedArticle
from tagger.reading.records import role_of

__all__ = ["ENGLISH", "SCHEMA", "CsvWriter", "TableWriter", "Writer", "as_object", "cell", "head_of", "json_lines"]

SCHEMA = "tagger/1"
"""Name of the output's form; ``tagger/schema.json`` describes it."""

ENGLISH = "en"
_SHOWN_TERMS = 5
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_FEW = 50
"""Articles up to which Python's own writer is quicker than to import another."""
_PLAIN = 0.0001
"""The least score that everybody writes without an exponent or with the same zeros."""


class Writer(Protocol):
    """Takes tagged articles one by one; `finish` is called once at the end."""

    def write(self, tagged: TaggedArticle) -> None:
        """Write one article."""

    def finish(self) -> None:
        """Write what only the end can show."""


def head_of(article: Article) -> dict[str, Any]:
    """Return the fields that say which article it is, absent ones left out."""
    head: dict[str, Any] = {"source": article.source, "article": article.number}
    for key in ("id", "date", "url"):
        if (value := getattr(article, key)) is not None:
            head[key] = value
    if article.language not in (None, ENGLISH):
        head["language"] = article.language
    head["title"] = article.title
    return head


def as_object(tagged: TaggedArticle, model: str, *, all_scores: bool = False) -> dict[str, Any]:
    """Return the JSON object of one article, as ``tagger/schema.json`` describes it."""
    tags: list[dict[str, Any]] = []
    for tag in tagged.tags:
        entry: dict[str, Any] = {"topic": tag.topic, "score": round(tag.score, 6)}
        if tag.margin is not None:
            entry |= {
                "margin": tag.margin,
                "intercept": tag.intercept,
                "evidence": [{"term": e.term, "field": e.field, "contribution": e.contribution} for e in tag.evidence],
                "passage": tag.passage,
            }
        tags.append(entry)
    result = {"schema": SCHEMA, **head_of(tagged.article), "tags": tags, "model": model}
    if all_scores:
        result["scores"] = {topic: round(score, 6) for topic, score in tagged.scores.items()}
    return result


def json_lines(tagged: Iterable[TaggedArticle], model: str, *, all_scores: bool = False) -> list[bytes]:
    """Return a line of JSON for each article (`as_object`), byte for byte the same for few as for many."""
    articles = list(tagged)
    if len(articles) <= _FEW:
        return [_line(as_object(one, model, all_scores=all_scores)) for one in articles]
    from orjson import OPT_APPEND_NEWLINE, dumps  # only here: the path that tags one page is light

    lines = []
    for one in articles:
        value = as_object(one, model, all_scores=all_scores)
        if _has_plain_numbers(one, all_scores):
            try:
                lines.append(dumps(value, option=OPT_APPEND_NEWLINE))
                continue
            except TypeError:  # a lone surrogate, as of a file's name, or an integer beyond 64 bits
                pass
        lines.append(_line(value))
    return lines


def _line(value: dict[str, Any]) -> bytes:
    return f"{_ENCODE(value)}\n".encode(errors="replace")


def _has_plain_numbers(tagged: TaggedArticle, all_scores: bool) -> bool:
    """Tell whether all numbers have one form in JSON: exponents and small fractions are written in several."""
    if type(tagged.article.id) is float or (tagged.tags and tagged.tags[0].evidence):
        return False
    least = min(tagged.scores.values(), default=1.0) if all_scores else tagged.tags[-1].score if tagged.tags else 1.0
    return least >= _PLAIN


class CsvWriter:
    """One row an article; tags parted by ``|``; safe to open in a spreadsheet (`cell`).

    The first article decides the columns: a row of a CSV keeps all its cells and ours follow, one of our
    names that is taken there becomes ``tagger_NAME``.

    Attributes
    ----------
    left_out : list of str
        Columns of later inputs that have no place in the first one's header; headlines, ids, dates and
        addresses find theirs by what their columns are called.
    """

    def __init__(self, out: IO[str], model: str, topics: Sequence[str], *, all_scores: bool) -> None:
        import csv  # only here: the path that tags one article is light

        self._writer = csv.writer(out, lineterminator="\n")
        self._model = model
        self._topics = topics if all_scores else ()
        self._given: tuple[str, ...] | None = None
        self._columns: dict[str, str] = {}
        self.left_out: list[str] = []

    def write(self, tagged: TaggedArticle) -> None:
        """Write one row."""
        article = tagged.article
        given = self._begin(article.row)
        row: Mapping[str, Any] = article.row or {}
        if given and tuple(row) != given:  # of another input: what it calls its headline goes under the first one's
            self.left_out += [
                n for n in row if n not in {*given, *self.left_out} and role_of(n)[0] not in self._columns
            ]
            head = head_of(article)
            row = {column: head.get(role) for role, column in self._columns.items()} | dict(row)
        ours = [
            cell(article.source),
            article.number,
            *([] if given else map(cell, (_text(article.id), article.date or "", article.url or "", article.title))),
            head_of(article).get("language", ""),
            cell("|".join(tag.topic for tag in tagged.tags)),
            "|".join(f"{tag.score:.4f}" for tag in tagged.tags),
            cell(self._model),
            *(f"{tagged.scores[topic]:.4f}" for topic in self._topics),
        ]
        self._writer.writerow([*(cell(_text(row.get(name))) for name in given), *ours])

    def finish(self) -> None:
        """Write the header if no article did."""
        self._begin(None)

    def _begin(self, row: Mapping[str, str] | None) -> tuple[str, ...]:
        """Write the header before the first row; return the input's columns that are kept."""
        if self._given is None:
            self._given = tuple(row or ())
            roles = ((name, role_of(name)[0]) for name in reversed(self._given))
            self._columns = {role: name for name, role in roles if role in ("id", "date", "url", "title")}
            which = [] if row else ["id", "date", "url", "title"]
            ours = ["source", "article", *which, "language", "tags", "scores", "model", *self._topics]
            names = [f"tagger_{name}" if name in self._given else name for name in ours]
            self._writer.writerow(map(cell, [*self._given, *names]))
        return self._given


class TableWriter:
    """A table for people, drawn at the end: article, tags with scores, the strongest terms."""

    def __init__(self, out: IO[str], model: str, *, explain: bool, all_scores: bool) -> None:
        from rich.console import Console
        from rich.table import Table

        self._console = Console(file=out, highlight=False)
        self._explain, self._all_scores = explain, all_scores
        self._table = Table(caption=f"model {model}", caption_justify="left", show_lines=True)
        self._table.add_column("article", ratio=4)
        self._table.add_column("tags", no_wrap=True)
        self._table.add_column("because of", ratio=5)

    def write(self, tagged: TaggedArticle) -> None:
        """Add one article's row."""
        from rich.text import Text

        article = tagged.article
        name = Text(article.title or f"{article.body[:60].strip()} ...", style="bold")
        language = head_of(article).get("language")
        name.append(f"\n{article.source} #{article.number}", style="dim not bold")
        name.append(f" [{language}]" if language else "", style="yellow not bold")
        tags, why = Text(), Text()
        for i, tag in enumerate(tagged.tags):
            strongest = {e.term.lower(): e.term for e in reversed(tag.evidence) if e.contribution > 0}
            terms = ", ".join(list(reversed(strongest.values()))[:_SHOWN_TERMS])
            tags.append("\n" * (i > 0) + tag.topic, style="green")
            tags.append(f" {_shown(tag.score)}")
            why.append("\n" * (i > 0) + f"{tag.topic}: ", style="green")
            why.append(terms)
            if self._explain:
                why.append(f"\n  “{tag.passage}”", style="dim")
        if not tagged.tags:
            tags.append("none", style="dim")
            why.append("no topic's score reaches its threshold", style="dim")
        if self._all_scores:
            tags.append("\n" + "\n".join(f"{t} {s:.2f}" for t, s in tagged.scores.items()), style="dim")
        self._table.add_row(name, tags, why)

    def finish(self) -> None:
        """Draw the table, if there is anything in it."""
        if self._table.row_count:
            self._console.print(self._table)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def cell(text: str) -> str:
    """Return text that a spreadsheet takes as text: formulas get a leading apostrophe (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _shown(score: float) -> str:
    """Return a score for people; nothing is certain, so nothing is rounded up to 1."""
    return f"{score:.2f}" if score < 0.995 else ">0.99"
