"""A model on disk, as data: what stands in a bundle's folder, and how it is checked.

====================  ===========================================================================
``manifest.json``     format version, analyzer settings, topics, intercepts, calibration,
                      thresholds, provenance, and size and SHA-256 of the files below
``terms.txt``         one term a line, UTF-8, sorted by bytes
``offsets.npy``       uint32, n_terms + 1: where each line of ``terms.txt`` begins
``idf.npy``           float64, n_terms
``weights.npy``       float64, n_terms x n_topics
``manifest.sha256``   the manifest's own SHA-256, as ``sha256sum --check`` reads it
====================  ===========================================================================

Opening one runs no code from it and parses nothing but the manifest: the tables are memory-mapped,
and a term is found by bisection in ``terms.txt``, so start-up does not grow with the vocabulary.
"""

from __future__ import annotations

import json
import mmap
import re
import struct
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tagger.errors import BundleError, LabelsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tagger.taxonomy import Taxonomy

__all__ = ["FORMAT", "Bundle", "Calibration", "save", "stamp", "verify"]

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
TABLES = ("terms.txt", "offsets.npy", "idf.npy", "weights.npy")
_NPY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(<f8|<u4)', 'fortran_order': False, 'shape': \((\d+),(?: (\d+))?\), \} *\n",
    re.DOTALL,
)
_RETRAIN = "Fetch the model again, or train a new one with `tagger train`."


class Calibration(NamedTuple):
    """Platt's sigmoid (Platt 1999): probability = 1 / (1 + exp(-(slope * margin + offset)))."""

    slope: float
    offset: float


class Bundle:
    """An opened bundle: the manifest as values, the tables memory-mapped.

    Use `Bundle.open`. Lookups take a term and give its row; nothing is copied until asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
        The manifest as it was read.
    topics : tuple of str
        The topics' ids, in the order of every per-topic sequence.
    intercepts, thresholds : tuple of float
        One a topic; thresholds are probabilities.
    calibration : tuple of Calibration
        One a topic.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        try:
            self.topics = tuple(str(topic["id"]) for topic in manifest["topics"])
            self.analyzer_settings: dict[str, Any] = dict(manifest["analyzer"])
            self.intercepts = tuple(float(v) for v in manifest["intercepts"])
            self.thresholds = tuple(float(v) for v in manifest["thresholds"])
            self.calibration = tuple(
                Calibration(float(c["slope"]), float(c["offset"])) for c in manifest["calibration"]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"{folder}: manifest.json is not a model's ({error!r})", _RETRAIN) from error
        width = len(self.topics)
        numbers = (set(self.topics), self.intercepts, self.thresholds, self.calibration)
        if not width or any(len(one_a_topic) != width for one_a_topic in numbers):
            raise BundleError(f"{folder}: manifest.json does not give every topic its numbers", _RETRAIN)
        self._terms = _map(folder / "terms.txt")
        self._offsets, _, (ends,) = _map_npy(folder / "offsets.npy", b"<u4", 1)
        self._idf, self._idf_start, (n_idf,) = _map_npy(folder / "idf.npy", b"<f8", 1)
        self._weights, self._weights_start, shape = _map_npy(folder / "weights.npy", b"<f8", 2)
        self._offsets_start = len(self._offsets) - 4 * ends
        self.n_terms = ends - 1
        if n_idf != self.n_terms or shape != (self.n_terms, width):
            raise BundleError(f"{folder}: the tables do not fit each other", _RETRAIN)
        if self._offset(0) != 0 or self._offset(self.n_terms) != len(self._terms):
            raise BundleError(f"{folder}: offsets.npy does not fit terms.txt", _RETRAIN)
        self._row = struct.Struct(f"<{width}d")

    @classmethod
    def open(cls, folder: Path) -> Bundle:
        """Open a bundle without hashing its tables; call `verify` first where it comes from outside.

        Raises
        ------
        BundleError
            If something is missing, of another format, or does not fit together.
        """
        return cls(folder, _read_manifest(folder))

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The topics with their definitions, which tagging does without."""
        from tagger.taxonomy import Taxonomy, Topic

        where = str(self.folder)
        try:
            return Taxonomy.of((Topic.from_dict(t, where) for t in self.manifest["topics"]), where)
        except (TypeError, LabelsError) as error:
            raise BundleError(f"{where}: manifest.json has no usable topics ({error})", _RETRAIN) from error

    def tables(self) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
        """Return all terms, their idf and their weights, in the order of the rows; the arrays are not copied."""
        import numpy as np

        terms = self._terms[:].decode("utf-8").split("\n")
        del terms[-1]  # what follows the last line's end
        idf = np.frombuffer(self._idf, "<f8", offset=self._idf_start)
        weights = np.frombuffer(self._weights, "<f8", offset=self._weights_start)
        return terms, idf, weights.reshape(self.n_terms, len(self.topics))

    def find(self, term: str) -> int:
        """Return the row of a term, -1 when the model does not know it."""
        wanted = term.encode("utf-8", "surrogatepass")
        row = bisect_left(range(self.n_terms), wanted, key=self._term_bytes)
        return row if row < self.n_terms and self._term_bytes(row) == wanted else -1

    def term(self, row: int) -> str:
        """Return the term of a row."""
        return self._term_bytes(row).decode("utf-8")

    def idf(self, row: int) -> float:
        """Return the inverse document frequency of a row's term."""
        value: float = _DOUBLE.unpack_from(self._idf, self._idf_start + 8 * row)[0]
        return value

    def weights(self, row: int) -> tuple[float, ...]:
        """Return the weights of a row's term, one a topic."""
        return self._row.unpack_from(self._weights, self._weights_start + self._row.size * row)

    def _offset(self, row: int) -> int:
        value: int = _UINT.unpack_from(self._offsets, self._offsets_start + 4 * row)[0]
        return value

    def _term_bytes(self, row: int) -> bytes:
        return self._terms[self._offset(row) : self._offset(row + 1) - 1]


def save(
    folder: Path,
    *,
    taxonomy: Taxonomy,
    analyzer: Mapping[str, Any],
    terms: Sequence[str],
    idf: NDArray[np.float64],
    weights: NDArray[np.float64],
    intercepts: Sequence[float],
    calibration: Sequence[Calibration],
    thresholds: Sequence[float],
    training: Mapping[str, Any],
) -> None:
    """Write a bundle into a folder, which is made.

    Parameters
    ----------
    terms : sequence of str, length n_terms
        In any order, without line breaks.
    idf : array, shape (n_terms,)
    weights : array, shape (n_terms, n_topics)
    intercepts, calibration, thresholds : sequences, length n_topics
    training : mapping
        Provenance, JSON values: data fingerprint, settings, versions.
    """
    import numpy as np

    encoded = [term.encode("utf-8") for term in terms]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    lines = [encoded[i] + b"\n" for i in order]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "terms.txt").write_bytes(b"".join(lines))
    ends = np.cumsum([0] + [len(line) for line in lines], dtype="<u4")
    for name, table in (
        ("offsets.npy", ends),
        ("idf.npy", np.asarray(idf, dtype="<f8")[order]),
        ("weights.npy", np.asarray(weights, dtype="<f8")[order]),
    ):
        np.save(folder / name, np.ascontiguousarray(table), allow_pickle=False)
    manifest = {
        "format": FORMAT,
        "analyzer": dict(analyzer),
        "topics": taxonomy.as_dicts(),
        "intercepts": [float(v) for v in intercepts],
        "calibration": [{"slope": float(c.slope), "offset": float(c.offset)} for c in calibration],
        "thresholds": [float(v) for v in thresholds],
        "training": dict(training),
        "files": {name: {"bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)} for name in TABLES},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / SEAL).write_text(f"{_sha256(folder / MANIFEST)}  {MANIFEST}\n", encoding="ascii")


def verify(folder: Path) -> None:
    """Check every byte of a bundle against its recorded SHA-256.

    Raises
    ------
    BundleError
        Naming the file that is missing or was changed.
    """
    manifest = _read_manifest(folder)
    try:
        sealed, sealed_name = (folder / SEAL).read_text(encoding="ascii").removesuffix("\n").split("  ")
        expected = {name: str(manifest["files"][name]["sha256"]) for name in TABLES}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{folder}: the record of its hashes is missing or damaged", _RETRAIN) from error
    if sealed_name != MANIFEST:
        raise BundleError(f"{folder}: {SEAL} is not the file that was saved", _RETRAIN)
    for name, digest in {MANIFEST: sealed, **expected}.items():
        try:
            found = _sha256(folder / name)
        except OSError as error:
            raise BundleError(f"{folder}: {name} is missing or unreadable", _RETRAIN) from error
        if found != digest:
            raise BundleError(f"{folder}: {name} is not the file that was saved", _RETRAIN)


def stamp(folder: Path) -> list[list[int]]:
    """Return size and time of change of each file: what tells cheaply that nothing was touched."""
    try:
        stats = [(folder / name).stat() for name in (MANIFEST, SEAL, *TABLES)]
    except OSError as error:
        raise BundleError(f"{folder}: {Path(error.filename).name} is missing", _RETRAIN) from error
    return [[s.st_size, s.st_mtime_ns] for s in stats]


_DOUBLE, _UINT = struct.Struct("<d"), struct.Struct("<I")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BundleError(f"{folder}: not a model, there is no {MANIFEST}", _RETRAIN) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{path}: cannot be read ({error})", _RETRAIN) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise BundleError(f"{path}: does not say which format it is in", _RETRAIN)
    if manifest["format"] > FORMAT:
        raise BundleError(
            f"{folder}: written in format {manifest['format']}, newer than {FORMAT}, the newest known here",
            "Upgrade topic-tagger.",
        )
    if manifest["format"] < 1:
        raise BundleError(f"{folder}: format {manifest['format']} does not exist", _RETRAIN)
    return manifest


def _map(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise BundleError(f"{path.parent}: {path.name} is missing, empty or unreadable", _RETRAIN) from error


def _map_npy(path: Path, kind: bytes, dimensions: int) -> tuple[mmap.mmap, int, tuple[int, ...]]:
    """Map a .npy file (NEP 1, version 1.0): the map, where its data begins, its shape."""
    mapped = _map(path)
    header = _NPY_HEADER.match(mapped[:256])
    shape = tuple(int(n) for n in header.groups()[1:] if n) if header else ()
    if not header or header.group(1) != kind or len(shape) != dimensions:
        raise BundleError(f"{path.parent}: {path.name} is not the table it should be", _RETRAIN)
    size = 4 if kind == b"<u4" else 8
    for n in shape:
        size *= n
    if header.end() + size != len(mapped):
        raise BundleError(f"{path.parent}: {path.name} is not as long as it says", _RETRAIN)
    return mapped, header.end(), shape


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
