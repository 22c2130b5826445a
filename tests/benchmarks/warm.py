"""One article in a warm process: `Tagger.tag` against scikit-learn's `Pipeline.predict` with the same analyzer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tagger.bundle import Bundle
from tagger.tagging import Tagger
from tests.benchmarks.contestant import fitted
from tests.benchmarks.corpus import starter


def least(call: Callable[[str], object], texts: list[str]) -> float:
    """Return the mean seconds of a call over some texts, the best of several passes."""
    passes = []
    for _ in range(15):
        began = time.process_time()
        for text in texts:
            call(text)
        passes.append((time.process_time() - began) / len(texts))
    return min(passes)


if __name__ == "__main__":
    from tagger.analysis import Analyzer

    analyzer = Analyzer()
    pipeline, _ = fitted(lambda row: row["body"], analyzer=lambda text: analyzer.terms("", text))
    tagger = Tagger(Bundle.open(Path(sys.argv[1])))
    texts = [body for _, body, _ in starter()[:40]]
    print(least(tagger.tag, texts), least(lambda text: pipeline.predict([text]), texts))
