"""Those who stay in hot or poisonous gas can go no further, after the times of ISO 13571."""

import numpy as np
import pytest

from tests.twin.buildings import row
from twin.harm import Harm
from twin.plan import Plan
from twin.smoke import AIR_KG_M3, CP_KJ_KGK, Smoke

VOLUME_M3 = 36 * 3
HERE = [("ann", "r1"), ("bob", "r2")]


def gas(co_ppm: float = 0.0, above_20_c: float = 0.0) -> Smoke:
    """Air in r1 of a row of two rooms."""
    air = Smoke(Plan.of(row(2)))
    co_kg = co_ppm * 1e-6 * 28.01 / 24.05 * VOLUME_M3
    air.add(0, above_20_c * AIR_KG_M3 * CP_KJ_KGK * VOLUME_M3, 0.0, co_kg, 0.0)
    return air


def seconds_until_down(air: Smoke, give_up_s: int = 10_000) -> int:
    harm = Harm(Plan.of(row(2)))
    for second in range(1, give_up_s):
        harm.expose(air, HERE, 1.0)
        if "ann" in harm.incapacitated:
            assert "bob" not in harm.incapacitated
            return second
    return give_up_s


def test_five_thousand_ppm_of_carbon_monoxide_incapacitate_in_seven_minutes() -> None:
    assert seconds_until_down(gas(co_ppm=5000)) == pytest.approx(420, abs=1)


def test_hot_air_is_borne_as_long_as_iso_13571_says() -> None:
    expected_s = 60 * 4.1e8 * 120**-3.61
    assert seconds_until_down(gas(above_20_c=100)) == pytest.approx(expected_s, abs=1)


def test_doses_add_up_over_interruptions() -> None:
    harm, air = Harm(Plan.of(row(2))), gas(co_ppm=5000)
    for _ in range(2):
        harm.expose(air, HERE, 200.0)
        harm.expose(gas(), HERE, 500.0)
    assert harm.dose("ann")[0] == pytest.approx(400 / 420, rel=1e-6)
    assert harm.incapacitated == frozenset()


def test_clean_air_threatens_nobody() -> None:
    harm = Harm(Plan.of(row(2)))
    assert not harm.threatened(gas())
    assert harm.threatened(gas(above_20_c=60))
    assert harm.threatened(gas(co_ppm=100))
    assert np.isfinite(harm.dose("ann")).all()
