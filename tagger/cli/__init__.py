"""The ``tagger`` command line: `main` starts it; `tagger.cli.commands` is the group, one file a command follows."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit; every expected error becomes one line on standard error."""
    gc.disable()  # importing makes no garbage: an eighth of the start was looking for it; `commands` enables it again
    import click

    from tagger.cli.commands import tagger
    from tagger.errors import TaggerError

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
    gc.freeze()  # nor is there any to be looked for at the end
    sys.exit(code if isinstance(code, int) else 0)
