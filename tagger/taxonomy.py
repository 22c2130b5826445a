"""Topics and their definitions: read from a TOML file, frozen into every bundle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tagger.errors import LabelsError

__all__ = ["Taxonomy", "Topic"]

_ID = re.compile(r"[^|\s](?:[^|\n\r]*[^|\s])?")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Parameters
    ----------
    id : str
        What stands in a CSV's ``tags`` and in the output; any text without ``|``.
    name, definition, scope_in, scope_out : str
        For people: what the tag means, what earns it and what does not.
    iptc : tuple of str
        Ids of the IPTC Media Topics that match or are broader.
    iptc_match : str
        ``"close"``, ``"broad"`` or ``""``: how they relate (SKOS mapping properties).
    seeds : tuple of str
        Words typical of the topic; for looking a label set over, never used as rules.
    """

    id: str
    name: str = ""
    definition: str = ""
    scope_in: str = ""
    scope_out: str = ""
    iptc: tuple[str, ...] = ()
    iptc_match: str = ""
    seeds: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, values: dict[str, Any], where: str) -> Topic:
        """Make a topic from a TOML table or a manifest entry.

        Raises
        ------
        LabelsError
            For an unknown key, a missing or impossible id, a value of the wrong kind.
        """
        known = {f.name: f.type for f in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise LabelsError(f"{where}: unknown key {unknown[0]!r} in a topic", f"Known keys: {', '.join(known)}.")
        chosen: dict[str, Any] = {}
        for key, value in values.items():
            many = "tuple" in known[key]
            if many and isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
                chosen[key] = tuple(value)
            elif not many and isinstance(value, str):
                chosen[key] = value.strip()
            else:
                wanted = "a list of strings" if many else "a string"
                raise LabelsError(f"{where}: {key} of a topic must be {wanted}, not {value!r}")
        if not _ID.fullmatch(chosen.get("id", "")):
            raise LabelsError(
                f"{where}: topic id {chosen.get('id', '')!r} cannot be used",
                "Give every topic an id without '|', line breaks or outer spaces.",
            )
        return cls(**chosen)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of topics in a fixed order, ids unique."""

    topics: tuple[Topic, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The topics' ids, in order."""
        return tuple(topic.id for topic in self.topics)

    @classmethod
    def of(cls, topics: Iterable[Topic], where: str = "taxonomy") -> Taxonomy:
        """Make a taxonomy, refusing an empty one and ids given twice."""
        listed = tuple(topics)
        if not listed:
            raise LabelsError(f"{where}: there is no topic in it")
        ids = [topic.id for topic in listed]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise LabelsError(f"{where}: topic {twice[0]!r} is defined twice")
        return cls(listed)

    @classmethod
    def from_ids(cls, ids: Iterable[str]) -> Taxonomy:
        """Make a taxonomy of bare ids, for labels that come without definitions."""
        return cls.of(Topic.from_dict({"id": i}, "tags") for i in ids)

    @classmethod
    def read(cls, path: Path) -> Taxonomy:
        """Read a taxonomy file: TOML with one ``[[topic]]`` table a topic.

        Raises
        ------
        LabelsError
            If the file cannot be read, is not TOML, or holds no usable topics.
        """
        import tomllib

        try:
            document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise LabelsError(f"{path}: cannot be read as a taxonomy ({error})") from error
        tables = document.get("topic", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise LabelsError(f"{path}: 'topic' must be a list of tables", "Write [[topic]] above each.")
        return cls.of((Topic.from_dict(t, str(path)) for t in tables), str(path))

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the topics as plain values, empty fields left out."""
        return [
            {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(topic).items() if v}
            for topic in self.topics
        ]
