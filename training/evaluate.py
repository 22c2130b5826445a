"""``tagger evaluate``: a model on labelled articles that it never saw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagger.errors import LabelsError

if TYPE_CHECKING:
    from tagger.tagging import Tagger
    from training.dataset import Dataset, Example
    from training.judgement import Judgement

__all__ = ["evaluate", "judge_model"]


@click.command(
    short_help="Judge a model on labelled articles it never saw.",
    epilog="""\b
Examples:
  tagger evaluate labelled.csv                  the champion on your labels
  tagger evaluate labelled.csv --model 2        another version
  tagger evaluate labelled.csv --format json    all figures, for programs

\b
The CSV is one that `tagger train` takes. Articles that the model was trained on, and
near copies of them, are left out: they would flatter it.""",
)
@click.argument("csv", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model", default="champion", show_default=True, metavar="ALIAS|VERSION|FOLDER", help="The model to judge."
)
@click.option("--keep-conflicts", is_flag=True, help="Take equal texts with different tags as they are.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--log/--no-log", default=True, help="Log the report to MLflow as a run.  [default: log]")
def evaluate(csv: tuple[Path, ...], model: str, keep_conflicts: bool, form: str, log: bool) -> None:
    """Report how well a model tags labelled articles that it was not trained on."""
    from tagger.registry import load
    from training.dataset import Dataset, read_dataset
    from training.report import show

    tagger = load(model, talk=_talk)
    labelled = read_dataset(csv, tagger.bundle.taxonomy, keep_conflicts=keep_conflicts)
    fresh = _unseen(labelled, tagger)
    if not fresh:
        raise LabelsError("The model was trained on every one of these articles", "Judge it on others.")
    dataset = Dataset(tuple(fresh), labelled.taxonomy, labelled.files)
    found = judge_model(tagger, dataset)
    if form == "json":
        sure = found.sure.as_dict() if found.sure else None
        click.echo(json.dumps({"model": tagger.name} | found.report.as_dict() | {"sure": sure}, indent=1))
    else:
        thresholds = tagger.bundle.thresholds
        title = f"{tagger.name} on {len(dataset)} labelled articles"
        show(found, thresholds, title, "Articles the model was not trained on (95 % intervals).")
    if log:
        from training.tracking import Tracking

        Tracking().log_evaluation(tagger.name, found)


def judge_model(tagger: Tagger, dataset: Dataset) -> Judgement:
    """Tag labelled articles and compare; the caller sees to it that the model did not learn from them."""
    import numpy as np

    from tagger.article import Article
    from tagger.streams import tag_stream
    from training.judgement import Judgement

    articles = (Article(title=e.title, body=e.body) for e in dataset.examples)
    scores = np.array([[t.scores[topic] for topic in dataset.topics] for t in tag_stream(tagger, articles)])
    return Judgement.by_model(dataset, scores, np.array(tagger.bundle.thresholds))


def _unseen(labelled: Dataset, tagger: Tagger) -> list[Example]:
    """Return the articles the model was not trained on, and say how many are left out."""
    from tagger.home import MODEL_NAME
    from training.promotion import record_of
    from training.store import opened

    name, _, version = tagger.name.rpartition("/")
    saw = record_of(opened(), version) if name == MODEL_NAME else None
    if saw is None:
        _talk("it is not recorded which articles this model was trained on; figures on those would flatter it")
        return list(labelled.examples)
    fresh = saw.unseen(labelled.examples)
    if left_out := len(labelled) - len(fresh):
        _talk(f"{left_out} of {len(labelled)} articles were in the model's training (or are near copies): left out")
    return fresh


def _talk(words: str) -> None:
    click.echo(f"tagger: {words}", err=True)
