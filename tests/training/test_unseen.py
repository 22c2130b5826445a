"""The hold-out: what it may hold, and how articles are parted by date."""

from datetime import date

import pytest

from tagger.errors import LabelsError
from tagger.taxonomy import Taxonomy
from tests.training.test_experiment import WORDS, noise
from training.dataset import Dataset, Example
from training.experiment import Settings, run
from training.unseen import Unseen, split_after

DAYS = ("2025-01-30", "2025-01-31", "2025-02-01T00:30:00+05:00", "20250301")


def dated(*days: str) -> Dataset:
    examples = [
        Example("x.csv", row, "", "", " ".join(WORDS[10 * row : 10 * row + 10]), frozenset({"topic"}), day)
        for row, day in enumerate(days, start=2)
    ]
    return Dataset(tuple(examples), Taxonomy.from_ids(["topic"]), {"x.csv": "0"})


def test_a_day_parts_the_past_from_what_came_after_it() -> None:
    past, later = split_after(dated(*DAYS), date(2025, 1, 31))
    assert [e.date for e in past.examples] == [*DAYS[:2]]
    assert [e.date for e in later.examples] == [*DAYS[2:]]
    assert past.files == later.files == {"x.csv": "0"}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("", ""), "No article has a date. A hold-out by date needs a column 'date'"),
        (("May 5", "May 6"), r"No article has a date such as 2025-05-31 \(x.csv:2: date 'May 5'\)"),
        (
            ("2025-01-01", "5/6/25", ""),
            r"2 of 3 articles have no date .*\n  x.csv:3: date '5/6/25'\n  x.csv:4: no date",
        ),
        (("2025-01-01", *[""] * 30), r"\.\.\. and 20 more"),
        (("2024-01-01", "2025-01-01"), "No article is dated after 2025-01-31. They are dated from 2024-01-01 to 2025-"),
        (("2025-02-01", "2025-03-01"), "No article is dated up to 2025-01-31"),
    ],
)
def test_dates_that_part_nothing_are_told_with_their_rows(days: tuple[str, ...], said: str) -> None:
    with pytest.raises(LabelsError, match=said):
        split_after(dated(*days), date(2025, 1, 31))


def test_articles_that_the_training_set_holds_too_are_left_out() -> None:
    training, other = noise(30, signal=True), noise(12, signal=True, seed=1)
    seen = training.examples[0]
    copies = (
        Example("y.csv", 2, "", seen.body.upper(), "", seen.tags),
        Example("y.csv", 3, "", "Corrected", seen.body + " again", seen.tags),
    )
    found = Unseen.by(training.examples, "y.csv", Dataset(copies + other.examples, training.taxonomy))
    assert (found.dataset.examples, found.left_out) == (other.examples, 2)
    with pytest.raises(LabelsError, match=r"y.csv: the training set holds every one of these 2 articles"):
        Unseen.by(training.examples, "y.csv", Dataset(copies, training.taxonomy))


def test_a_story_goes_on_after_the_day_but_its_later_part_is_no_hold_out() -> None:
    past, later = (
        Example("x.csv", row, "", "", " ".join(WORDS[row : row + 10]), frozenset(), split_group=story)
        for row, story in ((0, "flood"), (20, "flood"))
    )
    elsewhere, other = (Example(f, 40, "", "", " ".join(WORDS[40:50]), frozenset(), split_group="flood") for f in "yz")
    known = Taxonomy.from_ids(["topic"])
    found = Unseen.by([past], "after", Dataset((later, elsewhere, other), known))
    assert found.dataset.examples == (elsewhere, other)  # the same name in another file is another story


def test_the_model_itself_is_judged_on_the_hold_out() -> None:
    training, other = noise(90, signal=True), noise(60, signal=True, seed=1)
    settings = Settings(n_folds=2, n_inner=2, n_jobs=1)
    steps: list[str] = []
    outcome = run(training, settings, None, steps.append, Unseen.by(training.examples, "other.csv", other))
    assert steps[-1] == "hold-out"
    assert len(steps) == settings.steps(holdout=True)
    found = outcome.holdout
    assert found is not None
    assert (found.unseen.name, found.report.n_articles) == ("other.csv", 60)
    assert found.report.overall.micro_f1.value > 0.9
    assert (found.given == (found.scores >= outcome.fitted.thresholds)).all()
    # the hold-out changes nothing about the model
    plain = run(training, settings)
    assert plain.holdout is None
    assert (plain.fitted.linear.weights == outcome.fitted.linear.weights).all()
    assert plain.report == outcome.report
