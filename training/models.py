"""``tagger models``: the registered versions, and which of them is the champion."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from training.catalogue import Version

__all__ = ["models"]

_MODEL_HELP = "a version number or an alias"


def _formats(command: Any) -> Any:
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="json is for programs.",
    )(command)


@click.group(
    epilog="""\b
Examples:
  tagger models list                          versions, figures, aliases
  tagger models show champion                 one version and how it came to be
  tagger models diff champion 7 archive.jsonl which tags would change, and why
  tagger models promote 7                     version 7 tags from now on
  tagger models rollback                      back to the champion before
  tagger models export 7 folder               to another machine; there: tagger models import folder

\b
Exit codes: 0 done, 1 bad input, 2 wrong usage, 3 no such model, 4 the store or a model cannot be used.""",
)
def models() -> None:
    """List, compare, promote and move the trained models."""


@models.command("list")
@_formats
def list_(form: str) -> None:
    """List the versions with their figures.

    The newest comes first; F1 is cross-validated.
    """
    from training.catalogue import versions
    from training.shelf import list_of
    from training.store import opened

    found = versions(opened())
    if form == "json":
        _json([version.as_dict(brief=True) for version in found])
    else:
        list_of(found)


@models.command()
@click.argument("which", metavar="VERSION|ALIAS", default="champion")
@_formats
def show(which: str, form: str) -> None:
    """Show one version.

    Its figures, its parameters, and how it compared with the champion of the time.
    """
    version = _version(which)
    if form == "json":
        _json(version.as_dict())
        return
    from training.shelf import page_of

    page_of(version)


@models.command()
@click.argument("which", metavar="VERSION|ALIAS")
def promote(which: str) -> None:
    """Make a version the champion.

    Whatever the gate said of it; the champion until now becomes `previous`.
    """
    from tagger.registry import resolve
    from training.promotion import promote as make_champion
    from training.store import opened

    version = _version(which)
    # before it is the champion: one that cannot be used must not become it
    resolve(version.number, _talk)
    former = make_champion(opened(), version.number)
    resolve()
    before = f" (before: version {former})" if former else ""
    _talk(f"version {version.number} is the champion{before}")


@models.command()
def rollback() -> None:
    """Go back to the previous champion.

    Done twice, it changes nothing.
    """
    from tagger.registry import resolve
    from training.promotion import PREVIOUS, aliases
    from training.promotion import rollback as roll_back
    from training.store import opened

    client = opened()
    if PREVIOUS in aliases(client):
        resolve(PREVIOUS, _talk)  # one that cannot be used must not become the champion
    now, before = roll_back(client)
    resolve()
    _talk(f"version {now} is the champion again (before: version {before})")


@models.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.argument("archive", nargs=-1, required=True)
@click.option("--examples", default=3, show_default=True, type=click.IntRange(0), help="Of each topic, each way.")
@_formats
def diff(before: str, after: str, archive: tuple[str, ...], examples: int, form: str) -> None:
    """Show what changes in ARCHIVE between A and B.

    Which articles gain or lose which tags, with examples and the evidence for them.

    A and B are versions, aliases or bundles' folders; ARCHIVE is whatever `tagger tag` reads.
    """
    from collections.abc import Iterator

    from tagger.article import Article
    from tagger.errors import InputError
    from tagger.reading import read_all
    from tagger.registry import load
    from training.retag import compare

    bad = 0

    def articles() -> Iterator[Article]:
        nonlocal bad
        for item in read_all(archive):
            if isinstance(item, Article):
                yield item
            else:
                bad += 1
                _talk(str(item))

    first, second = load(before, _talk), load(after, _talk)
    found = compare(first, second, articles(), examples)
    if form == "json":
        _json(
            {
                "before": first.name,
                "after": second.name,
                "articles": found.articles,
                "changed": found.changed,
                "topics": [topic.as_dict() for topic in found.topics],
            }
        )
    else:
        from training.shelf import difference

        difference(found, first.name, second.name)
    if bad:
        sys.exit(InputError.exit_code)


@models.command()
@click.argument("which", metavar="VERSION|ALIAS")
@click.argument("folder", type=click.Path(path_type=Path))
def export(which: str, folder: Path) -> None:
    """Write a version into FOLDER.

    `tagger tag --model FOLDER` and `tagger models import` take it.
    """
    from training.exchange import export as write
    from training.store import opened

    version = _version(which)
    write(opened(), version, folder)
    _talk(f"version {version.number} is in {folder}")


@models.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(folder: Path) -> None:
    """Register an exported FOLDER.

    It becomes a new version once every byte is checked; the champion only where there is none.
    """
    from tagger.registry import resolve
    from training.exchange import take_in

    number, champion = take_in(folder)
    resolve("champion" if champion else number)
    follow = "it is the champion" if champion else f"to use it: tagger models promote {number}"
    _talk(f"registered as version {number}; {follow}")


@models.command()
@click.argument("number", metavar="VERSION")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(number: str, yes: bool) -> None:
    """Delete a version, never the champion."""
    from tagger.errors import InputError
    from tagger.home import MODEL_NAME
    from tagger.registry import CHAMPION
    from training.store import answering, opened

    version = _version(number)
    if CHAMPION in version.aliases:
        raise InputError(f"Version {version.number} is the champion", "Promote another version first.")
    if not yes:
        click.confirm(f"Delete version {version.number}?", abort=True, err=True)
    with answering():
        opened().delete_model_version(MODEL_NAME, version.number)
    _talk(f"version {version.number} is deleted; its run is still in MLflow")


def _version(which: str) -> Version:
    from training.catalogue import version_of
    from training.store import opened

    return version_of(opened(), which)


def _json(value: Any) -> None:
    from tagger.cli.inputs import utf8_output

    utf8_output()
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _talk(words: str) -> None:
    click.echo(f"tagger: {words}", err=True)
