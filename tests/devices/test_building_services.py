"""Smoke vents, dampers, lifts, power supplies, people counters."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from scenarios.catalog import SITES
from tests.devices.desk import Desk, values
from tests.devices.plant import SLICE_MS, Plant

POINTS = (SITES / "device-hall" / "points.yaml").read_text("utf-8")
NORMAL, RECALL, RECALLED, STOPPED = range(4)


def states(hall: Plant, element: str) -> list[str]:
    return [state for _, state, _ in hall.did(element)]


def test_a_smoke_vent_is_fully_open_within_60_s(tmp_path: Path) -> None:
    for seed in range(4):
        hall = Plant(tmp_path, seed, points=POINTS)
        hall.write("vent-1.open", 1)
        hall.run(1)
        assert hall.reads("vent-1.opened", "vent-1.closed") == (0, 0), "on the way"
        took = hall.until("vent-1.opened", 1, within_s=62)
        assert 29_000 <= took <= 60_000 + SLICE_MS
        assert hall.reads("vent-1.position", "vent-1.late") == (100, 0)


def test_rain_shuts_fresh_air_but_never_a_vent_that_is_open_for_smoke(hall: Plant) -> None:
    hall.write("vent-1.vent", 1)
    hall.until("vent-1.opened", 1, within_s=62)
    hall.fault("vent-1", "rain")
    hall.until("vent-1.closed", 1, within_s=62)
    assert hall.read("vent-1.rain") == 1
    hall.write("vent-1.open", 1)
    hall.until("vent-1.opened", 1, within_s=62)
    hall.run(120)
    assert hall.reads("vent-1.opened", "vent-1.rain") == (1, 1)


def test_the_defect_that_shuts_a_vent_on_rain_in_a_fire_can_be_planted(hall: Plant) -> None:
    hall.fault("vent-1", "rain-closes")
    hall.write("vent-1.open", 1)
    hall.until("vent-1.opened", 1, within_s=62)
    hall.fault("vent-1", "rain")
    hall.until("vent-1.closed", 1, within_s=62)


@pytest.mark.parametrize("fault", ["stuck", "supply"])
def test_a_vent_that_does_not_get_there_in_75_s_is_late(hall: Plant, fault: str) -> None:
    hall.write("vent-1.open", 1)
    hall.run(10)
    hall.fault("vent-1", fault)
    hall.run(64)
    assert hall.read("vent-1.late") == 0
    hall.run(3)
    assert hall.reads("vent-1.late", "vent-1.opened") == (1, 0)
    assert 0 < hall.read("vent-1.position") < 100


def test_a_vent_without_end_switches_opens_and_nobody_sees_it(hall: Plant) -> None:
    hall.fault("vent-1", "no-feedback")
    hall.write("vent-1.open", 1)
    hall.run(80)
    assert states(hall, "vent:vent-1") == ["open"]
    assert hall.reads("vent-1.opened", "vent-1.closed", "vent-1.late") == (0, 0, 1)


@pytest.mark.parametrize("why", ["command", "mains", "heat"])
def test_a_damper_shuts_within_20_s_whatever_lets_it_go(hall: Plant, why: str) -> None:
    if why == "command":
        hall.write("damper-1.hold", 0)
    elif why == "mains":
        hall.world.values["plant", "mains"] = 0.0
    else:
        hall.world.values["plant", "temperature_c"] = 72.0
    took = hall.until("damper-1.closed", 1, within_s=25)
    assert 5_000 - SLICE_MS <= took <= 20_000 + 2000 + 2 * SLICE_MS
    assert states(hall, "damper:damper-1") == ["closed"]


def test_a_molten_link_does_not_open_again(hall: Plant) -> None:
    hall.world.values["plant", "temperature_c"] = 90.0
    hall.until("damper-1.closed", 1, within_s=25)
    hall.world.values["plant", "temperature_c"] = 20.0
    hall.write("damper-1.hold", 1)
    hall.run(200)
    assert hall.read("damper-1.opened") == 0


def test_a_recalled_lift_stands_at_the_main_floor_with_doors_open_within_60_s(
    tmp_path: Path,
) -> None:
    started = set()
    for seed in range(6):
        hall = Plant(tmp_path, seed, points=POINTS)
        first = hall.read("lift-a.floor")
        started.add(first)
        hall.write("lift-a.recall", 1)
        took = hall.until("lift-a.at-floor", 1)
        travel_ms = (first - 1) * 3600
        assert travel_ms + 2500 <= took <= travel_ms + 4000 + 3 * SLICE_MS, "1 m/s, then the door"
        assert hall.reads("lift-a.floor", "lift-a.door-open", "lift-a.mode") == (1, 1, RECALLED)
        hall.slice()
        assert states(hall, "lift:lift-a") == ["recall", "recalled"]
    assert len(started) > 1


def test_a_lift_passes_every_floor_on_its_way(hall: Plant) -> None:
    hall.write("lift-a.call", 1)
    hall.run(30)
    hall.write("lift-a.call", 4)
    floors = []
    for _ in range(100):
        hall.slice()
        floors.append(hall.read("lift-a.floor"))
    assert sorted(set(floors)) == [1, 2, 3, 4]
    assert all(later >= earlier for earlier, later in pairwise(floors))


def test_the_alternate_floor_is_taken_when_the_main_one_burns(hall: Plant) -> None:
    hall.write("lift-a.recall", 2)
    hall.until("lift-a.at-floor", 1)
    assert hall.read("lift-a.floor") == 2
    hall.write("lift-a.call", 4)
    hall.run(30)
    assert hall.reads("lift-a.floor", "lift-a.mode") == (2, RECALLED), "it takes no calls now"


def between_floors(hall: Plant) -> None:
    hall.write("lift-a.call", 1)
    hall.run(30)
    hall.write("lift-a.call", 4)
    while hall.read("lift-a.direction") != 1:
        hall.slice()
    hall.run(2)


@pytest.mark.parametrize("why", ["stuck", "mains"])
def test_a_lift_stopped_between_floors_is_an_entrapment_after_30_s(hall: Plant, why: str) -> None:
    between_floors(hall)
    if why == "stuck":
        hall.fault("lift-a", "stuck")
    else:
        hall.world.values["plant", "mains"] = 0.0
    hall.run(29)
    assert hall.reads("lift-a.entrapment", "lift-a.mode") == (0, STOPPED)
    hall.run(2)
    assert hall.read("lift-a.entrapment") == 1
    if why == "stuck":
        hall.mend("lift-a", "stuck")
    else:
        hall.world.values["plant", "mains"] = 1.0
    hall.run(20)
    assert hall.reads("lift-a.entrapment", "lift-a.floor", "lift-a.door-open") == (0, 4, 1)


@pytest.mark.parametrize(("fault", "told"), [("ignores", []), ("obstructed", ["recall"])])
def test_a_lift_that_does_not_come_never_reports_its_floor(
    hall: Plant, fault: str, told: list[str]
) -> None:
    hall.write("lift-a.call", 3)
    hall.run(30)
    hall.fault("lift-a", fault)
    hall.write("lift-a.recall", 1)
    hall.run(60)
    assert hall.reads("lift-a.at-floor", "lift-a.floor") == (0, 3)
    assert states(hall, "lift:lift-a") == told


def test_the_supply_says_within_10_s_that_the_mains_has_gone_and_carries_its_load(
    hall: Plant,
) -> None:
    assert hall.reads("psu-1.voltage", "psu-1.battery", "psu-1.load") == (2730, 100, 1500)
    hall.world.values["plant", "mains"] = 0.0
    took = hall.until("psu-1.mains-ok", 0)
    assert 1_000 <= took <= 10_000 + 2 * SLICE_MS
    assert 2500 < hall.read("psu-1.voltage") < 2600, "on the battery"
    hall.run(8 * 3600)
    assert 48 <= hall.read("psu-1.battery") <= 51, "24 Ah at 1.5 A last 16 h"
    assert 2400 < hall.read("psu-1.voltage") < 2460
    hall.world.values["plant", "mains"] = 1.0
    hall.run(15)
    assert hall.reads("psu-1.mains-ok", "psu-1.voltage") == (1, 2730)


def test_a_faded_battery_is_empty_too_soon(hall: Plant) -> None:
    hall.fault("psu-1", "faded", value=10)
    hall.fault("psu-1", "mains")
    hall.run(97 * 60)
    assert hall.reads("psu-1.battery", "psu-1.voltage", "psu-1.battery-ok") == (0, 0, 0)


@pytest.mark.parametrize(("fault", "point"), [("charger", "charger-ok"), ("earth", "earth-ok")])
def test_faults_of_a_supply_are_told(hall: Plant, fault: str, point: str) -> None:
    hall.fault("psu-1", fault)
    hall.until(f"psu-1.{point}", 0, within_s=11)
    assert hall.read("psu-1.mains-ok") == 1
    hall.mend("psu-1", fault)
    hall.until(f"psu-1.{point}", 1, within_s=11)


def pass_through(hall: Plant, quantity: str, people: int) -> None:
    hall.world.values["x-turn", quantity] = float(people)


def test_a_counter_counts_95_to_99_percent_of_those_who_pass(tmp_path: Path) -> None:
    shares = []
    for seed in range(6):
        hall = Plant(tmp_path, seed, points=POINTS)
        post = Desk(hall)
        pass_through(hall, "passes", 4000)
        hall.run(2)
        shares.append(float(str(values(post.heard(), "cnt/count-1/state/out")[-1])) / 4000)
    assert all(0.94 <= share <= 1.0 for share in shares)
    assert len(set(shares)) > 3, "each unit has its own accuracy"


def test_occupancy_is_what_was_said_plus_in_minus_out_and_never_negative(hall: Plant) -> None:
    post = Desk(hall)
    post.order("cnt/count-1/cmd/inside", 40)
    pass_through(hall, "enters", 200)
    hall.run(2)
    heard = post.heard()
    inside = int(str(values(heard, "cnt/count-1/state/occupancy")[-1]))
    assert inside == 40 + int(str(values(heard, "cnt/count-1/state/in")[-1]))
    pass_through(hall, "passes", 2000)
    hall.run(2)
    assert values(post.heard(), "cnt/count-1/state/occupancy")[-1] == 0


def test_intervals_add_up_and_a_gap_is_missing(hall: Plant) -> None:
    post = Desk(hall)
    pass_through(hall, "passes", 100)
    hall.run(60)
    hall.fault("count-1", "gap")
    pass_through(hall, "passes", 300)
    hall.run(60)
    hall.mend("count-1", "gap")
    pass_through(hall, "passes", 600)
    hall.run(60)
    heard = post.heard()
    sent = [int(str(count)) for count in values(heard, "cnt/count-1/state/interval-out")]
    assert len(sent) == 2, "the second is missing"
    assert 85 <= sent[0] <= 100
    assert 270 <= sent[1] <= 300


def test_a_drifting_counter_misses_what_it_is_told_to_miss(hall: Plant) -> None:
    post = Desk(hall)
    hall.fault("count-1", "drift", value=50)
    pass_through(hall, "passes", 4000)
    hall.run(2)
    counted = int(str(values(post.heard(), "cnt/count-1/state/out")[-1]))
    assert 0.44 * 4000 <= counted <= 0.53 * 4000
