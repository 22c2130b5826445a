"""``tagger topics``: a topic renamed, merged or retired in taxonomy, labels and champion in one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagger.errors import LabelsError
from tagger.taxonomy import Taxonomy, Topic

if TYPE_CHECKING:
    from training.moving import Change, Move

__all__ = ["topics"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _places(command: Any) -> Any:
    for option in (
        click.option("--dry-run", is_flag=True, help="Print what would change, place by place, and change nothing."),
        click.option("--csv", "csvs", multiple=True, type=_FILE, help="A labelled CSV to change; may be repeated."),
        click.option("--taxonomy", type=_FILE, help="A taxonomy file to change; its comments and layout stay."),
    ):
        command = option(command)
    return command


_no_model = click.option("--no-model", is_flag=True, help="Leave the champion as it is.")


@click.group(
    short_help="Rename, merge or retire topics, in files and model at once.",
    epilog="""\b
Examples:
  tagger topics rename sport athletics             in the champion alone
  tagger topics rename sport athletics --taxonomy topics.toml --csv a.csv --csv b.csv
  tagger topics retire weather --taxonomy topics.toml --csv a.csv --dry-run
  tagger topics merge city villages places --taxonomy topics.toml --csv a.csv
  tagger topics retire weather --csv a.csv --no-model

\b
Everything is checked before anything is written; a failure leaves all as it was.
The moved model is a new version and the champion; `tagger models rollback` undoes that, not the files.
Exit codes: 0 done, 1 bad input, 2 wrong usage, 3 no model yet, 4 the store or the model cannot be used.""",
)
def topics() -> None:
    """Rename, merge or retire topics: taxonomy file, labelled CSVs and champion move along in one step."""


@topics.command(
    epilog="""\b
Examples:
  tagger topics rename sport athletics --dry-run
  tagger topics rename sport athletics --taxonomy topics.toml --csv mine.csv"""
)
@click.argument("old")
@click.argument("new")
@_places
@_no_model
def rename(old: str, new: str, taxonomy: Path | None, csvs: tuple[Path, ...], dry_run: bool, no_model: bool) -> None:
    """Give topic OLD the id NEW.

    The champion goes on with the same weights and thresholds. Name and definition stay as they are written.
    """
    from training.moving import Move

    _carry_out(Move("rename", (old,), _valid(new)), taxonomy, csvs, dry_run, model=not no_model)


@topics.command(
    epilog="""\b
Examples:
  tagger topics merge villages city --taxonomy topics.toml --csv mine.csv
  tagger topics merge city villages places --csv mine.csv --dry-run"""
)
@click.argument("old", metavar="A B...", nargs=-1, required=True)
@click.argument("into", metavar="INTO")
@_places
def merge(old: tuple[str, ...], into: str, taxonomy: Path | None, csvs: tuple[Path, ...], dry_run: bool) -> None:
    """Make several topics one.

    INTO may be one of them, another topic or a new id. Of the definitions INTO's stays; where INTO is
    new it takes over A's. Weights cannot be merged honestly: the champion stays until the next training.
    """
    from training.moving import Move

    if not taxonomy and not csvs:
        raise click.UsageError("A model's weights cannot be merged: give --taxonomy or --csv, then train anew.")
    into = _valid(into)
    move = Move("merge", tuple(dict.fromkeys(topic for topic in old if topic != into)), into)
    if not move.topics:
        raise click.UsageError("There is nothing to merge: give at least one topic other than INTO.")
    _carry_out(move, taxonomy, csvs, dry_run, model=False)
    _talk("the champion is as it was: weights cannot be merged honestly; train anew with --promote always")


@topics.command(
    epilog="""\b
Examples:
  tagger topics retire weather --dry-run
  tagger topics retire weather --taxonomy topics.toml --csv mine.csv"""
)
@click.argument("topic")
@_places
@_no_model
def retire(topic: str, taxonomy: Path | None, csvs: tuple[Path, ...], dry_run: bool, no_model: bool) -> None:
    """Take TOPIC out of use.

    Articles that carried nothing else stay in the CSVs, as reviewed with no topic.
    """
    from training.moving import Move

    _carry_out(Move("retire", (topic,)), taxonomy, csvs, dry_run, model=not no_model)


def _carry_out(move: Move, taxonomy: Path | None, csvs: Sequence[Path], dry_run: bool, *, model: bool) -> None:
    """Check all, then write all."""
    from tagger.cli.inputs import utf8_output

    if not taxonomy and not csvs and not model:
        raise click.UsageError("There is nothing to change: give --taxonomy or --csv, or leave out --no-model.")
    changes = _changes(move, taxonomy, list({path.resolve(): path for path in csvs}.values()))
    former = None
    if model:
        from training.transplant import champion_for

        former = champion_for(move, _talk)
    utf8_output()
    for change in changes:
        click.echo("\n".join([change.summary, *(change.details if dry_run else ())]))
    if former:
        click.echo(former.summary(move))
    if dry_run:
        _talk("nothing was written (--dry-run)")
        return
    from training.moving import staged

    with staged(changes) as place:
        if former is None:
            place()
            return
        from training.transplant import transplant

        version = transplant(former, move, place)
    from tagger.registry import resolve

    resolve()  # into the cache now, so that the next `tagger tag` need not import MLflow
    _talk(
        f"version {version} is the champion (before: version {former.number}, now called previous): "
        f"it tags the same but for the topic that moved"
    )


def _changes(move: Move, taxonomy: Path | None, csvs: Sequence[Path]) -> list[Change]:
    """Return the files after the move, nothing written yet."""
    from training.dataset import read_dataset
    from training.relabelling import in_labels, in_taxonomy

    changes = []
    known = Taxonomy.read(taxonomy) if taxonomy else None
    if taxonomy and known:
        _check(move, known.ids, str(taxonomy))
        changes.append(in_taxonomy(taxonomy, move, known))
    if csvs:
        dataset = read_dataset(csvs, known, keep_conflicts=True)
        names = ", ".join(map(str, csvs))
        carried = [topic for topic, n in dataset.support().items() if n]
        if known is None:
            _check(move, carried, names)
        elif not move.ids(carried):
            raise LabelsError(f"{names}: no article carries a topic but {move.topics[0]!r}", "There must be another.")
        changes += in_labels(csvs, move, dataset, known)
    return changes


def _check(move: Move, ids: Sequence[str], where: str) -> None:
    if unknown := [topic for topic in move.topics if topic not in ids]:
        raise LabelsError(f"{where}: there is no topic {unknown[0]!r}", f"There are: {', '.join(ids)}.")
    if move.verb == "rename" and move.into in ids:
        raise LabelsError(
            f"{where}: there is a topic {move.into!r} already", "To make one of two: tagger topics merge."
        )
    if not move.ids(ids):
        raise LabelsError(f"{where}: there is no topic but {move.topics[0]!r}", "There must be another.")
    if move.verb == "merge" and len(move.topics) == 1 and move.into not in ids:
        raise LabelsError(f"{where}: there is no topic {move.into!r} to merge into", "To rename: tagger topics rename.")


def _valid(topic: str) -> str:
    """Return an id without outer white space, if it is one."""
    return Topic.from_dict({"id": topic}, "the new id").id


def _talk(words: str) -> None:
    click.echo(f"tagger: {words}", err=True)
