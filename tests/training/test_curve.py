from tests.training.test_experiment import noise
from training.curve import curve_sizes, learning_curve
from training.experiment import Settings

SETTINGS = Settings(n_folds=3, n_inner=3, n_jobs=1)


def test_more_articles_of_a_learnable_topic_give_a_better_model() -> None:
    small, large = learning_curve(noise(240, signal=True), [12, 240], SETTINGS)
    assert (small.n_articles, large.n_articles) == (12, 240)
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
