"""Give every reader damaged files, grown by what new code they reach, until one crashes or hangs: ``make fuzz``.

Options are libFuzzer's (``make fuzz FUZZ=-max_total_time=600``). What it finds is kept in ``.fuzz/found``; once mended
it becomes a row of the bad inputs in ``tests/tagger/reading/test_hostile.py``.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".fuzz"

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: there are wheels for Python 3.11 to 3.13 on Linux (x86-64), see `make fuzz`")

with atheris.instrument_imports(include=["tagger", "trafilatura", "htmldate", "feedparser", "pypdf"]):
    # the readers import these when they need them, which would be too late
    import feedparser  # noqa: F401
    import trafilatura  # noqa: F401

    from tagger.reading.opening import unpacked
    from tests.tagger.reading.test_fuzz import PACKED, READERS, SEEDS, SMALL, check
    from tests.tagger.reading.test_hostile import WHOLE_FILES

_KINDS = [*READERS, "packed"]


def one(data: bytes) -> None:
    """Read one file as the format that its first byte names."""
    kind, data = _KINDS[data[0] % len(_KINDS)] if data else "text", data[1:]
    if kind == "packed":
        with contextlib.suppress(OSError, ValueError):  # `read` makes an error of them
            for inner in unpacked(io.BufferedReader(io.BytesIO(data)), "x"):  # type: ignore[arg-type]
                if isinstance(inner, tuple):
                    inner[0].read(1_000_000)
    else:
        check(READERS[kind](io.BytesIO(data), "x", SMALL))


def main() -> None:
    """Begin with good files and with the bad ones that are known."""
    corpus, found = FOLDER / "corpus", FOLDER / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    known = [name.rpartition(".")[2] for name, _, _ in WHOLE_FILES]
    bad = [data.encode() if isinstance(data, str) else data for _, data, _ in WHOLE_FILES]
    kinds = {"txt": "text", "xml": "feed", "rss": "feed", "gz": "packed", "zst": "packed", "zip": "packed"}
    seeds = [*SEEDS.items(), *(("packed", data) for data in PACKED.values()), *zip(known, bad, strict=True)]
    for number, (kind, data) in enumerate(seeds):
        if len(data) < 10_000:
            (corpus / f"seed-{number:03}").write_bytes(bytes([_KINDS.index(kinds.get(kind, kind))]) + data)
    logging.disable(logging.CRITICAL)
    options = ("-timeout=20", "-rss_limit_mb=3000", "-max_len=8192", f"-artifact_prefix={found}/")
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
