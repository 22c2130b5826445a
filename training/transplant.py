"""The champion after a topic's move: the weights that were learnt, under another id or without a topic's columns.

Nothing is trained. The new version tags as the former one did but for the topic that moved, keeps the record of the
articles it was trained on, and says in its manifest, its card and its tags where it comes from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import mlflow
import numpy as np

from tagger.bundle import Bundle, save
from tagger.errors import LabelsError, NoModelError, RegistryError
from tagger.home import MODEL_NAME
from tagger.registry import CHAMPION, INSIDE, resolve
from tagger.taxonomy import Taxonomy
from training.catalogue import version_of
from training.heldout import FILE, HeldOut
from training.moving import Move
from training.promotion import PREVIOUS, aliases, promote, record_of
from training.store import answering
from training.tracking import Tracking

__all__ = ["Former", "champion_for", "transplant"]


class Former(NamedTuple):
    """The champion before a move."""

    number: str
    bundle: Bundle

    def summary(self, move: Move) -> str:
        """Return what becomes of it, for people."""
        after = move.ids(self.bundle.topics)
        return (
            f"{MODEL_NAME}/{self.number}: {len(self.bundle.topics)} topics -> {len(after)}: {', '.join(after)}; "
            f"the same weights and thresholds as a new version, which becomes champion"
        )


def champion_for(move: Move, talk: Callable[[str], None]) -> Former:
    """Return the champion, once it is sure that the move can be made in it.

    Raises
    ------
    LabelsError
        If it does not know the topic, knows the new id already, or would have no topic left.
    NoModelError
        If there is no champion.
    """
    try:
        resolved = resolve(CHAMPION, talk)
    except NoModelError as error:
        raise NoModelError(error.message, "Train one with `tagger train`, or give --no-model.") from error
    former = Former(resolved.name.rpartition("/")[2], Bundle.open(resolved.folder))
    topics = former.bundle.topics
    if unknown := [t for t in move.topics if t not in topics]:
        remedy = f"Its topics: {', '.join(topics)}. --no-model leaves it out."
        raise LabelsError(f"{resolved.name} has no topic {unknown[0]!r}", remedy)
    if move.into in topics:
        raise LabelsError(f"{resolved.name} has a topic {move.into!r} already", "Choose another id.")
    if not move.ids(topics):
        raise LabelsError(f"{resolved.name} has no topic but {move.topics[0]!r}", "A model needs one.")
    return former


def transplant(former: Former, move: Move, place: Callable[[], None]) -> str:
    """Register the champion after a move as a new version, put the files in place, make it champion.

    Parameters
    ----------
    former : Former
    move : Move
    place : callable
        Called when the version is registered and before it is champion; if it fails, the version is deleted.

    Returns
    -------
    str
        The version.
    """
    tracking = Tracking()
    client = tracking.client
    version = ""
    named: dict[str, str] = {}
    try:
        with tempfile.TemporaryDirectory() as name, tracking.started(str(move)) as run_id:
            folder = Path(name) / INSIDE.name
            version = _registered(tracking, former, move, folder, run_id)
            named = aliases(client)
            if named.get(CHAMPION) != former.number:
                raise RegistryError("The champion was changed by somebody else meanwhile", "Run the command again.")
            place()
            promote(client, version)
    except BaseException:
        with suppress(Exception):  # the first error is the one to see
            _undo(client, named, version)
        raise
    return version


def _registered(tracking: Tracking, former: Former, move: Move, folder: Path, run_id: str) -> str:
    """Register the moved bundle, made in a folder, as a version that nothing points to."""
    saw = record_of(tracking.client, former.number)
    card = version_of(tracking.client, former.number).description
    training = _training(former, move, saw, run_id)
    folder.mkdir()
    if saw is not None:
        training["held_out"] = _record(saw, move).write(folder / FILE)
    _save(folder, former.bundle, move, training)
    version = tracking.log_imported(folder, _card(card, former, move), run_id).version
    with answering():
        mlflow.set_tags({"moved": str(move), "moved.from_version": former.number})
        for tag, value in _tags(former, move).items():
            tracking.client.set_model_version_tag(MODEL_NAME, version, tag, value)
    return version


def _undo(client: mlflow.MlflowClient, named: dict[str, str], version: str) -> None:
    """Delete a version, the aliases back where they were unless somebody else has moved them."""
    if named and aliases(client).get(CHAMPION) in (version, named.get(CHAMPION)):
        for alias in (CHAMPION, PREVIOUS):
            if alias in named:
                client.set_registered_model_alias(MODEL_NAME, alias, named[alias])
            else:
                client.delete_registered_model_alias(MODEL_NAME, alias)
    if version:
        client.delete_model_version(MODEL_NAME, version)


def _save(folder: Path, bundle: Bundle, move: Move, training: dict[str, Any]) -> None:
    terms, idf, weights = bundle.tables()
    kept = [i for i, topic in enumerate(bundle.topics) if move.id(topic)]
    save(
        folder,
        taxonomy=Taxonomy.of(replace(t, id=move.id(t.id)) for t in bundle.taxonomy.topics if move.id(t.id)),
        analyzer=bundle.analyzer_settings,
        terms=terms,
        idf=idf,
        weights=weights[:, kept],
        intercepts=[bundle.intercepts[i] for i in kept],
        calibration=[bundle.calibration[i] for i in kept],
        thresholds=[bundle.thresholds[i] for i in kept],
        training=training,
    )


def _training(former: Former, move: Move, saw: HeldOut | None, run_id: str) -> dict[str, Any]:
    """Return the training record: what was learnt from stays, what is told by topic moves along."""
    training = dict(former.bundle.manifest["training"])
    training.pop("held_out", None)
    training["support"] = {move.id(t): n for t, n in training.get("support", {}).items() if move.id(t)}
    for name in ("parameters", "metrics"):
        training[name] = _by_topic(training.get(name, {}), move)
    topics = move.ids(former.bundle.topics)
    if "topics" in training["parameters"]:
        training["parameters"]["topics"] = len(topics)
    if not move.into:
        # figures over all topics counted the one that goes
        training["metrics"] = {k: v for k, v in training["metrics"].items() if "/" in k}
        training["metrics"] |= _overall(_record(saw, move), topics) if saw is not None else {}
    moved = {"move": str(move), "from": f"{MODEL_NAME}/{former.number}", "run_id": run_id}
    training["moved"] = [*training.get("moved", []), moved]
    return training


def _by_topic(values: dict[str, Any], move: Move) -> dict[str, Any]:
    """Return what is kept as ``figure/topic`` under the topics' new ids; the rest as it is."""
    moved = {}
    for name, value in values.items():
        figure, _, topic = name.partition("/")
        if topic not in move.topics:
            moved[name] = value
        elif move.into:
            moved[f"{figure}/{move.into}"] = value
    return moved


def _overall(record: HeldOut, topics: tuple[str, ...]) -> dict[str, float]:
    """Return the cross-validated figures over the topics that stay."""
    rows = record.judged.values()
    hits = np.array([sum(t in r.labels & r.given for r in rows) for t in topics], dtype=float)
    wrong = np.array([sum(t in r.labels ^ r.given for r in rows) for t in topics], dtype=float)
    f1 = 2 * hits / np.maximum(2 * hits + wrong, 1e-12)
    micro = 2 * hits.sum() / max(2 * hits.sum() + wrong.sum(), 1e-12)
    return {"micro_f1": float(micro), "macro_f1": float(f1.mean())}


def _record(saw: HeldOut, move: Move) -> HeldOut:
    return HeldOut(
        {
            key: replace(judged, labels=frozenset(move.ids(judged.labels)), given=frozenset(move.ids(judged.given)))
            for key, judged in saw.judged.items()
        },
        saw.learnt,
    )


def _card(card: str, former: Former, move: Move) -> str:
    (topic,) = move.topics
    what = f"is called `{move.into}` here" if move.into else "is left out here; figures over all topics below count it"
    lines = [
        line.replace(f"| {topic} |", f"| {move.into} |", 1)
        for line in card.splitlines()
        if move.into or not line.startswith(f"| {topic} |")
    ]
    note = f"Topic `{topic}` of version {former.number} {what}. The weights are the same: nothing was trained."
    return "\n".join([note, "", *lines, ""])


def _tags(former: Former, move: Move) -> dict[str, str]:
    return {
        "moved": str(move),
        "moved.from_version": former.number,
        "gate": "not asked",
        "gate.reason": f"version {former.number} with another set of topics: {move}; nothing was trained",
        "gate.champion": former.number,
    }
