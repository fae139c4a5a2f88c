"""Speed in smoke, and doses of poison and heat, against figures worked out by hand."""

from itertools import pairwise
from math import exp

import numpy as np
import pytest

from evacuation.smoke.air import CLEAN, Air, stack
from evacuation.smoke.dose import CAUSES, DOSE_LAWS, dose_law
from evacuation.smoke.heat import CLOTHED, UNCLOTHED
from evacuation.smoke.visibility import SMOKE_LAWS, smoke_law


def minutes(law: str, dose: float = 1.0, **air: float) -> float:
    return float(dose_law(law).minutes(stack([Air(**air)]), dose)[0])


def parts(law: str, **air: float) -> dict[str, float]:
    rates = dose_law(law).rates(stack([Air(**air)]))
    return dict(zip(CAUSES, rates.per_min[:, 0].tolist(), strict=True))


@pytest.mark.parametrize("law", SMOKE_LAWS.values(), ids=lambda law: law.name)
def test_smoke_slows_nobody_below_the_least_speed_and_makes_nobody_faster(law):
    k = np.linspace(0.0, 30.0, 301)
    for free in (0.1, 0.6, 1.25, 2.0):
        speeds = [law.speed_m_s(free, one) for one in k]
        assert speeds[0] == pytest.approx(free)
        assert all(a >= b for a, b in pairwise(speeds))
        least = max(law.least_m_s, law.least_share * free)
        assert speeds[-1] == pytest.approx(min(free, least)) or speeds[-1] > least


def test_the_laws_disagree_by_more_than_two_at_an_extinction_of_three():
    speeds = {name: law.speed_m_s(1.25, 3.0) for name, law in SMOKE_LAWS.items()}
    assert max(speeds.values()) / min(speeds.values()) == pytest.approx(333.3 / 105.6, rel=0.001)


def test_an_unknown_law_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'fridolf-ronchi'"):
        smoke_law("fridolf")
    with pytest.raises(ValueError, match="did you mean 'iso-13571'"):
        dose_law("iso13571")


@pytest.mark.parametrize(
    ("law", "seconds"), [("purser", 208.7), ("purser-0.1930", 207.6), ("iso-13571", 420.0)]
)
def test_the_air_of_the_standard_case_stops_people_when_the_hand_says(law, seconds):
    found = 60 * minutes(law, co_ppm=5000, co2_percent=2, o2_percent=18)
    assert found == pytest.approx(seconds, abs=0.06)


def test_carbon_monoxide_alone_by_both_sets():
    quiet = exp(0.1903 * 0.04 + 2.0004) / 7.1
    assert 60 * minutes("purser", co_ppm=5000) * quiet == pytest.approx(319.5, abs=0.1)
    assert 60 * minutes("iso-13571", co_ppm=5000) == pytest.approx(420.0)


def test_ten_percent_of_oxygen_is_borne_for_nine_minutes_and_not_for_nine_hours():
    assert minutes("purser", o2_percent=10.0) == pytest.approx(9.4, abs=0.05)
    assert parts("purser", o2_percent=19.5)["want of oxygen"] == 0.0
    assert parts("purser", o2_percent=19.4)["want of oxygen"] > 0.0


def test_carbon_dioxide_quickens_breath_but_not_the_want_of_oxygen():
    fresh = parts("purser", co_ppm=1000, hcn_ppm=50, hcl_ppm=500, o2_percent=12, co2_percent=0)
    five = parts("purser", co_ppm=1000, hcn_ppm=50, hcl_ppm=500, o2_percent=12, co2_percent=5)
    for cause in ("carbon monoxide", "hydrogen cyanide", "irritants"):
        assert five[cause] / fresh[cause] == pytest.approx(exp(5 * 0.1903))
    assert five["want of oxygen"] == fresh["want of oxygen"]
    more = parts("iso-13571", co_ppm=1000, co2_percent=5)["carbon monoxide"]
    assert more == pytest.approx(1000 / 35_000 * exp(1.0))


def test_cyanide_by_the_exponential_law_and_nitrogen_dioxide_against_it():
    at_rest = exp(0.1903 * 0.04 + 2.0004) / 7.1
    by_hand = (exp(100 / 43) / 220 - 0.0045) * at_rest
    assert parts("purser", hcn_ppm=100)["hydrogen cyanide"] == pytest.approx(by_hand)
    same = parts("purser", hcn_ppm=150, no2_ppm=50)
    assert same["hydrogen cyanide"] == pytest.approx(by_hand)
    assert parts("purser", hcn_ppm=50, no2_ppm=80)["hydrogen cyanide"] == 0.0
    iso = parts("iso-13571", hcn_ppm=100)["hydrogen cyanide"]
    assert iso == pytest.approx((exp(100 / 43) - 1) / 220)


@pytest.mark.parametrize(
    ("gas", "ppm_min"),
    [
        ("hcl_ppm", 114_000), ("hbr_ppm", 114_000), ("hf_ppm", 87_000), ("so2_ppm", 12_000),
        ("acrolein_ppm", 4_500), ("formaldehyde_ppm", 22_500), ("no_ppm", 1_500),
    ],
)  # fmt: skip
def test_irritants_add_up_to_their_lethal_doses(gas, ppm_min):
    at_rest = exp(0.1903 * 0.04 + 2.0004) / 7.1
    assert parts("purser", **{gas: 300.0})["irritants"] == pytest.approx(300 / ppm_min * at_rest)


def test_irritants_of_iso_13571_stop_people_by_concentration_not_by_time():
    assert minutes("iso-13571", hcl_ppm=1000) == 0.0
    assert minutes("iso-13571", hcl_ppm=500, acrolein_ppm=15) == 0.0
    assert minutes("iso-13571", hcl_ppm=900) == np.inf
    assert minutes("iso-13571", dose=0.3, hcl_ppm=301) == 0.0


@pytest.mark.parametrize(("law", "figures"), [("purser", CLOTHED), ("purser-unclothed", UNCLOTHED)])
def test_hot_air_is_borne_as_long_as_iso_13571_says(law, figures):
    a, b = figures
    assert minutes(law, temperature_c=120) == pytest.approx(a * 120**-b)
    assert minutes(law, temperature_c=40) == np.inf


def test_clothes_help_and_figures_of_heat_are_those_of_the_standard():
    assert minutes("purser", temperature_c=100) == pytest.approx(24.7, abs=0.1)
    assert minutes("purser-unclothed", temperature_c=100) == pytest.approx(7.9, abs=0.1)


def test_radiation_counts_from_two_and_a_half_kilowatts():
    assert minutes("purser", radiant_kw_m2=10) == pytest.approx(4.2 * 10**-1.9)
    assert minutes("purser", radiant_kw_m2=2.4) == np.inf
    both = parts("purser", radiant_kw_m2=5, temperature_c=100)
    assert both["hot air"] > 0
    assert both["radiant heat"] == pytest.approx(5**1.9 / 4.2)


@pytest.mark.parametrize("law", DOSE_LAWS.values(), ids=lambda law: law.name)
def test_clean_air_harms_nobody_and_many_spaces_are_worked_out_as_each_alone(law):
    airs = [CLEAN, Air(co_ppm=2000, co2_percent=3), Air(temperature_c=90, hcn_ppm=40, no2_ppm=9)]
    together = law.rates(stack(airs)).per_min
    for k, air in enumerate(airs):
        assert np.array_equal(together[:, [k]], law.rates(stack([air])).per_min)
    assert not together[:, 0].any()
