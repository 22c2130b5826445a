"""Labelled CSVs -> a Dataset: every row checked, all problems told at once, fingerprinted."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagger.errors import LabelsError
from tagger.reading.csv import MAX_FIELD
from tagger.reading.markup import text_of_cell
from tagger.taxonomy import Taxonomy

__all__ = ["Dataset", "Example", "read_dataset"]

_PLAIN = frozenset("id title body text tags date source url place genre annotator split_group sure passes".split())
_SHOWN_PROBLEMS = 50
_TRUE, _FALSE = {"1", "true", "yes"}, {"", "0", "false", "no"}


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled article: where it stands, its text, its tags."""

    file: str
    row: int
    """Row number as a spreadsheet counts: the header is row 1."""
    id: str
    title: str
    body: str
    tags: frozenset[str]
    date: str = ""
    split_group: str = ""
    source: str = ""
    sure: bool = True
    """False where the annotator hesitated."""

    @property
    def where(self) -> str:
        """File and row, for messages."""
        return f"{self.file}:{self.row}"


@dataclass(frozen=True)
class Dataset:
    """Labelled articles with their topics.

    Attributes
    ----------
    examples : tuple of Example
    taxonomy : Taxonomy
    files : dict
        Path -> SHA-256 of the file.
    """

    examples: tuple[Example, ...]
    taxonomy: Taxonomy
    files: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def topics(self) -> tuple[str, ...]:
        """Topic ids, the order of the columns of `targets`."""
        return self.taxonomy.ids

    def parted(self, files: Iterable[Path]) -> tuple[Dataset, Dataset]:
        """Return the articles that stand in some of the files, and the others."""
        named = {str(path) for path in files}
        parts = []
        for wanted in (True, False):
            examples = tuple(e for e in self.examples if (e.file in named) is wanted)
            hashes = {path: digest for path, digest in self.files.items() if (path in named) is wanted}
            parts.append(Dataset(examples, self.taxonomy, hashes))
        return parts[0], parts[1]

    def targets(self) -> NDArray[np.bool_]:
        """Return who has which tag, shape (n_examples, n_topics)."""
        return np.array([[t in e.tags for t in self.topics] for e in self.examples], dtype=bool)

    def support(self) -> dict[str, int]:
        """Return how many articles carry each topic."""
        return dict(zip(self.topics, self.targets().sum(axis=0).tolist(), strict=True))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over texts and tags in order: the same labels give the same fingerprint."""
        digest = hashlib.sha256()
        for e in self.examples:
            for part in (e.title, e.body, "|".join(sorted(e.tags)), e.split_group):
                digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        return digest.hexdigest()


def read_dataset(paths: Sequence[Path], taxonomy: Taxonomy | None = None, *, keep_conflicts: bool = False) -> Dataset:
    """Read and join labelled CSVs.

    Parameters
    ----------
    paths : sequence of Path
        Files with ``title,body,tags`` (or ``text`` for ``body``), tags parted by ``|``; or one
        0/1 column a topic in place of ``tags``. No tag means: reviewed, none applies. A column
        ``sure`` may say ``no`` where the annotator hesitated.
    taxonomy : Taxonomy, optional
        The topics. Without it they are the tags found.
    keep_conflicts : bool
        Whether equal texts with different tags are taken as they are. Some sets have them by design;
        mostly they are mistakes, so they are refused unless one says so.

    Raises
    ------
    LabelsError
        Listing every problem of every file with its row.
    """
    problems: list[str] = []
    examples: list[Example] = []
    for path in paths:
        examples += _read_file(path, taxonomy, problems)
    _check_ids(examples, problems)
    if not keep_conflicts:
        _check_conflicts(examples, problems)
    if taxonomy is not None:
        known = set(taxonomy.ids)
        for e in examples:
            problems += [f"{e.where}: tag {t!r} is not in the taxonomy" for t in sorted(e.tags - known)]
    if problems:
        shown = problems[:_SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"... and {len(problems) - len(shown)} more")
        count = f"{len(problems)} problem" + "s" * (len(problems) > 1)
        raise LabelsError(f"The labels have {count}:\n  " + "\n  ".join(shown) + "\n")
    found = sorted({tag for e in examples for tag in e.tags})
    if not found:
        names = ", ".join(map(str, paths))
        raise LabelsError(f"{names}: no article carries a tag", "A model needs tagged articles to learn from.")
    return Dataset(
        tuple(examples),
        taxonomy or Taxonomy.from_ids(found),
        {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths},
    )


def _read_file(path: Path, taxonomy: Taxonomy | None, problems: list[str]) -> list[Example]:
    csv.field_size_limit(MAX_FIELD)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            rows = csv.DictReader(file)
            header = list(rows.fieldnames or ())
            columns = _topic_columns(path, header, taxonomy, problems)
            if columns is None:
                return []
            return list(_examples(path, rows, columns, problems))
    except OSError as error:
        problems.append(f"{path}: {error.strerror or error}")
    except csv.Error as error:
        problems.append(f"{path}: not a CSV file ({error})")
    return []


def _topic_columns(path: Path, header: list[str], taxonomy: Taxonomy | None, problems: list[str]) -> list[str] | None:
    """Return the 0/1 topic columns ([] when there is a ``tags`` column), None when unusable."""
    have = ", ".join(header) or "none"
    if not {"body", "text"} & set(header):
        problems.append(f"{path}: has no column 'body' or 'text' (columns: {have})")
        return None
    if twice := [name for name, n in Counter(header).items() if n > 1]:
        problems.append(f"{path}: column {twice[0]!r} stands twice")
        return None
    if "tags" in header:
        return []
    columns = [c for c in header if (c in taxonomy.ids if taxonomy else c and c not in _PLAIN)]
    if not columns:
        problems.append(f"{path}: has neither a column 'tags' nor 0/1 columns of topics (columns: {have})")
        return None
    return columns


def _examples(path: Path, rows: Iterable[dict[str, str]], columns: list[str], problems: list[str]) -> Iterable[Example]:
    for number, row in enumerate(rows, start=2):
        where = f"{path}:{number}"
        if None in row or None in row.values():
            problems.append(f"{where}: not as many cells as the header has columns")
            continue
        body = text_of_cell((row.get("body") or row.get("text") or "").strip())
        title = text_of_cell(row.get("title", "").strip())
        if not body:
            problems.append(f"{where}: the text is empty")
            continue
        if not (title + body).isascii() and any("\ud800" <= c <= "\udfff" for c in title + body):
            problems.append(f"{where}: not UTF-8; save the file as UTF-8")
            continue
        tags = _flagged(where, row, columns, problems) if columns else _listed(row["tags"])
        yield Example(
            file=str(path),
            row=number,
            id=row.get("id", "").strip(),
            title=title,
            body=body,
            tags=frozenset(tags),
            date=row.get("date", "").strip(),
            split_group=row.get("split_group", "").strip(),
            source=row.get("source", "").strip(),
            sure=_is_sure(where, row.get("sure", ""), problems),
        )


def _listed(tags: str) -> set[str]:
    return {tag.strip() for tag in tags.split("|") if tag.strip()}


def _flagged(where: str, row: Mapping[str, str], columns: list[str], problems: list[str]) -> set[str]:
    tags = set()
    for column in columns:
        value = row[column].strip().lower()
        if value in _TRUE:
            tags.add(column)
        elif value not in _FALSE:
            problems.append(f"{where}: {column} must be 0 or 1, not {row[column]!r}")
    return tags


def _is_sure(where: str, cell: str, problems: list[str]) -> bool:
    value = cell.strip().lower()
    if value not in _TRUE | _FALSE:
        problems.append(f"{where}: sure must be yes or no, not {cell!r}")
    return value not in _FALSE - {""}


def _check_ids(examples: list[Example], problems: list[str]) -> None:
    by_id: dict[tuple[str, str], Example] = {}
    for e in examples:
        first = by_id.setdefault((e.file, e.id), e) if e.id else e
        if first is not e:
            problems.append(f"{e.where}: id {e.id!r} stands already in row {first.row}")


def _check_conflicts(examples: list[Example], problems: list[str]) -> None:
    by_text: dict[tuple[str, str], Example] = {}
    for e in examples:
        first = by_text.setdefault((e.title, e.body), e)
        if e.tags != first.tags:
            tags = " against ".join("|".join(sorted(x.tags)) or "(none)" for x in (first, e))
            problems.append(
                f"{e.where}: the text of {first.where} with other tags: {tags} (--keep-conflicts takes both)"
            )
