"""Print how often a promised precision is kept on a test set.

``python tests/benchmarks/bench_promises.py TRAIN.csv TEST.csv [TARGET] [SIZE...]``: trains on all of TRAIN and on
random parts of the given sizes, every topic with the target, and judges the promised topics on TEST.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.stats import binom

from tagger.analysis import Analyzer
from training.counts import count_terms
from training.dataset import Dataset, read_dataset
from training.duplicates import groups
from training.experiment import Settings
from training.procedure import Procedure
from training.unseen import Unseen, judge
from training.weighting import Weighting

_DOUBT = 0.05


def main(train: Path, test: Path, target: float, sizes: list[int]) -> None:
    """Print a line a training set, and one over all."""
    whole = read_dataset([train], keep_conflicts=True)
    other = read_dataset([test], whole.taxonomy, keep_conflicts=True)
    parts = [whole]
    for seed, size in enumerate(sizes):
        chosen = np.sort(np.random.default_rng(seed).choice(len(whole), size, replace=False)).tolist()
        parts.append(Dataset(tuple(whole.examples[i] for i in chosen), whole.taxonomy))
    total = np.zeros(3)
    for part in parts:
        found = _kept(part, other, target)
        print(f"{len(part):6} articles: {_shares(found)}", flush=True)
        total += found
    print(f"         all of them: {_shares(total)}")


def _kept(part: Dataset, other: Dataset, target: float) -> np.ndarray:
    """Return how many topics were promised, kept the target, and are not significantly below it."""
    counts = count_terms(part.examples, Analyzer())
    member = groups(Weighting().fit(counts.matrix).transform(counts.matrix), [e.split_group for e in part.examples])
    precision = dict.fromkeys(range(len(part.topics)), target)
    procedure = Procedure(Weighting(), Settings().inner_folds(len(part)), precision=precision)
    fitted = procedure.fit(counts.matrix, part.targets(), member)
    given = judge(fitted, counts, Unseen("test", other)).given
    found = np.zeros(3)
    for k, promise in fitted.promises.items():
        if promise.proven and (taken := int(given[:, k].sum())):
            right = int((given & other.targets())[:, k].sum())
            found += 1, right >= target * taken, binom.cdf(right, taken, target) > _DOUBT
    return found


def _shares(found: np.ndarray) -> str:
    promised, kept, not_below = found
    shares = f"{kept / max(promised, 1):.1%} kept it, {not_below / max(promised, 1):.1%} are not significantly below it"
    return f"{promised:.0f} topics promised, of which {shares}"


if __name__ == "__main__":
    _train, _test, *_rest = sys.argv[1:]
    main(Path(_train), Path(_test), float(_rest[0]) if _rest else 0.9, [int(size) for size in _rest[1:]])
