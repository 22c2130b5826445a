import random
from dataclasses import replace

from tests.training.test_experiment import noise
from training.curve import curve_sizes, learning_curve
from training.experiment import Settings

SETTINGS = Settings(n_folds=3, n_inner=3, n_jobs=1)


def test_more_articles_of_a_topic_with_many_words_give_a_better_model() -> None:
    draw = random.Random(0)  # noqa: S311 (no secret)
    words = [f"bank{chr(97 + i)}{chr(97 + j)}x" for i in range(6) for j in range(6)]
    plain = noise(240, signal=False)
    examples = tuple(
        replace(e, body=f"{e.body} {' '.join(draw.sample(words, 3))}") if e.tags else e for e in plain.examples
    )
    small, large = learning_curve(replace(plain, examples=examples), [30, 240], SETTINGS)
    assert (small.n_articles, large.n_articles) == (30, 240)
    assert large.report.overall.micro_f1.value > small.report.overall.micro_f1.value


def test_another_set_can_be_the_judge() -> None:
    test = noise(90, signal=True, seed=1)
    (point,) = learning_curve(noise(120, signal=True), [120], SETTINGS, test=test)
    assert point.report.n_articles == 90
    assert point.report.overall.micro_f1.value > 0.9


def test_sizes_are_halvings_that_leave_enough_for_the_folds() -> None:
    assert curve_sizes(1600, 5) == [100, 200, 400, 800]
    assert curve_sizes(120, 5) == [30, 60]
    assert curve_sizes(20, 5) == []
