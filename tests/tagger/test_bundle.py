import json
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from tagger.bundle import FORMAT, Bundle, verify
from tagger.errors import BundleError
from tagger.tagging import Tagger

FILES = ("manifest.json", "manifest.sha256", "terms.txt", "offsets.npy", "idf.npy", "weights.npy")


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle, tmp_path / "copy"))


def test_holds_only_json_text_and_arrays_that_need_no_pickle(bundle: Path) -> None:
    assert sorted(p.name for p in bundle.iterdir()) == sorted(FILES)
    json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    terms = (bundle / "terms.txt").read_text(encoding="utf-8").splitlines()
    idf = np.load(bundle / "idf.npy", allow_pickle=False)
    weights = np.load(bundle / "weights.npy", allow_pickle=False)
    assert len(terms) == len(idf) == len(weights)


def test_finds_every_term_and_no_other(bundle: Path) -> None:
    opened = Bundle.open(bundle)
    terms = (bundle / "terms.txt").read_text(encoding="utf-8").splitlines()
    weights = np.load(bundle / "weights.npy")
    for row in [*range(0, len(terms), 97), len(terms) - 1]:
        assert opened.find(terms[row]) == row
        assert opened.term(row) == terms[row]
        assert opened.weights(row) == tuple(weights[row])
    for absent in ("", "a", "zzzzzzzz", "\U0010ffff", "\udc80", "army\n", "armi\narmor"):
        assert opened.find(absent) == -1


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=name.replace("manifest.sha256", "hashes")):
        Tagger.load(copy)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_a_changed_byte_is_an_error_and_never_a_wrong_tag(copy: Path, name: str, place: float) -> None:
    data = bytearray((copy / name).read_bytes())
    data[int(place * (len(data) - 1))] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(BundleError):
        Tagger.load(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_an_error(copy: Path, name: str) -> None:
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(BundleError):
        Tagger.load(copy)


def reseal(folder: Path, **changes: object) -> None:
    """Change the manifest and make its hash right again, as another program's bundle would be."""
    from hashlib import sha256

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | changes
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    digest = sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(f"{digest}  manifest.json\n", encoding="ascii")


def test_a_newer_format_is_refused_with_the_remedy(copy: Path) -> None:
    reseal(copy, format=FORMAT + 1)
    with pytest.raises(BundleError, match=rf"format {FORMAT + 1}, newer than {FORMAT}.*Upgrade"):
        Tagger.load(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "1"},
        {"format": 0},
        {"topics": []},
        {"topics": "security"},
        {"topics": [{"id": "only-one"}]},
        {"thresholds": ["high"] * 4},
        {"thresholds": [0.5]},
        {"calibration": [{}] * 4},
        {"analyzer": {"version": 99}},
        {"analyzer": None},
    ],
)
def test_a_manifest_that_fits_its_hash_but_no_model_is_refused(copy: Path, changes: dict[str, object]) -> None:
    reseal(copy, **changes)
    with pytest.raises(BundleError):
        Tagger.load(copy)


def test_a_pickled_array_is_never_unpickled(copy: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "executed"),)

    np.save(copy / "idf.npy", np.array([Evil()], dtype=object), allow_pickle=True)
    with pytest.raises(BundleError):
        Bundle.open(copy)
    (copy / "idf.npy").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(BundleError):
        Bundle.open(copy)
    assert not (tmp_path / "executed").exists()


def test_a_sealed_manifest_can_be_checked_with_coreutils(bundle: Path) -> None:
    digest, name = (bundle / "manifest.sha256").read_text(encoding="ascii").split()
    assert (len(digest), name) == (64, "manifest.json")
    verify(bundle)
