"""Models out of the registry and into another one, as folders of data that are checked on the way in.

An exported folder is a bundle, so `tagger tag --model FOLDER` takes it as it is; beside the bundle's files
stand its card and the record of what it was trained on, which the gate of another registry needs.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import mlflow

from tagger.bundle import MANIFEST, SEAL, TABLES, Bundle, verify
from tagger.errors import BundleError, InputError
from tagger.home import MODEL_NAME
from tagger.registry import CHAMPION, resolve
from tagger.tagging import Tagger
from training.catalogue import Version
from training.heldout import FILE, HeldOut
from training.promotion import aliases, promote, record_of
from training.store import answering
from training.tracking import Tracking

__all__ = ["export", "take_in"]

_CARD = "model_card.md"


def export(client: mlflow.MlflowClient, version: Version, folder: Path) -> None:
    """Write a version into a new folder.

    Raises
    ------
    InputError
        If the folder exists or cannot be written.
    """
    if folder.exists():
        raise InputError(f"{folder}: exists already", "Give a folder that does not.")
    bundle = resolve(version.number).folder
    saw = record_of(client, version.number)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as partial:
            whole = Path(partial) / "whole"
            whole.mkdir()
            for name in (MANIFEST, SEAL, *TABLES):
                shutil.copyfile(bundle / name, whole / name)
            (whole / _CARD).write_text(version.description, encoding="utf-8")
            if saw is not None:
                saw.write(whole / FILE)
            verify(whole)
            whole.rename(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from error


def take_in(folder: Path) -> tuple[str, bool]:
    """Register an exported folder as a new version, once every byte of it is checked.

    Returns
    -------
    (str, bool)
        The version, and whether it became the champion: only where there was none.

    Raises
    ------
    BundleError
        If the folder is damaged, incomplete, or of a format or an analyzer this version does not have.
    """
    verify(folder)
    bundle = Bundle.open(folder)
    Tagger(bundle)
    _check_record(folder, bundle)
    card_file = folder / _CARD
    card = card_file.read_text(encoding="utf-8", errors="replace") if card_file.exists() else ""
    tracking = Tracking()
    with tracking.started(f"import of {folder.absolute().name}") as run_id:
        made = tracking.log_imported(folder, card, run_id)
    with answering():
        tracking.client.set_model_version_tag(MODEL_NAME, made.version, "imported", "true")
    first = CHAMPION not in aliases(tracking.client)
    if first:
        promote(tracking.client, made.version)
    return made.version, first


def _check_record(folder: Path, bundle: Bundle) -> None:
    """Refuse a record of judged articles that is not the model's own: the gate would believe it."""
    path = folder / FILE
    if not path.exists():
        return
    try:
        HeldOut.read(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise BundleError(f"{path}: cannot be read ({error})") from error
    if digest != bundle.manifest["training"].get("held_out"):
        raise BundleError(f"{folder}: {FILE} is not the file that was saved", "Export the model again.")
