"""The commands that training adds to ``tagger``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import labels
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from training.background import Background
    from training.curve import Point
    from training.dataset import Dataset, Example
    from training.experiment import Settings
    from training.promotion import Decision
    from training.unseen import Unseen

__all__ = ["train"]

_ENOUGH_YOURS = 100


def _precision(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    targets = {}
    for one in given:
        topic, _, share = one.rpartition("=")
        try:
            targets[topic.strip()] = float(share)
        except ValueError:
            raise click.BadParameter(f"{one!r} is not of the form TOPIC=0.9") from None
        if not topic.strip() or not 0 < targets[topic.strip()] < 1:
            raise click.BadParameter(f"{one!r} is not of the form TOPIC=0.9, a share between 0 and 1")
    return targets


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
  tagger train mine.csv --holdout-after 2025-05-31         learn from the past, judge on what came later
  tagger train mine.csv --precision-target security=0.9 --precision-target all=0.8
  tagger train mine.csv --repeats 5                        figures that hang less on the luck of the folds

\b
A labelled CSV has the columns title,body,tags (or text,tags), tags parted by |,
or one 0/1 column for each topic. An empty tags cell means: reviewed, none applies.
Optional columns: id, date, source, annotator, split_group (articles on the same event
share one), sure (no where the annotator hesitated: F1 without those is told as well).""",
)
@click.argument("csv", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--with-starter",
    is_flag=True,
    help="Learn from the starter set as well; yours decide and are judged, once they are 100.",
)
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
@click.option(
    "--repeats",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Do the cross-validation again with other seeds; figures are means over the repeats.",
)
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
    help="A labelled CSV that the model is judged on as well, and compared with the champion on; articles that a"
    " model saw, and near copies, do not count.",
)
@click.option(
    "--holdout-after",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Learn from articles up to this day (column 'date') and judge the model on the later ones. The model so judged"
    " is the one registered: it knows nothing of the later articles. Train again without this for one that does.",
)
@click.option(
    "--precision-target",
    "precision",
    multiple=True,
    callback=_precision,
    metavar="TOPIC=SHARE",
    help="Give the topic from the lowest score at which this share of tags is right, with 90 % confidence."
    " Where labels are too few to tell, only from the score up that kept it so far. 'all' is every topic; repeatable.",
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
    repeats: int,
    promote: str,
    test: Path | None,
    holdout_after: datetime | None,
    precision: dict[str, float],
) -> None:
    """Train a model on labelled CSVs and make it the champion, unless it is worse than the champion.

    The figures shown are cross-validated: every article is judged by a model, thresholds and
    calibration that did not see it. With a hold-out, the model itself is judged on that, in a second table.
    Champion and new model are compared on articles that neither saw.
    The champion changes only when everything else is done.
    """
    if test and holdout_after:
        raise click.UsageError("--test and --holdout-after are two hold-outs: give one of them.")
    paths = [*csv, *([labels.starter()] if with_starter or not csv else [])]
    chosen = _taxonomy(taxonomy, paths)
    from training.dataset import read_dataset

    dataset, supplement = read_dataset(paths, chosen, keep_conflicts=keep_conflicts), None
    if with_starter and csv and labels.starter() not in csv:
        yours, starter = dataset.parted(csv)
        if len(yours) >= _ENOUGH_YOURS:
            dataset, supplement = yours, starter
        else:
            _talk(f"{len(yours)} articles of yours are too few to judge by: the starter articles are judged with them")
    held_back = read_dataset([test], dataset.taxonomy, keep_conflicts=keep_conflicts) if test else None
    learnt = supplement.examples if supplement else ()
    dataset, holdout = _parts(dataset, learnt, (test.name, held_back) if test and held_back else None, holdout_after)
    support = ", ".join(f"{topic} {n}" for topic, n in list(dataset.support().items())[:12])
    also = f"; and {len(supplement)} starter articles to learn from" if supplement else ""
    _talk(f"{len(dataset)} articles, {len(dataset.topics)} topics: {support}{also}")
    from training.experiment import Settings, run

    settings = Settings(folds, seed=seed, n_jobs=jobs, repeats=repeats, precision=precision)
    settings.precision_targets(dataset.topics)  # a mistake in them is told before a run begins
    _talk("opening the MLflow store (the first time takes some seconds)")
    from tagger.registry import resolve
    from training.background import background_of
    from training.promotion import consider
    from training.report import show_cross_validated, show_holdout
    from training.tracking import Tracking

    tracking = Tracking()
    names = " + ".join(path.stem for path in paths)
    if background:
        _talk(f"counting words in {background}")
    words = background_of(background or labels.background())
    with tracking.started(name or f"{names}, {len(dataset)} articles") as run_id:
        with _progress(settings.steps(holdout=holdout is not None)) as done:
            outcome = run(dataset, settings, words, done, holdout, supplement)
        curve = _curve(dataset, settings, words, supplement) if learning_curve else []
        _talk("logging runs, figures and the model to MLflow")
        made = tracking.log(outcome, run_id, curve)
    decision = consider(tracking.client, outcome, made.version, promote, held_back)
    if decision.promoted:
        resolve()  # into the cache now, so that the first `tagger tag` need not import MLflow
    for topic, promise in outcome.promises.items():
        _talk(f"{topic}: {promise}")
    show_cross_validated(outcome)
    if outcome.holdout:
        show_holdout(outcome)
    if holdout_after:
        _talk(
            f"this model learnt nothing after {holdout_after.date()}; for one that did, train without --holdout-after"
        )
    _tell_decision(decision, made.version)


def _parts(
    dataset: Dataset, learnt: tuple[Example, ...], test: tuple[str, Dataset] | None, after: datetime | None
) -> tuple[Dataset, Unseen | None]:
    """Return the articles to learn from and those to judge the model on, and say how many they are."""
    from training.unseen import Unseen, split_after

    if after:
        day = after.date()
        dataset, later = split_after(dataset, day)
        _talk(f"{len(dataset)} articles up to {day} to learn from, {len(later)} later ones to judge the model on")
        if new := [topic for topic, n in dataset.support().items() if not n and later.support()[topic]]:
            _talk(f"no article to learn from carries {', '.join(new)}: the model cannot give it")
        test = f"after {day}", later
    if test is None:
        return dataset, None
    holdout = Unseen.by(dataset.examples + learnt, *test)
    if holdout.left_out:
        _talk(
            f"{holdout.left_out} of {len(test[1])} hold-out articles are (near copies of) training articles: left out"
        )
    return dataset, holdout


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


def _curve(dataset: Dataset, settings: Settings, background: Background, supplement: Dataset | None) -> list[Point]:
    """Return the learning curve below the whole set, told point by point."""
    from training.curve import curve_sizes
    from training.curve import learning_curve as points_of

    sizes = curve_sizes(len(dataset), settings.n_folds)
    points = []
    once = replace(settings, repeats=1)
    for point in points_of(dataset, sizes, once, background, supplement=supplement):
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
