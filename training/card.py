"""The model card in Markdown: what a model is, learnt from and how well it does."""

from __future__ import annotations

from training.experiment import Outcome

__all__ = ["model_card"]


def model_card(outcome: Outcome) -> str:
    """Return the description of a model version, with cross-validated figures only."""
    report, dataset = outcome.report, outcome.dataset
    overall = report.overall
    rows = [
        f"| {t.topic} | {t.support} | {t.precision:.2f} | {t.recall:.2f} | {t.f1.value:.2f} "
        f"({t.f1.low:.2f}-{t.f1.high:.2f}) | {t.average_precision:.2f} | {threshold:.2f} |"
        for t, threshold in zip(report.topics, outcome.fitted.thresholds, strict=True)
    ]
    files = "\n".join(f"- `{path}` (SHA-256 {digest[:12]})" for path, digest in dataset.files.items())
    return f"""## Topic tagger

{len(dataset)} labelled articles, {len(dataset.topics)} topics; {outcome.fitted.candidate.name}, one-vs-rest on TF-IDF.

Cross-validated over {outcome.settings.n_folds} folds (candidate, calibration and thresholds chosen inside each):
micro F1 **{overall.micro_f1.value:.3f}** ({overall.micro_f1.low:.3f}-{overall.micro_f1.high:.3f}),
macro F1 {overall.macro_f1.value:.3f}.

| topic | support | precision | recall | F1 (95 %) | average precision | threshold |
|---|--:|--:|--:|--:|--:|--:|
{chr(10).join(rows)}

These figures hold for articles like the labelled ones. Other sources, regions and years can do worse.

### Labels

{files}

Fingerprint {dataset.fingerprint[:16]}
"""
