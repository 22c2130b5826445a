"""Which version is the champion: the aliases, and the gate that a candidate passes to become it.

No comparison uses an article that one of the two saw. An article that both runs judged out of fold is
compared by those tags; one that is new to the champion is tagged by the champion; with a test set both
tag those of its articles that neither saw. Near copies of seen articles count as seen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import mlflow
from mlflow.exceptions import MlflowException

from tagger.article import Article
from tagger.errors import ModelError, NoModelError
from tagger.home import MODEL_NAME
from tagger.registry import CHAMPION, load
from tagger.streams import tag_stream
from tagger.tagging import Tagger
from training.dataset import Dataset, Example
from training.experiment import Outcome
from training.gate import Pair, Verdict, judge
from training.heldout import FILE, HeldOut
from training.sketches import key_of
from training.store import answering

__all__ = ["PREVIOUS", "Decision", "aliases", "consider", "promote", "record_of", "rollback"]

PREVIOUS = "previous"
_TAG_LENGTH = 900


class Decision(NamedTuple):
    """What became of a candidate."""

    promoted: bool
    reason: str
    compared: str
    """On which articles it was compared with the champion; ``""`` when it was not."""
    former: str | None
    """The champion's version until now."""


def consider(
    client: mlflow.MlflowClient, outcome: Outcome, version: str, how: str = "auto", test: Dataset | None = None
) -> Decision:
    """Compare a new version with the champion, record what was found, and promote it or not.

    Parameters
    ----------
    client : MlflowClient
    outcome : Outcome
        The experiment the version comes from.
    version : str
    how : {"auto", "always", "never"}
    test : Dataset, optional
        Compare on these articles.
    """
    for _ in range(5):
        champion = aliases(client).get(CHAMPION)
        verdict, compared = _compare(client, outcome, version, champion, test)
        promoted = champion is None or how == "always" or (how == "auto" and verdict.better_or_equal)
        notes = {
            "gate": "passed" if verdict.better_or_equal else "not passed",
            "gate.reason": verdict.reason,
            "gate.champion": champion or "none",
            "gate.promote": how,
        }
        if compared:
            notes["gate.compared_on"] = compared
        if verdict.overall is not None:
            notes["gate.micro_f1_gain"] = f"{verdict.overall.gain:+.4f}"
        with answering():
            for name, value in notes.items():
                client.set_model_version_tag(MODEL_NAME, version, name, value[:_TAG_LENGTH])
        if aliases(client).get(CHAMPION) == champion:  # else another training or a person was faster
            break
    if promoted:
        promote(client, version)
    return Decision(promoted, verdict.reason, compared, champion)


def aliases(client: mlflow.MlflowClient) -> dict[str, str]:
    """Return the aliases of our registered model and the versions they name."""
    try:
        with answering():
            return {k: str(v) for k, v in client.get_registered_model(MODEL_NAME).aliases.items()}
    except ModelError as error:
        if isinstance(error.__cause__, MlflowException) and error.__cause__.error_code == "RESOURCE_DOES_NOT_EXIST":
            return {}
        raise


def promote(client: mlflow.MlflowClient, version: str) -> str | None:
    """Make a version the champion; the champion until now becomes ``previous``, and is returned."""
    former = aliases(client).get(CHAMPION)
    with answering():
        if former and former != version:
            client.set_registered_model_alias(MODEL_NAME, PREVIOUS, former)
        # last and alone: a process killed before this line leaves the former champion
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, version)
    return former


def rollback(client: mlflow.MlflowClient) -> tuple[str, str | None]:
    """Make ``previous`` the champion; what was champion becomes ``previous``, so that it can be undone.

    Returns
    -------
    (str, str or None)
        The champion now and before.
    """
    named = aliases(client)
    if PREVIOUS not in named:
        raise NoModelError("There is no previous champion to roll back to", "See `tagger models list`.")
    now, before = named[PREVIOUS], named.get(CHAMPION)
    if now == before:
        raise NoModelError(f"Version {now} is champion and previous at once", "Choose with `tagger models promote`.")
    with answering():
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, now)
        if before:
            client.set_registered_model_alias(MODEL_NAME, PREVIOUS, before)
    return now, before


def record_of(client: mlflow.MlflowClient, version: str) -> HeldOut | None:
    """Return what a version's run judged out of fold, None when that is not known."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            run_id = client.get_model_version(MODEL_NAME, version).run_id
            return HeldOut.read(Path(client.download_artifacts(run_id, FILE, folder))) if run_id else None
        except (MlflowException, OSError, ValueError):
            return None


def _compare(
    client: mlflow.MlflowClient, outcome: Outcome, version: str, champion: str | None, test: Dataset | None
) -> tuple[Verdict, str]:
    """Return the verdict and the articles it rests on."""
    if champion is None:
        return Verdict(True, "the first model"), ""
    if champion == version:
        return Verdict(True, "it is the champion already"), ""
    try:
        theirs = load(champion)
    except ModelError as error:
        return Verdict(False, f"the champion, version {champion}, cannot be used ({error.message})"), ""
    mine = set(outcome.dataset.topics)
    if changed := [f"+{t}" for t in sorted(mine - {*theirs.topics})] + [
        f"-{t}" for t in sorted({*theirs.topics} - mine)
    ]:
        return Verdict(
            False, f"the topics have changed ({' '.join(changed)}): give --promote always to accept that"
        ), ""
    saw = record_of(client, champion)
    if saw is None:
        return Verdict(False, f"it is not recorded which articles the champion, version {champion}, saw"), ""
    if test is not None:
        examples = HeldOut.of(outcome).unseen(saw.unseen(test.examples))
        pairs = _tagged_by_both(examples, theirs, load(version))
        compared = f"{len(pairs)} of {len(test)} test articles, those that neither saw"
    else:
        pairs, compared = _out_of_fold(outcome, saw, theirs)
    return judge(pairs, outcome.dataset.topics, outcome.settings.seed), compared


def _out_of_fold(outcome: Outcome, saw: HeldOut, champion: Tagger) -> tuple[list[Pair], str]:
    mine = HeldOut.of(outcome).judged
    both = [(judged, saw.judged[key]) for key, judged in mine.items() if key in saw.judged]
    # labels may have been corrected since: today's count for both
    pairs = [Pair(judged.labels, then.given, judged.given) for judged, then in both]
    relabelled = sum(judged.labels != then.labels for judged, then in both)
    fresh = {key_of(e): e for e in saw.unseen(outcome.dataset.examples)}
    tags = _tags(champion, fresh.values())
    pairs += [Pair(e.tags, given, mine[key].given) for (key, e), given in zip(fresh.items(), tags, strict=True)]
    compared = f"{len(both)} articles that both judged out of fold and {len(fresh)} new to the champion"
    return pairs, compared + (f" ({relabelled} relabelled since)" if relabelled else "")


def _tagged_by_both(examples: Sequence[Example], champion: Tagger, candidate: Tagger) -> list[Pair]:
    old, new = _tags(champion, examples), _tags(candidate, examples)
    return [Pair(e.tags, a, b) for e, a, b in zip(examples, old, new, strict=True)]


def _tags(tagger: Tagger, examples: Iterable[Example]) -> list[frozenset[str]]:
    articles = (Article(title=e.title, body=e.body) for e in examples)
    return [frozenset(tag.topic for tag in tagged.tags) for tagged in tag_stream(tagger, articles)]
