"""An experiment's honesty: what it reports was never seen by what it judges."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tagger.article import Article
from tagger.errors import LabelsError
from tagger.tagging import Tagger
from tagger.taxonomy import Taxonomy
from training.background import Background, background_of, count, read_background
from training.dataset import Dataset, Example
from training.experiment import Outcome, Settings, run

WORDS = [f"w{chr(97 + i)}{chr(97 + j)}x" for i in range(20) for j in range(20)]


def noise(n: int, *, signal: bool, seed: int = 0) -> Dataset:
    """Articles of random words; with a signal, those with the tag hold its word."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    examples = []
    for row in range(n):
        tagged = row % 3 == 0
        body = " ".join(draw.choices(WORDS, k=40)) + (" bitcoin wallet crypto" * 2 if signal and tagged else "")
        examples.append(Example("x.csv", row, str(row), "", body, frozenset({"topic"} if tagged else ())))
    return Dataset(tuple(examples), Taxonomy.from_ids(["topic"]))


def test_labels_that_mean_nothing_get_a_report_that_says_so() -> None:
    found = run(noise(120, signal=False), Settings(n_jobs=1)).report.topics[0]
    assert found.average_precision < 0.55
    assert found.f1.value < 0.6


def test_labels_that_mean_something_are_learnt() -> None:
    assert run(noise(120, signal=True), Settings(n_jobs=1)).report.topics[0].f1.value > 0.9


def test_the_same_seed_gives_the_same_figures_with_any_number_of_jobs() -> None:
    data = noise(90, signal=True)
    first, again = (run(data, Settings(n_folds=3, n_inner=3, n_jobs=jobs)) for jobs in (1, 2))
    assert first.report.flat() == pytest.approx(again.report.flat(), rel=0, abs=1e-6)
    assert (first.fitted.linear.weights == again.fitted.linear.weights).all()


def test_every_article_is_judged_once_by_a_fold_that_did_not_have_it(outcome: Outcome) -> None:
    tested = np.concatenate([fold.test for fold in outcome.folds])
    assert sorted(tested.tolist()) == list(range(len(outcome.dataset)))


def test_copies_of_one_story_never_straddle_folds(outcome: Outcome) -> None:
    fold_of = {i: fold.number for fold in outcome.folds for i in fold.test.tolist()}
    by_group: dict[str, set[int]] = {}
    for i, example in enumerate(outcome.dataset.examples):
        if example.split_group:
            by_group.setdefault(example.split_group, set()).add(fold_of[i])
    assert by_group
    assert all(len(folds) == 1 for folds in by_group.values())


def test_duplicated_articles_do_not_flatter_the_estimate() -> None:
    data = noise(60, signal=False)
    copies = tuple(
        Example(e.file, 100 + e.row, f"copy {e.id}", e.title, e.body + " again", e.tags) for e in data.examples
    )
    doubled = Dataset(data.examples + copies, data.taxonomy)
    assert run(doubled, Settings(n_folds=3, n_inner=3, n_jobs=1)).report.topics[0].average_precision < 0.65


def test_a_topic_of_a_single_article_breaks_nothing() -> None:
    data = noise(60, signal=True)
    rare = data.examples[0]
    examples = (Example(rare.file, 0, "0", "", rare.body, frozenset({"topic", "rare"})), *data.examples[1:])
    found = run(Dataset(examples, Taxonomy.from_ids(["topic", "rare"])), Settings(n_folds=3, n_inner=3, n_jobs=1))
    assert found.report.topics[1].support == 1
    assert found.given[:, 1].sum() <= 1


def test_progress_tells_every_step() -> None:
    steps: list[str] = []
    run(noise(60, signal=True), Settings(n_folds=3, n_inner=2, n_jobs=1), done=steps.append)
    assert sorted(steps) == ["analysis", "fold", "fold", "fold", "model"]


def test_repeats_deal_other_folds_and_the_first_is_the_experiment_without_them() -> None:
    data = noise(60, signal=False)
    settings = Settings(n_folds=2, n_inner=2, n_jobs=1)
    steps: list[str] = []
    once, thrice = run(data, settings), run(data, replace(settings, repeats=3), done=steps.append)
    assert len(steps) == thrice.settings.steps() == 8
    assert (thrice.scores == once.scores).all()
    assert (thrice.given == once.given).all()
    assert (thrice.fitted.linear.weights == once.fitted.linear.weights).all()
    first, second, _ = thrice.repeats
    assert [f.test.tolist() for f in first.folds] == [f.test.tolist() for f in once.folds]
    assert [f.test.tolist() for f in first.folds] != [f.test.tolist() for f in second.folds]
    judged = [run(data, replace(settings, seed=seed)).report.topics[0] for seed in (0, 1, 2)]
    found = thrice.report.topics[0]
    assert found.f1.value == pytest.approx(np.mean([t.f1.value for t in judged]))
    assert found.average_precision == pytest.approx(np.mean([t.average_precision for t in judged]))


def test_a_precision_target_sets_the_threshold_inside_every_fold() -> None:
    data = noise(300, signal=True)
    settings = Settings(n_folds=2, n_inner=2, n_jobs=1, precision={"all": 0.5, "topic": 0.8})
    found = run(data, settings)
    made = found.promises["topic"]
    assert (made.target, made.proven) == (0.8, True)
    assert found.fitted.thresholds.tolist() == [made.threshold]
    usual = run(data, replace(settings, precision={}))
    assert usual.promises == {}
    for targeted, fold in zip(found.folds, usual.folds, strict=True):
        assert (targeted.scores == fold.scores).all()
        assert targeted.thresholds != fold.thresholds
    assert found.report.topics[0].precision >= 0.8


def test_labels_that_mean_nothing_are_promised_no_precision_and_given_less() -> None:
    settings = Settings(n_folds=2, n_inner=2, n_jobs=1, precision={"topic": 0.9})
    found = run(noise(120, signal=False), settings)
    assert not found.promises["topic"].proven
    assert found.given.sum() <= run(noise(120, signal=False), replace(settings, precision={})).given.sum()


def test_a_precision_target_for_no_topic_is_refused() -> None:
    with pytest.raises(LabelsError, match=r"'tpoic', which is none of the topics\. The topics are topic"):
        run(noise(30, signal=True), Settings(precision={"tpoic": 0.9}))


def test_any_taxonomy_becomes_a_bundle_that_tags(tmp_path: Path) -> None:
    outcome = run(noise(60, signal=True), Settings(n_folds=3, n_inner=3, n_jobs=1))
    outcome.save_bundle(tmp_path / "b")
    tagger = Tagger.load(tmp_path / "b")
    assert tagger.topics == ("topic",)
    assert [t.topic for t in tagger.tag("bitcoin wallet crypto " * 2 + " ".join(WORDS[:40])).tags] == ["topic"]


def test_a_background_changes_word_weights_and_comes_along_in_the_bundle(tmp_path: Path) -> None:
    data = noise(60, signal=True)
    common = Background(1000, {"wbax": 900, "unseen": 10})
    settings = Settings(n_folds=3, n_inner=3, n_jobs=1)
    plain, helped = run(data, settings), run(data, settings, common)
    assert helped.fitted.weighting.idf_[helped.counts.terms.index("wbax")] < 2
    assert plain.fitted.weighting.idf_[plain.counts.terms.index("wbax")] > 2
    helped.save_bundle(tmp_path / "b")
    assert Tagger.load(tmp_path / "b").bundle.find("unseen") >= 0


def test_an_archive_is_a_background_too(tmp_path: Path) -> None:
    (tmp_path / "archive.jsonl").write_text('{"body": "river treaty"}\n' * 3 + "{broken\n")
    assert background_of(tmp_path / "archive.jsonl") == Background(3, {"river": 3, "treati": 3})
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(LabelsError, match="no article"):
        background_of(tmp_path / "empty.jsonl")


def test_a_background_is_counted_and_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from training.background import _main

    articles = [Article("", f"river {'treaty' if i < 4 else ''}") for i in range(6)]
    assert count(articles) == Background(6, {"river": 6, "treati": 4})
    (tmp_path / "in.jsonl").write_text("\n".join(f'{{"body": "{a.body}"}}' for a in articles))
    _main([str(tmp_path / "in.jsonl")])
    (tmp_path / "out.tsv").write_text(capsys.readouterr().out)
    assert read_background(tmp_path / "out.tsv") == count(articles)


def test_a_supplement_is_learnt_from_but_not_judged() -> None:
    mine, more = noise(60, signal=False), noise(240, signal=True, seed=1)
    outcome = run(mine, Settings(n_folds=3, n_inner=3, n_jobs=1), supplement=more)
    assert outcome.scores.shape == (60, 1)
    assert sorted(np.concatenate([fold.test for fold in outcome.folds]).tolist()) == list(range(60))
    weight = dict(zip(outcome.counts.terms, outcome.fitted.linear.weights[:, 0], strict=True))
    assert weight["bitcoin"] > 1


def test_own_labels_decide_the_threshold_though_a_supplement_is_much_larger() -> None:
    """In the supplement the word earns the tag always, in one's own articles every second time."""
    mine, more = noise(90, signal=True), noise(300, signal=True, seed=1)
    mine = Dataset(
        tuple(
            Example(e.file, e.row, e.id, e.title, e.body, e.tags if i % 2 else frozenset())
            for i, e in enumerate(mine.examples)
        ),
        mine.taxonomy,
    )
    supplemented = run(mine, Settings(n_folds=3, n_inner=3, n_jobs=1), supplement=more)
    joined = run(Dataset(mine.examples + more.examples, mine.taxonomy), Settings(n_folds=3, n_inner=3, n_jobs=1))
    brier = float(np.mean((joined.scores[:90, 0] - mine.targets()[:, 0]) ** 2))
    assert supplemented.report.topics[0].brier < brier
