"""Shutters, holders, turnstiles and bollards: stages, obstacles, counters, interlocks."""

from __future__ import annotations

from pathlib import Path

from scenarios.catalog import SITES
from tests.devices.plant import SLICE_MS, Plant

POINTS = (SITES / "device-hall" / "points.yaml").read_text("utf-8")
UP, MIDDLE, FLOOR = 1, 2, 3


def test_a_shutter_comes_down_to_1_8_m_and_stays_there(tmp_path: Path) -> None:
    for seed in range(4):
        hall = Plant(tmp_path, seed, points=POINTS)
        hall.write("shut-1.move", MIDDLE)
        took = hall.until("shut-1.middle", 1)
        least, most = (1000 * 60 * (3.0 - 1.8) / speed for speed in (8.0, 5.0))
        assert least <= took <= most + 2 * SLICE_MS, "5 to 8 m/min"
        hall.run(60)
        assert hall.reads("shut-1.height", "shut-1.position", "shut-1.moving") == (180, 60, 0)
        assert [state for _, state, _ in hall.did("portal:rs-1")] == ["closing"], "a way still"


def test_stage_two_goes_to_the_floor_and_bars_the_way(hall: Plant) -> None:
    hall.write("shut-1.move", MIDDLE)
    hall.run(30)
    hall.write("shut-1.move", FLOOR)
    hall.until("shut-1.bottom", 1)
    hall.slice()
    assert [state for _, state, _ in hall.did("portal:rs-1")][-2:] == ["closed", "blocked"]
    hall.write("shut-1.move", UP)
    hall.slice()
    assert [state for _, state, _ in hall.did("portal:rs-1")][-2:] == ["free", "held"]
    hall.until("shut-1.top", 1)


def test_a_shutter_stops_where_it_jams_and_where_the_mains_goes(hall: Plant) -> None:
    hall.write("shut-1.move", FLOOR)
    hall.run(8)
    hall.fault("shut-1", "stuck")
    hall.slice()
    where = hall.read("shut-1.position")
    assert 0 < where < 100
    hall.run(30)
    assert hall.reads("shut-1.position", "shut-1.moving") == (where, 0)
    hall.mend("shut-1", "stuck")
    hall.run(4)
    hall.world.values["plant", "mains"] = 0.0
    hall.run(1)
    held = hall.read("shut-1.position")
    assert 0 < held < where
    hall.run(30)
    assert hall.read("shut-1.position") == held
    hall.world.values["plant", "mains"] = 1.0
    hall.until("shut-1.bottom", 1)


def test_a_limit_switch_that_does_not_make_trips_the_motor(hall: Plant) -> None:
    hall.fault("shut-1", "limit")
    hall.write("shut-1.move", FLOOR)
    hall.until("shut-1.overload", 1)
    assert hall.reads("shut-1.bottom", "shut-1.position") == (0, 0)


def test_a_fire_door_that_is_obstructed_is_reported_20_s_after_it_was_let_go(hall: Plant) -> None:
    hall.fault("hold-1", "obstructed")
    hall.write("hold-1.hold", 0)
    took = hall.until("hold-1.obstructed", 1)
    assert 20_000 <= took <= 20_000 + 2 * SLICE_MS
    assert hall.read("hold-1.closed") == 0
    hall.mend("hold-1", "obstructed")
    hall.until("hold-1.closed", 1, within_s=8)
    assert hall.read("hold-1.obstructed") == 0


def test_residual_magnetism_keeps_a_door_open_and_is_noticed(hall: Plant) -> None:
    hall.fault("hold-1", "stuck")
    hall.write("hold-1.hold", 0)
    hall.run(25)
    assert hall.reads("hold-1.closed", "hold-1.obstructed") == (0, 1)
    assert hall.did("portal:fd-1") == []


def test_a_door_that_is_shut_in_time_is_not_obstructed(hall: Plant) -> None:
    hall.write("hold-1.hold", 0)
    hall.run(40)
    assert hall.reads("hold-1.closed", "hold-1.obstructed") == (1, 0)


def test_a_single_opening_lets_one_out_and_closes_behind_him(hall: Plant) -> None:
    hall.write("turn-1.open-a", 1)
    hall.run(1)
    assert hall.reads("turn-1.freed", "turn-1.open-a") == (1, 0)
    hall.world.values["x-turn", "passes"] = 1
    hall.run(2.5)
    assert hall.reads("turn-1.freed", "turn-1.tailgate") == (0, 0)
    assert hall.ask("gate-1", 4, 0, 6).values == (0, 1, 0, 1, 0, 0), "all, out, in"


def test_a_second_one_on_the_same_opening_is_a_tailgate(hall: Plant) -> None:
    hall.write("turn-1.open-a", 1)
    hall.run(1)
    hall.world.values["x-turn", "passes"] = 2
    hall.run(2)
    assert hall.read("turn-1.tailgate") == 1
    assert ("turn-1", "tailgate") in [(e, d.get("what")) for _, _, _, e, d in hall.records]


def test_an_opening_that_nobody_uses_closes_after_5_s(hall: Plant) -> None:
    hall.write("turn-1.open-b", 1)
    hall.run(4.5)
    assert hall.read("turn-1.freed") == 1
    hall.run(2)
    assert hall.read("turn-1.freed") == 0


def test_sides_are_counted_apart_and_a_restart_begins_at_0(hall: Plant) -> None:
    hall.world.values.update({("x-turn", "passes"): 7, ("x-turn", "enters"): 3})
    hall.run(2)
    assert hall.ask("gate-1", 4, 0, 6).values == (0, 10, 0, 7, 0, 3)
    hall.fault("turn-1", "zeroed")
    hall.world.values["x-turn", "passes"] = 9
    hall.run(2)
    assert hall.ask("gate-1", 4, 0, 6).values == (0, 2, 0, 2, 0, 0)


def test_jammed_arms_do_not_drop(hall: Plant) -> None:
    hall.fault("turn-1", "stuck")
    hall.write("turn-1.free", 1)
    hall.run(3)
    assert hall.reads("turn-1.freed", "turn-1.jam") == (0, 1)
    hall.mend("turn-1", "stuck")
    hall.run(2)
    assert hall.reads("turn-1.freed", "turn-1.jam") == (1, 0)


def test_an_emergency_rise_takes_1_to_1_5_s(tmp_path: Path) -> None:
    for seed in range(4):
        hall = Plant(tmp_path, seed, points=POINTS)
        hall.write("bollard-1.lower", 1)
        hall.until("bollard-1.down", 1)
        hall.write("bollard-1.efo", 1)
        took = hall.until("bollard-1.up", 1)
        assert 1000 <= took <= 1500 + 2 * SLICE_MS


def test_a_bollard_does_not_rise_under_a_vehicle(hall: Plant) -> None:
    hall.write("bollard-1.lower", 1)
    hall.until("bollard-1.down", 1)
    hall.fault("bollard-1", "vehicle")
    hall.write("bollard-1.lower", 0)
    hall.run(10)
    assert hall.reads("bollard-1.loop", "bollard-1.down", "bollard-1.up") == (1, 1, 0)
    hall.mend("bollard-1", "vehicle")
    hall.until("bollard-1.up", 1, within_s=7)


def test_a_vehicle_on_the_loop_stops_a_rising_bollard_but_not_an_emergency(hall: Plant) -> None:
    hall.write("bollard-1.lower", 1)
    hall.until("bollard-1.down", 1)
    hall.write("bollard-1.lower", 0)
    hall.run(1.5)
    hall.fault("bollard-1", "vehicle")
    hall.run(10)
    assert 0 < hall.read("bollard-1.position") < 100
    assert hall.reads("bollard-1.down", "bollard-1.up") == (0, 0)
    hall.write("bollard-1.efo", 1)
    hall.until("bollard-1.up", 1, within_s=2.5)


def test_without_pressure_it_falls(hall: Plant) -> None:
    hall.fault("bollard-1", "pressure")
    hall.until("bollard-1.down", 1, within_s=7)
    assert hall.reads("bollard-1.pressure-ok", "bollard-1.pressure") == (0, 0)
    hall.mend("bollard-1", "pressure")
    hall.until("bollard-1.up", 1, within_s=7)
