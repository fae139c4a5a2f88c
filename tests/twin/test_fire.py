"""A t-squared fire grows, peaks and decays as the design fire says."""

import pytest

from twin.fire import DECAY_S, GROWTH_KW_S2, Fire


def fire(growth: str, peak_kw: float = 1e6, **more: float) -> Fire:
    return Fire("r1", GROWTH_KW_S2[growth], peak_kw, 10_000, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("growth", "reaches_1055_kw_s"), [("slow", 600), ("medium", 300), ("fast", 150), ("ultra", 75)]
)
def test_each_growth_class_reaches_1055_kw_in_its_time(growth: str, reaches_1055_kw_s: int) -> None:
    heat_kw = fire(growth).heat_kw(10_000 + 1000 * reaches_1055_kw_s)
    assert heat_kw == pytest.approx(1055, rel=0.001)


def test_twice_the_age_is_four_times_the_heat_until_the_peak() -> None:
    medium = fire("medium", peak_kw=500)
    assert medium.heat_kw(10_000) == 0
    assert medium.heat_kw(110_000) == pytest.approx(4 * medium.heat_kw(60_000))
    assert medium.heat_kw(1_000_000) == 500


def test_it_decays_once_the_fuel_is_used_and_goes_out() -> None:
    burning = fire("fast", peak_kw=800, burns_s=200)
    assert burning.heat_kw(10_000 + 200_000) == 800
    assert burning.heat_kw(10_000 + 1000 * (200 + DECAY_S / 2)) == pytest.approx(400)
    assert not burning.out(10_000 + 200_000)
    assert burning.out(int(10_001 + 1000 * (200 + DECAY_S)))


def test_a_fire_gives_off_gases_by_its_yields_and_cyanide_only_where_it_states_it() -> None:
    plain = fire("fast")
    assert (plain.co_yield, plain.co2_yield, plain.hcn_yield) == (0.04, 1.5, 0.0)
