"""Figures of a judgement, of the words a model looks at, and of the learning curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve

from training.curve import Point
from training.judgement import Judgement
from training.strongest_terms import TopicTerms

__all__ = ["curve_figure", "figures", "terms_figure"]

_COLUMNS = 3
_SHOWN_TOPICS = 12
_SHOWN_TERMS = 12
_BLUE, _RED, _GREY = "#1f5f8b", "#c8502d", "#8a8a8a"


def figures(judgement: Judgement) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure: F1 of every topic; precision-recall, reliability and confusion, a panel a topic.

    With many topics, the panels are of those with most support.
    """
    topics, shown = judgement.dataset.topics, _most_supported(judgement)
    names = [topics[k] for k in shown]
    yield "f1", _f1(judgement)
    for name, draw, title in (
        ("precision_recall", _precision_recall, "Precision and recall at every threshold"),
        ("reliability", _reliability, "Reliability: do scores mean what they say?"),
        ("confusion", _confusion, "Articles with and without each tag"),
    ):
        yield name, _panels(names, lambda axis, i, draw=draw: draw(axis, judgement, shown[i]), title)  # type: ignore[misc]


def terms_figure(terms: Sequence[TopicTerms], judgement: Judgement) -> Figure:
    """Return the strongest terms, a panel a topic: those towards it, then the few strongest against it."""
    shown = [terms[k] for k in _most_supported(judgement)]
    height = 0.8 + 0.24 * (_SHOWN_TERMS + _SHOWN_TERMS // 3 + 1)
    names = [topic.topic for topic in shown]
    title = "What each topic looks at\nwords by mean contribution: towards (blue), against (red)"
    return _panels(names, lambda axis, i: _terms(axis, shown[i]), title, height)


def curve_figure(points: Sequence[Point]) -> Figure:
    """Return micro and macro F1 against the number of labelled articles, and F1 of the best supported topics."""
    figure, axis = _figure(8, 4.5)
    sizes = [point.n_articles for point in points]
    last = points[-1].report
    few = sorted(range(len(last.topics)), key=lambda k: -last.topics[k].support)[:_SHOWN_TOPICS]
    for k in few if len(few) == len(last.topics) else ():
        values = [point.report.topics[k].f1.value for point in points]
        axis.plot(sizes, values, "-", linewidth=1, label=last.topics[k].topic)
    for name, color in (("micro", "black"), ("macro", _GREY)):
        drawn = [getattr(point.report.overall, f"{name}_f1") for point in points]
        axis.fill_between(sizes, [v.low for v in drawn], [v.high for v in drawn], color=color, alpha=0.12, linewidth=0)
        axis.plot(sizes, [v.value for v in drawn], "o-", color=color, linewidth=2.2, label=f"{name} F1")
    axis.set_xscale("log")
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.set(xlabel="labelled articles", ylabel="F1, cross-validated", ylim=(None, 1.0))
    axis.grid(axis="y", color="#e6e6e6")
    axis.legend(loc="lower right", fontsize=9, frameon=False)
    figure.suptitle("Learning curve: random parts of the labels, 95 % intervals")
    return figure


def _most_supported(judgement: Judgement) -> list[int]:
    support = judgement.dataset.targets().sum(axis=0)
    return [int(k) for k in np.argsort(-support, kind="stable")[:_SHOWN_TOPICS]]


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axis = figure.subplots()
    axis.spines[["top", "right"]].set_visible(False)
    return figure, axis


def _panels(names: Sequence[str], draw: Callable[[Axes, int], None], title: str, height: float = 3.8) -> Figure:
    columns = min(_COLUMNS, len(names)) if len(names) != 4 else 2
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(4.2 * columns, height * rows + 0.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for i, (axis, name) in enumerate(zip(axes, names, strict=False)):
        axis.set_title(name, fontsize=11, fontweight="bold")
        axis.spines[["top", "right"]].set_visible(False)
        draw(axis, i)
    for axis in axes[len(names) :]:
        axis.set_axis_off()
    figure.suptitle(title)
    return figure


def _f1(judgement: Judgement) -> Figure:
    """Draw every topic's F1 with its interval, the best at the top."""
    rows = sorted(judgement.report.topics, key=lambda row: row.f1.value)
    figure, axis = _figure(8, 1.4 + 0.2 * max(len(rows), 4))
    places = range(len(rows))
    axis.hlines(places, [r.f1.low for r in rows], [r.f1.high for r in rows], color=_BLUE, alpha=0.35, linewidth=4)
    axis.plot([r.f1.value for r in rows], places, "o", color=_BLUE, markersize=5)
    axis.set_yticks(places, [f"{r.topic} ({r.support:,})" for r in rows], fontsize=10 if len(rows) <= 30 else 8)
    axis.set(xlabel="F1, 95 % interval; support in brackets", xlim=(0, 1.02), ylim=(-0.7, len(rows) - 0.3))
    axis.axvline(judgement.report.overall.micro_f1.value, color=_RED, linewidth=1, linestyle="--", label="micro F1")
    axis.grid(axis="x", color="#e6e6e6")
    axis.legend(loc="lower left", fontsize=9, frameon=False)
    figure.suptitle("F1 by topic")
    return figure


def _precision_recall(axis: Axes, judgement: Judgement, topic: int) -> None:
    truth, scores = judgement.dataset.targets()[:, topic], judgement.scores[:, topic]
    row = judgement.report.topics[topic]
    if truth.any():
        precision, recall, _ = precision_recall_curve(truth, scores)
        axis.plot(recall, precision, drawstyle="steps-post", color=_BLUE)
    limits = judgement.thresholds[:, topic]
    low, high = float(limits.min()), float(limits.max())
    chosen = f"threshold {low:.2f}" if high - low < 0.005 else f"thresholds {low:.2f}-{high:.2f}"
    axis.plot([row.recall], [row.precision], "o", color=_RED, markersize=8, label=chosen)
    words = f"precision {row.precision:.2f}\nrecall {row.recall:.2f}\nF1 {row.f1.value:.2f}"
    if np.isfinite(row.average_precision):
        words += f"\naverage precision {row.average_precision:.2f}"
    axis.annotate(words, (0.04, 0.16), xycoords="axes fraction", fontsize=9)
    axis.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04))
    axis.legend(loc="lower left", fontsize=9, frameon=False, handletextpad=0.2)


def _reliability(axis: Axes, judgement: Judgement, topic: int) -> None:
    truth, scores = judgement.dataset.targets()[:, topic], judgement.scores[:, topic]
    share, mean = calibration_curve(truth, scores, n_bins=8, strategy="uniform")
    bins = np.linspace(0, 1, 9).tolist()
    axis.hist(scores, bins, weights=np.full(len(scores), 1 / len(scores)), color=_GREY, alpha=0.25)
    axis.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
    axis.plot(mean, share, "o-", color=_BLUE)
    axis.annotate(f"Brier {judgement.report.topics[topic].brier:.3f}", (0.04, 0.9), xycoords="axes fraction")
    axis.set(xlabel="score (grey: share of articles)", ylabel="share that has the tag", xlim=(0, 1), ylim=(0, 1.04))


def _confusion(axis: Axes, judgement: Judgement, topic: int) -> None:
    truth, given = judgement.dataset.targets()[:, topic], judgement.given[:, topic]
    table = np.array([[np.sum(t & g) for g in (~given, given)] for t in (~truth, truth)])
    axis.imshow(np.log1p(table), cmap="Blues")
    for i in range(2):
        for j in range(2):
            dark = np.log1p(table[i, j]) > 0.6 * np.log1p(table.max())
            axis.text(j, i, f"{table[i, j]:,}", ha="center", va="center", color="white" if dark else "black")
    axis.set_xticks([0, 1], ["not given", "given"])
    axis.set_yticks([0, 1], ["without", "with tag"])


def _terms(axis: Axes, topic: TopicTerms) -> None:
    towards, against = topic.towards[:_SHOWN_TERMS], topic.against[: _SHOWN_TERMS // 3]
    values = [term.contribution for term in (*towards, *against)]
    places = [*range(len(towards)), *range(len(towards) + 1, len(towards) + 1 + len(against))]
    axis.barh(places, values, color=[_BLUE] * len(towards) + [_RED] * len(against))
    axis.set_yticks(places, [term.word for term in (*towards, *against)], fontsize=9)
    axis.set_ylim(_SHOWN_TERMS + _SHOWN_TERMS // 3 + 0.6, -0.6)
    axis.axvline(0, color="black", linewidth=0.8)
    axis.tick_params(axis="x", labelsize=8)
