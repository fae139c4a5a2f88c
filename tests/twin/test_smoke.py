"""Smoke moves as well-mixed gas does: conserved, driven by heat, upward, held by closed doors."""

from math import exp, sqrt

import numpy as np
import pytest

from tests.twin.buildings import row, two_storeys
from twin.fire import GROWTH_KW_S2, HEAT_OF_COMBUSTION_KJ_KG, RADIATIVE, Fire
from twin.floorfile import FloorFile
from twin.hazards import Hazards
from twin.plan import Plan
from twin.smoke import (
    AIR_KG_M3,
    CO,
    CP_KJ_KGK,
    HEAT,
    SOOT,
    SOOT_EXTINCTION_M2_KG,
    WALL_KW_M2K,
    Smoke,
)


class Journal:
    """Keeps records as tuples (t, kind, entity, what)."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, object]] = []

    def __call__(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        self.rows.append((t_ms, kind, entity, data.get("what")))

    def first(self, what: str, entity: str) -> int:
        return next(t for t, _, e, w in self.rows if (w, e) == (what, entity))


def burn(
    floor: FloorFile, place: str, seconds: int, shut: tuple[str, ...] = ()
) -> tuple[Hazards, Journal]:
    plan, journal = Plan.of(floor), Journal()
    hazards = Hazards(plan, journal)
    hazards.shut(np.array([name in shut for name in plan.portals]))
    hazards.ignite(Fire(place, GROWTH_KW_S2["fast"], 1000.0, 0))
    for t in range(1, seconds + 1):
        hazards.step(1000 * t)
    return hazards, journal


def thickness(hazards: Hazards, floor: FloorFile, name: str) -> float:
    return hazards.extinction[Plan.of(floor).place[name]]


@pytest.mark.parametrize("floor", [row(4), two_storeys()])
def test_soot_and_carbon_monoxide_are_conserved(floor: FloorFile) -> None:
    hazards, _ = burn(floor, floor.spaces[0].id, 300)
    gas, fire = hazards.gas, hazards.fires[0]
    soot_kg = gas.state[SOOT].sum() + gas.vented[SOOT]
    co_kg = gas.state[CO].sum() + gas.vented[CO]
    assert gas.vented[SOOT] > 0
    assert soot_kg == pytest.approx(hazards.burnt_soot_kg, rel=1e-9)
    assert co_kg == pytest.approx(soot_kg * fire.co_yield / fire.soot_yield, rel=1e-9)
    assert (gas.state >= 0).all()


def test_a_tight_room_holds_the_smoke_that_its_fuel_makes() -> None:
    floor = row(2, d1={"holds_smoke": True})
    plan = Plan.of(floor)
    hazards = Hazards(plan, Journal())
    hazards.shut(np.array([name == "d1" for name in plan.portals]))
    hazards.ignite(Fire("r1", GROWTH_KW_S2["slow"], 30.0, 0))
    for t in range(1, 61):
        hazards.step(1000 * t)
    burnt_kj = sum(GROWTH_KW_S2["slow"] * (t - 0.5) ** 2 for t in range(1, 61))
    soot_kg = burnt_kj / HEAT_OF_COMBUSTION_KJ_KG * 0.07
    expected = SOOT_EXTINCTION_M2_KG * soot_kg / (36 * 3)
    assert thickness(hazards, floor, "r1") == pytest.approx(expected, rel=0.02)


def test_two_rooms_at_different_temperature_mix_as_brown_and_solvason_measured() -> None:
    floor = row(2, x={"normally": "locked"})
    plan = Plan.of(floor)
    gas = Smoke(plan)
    gas.shut(np.array([name == "x" for name in plan.portals]))
    volume = 36 * 3
    gas.add(0, 100.0 * AIR_KG_M3 * CP_KJ_KGK * volume, 1.0, 0.0, 0.0)
    gas.step()
    moved_m3 = 0.6 / 3 * 2.1 * sqrt(9.81 * 100 / (293.15 + 50) * 2.1)
    assert gas.state[SOOT, 1] == pytest.approx(moved_m3 / volume, rel=1e-6)
    walls = 2 * 36 + 4 * 6 * 3
    cooled = exp(-WALL_KW_M2K * walls / (AIR_KG_M3 * volume * CP_KJ_KGK))
    left = gas.state[HEAT, :2].sum() / (100.0 * AIR_KG_M3 * CP_KJ_KGK * volume)
    assert left == pytest.approx(cooled, rel=1e-3)


def test_a_fire_heats_its_room_and_no_more_than_its_convective_heat() -> None:
    floor = row(3)
    hazards, _ = burn(floor, "r1", 120)
    released_kj = sum(min(1000.0, GROWTH_KW_S2["fast"] * (t - 0.5) ** 2) for t in range(1, 121))
    assert 60 < hazards.celsius[0] < 600
    assert hazards.gas.state[HEAT].sum() < (1 - RADIATIVE) * released_kj


def test_smoke_reaches_the_upper_landing_before_the_far_corridor() -> None:
    _, journal = burn(two_storeys(), "g.landing", 240)
    assert journal.first("smoke", "u.landing") < journal.first("smoke", "g.c3")


def test_smoke_rises_to_the_upper_storey_and_hardly_sinks_to_the_lower() -> None:
    floor = two_storeys()
    above, _ = burn(floor, "g.landing", 180)
    below, _ = burn(floor, "u.landing", 180)
    assert thickness(above, floor, "u.landing") > 5 * thickness(below, floor, "g.landing")


def test_a_closed_fire_door_holds_the_smoke_back_and_leaks_a_little() -> None:
    floor = row(3, d1={"holds_smoke": True})
    opened, _ = burn(floor, "r1", 180)
    closed, _ = burn(floor, "r1", 180, shut=("d1",))
    assert 0 < thickness(closed, floor, "r2") < 0.05 * thickness(opened, floor, "r2")
    assert thickness(closed, floor, "r1") > thickness(opened, floor, "r1")


def test_an_ordinary_closed_door_leaks_more_than_a_fire_door() -> None:
    plain, fire_door = row(2), row(2, d1={"holds_smoke": True})
    leaky, _ = burn(plain, "r1", 120, shut=("d1",))
    tight, _ = burn(fire_door, "r1", 120, shut=("d1",))
    assert thickness(leaky, plain, "r2") > thickness(tight, fire_door, "r2")


def test_a_fire_in_a_tight_room_starves_for_lack_of_oxygen() -> None:
    floor = row(2, d1={"holds_smoke": True})
    hazards, _ = burn(floor, "r1", 900, shut=("d1",))
    assert hazards.gas.breathes(0) < 0.1
    heat_in_oxygen_kj = 0.232 * AIR_KG_M3 * 36 * 3 * 13_100
    soot_kj = hazards.burnt_soot_kg / 0.07 * HEAT_OF_COMBUSTION_KJ_KG
    assert soot_kj < heat_in_oxygen_kj


def test_a_space_is_reported_clear_once_its_smoke_has_gone() -> None:
    plan, journal = Plan.of(row(1, x={"width_m": 5.0})), Journal()
    hazards = Hazards(plan, journal)
    hazards.fill(0, "r1", 1.0)
    for t in range(1, 3600):
        hazards.step(1000 * t)
    assert [what for *_, what in journal.rows] == ["smoke", "clear"]
    assert not hazards.active


def test_steam_at_a_detector_is_sensed_there_and_goes_away() -> None:
    plan = Plan.of(row(2))
    hazards = Hazards(plan, Journal())
    hazards.cook(0, "r1", 0.5, for_ms=10_000)
    assert hazards.sensed_per_m(0, 5_000) == 0.5
    assert hazards.sensed_per_m(1, 5_000) == 0.0
    assert hazards.extinction[0] == 0.0
    assert hazards.sensed_per_m(0, 40_000) == pytest.approx(0.5 / np.e)
