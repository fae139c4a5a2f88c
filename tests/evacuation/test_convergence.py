"""Likeness of egress curves on curves worked out by hand, and when repeated runs may stop."""

from math import inf, isinf, sqrt

import numpy as np
import pytest

from evacuation.convergence import (
    Convergence,
    Thresholds,
    projection,
    relative_difference,
    secant_cosine,
)


def test_equal_curves_are_alike_in_every_measure() -> None:
    curve = [10.0, 12.0, 15.0, 40.0]
    assert relative_difference(curve, curve) == 0.0
    assert projection(curve, curve) == pytest.approx(1.0)
    assert secant_cosine(curve, curve) == pytest.approx(1.0)


def test_twice_as_slow_has_the_same_shape_and_twice_the_scale() -> None:
    slow, curve = [2.0, 4.0, 6.0], [1.0, 2.0, 3.0]
    assert relative_difference(slow, curve) == pytest.approx(1.0)
    assert projection(slow, curve) == pytest.approx(2.0)
    assert secant_cosine(slow, curve) == pytest.approx(1.0)


def test_measures_worked_out_by_hand() -> None:
    x, y = [1.0, 3.0, 4.0], [2.0, 2.0, 5.0]
    assert relative_difference(x, y) == pytest.approx(sqrt(3.0 / 33.0))
    assert projection(x, y) == pytest.approx(28.0 / 33.0)
    # slopes (2, 1) and (0, 3): 3 / sqrt(5 * 9)
    assert secant_cosine(x, y, lag=1) == pytest.approx(3.0 / sqrt(45.0))
    assert secant_cosine(x, y, lag=2) == pytest.approx(1.0)


def test_a_delay_changes_the_difference_but_not_the_shape() -> None:
    y = np.array([5.0, 9.0, 30.0])
    assert secant_cosine(y + 60.0, y) == pytest.approx(1.0)
    assert relative_difference(y + 60.0, y) > 1.0


def test_level_curves_have_one_shape_and_a_level_one_differs_from_a_rising_one() -> None:
    assert secant_cosine([3.0, 3.0], [5.0, 5.0]) == 1.0
    assert secant_cosine([3.0, 3.0], [5.0, 6.0]) == 0.0
    assert secant_cosine([3.0], [5.0]) == 1.0


@pytest.mark.parametrize("other", [[1.0, 2.0, 3.0], [1.0, inf], []])
def test_curves_that_can_not_be_compared_are_refused(other: list[float]) -> None:
    with pytest.raises(ValueError, match="curve"):
        relative_difference([1.0, 2.0], other)


def test_changes_worked_out_by_hand() -> None:
    found = Convergence()
    for total in (10.0, 20.0, 30.0):
        found.add([total])
    first, second = found.changes
    assert first.tet == pytest.approx(5.0 / 15.0)
    assert isinf(first.sd)
    assert second.tet == pytest.approx(5.0 / 20.0)
    # standard deviations of (10, 20) and (10, 20, 30)
    assert second.sd == pytest.approx((10.0 - sqrt(50.0)) / 10.0)
    # mean curves 10, 15, 20: ERD 0.5 then 1/3, EPC 1.5 then 4/3
    assert second.erd == pytest.approx(0.5 - 1.0 / 3.0)
    assert second.epc == pytest.approx(1.5 - 4.0 / 3.0)
    assert second.sc == 0.0


def test_the_order_of_people_in_a_run_does_not_matter() -> None:
    one, other = Convergence(), Convergence()
    for run in ([3.0, 1.0, 2.0], [5.0, 1.0, 4.0], [2.0, 2.0, 3.0]):
        one.add(run)
        other.add(run[::-1])
    assert one.changes == other.changes


def test_equal_runs_converge_after_b_of_them_and_not_before() -> None:
    found = Convergence(Thresholds(runs=4))
    seen = []
    for _ in range(7):
        found.add([10.0, 20.0])
        seen.append(found.converged)
    # the second and third run are needed to know all five changes; then four on end
    assert seen == [False, False, False, False, False, True, True]


def test_a_jump_starts_the_count_again() -> None:
    found = Convergence(Thresholds(runs=2))
    for total in (10.0, 10.0, 10.0, 10.0):
        found.add([total])
    assert found.converged
    found.add([30.0])
    assert not found.converged


def test_an_incomplete_run_never_converges() -> None:
    found = Convergence(Thresholds(runs=1))
    for _ in range(5):
        found.add([10.0, inf])
    assert found.incomplete
    assert not found.converged
