"""A report as a table on standard output: figures per topic and overall, with their intervals."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import isnan

from rich.console import Console
from rich.table import Table

from training.experiment import Outcome
from training.judgement import Judgement
from training.metrics import Interval

__all__ = ["show", "show_cross_validated", "show_holdout"]


def show_cross_validated(outcome: Outcome) -> None:
    """Print what cross-validation found; how well the model fits its own training articles is never shown."""
    repeats = f", mean of {len(outcome.repeats)} repeats" if len(outcome.repeats) > 1 else ""
    show(
        Judgement.out_of_fold(outcome),
        outcome.fitted.thresholds.tolist(),
        f"Cross-validated on {outcome.report.n_articles} articles, {outcome.settings.n_folds} folds{repeats}",
        "Each article judged by a model and thresholds that did not see it (95 % intervals).",
    )


def show_holdout(outcome: Outcome) -> None:
    """Print how the model did on the hold-out, if there is one."""
    if outcome.holdout is not None:
        judged = Judgement.held_out(outcome.holdout, outcome.fitted.thresholds)
        show(
            judged,
            outcome.fitted.thresholds.tolist(),
            f"Hold-out: {judged.report.n_articles} articles, {outcome.holdout.unseen.name}",
            "Articles that neither the model nor its thresholds saw (95 % intervals).",
        )


def show(judgement: Judgement, thresholds: Sequence[float], title: str, caption: str) -> None:
    """Print the report of a judgement.

    Parameters
    ----------
    judgement : Judgement
    thresholds : sequence of float
        The model's, in the order of the report's topics.
    title, caption : str
        What was judged on what, above and below the table.
    """
    report, overall = judgement.report, judgement.report.overall
    table = Table(title=title, caption=caption, caption_justify="left")
    table.add_column("topic")
    for name in ("support", "precision", "recall", "F1", "avg. precision", "threshold"):
        table.add_column(name, justify="right")
    for row, threshold in zip(report.topics, thresholds, strict=True):
        table.add_row(
            row.topic,
            f"{row.support:,}",
            f"{row.precision:.2f}",
            f"{row.recall:.2f}",
            _between(row.f1),
            f"{row.average_precision:.2f}",
            f"{threshold:.2f}",
        )
    table.add_section()
    table.add_row("micro", "", "", "", _between(overall.micro_f1), "", "")
    table.add_row("macro", "", "", "", _between(overall.macro_f1), "", "")
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(table)
    false = overall.false_per_100_untagged  # nan where every article carries a tag
    spray = "" if isnan(false) else f"; {false:.0f} false tags per 100 articles that should carry none"
    console.print(f"F1 per article {overall.article_f1:.2f}; untagged {overall.untagged:.0%}{spray}.")
    if (sure := judgement.sure) is not None:
        console.print(
            f"On the {sure.n_articles:,} articles whose annotator was sure: "
            f"micro F1 {_between(sure.overall.micro_f1)}, macro F1 {_between(sure.overall.macro_f1)}."
        )


def _between(interval: Interval) -> str:
    return f"{interval.value:.2f} ({interval.low:.2f}-{interval.high:.2f})"
