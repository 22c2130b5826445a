"""Print how many pages a second the page reader reads: ``python tests/benchmarks/bench_pages.py [folder of .txt]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tagger.pages import read_page

PAGES = Path(__file__).parents[1] / "pages"
HOSTILE = {
    "one short line": "Council votes on quay\n" * 200_000,
    "openings only": "By Ada Lund\nCouncil votes again\nSo it was.\n" * 60_000,
    "rules only": "---\n" * 200_000,
}


def main(folder: Path) -> None:
    """Measure CPU time: a busy machine does not change it much."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    for text in texts:
        read_page(text)
    rounds = max(1, 400 // len(texts))
    began = time.process_time()
    for _ in range(rounds):
        for text in texts:
            read_page(text)
    rate = rounds * len(texts) / (time.process_time() - began)
    size = sum(map(len, texts)) // len(texts)
    print(f"{rate:8.0f} pages a second, {size} characters on average")
    for name, text in HOSTILE.items():
        began = time.process_time()
        read_page(text)
        print(f"{time.process_time() - began:8.2f} s for {text.count(chr(10))} lines: {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
