"""Sound falls with distance and at doors; an alarm is heard only where it stands out."""

from math import log10

import numpy as np
import pytest

from tests.twin.buildings import SIDE_M, building, outside, portal, row, space
from twin.floorfile import FloorFile
from twin.plan import Plan
from twin.sound import Sound


def hear(floor: FloorFile, shut: tuple[str, ...] = (), at: str = "r1") -> tuple[str, ...]:
    plan = Plan.of(floor)
    closed = np.array([name in shut for name in plan.portals])
    return Sound(plan).heard({"snd": plan.place[at]}, closed).get("snd", ())


def test_level_is_that_at_one_metre_less_twenty_log_of_the_way_less_the_open_doors() -> None:
    plan = Plan.of(row(4))
    levels = Sound(plan).levels_db([0], np.zeros(4, dtype=bool))[0]
    for doors in (1, 2, 3):
        expected = 100 - 20 * log10(SIDE_M * doors) - 5 * doors
        assert levels[doors] == pytest.approx(expected)
    assert levels[0] == pytest.approx(100 - 20 * log10(3.0))


def test_through_openings_twice_the_way_is_six_decibels_less() -> None:
    plan = Plan.of(row(5, **{f"d{n}": {"kind": "opening"} for n in (1, 2, 3, 4)}))
    levels = Sound(plan).levels_db([0], np.zeros(5, dtype=bool))[0]
    assert levels[2] - levels[4] == pytest.approx(6.02, abs=0.01)


def test_a_sounder_is_heard_next_door_but_not_two_closed_doors_away() -> None:
    floor = row(4)
    assert set(hear(floor)) >= {"r1", "r2", "r3"}
    assert hear(floor, shut=("d1", "d2", "d3")) == ("r1", "r2")


def test_a_fire_door_takes_more_than_an_ordinary_door() -> None:
    plain, fire_door = Plan.of(row(2)), Plan.of(row(2, d1={"holds_smoke": True}))
    shut = np.array([True, False])
    by_door = Sound(plain).levels_db([0], shut)[0][1]
    by_fire_door = Sound(fire_door).levels_db([0], shut)[0][1]
    assert by_door - by_fire_door == pytest.approx(10.0)


def test_a_loud_room_needs_a_louder_sounder() -> None:
    quiet = row(4)
    rooms = [space(f"r{n}", x=SIDE_M * (n - 1), use="plant") for n in range(1, 5)]
    doors = [portal(f"d{n}", f"r{n}", f"r{n + 1}", (SIDE_M * n, 3.0)) for n in (1, 2, 3)]
    leaving = portal("x", "r4", "outside", (SIDE_M * 4, 3.0))
    loud = building([*rooms, outside()], [*doors, leaving], {"g": 0.0})
    assert "r3" in hear(quiet)
    assert hear(loud) == ()


def test_sounders_add_up_and_the_loudest_is_named() -> None:
    plan = Plan.of(row(6))
    closed = np.array([True] * 6)
    heard = Sound(plan).heard({"b": plan.place["r5"], "a": plan.place["r1"]}, closed)
    assert heard == {"a": ("r1", "r2"), "b": ("r4", "r5", "r6")}
    open_doors = np.zeros(6, dtype=bool)
    alone = Sound(plan).heard({"a": plan.place["r1"]}, open_doors)["a"]
    crowd = {f"s{n}": plan.place["r1"] for n in range(10)}
    together = Sound(plan).heard(crowd, open_doors)["s0"]
    assert len(together) > len(alone)


def test_silence_is_heard_nowhere() -> None:
    assert Sound(Plan.of(row(2))).heard({}, np.zeros(2, dtype=bool)) == {}
