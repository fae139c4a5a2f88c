"""Real time counts from one absolute beginning; a late slice never moves the later ones."""

import pytest

from twin.pace import Pace


def test_a_slice_waits_for_its_own_time() -> None:
    pace = Pace(1.0, 5_000.0)
    assert pace.decide(5_000.0, 250).wait_ms == 250
    assert pace.decide(5_300.0, 250).late_ms == 50
    assert pace.decide(5_300.0, 500).wait_ms == 200


def test_twice_as_fast_waits_half_as_long() -> None:
    assert Pace(2.0, 0.0).due_wall_ms(1000) == 500
    assert Pace(2.0, 0.0, epoch_sim_ms=1000).due_wall_ms(2000) == 500


def test_pace_zero_never_waits_and_is_never_late() -> None:
    free = Pace(0.0, 0.0).decide(1e9, 250)
    assert (free.wait_ms, free.late_ms) == (0.0, 0.0)


def test_time_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="pace must be 0"):
        Pace(-1.0, 0.0)
