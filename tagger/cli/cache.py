"""``tagger cache``: the models fetched from the registry, on this disk."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tagger.cache import Index, clear, folders, size_of
from tagger.cli.inputs import tell, utf8_output
from tagger.home import MODEL_NAME, bundle_cache

__all__ = ["command"]

_MEGABYTE = 1_000_000


@click.group(
    "cache",
    epilog="""\b
Examples:
  tagger cache info                what is kept, and where
  tagger cache info --format json  the same for programs
  tagger cache clear               free the space; the next `tagger tag` fetches again""",
)
def command() -> None:
    """Show or clear the models kept on this disk."""


@command.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def info(form: str) -> None:
    """Show which models are kept, how large they are and where."""
    utf8_output()
    rows = [_row(folder) for folder in folders()]
    total = sum(row["bytes"] for row in rows)
    if form == "json":
        click.echo(json.dumps({"folder": str(bundle_cache()), "bytes": total, "models": rows}, indent=1))
        return
    if rows:
        _draw(rows)
    tell(f"{bundle_cache()}: {total / _MEGABYTE:.1f} MB")


@command.command("clear")
def clear_cache() -> None:
    """Remove the kept models; the registry still has them."""
    tell(f"{bundle_cache()}: {clear() / _MEGABYTE:.1f} MB freed")


def _row(folder: Path) -> dict[str, Any]:
    meant = {
        key.rpartition(" ")[2]: entry for key, entry in Index().entries().items() if entry.get("folder") == folder.name
    }
    versions = sorted({f"{MODEL_NAME}/{entry.get('version')}" for entry in meant.values()})
    fetched = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return {
        "folder": folder.name,
        "models": versions,
        "asked_for_as": sorted(meant),
        "fetched": fetched,
        "bytes": size_of(folder),
    }


def _draw(rows: list[dict[str, Any]]) -> None:
    import sys

    from rich.console import Console
    from rich.table import Table

    table = Table()
    for name in ("folder", "model", "asked for as", "fetched (UTC)"):
        table.add_column(name)
    table.add_column("MB", justify="right")
    for row in rows:
        names = (", ".join(row[key]) for key in ("models", "asked_for_as"))
        table.add_row(row["folder"], *names, row["fetched"][:16], f"{row['bytes'] / _MEGABYTE:.1f}")
    Console(file=sys.stdout, highlight=False).print(table)
