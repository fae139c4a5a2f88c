"""The gas of the zone model as people breathe it: volumes from masses, by hand."""

import pytest

from evacuation.smoke.air import stack
from evacuation.smoke.dose import dose_law
from tests.twin.buildings import row
from twin.harm import breathed
from twin.plan import Plan
from twin.smoke import AIR_KG_M3, CP_KJ_KGK, Smoke

VOLUME_M3 = 36 * 3
PLAN = Plan.of(row(2))


def gas(**added: float) -> Smoke:
    """Air in r1 of a row of two rooms, with something added."""
    air = Smoke(PLAN)
    air.add(0, **added)
    return air


def test_masses_become_volumes_by_the_molar_masses():
    co_kg = 5000e-6 * 28.01 / 24.05 * VOLUME_M3
    co2_kg = 0.03 * 44.01 / 24.05 * VOLUME_M3
    hcn_kg = 100e-6 * 27.03 / 24.05 * VOLUME_M3
    air = breathed(PLAN, gas(co_kg=co_kg, co2_kg=co2_kg, hcn_kg=hcn_kg))["r1"]
    assert air.co_ppm == pytest.approx(5000)
    assert air.co2_percent == pytest.approx(3.04)
    assert air.hcn_ppm == pytest.approx(100)
    assert air.o2_percent == pytest.approx(20.9)


def test_used_oxygen_is_missing_and_never_below_nothing():
    all_kg = 0.232 * AIR_KG_M3 * VOLUME_M3
    assert breathed(PLAN, gas(oxygen_kg=all_kg / 2))["r1"].o2_percent == pytest.approx(10.45)
    assert breathed(PLAN, gas(oxygen_kg=2 * all_kg))["r1"].o2_percent == 0.0


def test_hot_air_is_borne_as_long_as_iso_13571_says():
    hot = breathed(PLAN, gas(heat_kj=100 * AIR_KG_M3 * CP_KJ_KGK * VOLUME_M3))["r1"]
    assert hot.temperature_c == pytest.approx(120)
    borne = dose_law("purser").minutes(stack([hot]))[0]
    assert borne == pytest.approx(4.1e8 * 120**-3.61)


def test_clean_air_and_next_to_clean_air_are_not_told():
    assert breathed(PLAN, gas()) == {}
    assert breathed(PLAN, gas(co_kg=1e-3, heat_kj=500.0, soot_kg=0.1)) == {}
