"""Versions and differences as tables for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from training.catalogue import Version
from training.retag import Change, Comparison

__all__ = ["difference", "list_of", "page_of"]

_TOPICS_SHOWN = 8
_PASSAGE = 240


def list_of(versions: Sequence[Version]) -> None:
    """Print a row for each version."""
    topics = list(dict.fromkeys(topic for version in versions for topic in version.topic_f1))
    shown = topics if len(topics) <= _TOPICS_SHOWN else []
    table = Table(
        caption="F1 cross-validated on each version's own labels."
        + ("" if shown else " Topics: tagger models show N."),
        caption_justify="left",
    )
    for name in ("version", "aliases", "when (UTC)", "trained on"):
        table.add_column(name)
    for name in ("micro F1", "macro F1", *shown):
        table.add_column(name, justify="right")
    for version in versions:
        size = f"\n{version.articles:,} articles" if version.articles and "articles" not in version.run else ""
        table.add_row(
            version.number,
            Text("\n".join(version.aliases), style="green"),
            version.created[:16].replace("T", " "),
            Text(version.run + size),
            *(_figure(version.metrics.get(name)) for name in ("micro_f1", "macro_f1", *(f"f1/{t}" for t in shown))),
        )
    _console().print(table)


def page_of(version: Version) -> None:
    """Print all about one version."""
    console = _console()
    table = Table(show_header=False, title=f"Version {version.number}", title_justify="left")
    rows = {
        "aliases": ", ".join(version.aliases) or "none",
        "when": version.created,
        "run": f"{version.run} {version.run_id}",
        "labels": f"{version.articles or '?'} articles, fingerprint {version.fingerprint or '?'}",
        **version.gate,
        **{name: value for name, value in version.parameters.items() if "/" not in name},
    }
    for name, value in rows.items():
        table.add_row(name, Text(value))
    console.print(table)
    console.print(Markdown(version.description))


def difference(found: Comparison, before: str, after: str) -> None:
    """Print counts by topic, then examples with their evidence."""
    console = _console()
    table = Table(title=f"{before} -> {after}: {found.changed:,} of {found.articles:,} articles change")
    table.add_column("topic")
    for name in ("kept", "gained", "lost"):
        table.add_column(name, justify="right")
    for topic in found.topics:
        table.add_row(topic.topic, f"{topic.kept:,}", f"{topic.gained:,}", f"{topic.lost:,}")
    console.print(table)
    for topic in found.topics:
        for verb, style, changes in (("gain", "green", topic.gains), ("lose", "red", topic.losses)):
            if changes:
                console.print(Text(f"\nThese {verb} {topic.topic}", style=f"bold {style}"))
                console.print(_examples(changes))


def _examples(changes: Iterable[Change]) -> Text:
    lines = Text()
    for change in changes:
        article = change.article
        lines.append(article.title or f"{article.body[:60].strip()} ...", style="bold")
        lines.append(f"  {article.source} #{article.number}", style="dim")
        scores = " -> ".join(
            f"{score:.2f} ({'no such topic' if limit > 1 else f'threshold {limit:.2f}'})"
            for score, limit in ((change.before, change.limit_before), (change.after, change.limit_after))
        )
        lines.append(f"\n  {scores}, because of {', '.join(change.terms)}")
        passage = " ".join(change.passage.split())
        lines.append(f"\n  “{passage[:_PASSAGE]}{' ...' if len(passage) > _PASSAGE else ''}”\n", style="dim")
    return lines


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 140)
