"""The ``tagger`` command: a group that loads only the file of the command that is asked for.

Commands of other packages join through the ``tagger.commands`` entry points, which are looked up only
when a name is not one of ours (or for ``--help``), so that tagging never pays for them.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from tagger.errors import TaggerError

__all__ = ["main", "tagger"]

# name -> (module, one line for --help), in the order of --help
_OURS = {
    "tag": ("tagger.cli.tag", "Tag articles: files, folders, pages, archives."),
    "read": ("tagger.cli.read", "Show the articles the tagger sees in an input."),
    "ui": ("tagger.cli.ui", "Open the MLflow UI on our store."),
}
_INTERRUPTED = 130


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # the reader has gone, as `| head` does: nothing is wrong, and nothing more can be said
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_OURS, *sorted(_joined())]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in _OURS:
            command: click.Command = importlib.import_module(_OURS[name][0]).command
            return command
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
@click.version_option(package_name="topic-tagger", prog_name="tagger")
def tagger() -> None:
    """Tag news articles with topics, and see the evidence for each tag.

    Data goes to standard output, talk to standard error.
    """


def main() -> None:
    """Run the command line and exit; every expected error becomes one line on standard error."""
    try:
        code = tagger(prog_name="tagger", standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except TaggerError as error:
        click.echo(f"tagger: {error}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("tagger: interrupted", err=True)
        code = _INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
