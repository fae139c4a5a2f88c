"""Beam and aspirating detectors, and what goes wrong with detectors on a loop."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest

from devices.machines.element import BEAM_ALARM, BULB_C, LEVELS_PER_M
from scenarios.catalog import SITES
from tests.devices.plant import SLICE_MS, Plant

POINTS = (SITES / "device-hall" / "points.yaml").read_text("utf-8")
NORMAL, ALARM, TROUBLE = 0x1400, 0x0C01, 0x3400


def in_beam(hall: Plant, obscured: float) -> None:
    """Smoke in the hall that takes this share of the beam's light."""
    hall.world.values["hall", "optical_depth"] = -log(1 - obscured)


def air(hall: Plant, hall_per_m: float, plant_per_m: float) -> None:
    hall.world.values["hall", "extinction_per_m"] = hall_per_m
    hall.world.values["plant", "extinction_per_m"] = plant_per_m


def test_a_beam_alarms_when_its_light_is_obscured_for_5_to_10_s(tmp_path: Path) -> None:
    for seed in range(4):
        hall = Plant(tmp_path, seed, points=POINTS)
        in_beam(hall, BEAM_ALARM + 0.05)
        took = hall.until("beam-1.state", ALARM)
        assert 5_000 <= took <= 10_000 + 2 * 2000 + 500 + 2 * SLICE_MS
        assert hall.read("beam-1.obscuration") == 40


def test_a_flutter_shorter_than_the_response_is_no_alarm(hall: Plant) -> None:
    for _ in range(10):
        in_beam(hall, 0.5)
        hall.run(3)
        in_beam(hall, 0.0)
        hall.run(3)
    assert "alarm" not in [what for _, what in hall.sensed("beam-1")]


def test_a_ladder_in_the_beam_is_trouble_and_smoke_behind_it_is_not_seen(hall: Plant) -> None:
    in_beam(hall, 0.99)
    hall.run(30)
    assert hall.read("beam-1.state") == TROUBLE, "lost within one poll: an object, not smoke"
    in_beam(hall, 0.0)
    hall.run(5)
    assert hall.read("beam-1.state") == NORMAL


def test_smoke_that_thickens_by_and_by_is_a_fire_even_when_no_light_is_left(hall: Plant) -> None:
    for percent in range(0, 99, 3):
        in_beam(hall, percent / 100)
        hall.run(2)
    assert hall.read("beam-1.state") == ALARM


@pytest.mark.parametrize("fault", ["misaligned", "blocked", "double-address", "off"])
def test_a_beam_in_trouble_says_trouble(hall: Plant, fault: str) -> None:
    hall.fault("beam-1", fault)
    hall.run(4)
    assert hall.reads("beam-1.state", "panel-1.trouble") == (TROUBLE, 1)


def test_faast_levels_are_those_of_the_data_sheet() -> None:
    assert pytest.approx(-log(1 - 0.0025) / 0.3048) == LEVELS_PER_M[-1]
    assert list(LEVELS_PER_M) == sorted(LEVELS_PER_M)


@pytest.mark.parametrize(
    ("above", "bits", "state"),
    [(0, 0b1, NORMAL), (1, 0b11, 0x5400), (2, 0b111, 0x5400), (3, 0b1111, ALARM),
     (4, 0b11111, ALARM)],
)  # fmt: skip
def test_each_level_sets_its_bit_and_fire_1_is_the_alarm(
    hall: Plant, above: int, bits: int, state: int
) -> None:
    per_m = LEVELS_PER_M[above] * 1.01
    air(hall, per_m, per_m)
    hall.run(70)
    assert hall.reads("asp-1.level", "asp-1.state") == (bits, state)


def test_air_takes_10_to_60_s_through_the_pipe(tmp_path: Path) -> None:
    seen = set()
    for seed in range(5):
        hall = Plant(tmp_path, seed, points=POINTS)
        air(hall, 1.0, 1.0)
        took = hall.until("asp-1.state", ALARM, within_s=70)
        assert 10_000 - 2000 <= took <= 60_000 + 2 * 2000 + 500 + 2 * SLICE_MS
        seen.add(took)
    assert len(seen) > 2


def test_smoke_at_one_of_two_holes_is_diluted_by_the_other(hall: Plant) -> None:
    air(hall, LEVELS_PER_M[3] * 1.5, 0.0)
    hall.run(70)
    assert hall.read("asp-1.level") == 0b111, "0.75 of Fire 1: Action 2"


@pytest.mark.parametrize(("flow", "state"), [(79, TROUBLE), (80, NORMAL), (121, TROUBLE)])
def test_a_flow_more_than_20_percent_off_is_trouble(hall: Plant, flow: int, state: int) -> None:
    hall.fault("asp-1", "flow", value=flow)
    hall.run(4)
    assert hall.reads("asp-1.flow", "asp-1.state") == (flow, state)


def test_without_flow_it_is_blind(hall: Plant) -> None:
    hall.fault("asp-1", "flow", value=0)
    air(hall, 5.0, 5.0)
    hall.run(90)
    assert hall.read("asp-1.state") == TROUBLE


def test_a_masked_detector_does_not_alarm(hall: Plant) -> None:
    hall.fault("sd-1", "masked")
    air(hall, 5.0, 0.0)
    hall.run(60)
    assert hall.read("sd-1.state") == NORMAL
    hall.mend("sd-1", "masked")
    hall.until("sd-1.state", ALARM)


@pytest.mark.parametrize(("dirt", "state"), [(0.05, NORMAL), (0.22, TROUBLE), (0.5, ALARM)])
def test_dirt_drifts_to_trouble_and_at_last_to_a_false_alarm(
    hall: Plant, dirt: float, state: int
) -> None:
    hall.fault("sd-1", "dirty", value=dirt)
    hall.run(6)
    assert hall.read("sd-1.state") == state


def test_broken_glass_is_an_alarm_that_comes_back_until_it_is_replaced(hall: Plant) -> None:
    hall.fault("mcp-1", "glass")
    hall.run(3)
    assert hall.read("mcp-1.state") == ALARM
    hall.write("panel-1.reset", 1)
    hall.run(3)
    assert hall.read("mcp-1.state") == ALARM
    hall.mend("mcp-1", "glass")
    hall.write("panel-1.reset", 1)
    hall.run(3)
    assert hall.read("mcp-1.state") == NORMAL


def test_the_hard_wired_relay_shows_fire_within_100_ms_of_the_panel(hall: Plant) -> None:
    hall.bank.press(hall.now, "mcp-1")
    hall.until("relay-1.fire", 1)
    assert hall.now - hall.sensed("mcp-1")[0][0] <= 100 + 2 * SLICE_MS
    hall.write("panel-1.reset", 1)
    hall.slice()


def test_a_cut_wire_reads_as_fire_and_a_welded_contact_hides_one(hall: Plant) -> None:
    hall.fault("relay-1", "open")
    hall.slice()
    assert hall.reads("relay-1.fire", "lock-1.fire-input") == (1, 0)
    hall.mend("relay-1", "open")
    hall.fault("relay-1", "welded")
    hall.bank.press(hall.now, "mcp-1")
    hall.run(3)
    assert hall.reads("relay-1.fire", "lock-1.fire-input") == (0, 1)


def test_a_sprinkler_breaks_at_68_c_and_its_flow_is_told_after_the_retard(tmp_path: Path) -> None:
    for seed in range(4):
        hall = Plant(tmp_path, seed, points=POINTS)
        hall.world.values["plant", "temperature_c"] = BULB_C - 0.5
        hall.run(600)
        assert hall.read("fs-1.state") == NORMAL
        hall.world.values["plant", "temperature_c"] = 300.0
        took = hall.until("fs-1.state", ALARM, 120)
        bulb = [lag * log((300 - 67.5) / (300 - BULB_C)) for lag in (28_000, 41_000)]
        slack = 2 * 2000 + 2000 + 500 + 2 * SLICE_MS
        assert bulb[0] + 10_000 <= took <= bulb[1] + 60_000 + slack


def test_water_flows_on_when_the_fire_is_out_and_a_reset_does_not_hide_it(hall: Plant) -> None:
    hall.world.values["plant", "temperature_c"] = 300.0
    hall.until("fs-1.state", ALARM, 120)
    hall.world.values["plant", "temperature_c"] = 20.0
    hall.run(300)
    hall.write("panel-1.reset", 1)
    hall.run(10)
    assert hall.read("fs-1.state") == ALARM


def test_a_shut_valve_lets_no_water_flow_and_a_surge_is_an_alarm_without_fire(hall: Plant) -> None:
    hall.fault("fs-1", "valve")
    hall.world.values["plant", "temperature_c"] = 300.0
    hall.run(300)
    assert hall.read("fs-1.state") == NORMAL
    hall.mend("fs-1", "valve")
    hall.run(70)
    assert hall.read("fs-1.state") == ALARM, "the valve is opened again over a broken bulb"


def test_a_surge_longer_than_the_retard_is_an_alarm_without_fire(hall: Plant) -> None:
    hall.fault("fs-1", "surge")
    hall.run(5)
    hall.mend("fs-1", "surge")
    hall.run(70)
    assert hall.read("fs-1.state") == NORMAL, "the retard is for these"
    hall.fault("fs-1", "surge")
    hall.run(70)
    assert hall.read("fs-1.state") == ALARM
