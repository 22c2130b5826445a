"""A move in the files that name topics: a taxonomy file and labelled CSVs, as they are before and after."""

from __future__ import annotations

import csv
import io
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import tomlkit

from tagger.errors import LabelsError
from tagger.taxonomy import Taxonomy
from training.dataset import Dataset, Example, read_dataset
from training.moving import Change, Move, writing

__all__ = ["in_labels", "in_taxonomy"]

_BOM = b"\xef\xbb\xbf"


class _Table(NamedTuple):
    """A table of a TOML file: its lines from its header to its last value, and where the next one's header is."""

    start: int
    last: int
    end: int
    topic: str


def in_taxonomy(path: Path, move: Move, taxonomy: Taxonomy) -> Change:
    """Return a taxonomy file after a move; outside the topics' own tables it stays as it is, byte for byte.

    Raises
    ------
    LabelsError
        If the file is laid out so that this cannot be done.
    """
    before = path.read_bytes()
    bom = _BOM if before.startswith(_BOM) else b""
    lines = before.removeprefix(_BOM).decode("utf-8").splitlines(keepends=True)
    tables = _tables(lines)
    if [t.topic for t in tables if t.topic] != list(taxonomy.ids):
        raise LabelsError(f"{path}: its topics are not tables of their own", "Write [[topic]] above each.")
    heir = next((t for t in move.topics if t in taxonomy.ids), "") if move.into not in taxonomy.ids else ""
    details = []
    for number, table in reversed(list(enumerate(tables))):
        if table.topic not in move.topics:
            continue
        if move.into and table.topic == heir:
            lines[table.start : table.last] = _renamed(lines[table.start : table.last], move.into)
            details.append(f"{path}:{table.start + 1}: id {table.topic!r} -> {move.into!r}")
        else:
            floor = tables[number - 1].last if number else 0
            _take_out(lines, table, floor)
            details.append(f"{path}:{table.start + 1}: the table of {table.topic!r} goes")
    after = bom + "".join(lines).encode("utf-8")
    topics = [replace(t, id=move.into) if t.id == heir and move.into else t for t in taxonomy.topics]
    wanted = Taxonomy.of(t for t in topics if t.id not in move.topics)
    with writing(path), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "topics.toml"
        copy.write_bytes(after)
        if Taxonomy.read(copy) != wanted:
            raise LabelsError(f"{path}: cannot be edited in place without harm", "Change it by hand.")
    summary = f"{path}: {len(taxonomy.ids)} topics -> {len(wanted.ids)}: {', '.join(wanted.ids)}"
    return Change(path, before, after, summary, tuple(reversed(details)))


def in_labels(paths: Sequence[Path], move: Move, dataset: Dataset, taxonomy: Taxonomy | None) -> list[Change]:
    """Return labelled CSVs after a move; every cell that holds no moved tag keeps its value.

    Parameters
    ----------
    paths : sequence of Path
    move : Move
    dataset : Dataset
        What was read from them.
    taxonomy : Taxonomy or None
        The topics before the move, where there is a taxonomy file.

    Raises
    ------
    LabelsError
        If a file would not say what is meant any more.
    """
    examples = {(e.file, e.row): e for e in dataset.examples}
    changes = [_in_csv(path, move, examples) for path in paths]
    after = None if taxonomy is None else Taxonomy.from_ids(move.ids(taxonomy.ids))
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / f"{number}.csv" for number in range(len(paths))]
        for copy, change in zip(copies, changes, strict=True):
            with writing(change.path):
                copy.write_bytes(change.after)
        try:
            found = read_dataset(copies, after, keep_conflicts=True)
            wanted = [replace(e, file="", tags=frozenset(move.ids(e.tags))) for e in dataset.examples]
            same = [replace(e, file="") for e in found.examples] == wanted
        except LabelsError:
            same = False
    if not same:
        names = ", ".join(map(str, paths))
        raise LabelsError(f"{names}: would not be labelled CSVs as meant after this ({move})", "Choose another id.")
    return changes


def _in_csv(path: Path, move: Move, examples: dict[tuple[str, int], Example]) -> Change:
    before = path.read_bytes()
    text = before.removeprefix(_BOM).decode("utf-8", "surrogateescape")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0]
    mine = [e for (file, _), e in examples.items() if file == str(path)]
    carrying = sum(not e.tags.isdisjoint(move.topics) for e in mine)
    if "tags" in header:
        details = _in_tags(path, rows, move)
        summary = f"{path}: the tags of {carrying} of {len(mine)} articles"
    else:
        if move.verb == "rename" and move.into in header:
            raise LabelsError(f"{path}: there is a column {move.into!r} already", "Choose another id.")
        details = _in_columns(path, rows, move, examples)
        summary = f"{path}: the columns; {carrying} of {len(mine)} articles carry what moves"
    if not details:
        return Change(path, before, before, f"{path}: nothing to change in {len(mine)} articles")
    ending = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    bom = _BOM if before.startswith(_BOM) else b""
    return Change(path, before, bom + _written(rows, ending), summary, tuple(details))


def _in_tags(path: Path, rows: list[list[str]], move: Move) -> list[str]:
    column = rows[0].index("tags")
    details = []
    for number, row in enumerate((row for row in rows[1:] if row), start=2):
        tags = {tag.strip() for tag in row[column].split("|")}
        if not tags.isdisjoint(move.topics):
            moved = move.cell(row[column])
            details.append(f"{path}:{number}: {row[column]} -> {moved or '(none)'}")
            row[column] = moved
    return details


def _in_columns(path: Path, rows: list[list[str]], move: Move, examples: dict[tuple[str, int], Example]) -> list[str]:
    header = rows[0]
    sources = [topic for topic in move.topics if topic in header]
    if not sources:
        return []
    heir = move.into if move.into in header else sources[0]
    gone = [t for t in sources if t != heir or not move.into]
    details = [f"{path}:1: the column {topic!r} goes" for topic in gone]
    if move.into and heir != move.into:
        details.insert(0, f"{path}:1: column {heir!r} -> {move.into!r}")
    place = header.index(heir)
    dropped = {header.index(topic) for topic in gone}
    for number, row in enumerate((row for row in rows[1:] if row), start=2):
        tags = examples[str(path), number].tags
        if move.into and heir not in tags and (giver := next((t for t in sources if t in tags), None)):
            given = row[header.index(giver)]
            details.append(f"{path}:{number}: {move.into} {row[place] or '(empty)'} -> {given}")
            row[place] = given
        row[:] = [cell for i, cell in enumerate(row) if i not in dropped]
    header[:] = [move.id(name) if name == heir and move.into else name for name in header]
    header[:] = [name for i, name in enumerate(header) if i not in dropped]
    return details


def _written(rows: Sequence[Sequence[str]], ending: str) -> bytes:
    r"""Return rows as CSV; the csv module leaves a bare \r unquoted unless its own line ending has one."""
    lines = io.StringIO(newline="")
    whole = []
    for row in rows:
        lines.seek(0)
        lines.truncate()
        csv.writer(lines, lineterminator="\r\n").writerow(row)
        whole.append(lines.getvalue().removesuffix("\r\n") + ending)
    return "".join(whole).encode("utf-8", "surrogateescape")


def _tables(lines: Sequence[str]) -> list[_Table]:
    """Find the tables: a line with a bracket is a header when all before it is complete TOML."""
    starts = [0]
    for i, line in enumerate(lines):
        if line.lstrip().startswith("[") and _parsed(lines[starts[-1] : i]) is not None:
            starts.append(i)
    tables = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = end
        while last > start and _is_talk(lines[last - 1]) and _parsed(lines[start : last - 1]) is not None:
            last -= 1
        topics = (_parsed(lines[start:end]) or {}).get("topic")
        topic = str(topics[0].get("id", "")).strip() if isinstance(topics, list) and len(topics) == 1 else ""
        tables.append(_Table(start, last, end, topic if lines[start].lstrip().startswith("[") else ""))
    return tables


def _take_out(lines: list[str], table: _Table, floor: int) -> None:
    """Delete a table with the comment right above it; comments that stand apart, or begin the file, stay."""
    first, last = table.start, table.last
    while first > floor and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    if first == 0:
        first = table.start
    while last < len(lines) and not lines[last].strip():
        last += 1
    if last == len(lines):
        while first > floor and not lines[first - 1].strip():
            first -= 1
    del lines[first:last]


def _renamed(lines: Sequence[str], topic: str) -> list[str]:
    document = tomlkit.parse("".join(lines))
    document["topic"][0]["id"] = topic
    return [tomlkit.dumps(document)]


def _parsed(lines: Sequence[str]) -> dict[str, object] | None:
    try:
        return tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _is_talk(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
