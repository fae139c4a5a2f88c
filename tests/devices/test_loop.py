"""Detectors, call points and their panel: what the loop sees, when, and what latches."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest

from devices.machines.element import SMOKE_ALARM_PER_M
from tests.devices.plant import Plant

NORMAL, ALARM, TROUBLE = 0x1400, 0x0C01, 0x3400


def smoke(plant: Plant, per_m: float) -> None:
    plant.world.values["room", "extinction_per_m"] = per_m


def test_a_normal_enabled_point_reads_0x1400_and_an_unprogrammed_one_ends_in_ff(
    plant: Plant,
) -> None:
    assert plant.read("sd-1.state") == NORMAL
    assert plant.ask("fire", 3, 100).values[0] & 0xFF == 0xFF


def test_the_alarm_threshold_is_an_optical_density_of_0_14_per_metre() -> None:
    assert pytest.approx(0.14 * log(10)) == SMOKE_ALARM_PER_M


def test_smoke_alarms_after_entry_lag_poll_and_gateway_refresh(plant: Plant) -> None:
    begin = plant.now
    smoke(plant, 1.0)
    while plant.read("sd-1.state") != ALARM:
        plant.slice()
        assert plant.now - begin < 30_000
    seen = plant.now - begin
    (pre, pre_name), (at, name) = plant.sensed("sd-1")
    assert (pre_name, name) == ("prealarm", "alarm")
    assert pre <= at
    assert 0 <= begin + seen - at <= 1000, "the register follows within one refresh"
    assert 2_000 <= seen <= 20_000, "detector to gateway: 3 to 15 s is realistic"


def test_thin_smoke_never_alarms(plant: Plant) -> None:
    smoke(plant, 0.05)
    plant.run(120)
    assert plant.sensed("sd-1") == []
    assert plant.read("sd-1.state") == NORMAL


def test_two_detectors_in_the_same_smoke_answer_at_their_own_time(tmp_path: Path) -> None:
    times = []
    for seed in range(8):
        plant = Plant(tmp_path, seed)
        smoke(plant, 0.6)
        plant.run(60)
        times.append((plant.sensed("sd-1")[-1][0], plant.sensed("sd-2")[-1][0]))
    assert len(set(times)) > 4
    assert any(first != second for first, second in times)


def test_the_same_seed_gives_the_same_second(tmp_path: Path) -> None:
    runs = []
    for _ in range(2):
        plant = Plant(tmp_path, 3)
        smoke(plant, 0.6)
        plant.run(60)
        runs.append(plant.records)
    assert runs[0] == runs[1]


def test_the_panel_keeps_an_alarm_when_the_smoke_has_gone_until_it_is_reset(plant: Plant) -> None:
    smoke(plant, 2.0)
    plant.run(40)
    smoke(plant, 0.0)
    plant.run(200)
    assert plant.read("sd-1.state") == ALARM
    plant.write("panel.reset", 1)
    plant.run(3)
    assert plant.read("sd-1.state") == NORMAL
    assert plant.read("panel.reset") == 0, "a command register clears itself"


def test_reset_in_smoke_alarms_again(plant: Plant) -> None:
    smoke(plant, 2.0)
    plant.run(40)
    plant.write("panel.reset", 1)
    plant.run(5)
    assert [what for _, what in plant.sensed("sd-1")][-2:] == ["normal", "alarm"]
    assert plant.read("sd-1.state") == ALARM


@pytest.mark.parametrize(("celsius", "alarms"), [(56.0, False), (58.0, True)])
def test_heat_detector_alarms_at_57_degrees(plant: Plant, celsius: float, alarms: bool) -> None:
    warm = 20.0
    while warm < celsius:  # 3 degrees a minute: too slow for rate of rise
        warm = min(celsius, warm + 3 * 0.25 / 60)
        plant.world.values["kitchen", "temperature_c"] = warm
        plant.slice()
    plant.run(180)
    assert (plant.read("hd-1.state") == ALARM) is alarms


@pytest.mark.parametrize(("per_minute", "alarms"), [(6.0, False), (12.0, True)])
def test_heat_detector_alarms_at_8_degrees_a_minute_below_50(
    plant: Plant, per_minute: float, alarms: bool
) -> None:
    plant.run(5)
    for step in range(int(25 / per_minute * 240)):  # up to 45 degrees
        plant.world.values["kitchen", "temperature_c"] = 20.0 + per_minute * step / 240
        plant.slice()
    assert (plant.read("hd-1.state") == ALARM) is alarms


def test_a_call_point_reaches_the_panel_in_less_than_a_second_and_stays(plant: Plant) -> None:
    plant.run(1)
    pressed = plant.now
    plant.bank.press(plant.now, "mcp-1")
    plant.run(3)
    ((at, what),) = plant.sensed("mcp-1")
    assert what == "alarm"
    assert at - pressed <= 1000
    assert plant.read("mcp-1.state") == ALARM
    plant.write("panel.reset", 1)
    plant.run(3)
    assert plant.read("mcp-1.state") == ALARM, "the glass is still broken"


def test_pressing_something_else_names_the_nearest_call_point(plant: Plant) -> None:
    with pytest.raises(ValueError, match="did you mean `mcp-1`"):
        plant.bank.press(plant.now, "mcp-11")


def test_a_missing_detector_is_trouble_within_one_poll_and_its_alarm_stays(plant: Plant) -> None:
    plant.run(1)
    plant.bank.fault(plant.now, "sd-1", "off")
    plant.run(3)
    assert plant.read("sd-1.state") == TROUBLE
    assert plant.read("panel.trouble") == 1
    plant.bank.clear(plant.now, "sd-1", "off")
    plant.run(3)
    assert plant.read("sd-1.state") == NORMAL
    assert plant.read("panel.trouble") == 0


def test_a_missing_call_point_cannot_alarm(plant: Plant) -> None:
    plant.bank.fault(plant.now, "mcp-1", "off")
    plant.bank.press(plant.now, "mcp-1")
    plant.run(5)
    assert plant.read("mcp-1.state") == TROUBLE


def test_a_wrong_detector_alarms_in_clean_air(plant: Plant) -> None:
    plant.bank.fault(plant.now, "sd-2", "wrong", value=1.0)
    plant.run(4)
    assert plant.read("sd-2.state") == ALARM
    assert plant.read("sd-1.state") == NORMAL


def test_the_panel_heartbeat_counts_seconds(plant: Plant) -> None:
    plant.run(10)
    before = plant.read("panel.heartbeat")
    plant.run(30)
    assert plant.read("panel.heartbeat") == before + 30
