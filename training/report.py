"""The table at the end of a training: cross-validated figures, and nothing else."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from training.experiment import Outcome
from training.metrics import Interval

__all__ = ["show"]


def show(outcome: Outcome) -> None:
    """Print the report of an experiment on standard output."""
    report, overall = outcome.report, outcome.report.overall
    table = Table(
        title=f"Cross-validated on {report.n_articles} articles, {outcome.settings.n_folds} folds",
        caption="Each article judged by a model and thresholds that did not see it (95 % intervals).",
        caption_justify="left",
    )
    table.add_column("topic")
    for name in ("support", "precision", "recall", "F1", "avg. precision", "threshold"):
        table.add_column(name, justify="right")
    for row, threshold in zip(report.topics, outcome.fitted.thresholds, strict=True):
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
    console.print(
        f"F1 per article {overall.article_f1:.2f}; untagged {overall.untagged:.0%}; "
        f"{overall.false_per_100_untagged:.0f} false tags per 100 articles that should carry none."
    )


def _between(interval: Interval) -> str:
    return f"{interval.value:.2f} ({interval.low:.2f}-{interval.high:.2f})"
