"""The model card in Markdown: what a model is, learnt from, looks at, and how well it does (Mitchell et al. 2019)."""

from __future__ import annotations

from collections.abc import Sequence

from training.dataset import Dataset
from training.experiment import Outcome
from training.judgement import Judgement
from training.strongest_terms import TopicTerms, joined

__all__ = ["headline", "model_card"]

_DESCRIPTION = 5000
"""Characters that MLflow's registry has room for."""
_WORDS = 8


def headline(judgement: Judgement) -> str:
    """Return the overall figures in a line."""
    overall = judgement.report.overall
    micro, macro = (
        f"{name} F1 {f1.value:.3f} ({f1.low:.3f}-{f1.high:.3f})"
        for name, f1 in (("micro", overall.micro_f1), ("macro", overall.macro_f1))
    )
    return f"{micro}, {macro}, {len(judgement.dataset):,} articles, {len(judgement.dataset.topics)} topics"


def model_card(outcome: Outcome, judgement: Judgement, terms: Sequence[TopicTerms]) -> str:
    """Return the description of a model version, with figures of held-out articles only.

    It fits the registry: with many topics the words are left out, then the topics with least support.
    """
    for words, rows in ((True, None), (False, None), *((False, n) for n in range(len(terms) - 1, -1, -1))):
        card = _card(outcome, judgement, terms if words else (), rows)
        if len(card) <= _DESCRIPTION:
            break
    return card


def _card(outcome: Outcome, judgement: Judgement, terms: Sequence[TopicTerms], rows: int | None) -> str:
    dataset, overall = outcome.dataset, judgement.report.overall
    topics = sorted(
        zip(judgement.report.topics, outcome.fitted.thresholds.tolist(), strict=True), key=lambda row: -row[0].support
    )
    table = [
        f"| {t.topic} | {t.support} | {t.precision:.2f} | {t.recall:.2f} | {t.f1.value:.2f} "
        f"({t.f1.low:.2f}-{t.f1.high:.2f}) | {t.average_precision:.2f} | {threshold:.2f} |"
        for t, threshold in topics[:rows]
    ]
    left_out = f"\n\n{len(topics) - rows} topics with less support are in the run's `report.json`." if rows else ""
    false_tags = ""
    if overall.false_per_100_untagged == overall.false_per_100_untagged:
        false_tags = f", {overall.false_per_100_untagged:.0f} false tags per 100 articles that should carry none"
    words = ""
    if terms:
        lines = "\n".join(f"| {t.topic} | {joined(t.towards[:_WORDS])} |" for t in terms)
        words = f"\n### What each topic looks at\n\n| topic | words that earn it most |\n|---|---|\n{lines}\n"
    how = f"{outcome.settings.n_folds} folds"
    if len(outcome.repeats) > 1:
        how += f", mean of {len(outcome.repeats)} repeats"
    held_out = ""
    if outcome.holdout is not None:
        judged = Judgement.held_out(outcome.holdout, outcome.fitted.thresholds)
        held_out = f"\nOn the hold-out, {outcome.holdout.unseen.name}: {headline(judged)}.\n"
    files = _files(dataset)
    if outcome.supplement is not None:
        files += f"\n\nLearnt from as well, but not judged: {len(outcome.supplement):,} articles\n\n"
        files += _files(outcome.supplement)
    return f"""{headline(judgement)}

Topic tags for news articles: logistic regression, one-vs-rest on TF-IDF ({outcome.fitted.candidate.name}).

### How good

Cross-validated over {how}; candidate, calibration and thresholds are chosen inside each fold.
{overall.untagged:.0%} of the articles stay untagged{false_tags}.

| topic | support | precision | recall | F1 (95 %) | average precision | threshold |
|---|--:|--:|--:|--:|--:|--:|
{chr(10).join(table)}{left_out}
{held_out}
These figures hold for articles like the labelled ones. Other sources, regions and years can do worse.
{words}
### Labels

{files}

Fingerprint {dataset.fingerprint[:16]}
"""


def _files(dataset: Dataset) -> str:
    return "\n".join(f"- `{path}` (SHA-256 {digest[:12]})" for path, digest in dataset.files.items())
