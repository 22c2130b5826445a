"""The ``tagger`` command: a group that loads only the file of the command that is asked for.

Commands of other packages join through the ``tagger.commands`` entry points, which are looked up only
when a name is not one of ours (or for ``--help``), so that tagging never pays for them.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from tagger import __version__

__all__ = ["tagger"]

# name -> (module, one line for --help), in the order of --help
_OURS = {
    "tag": ("tagger.cli.tag", "Tag articles: files, folders, pages, archives."),
    "read": ("tagger.cli.read", "Show the articles the tagger sees in an input."),
    "cache": ("tagger.cli.cache", "Show or clear the models kept on this disk."),
    "ui": ("tagger.cli.ui", "Open the MLflow UI on our store."),
}


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # the reader has gone, as `| head` does: nothing is wrong, and nothing more can be said
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None
        except KeyboardInterrupt:
            if sys.stderr.isatty():
                click.echo(err=True)  # after the terminal's ^C
            raise click.Abort from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_OURS, *sorted(_joined())]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in _OURS:
            command: click.Command = importlib.import_module(_OURS[name][0]).command
            gc.freeze()  # what was imported stays; the collector need not look at it again
            gc.enable()
            return command
        gc.enable()
        entry = _joined().get(name)
        return entry.load() if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, line) for name, (_, line) in _OURS.items()]
        for name, entry in sorted(_joined().items()):
            rows.append((name, (entry.load().short_help or entry.load().get_short_help_str(80))))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _joined() -> dict[str, importlib.metadata.EntryPoint]:
    import importlib.metadata

    return {entry.name: entry for entry in importlib.metadata.entry_points(group="tagger.commands")}


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  tagger train                           the first model, from the starter set
  tagger tag page.txt                    tags with their evidence
  tagger tag archive.jsonl > tags.jsonl  one JSON object a line

\b
Exit codes: 0 done, 1 some input was bad (the rest is tagged), 2 wrong usage,
3 no model yet, 4 the model cannot be used, 130 interrupted.""",
)
@click.version_option(__version__, prog_name="tagger")
def tagger() -> None:
    """Tag news articles with topics, and see the evidence for each tag.

    Data goes to standard output, talk to standard error.
    """
