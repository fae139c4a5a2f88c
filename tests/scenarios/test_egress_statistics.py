"""Numbers over runs: quantiles with incomplete runs, intervals, thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from evacuation.convergence import Thresholds
from scenarios.egress.statistics import intervals, spread


def test_quantiles_reach_infinity_only_where_the_incomplete_runs_lie() -> None:
    times = np.array([10.0] * 9 + [np.inf])
    found = spread(times)
    assert found["p5"] == found["p50"] == 10.0
    assert found["p95"] is found["max"] is found["mean"] is found["sd"] is None
    bounds = intervals(times[:, None], "test")
    assert bounds is not None
    assert bounds["p50"] == [10.0, 10.0]
    assert bounds["p95"][1] is None


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.linspace(0.0, 100.0, 101)
    bounds = intervals(values[:, None], "test")
    assert bounds is not None
    half = 1.96 * values.std(ddof=1) / np.sqrt(101)
    assert bounds["mean"] == pytest.approx([50 - half, 50 + half], abs=0.9)
    assert intervals(values[:1, None], "one run") is None


def test_thresholds_are_read_and_wrong_ones_named() -> None:
    assert Thresholds.parse("tet=0.02, runs=4") == Thresholds(tet=0.02, runs=4)
    assert Thresholds.parse("") == Thresholds()
    for wrong in ("tot=1", "tet=0", "tet=x", "runs=2.5", "sd=inf"):
        with pytest.raises(ValueError, match=r"--thresholds.*(write one of|needed)"):
            Thresholds.parse(wrong)
