"""Figures of an experiment, drawn from out-of-fold scores only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve

from training.experiment import Outcome

__all__ = ["figures"]

_COLUMNS = 3
_SHOWN_TOPICS = 12


def figures(outcome: Outcome) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure: precision-recall, reliability and confusion, a panel for each topic.

    With many topics, those with most support are shown.
    """
    truth = outcome.dataset.targets()
    shown = np.argsort(-truth.sum(axis=0), kind="stable")[:_SHOWN_TOPICS].tolist()
    yield "precision_recall", _panels(outcome, shown, _precision_recall, "Precision and recall, out of fold")
    yield "reliability", _panels(outcome, shown, _reliability, "Reliability: do scores mean what they say?")
    yield "confusion", _panels(outcome, shown, _confusion, "Articles with and without each tag, out of fold")


def _panels(outcome: Outcome, shown: list[int], draw: Callable[[Axes, Outcome, int], None], title: str) -> Figure:
    columns = min(_COLUMNS, len(shown)) if len(shown) != 4 else 2
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4.2 * columns, 3.8 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis, topic in zip(axes, shown, strict=False):
        axis.set_title(outcome.dataset.topics[topic], fontsize=11)
        draw(axis, outcome, topic)
    for axis in axes[len(shown) :]:
        axis.set_axis_off()
    figure.suptitle(title)
    return figure


def _precision_recall(axis: Axes, outcome: Outcome, topic: int) -> None:
    truth, scores = outcome.dataset.targets()[:, topic], outcome.scores[:, topic]
    precision, recall, _ = precision_recall_curve(truth, scores)
    figures = outcome.report.topics[topic]
    axis.plot(recall, precision, drawstyle="steps-post", color="#1f5f8b")
    axis.plot([figures.recall], [figures.precision], "o", color="#c8502d", label="at its threshold")
    axis.annotate(
        f"AP {figures.average_precision:.2f}\nF1 {figures.f1.value:.2f}",
        (0.04, 0.06),
        xycoords="axes fraction",
    )
    axis.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04))
    axis.legend(loc="lower right", fontsize=8, frameon=False)


def _reliability(axis: Axes, outcome: Outcome, topic: int) -> None:
    truth, scores = outcome.dataset.targets()[:, topic], outcome.scores[:, topic]
    share, mean = calibration_curve(truth, scores, n_bins=8, strategy="uniform")
    axis.plot([0, 1], [0, 1], color="#aaaaaa", linewidth=1, linestyle="--")
    axis.plot(mean, share, "o-", color="#1f5f8b")
    axis.annotate(f"Brier {outcome.report.topics[topic].brier:.3f}", (0.04, 0.9), xycoords="axes fraction")
    axis.set(xlabel="score", ylabel="share that has the tag", xlim=(0, 1), ylim=(0, 1.04))


def _confusion(axis: Axes, outcome: Outcome, topic: int) -> None:
    truth, given = outcome.dataset.targets()[:, topic], outcome.given[:, topic]
    table = np.array([[np.sum(t & g) for g in (~given, given)] for t in (~truth, truth)])
    axis.imshow(np.log1p(table), cmap="Blues")
    for i in range(2):
        for j in range(2):
            dark = np.log1p(table[i, j]) > 0.6 * np.log1p(table.max())
            axis.text(j, i, f"{table[i, j]:,}", ha="center", va="center", color="white" if dark else "black")
    axis.set_xticks([0, 1], ["not given", "given"])
    axis.set_yticks([0, 1], ["without", "with tag"])
