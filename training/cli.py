"""The commands that training adds to ``tagger``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import labels
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from training.background import Background
    from training.curve import Point
    from training.dataset import Dataset
    from training.experiment import Settings
    from training.promotion import Decision

__all__ = ["train"]


@click.command(
    short_help="Train a model on labelled CSVs.",
    epilog="""\b
Examples:
  tagger train                          the starter set that comes with the tagger
  tagger train mine.csv                 your labels; topics are the tags found
  tagger train mine.csv --with-starter  both together
  tagger train mine.csv --taxonomy my.toml
  tagger train mine.csv --background archive.jsonl.gz
  tagger train mine.csv --test other.csv --promote never   compare only

\b
A labelled CSV has the columns title,body,tags (or text,tags), tags parted by |,
or one 0/1 column for each topic. An empty tags cell means: reviewed, none applies.
Optional columns: id, date, source, annotator, split_group (articles on the same event
share one), sure (no where the annotator hesitated: F1 without those is told as well).""",
)
@click.argument("csv", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--with-starter", is_flag=True, help="Join the starter set to your CSVs.")
@click.option(
    "--taxonomy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Topics and their definitions; tags outside it are mistakes.",
)
@click.option(
    "--background",
    type=click.Path(exists=True, path_type=Path),
    help="An unlabelled archive to learn word weights from.  [default: counts that come with the labels]",
)
@click.option("--keep-conflicts", is_flag=True, help="Take equal texts with different tags as they are.")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(2), help="Cross-validation folds.")
@click.option("--seed", default=0, show_default=True, help="Same seed, same labels: same figures.")
@click.option("--jobs", default=-1, show_default=True, help="Processes; -1 is one for each core.")
@click.option("--learning-curve", is_flag=True, help="Train on parts of the labels too: about twice the time.")
@click.option("--name", help="The run's name in MLflow.")
@click.option(
    "--promote",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="auto: the new model becomes champion when it is not worse. A first model always does.",
)
@click.option(
    "--test",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A labelled CSV to compare with the champion on; articles that either one saw do not count.",
)
def train(
    csv: tuple[Path, ...],
    *,
    with_starter: bool,
    taxonomy: Path | None,
    background: Path | None,
    keep_conflicts: bool,
    folds: int,
    seed: int,
    jobs: int,
    learning_curve: bool,
    name: str | None,
    promote: str,
    test: Path | None,
) -> None:
    """Train a model on labelled CSVs and make it the champion, unless it is worse than the champion.

    The figures shown are cross-validated: every article is judged by a model, thresholds and
    calibration that did not see it. The two models are compared on articles that neither saw.
    The champion changes only when everything else is done.
    """
    paths = [*csv, *([labels.starter()] if with_starter or not csv else [])]
    chosen = _taxonomy(taxonomy, paths)
    from training.dataset import read_dataset

    dataset = read_dataset(paths, chosen, keep_conflicts=keep_conflicts)
    held_back = read_dataset([test], dataset.taxonomy, keep_conflicts=keep_conflicts) if test else None
    support = ", ".join(f"{topic} {n}" for topic, n in list(dataset.support().items())[:12])
    _talk(f"{len(dataset)} articles, {len(dataset.topics)} topics: {support}")
    _talk("opening the MLflow store (the first time takes some seconds)")
    from tagger.registry import resolve
    from training.background import background_of
    from training.experiment import Settings, run
    from training.promotion import consider
    from training.report import show_cross_validated
    from training.tracking import Tracking

    tracking = Tracking()
    settings = Settings(n_folds=folds, seed=seed, n_jobs=jobs)
    names = " + ".join(path.stem for path in paths)
    if background:
        _talk(f"counting words in {background}")
    words = background_of(background or labels.background())
    with tracking.started(name or f"{names}, {len(dataset)} articles") as run_id:
        with _progress(folds + 2) as done:
            outcome = run(dataset, settings, words, done)
        curve = _curve(dataset, settings, words) if learning_curve else []
        _talk("logging runs, figures and the model to MLflow")
        made = tracking.log(outcome, run_id, curve)
    decision = consider(tracking.client, outcome, made.version, promote, held_back)
    if decision.promoted:
        resolve()  # into the cache now, so that the first `tagger tag` need not import MLflow
    show_cross_validated(outcome)
    _tell_decision(decision, made.version)


def _tell_decision(decision: Decision, version: str) -> None:
    if decision.compared:
        _talk(f"compared with the champion on {decision.compared}")
    _talk(f"version {version}: {decision.reason}")
    if decision.promoted:
        before = f" (before: version {decision.former})" if decision.former else ""
        _talk(f"version {version} of topic-tagger is the champion{before}; look at it with `tagger ui`")
    else:
        champion = f"version {decision.former} stays the champion" if decision.former else "there is no champion yet"
        _talk(f"{champion}; to change that: tagger models promote {version}")


def _curve(dataset: Dataset, settings: Settings, background: Background) -> list[Point]:
    """Return the learning curve below the whole set, told point by point."""
    from training.curve import curve_sizes
    from training.curve import learning_curve as points_of

    sizes = curve_sizes(len(dataset), settings.n_folds)
    points = []
    for point in points_of(dataset, sizes, settings, background):
        points.append(point)
        f1 = point.report.overall.micro_f1
        _talk(
            f"learning curve, {len(points)} of {len(sizes)}: {point.n_articles} articles, "
            f"micro F1 {f1.value:.3f} ({f1.low:.3f}-{f1.high:.3f})"
        )
    if not points:
        _talk("too few articles, or too many near-duplicates, for a learning curve")
    return points


def _taxonomy(path: Path | None, paths: list[Path]) -> Taxonomy | None:
    """Return the topics to train: the file's; ours for the starter set; else those of the labels."""
    if path is not None:
        return Taxonomy.read(path)
    return Taxonomy.read(labels.taxonomy()) if labels.starter() in paths else None


def _talk(words: str) -> None:
    click.echo(f"tagger: {words}", err=True)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Yield what to call after each step: a bar on a terminal, a line a step elsewhere."""
    began = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("cross-validating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=steps)
            yield lambda _: bar.advance(task)
        return
    finished = 0

    def done(step: str) -> None:
        nonlocal finished
        finished += 1
        passed = time.monotonic() - began
        left = passed / finished * (steps - finished)
        _talk(f"step {finished} of {steps} done ({step}), about {left:.0f} s left")

    yield done
