"""Locks, holders, sounders, lights, turnstiles and bollards: timing and safe state."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.plant import SLICE_MS, Plant


def dark(plant: Plant, *places: str) -> None:
    for place in places:
        plant.world.values[place, "mains"] = 0.0


def light(plant: Plant, *places: str) -> None:
    for place in places:
        plant.world.values[place, "mains"] = 1.0


def after(plant: Plant, element: str, since: int) -> list[tuple[int, str]]:
    return [(t - since, state) for t, state, _ in plant.did(element) if t >= since]


def within(observed_ms: int, low_ms: int, high_ms: int) -> bool:
    """Whether a delay fits its range, seen in slices."""
    return low_ms <= observed_ms <= high_ms + SLICE_MS


def test_a_magnetic_lock_lets_go_in_100_to_300_ms_and_names_the_command(tmp_path: Path) -> None:
    for seed in range(5):
        plant = Plant(tmp_path, seed)
        plant.write("lock-1.release", 1)
        plant.slice()
        applied = plant.now - SLICE_MS
        plant.run(2)
        ((at, state, cause),) = plant.did("portal:x1")
        assert within(at - applied, 100, 300)
        assert (state, cause) == ("unlocked", "lock-1.release#1")
        assert plant.read("lock-1.bolt") == 0


def test_writing_the_same_command_again_is_the_same_command(plant: Plant) -> None:
    for value in (1, 1, 0):
        plant.write("lock-1.release", value)
        plant.run(1)
    assert [cause for _, _, cause in plant.did("portal:x1")] == [
        "lock-1.release#1",
        "lock-1.release#2",
    ]


def test_fire_relay_releases_the_wired_lock_without_the_controller(plant: Plant) -> None:
    plant.bank.press(plant.now, "mcp-1")
    plant.run(3)
    ((alarm_at, _),) = plant.sensed("mcp-1")
    assert plant.read("lock-1.fire-input") == 1
    ((at, state, cause),) = plant.did("portal:x1")
    assert (state, cause) == ("unlocked", "fire-input")
    assert at - alarm_at <= 100 + 300 + SLICE_MS
    assert plant.did("portal:x2") == [], "a lock without the wire waits for the controller"


def test_a_command_cannot_lock_a_door_while_the_fire_contact_is_closed(plant: Plant) -> None:
    plant.world.values["room", "extinction_per_m"] = 3.0
    plant.run(30)
    plant.write("lock-1.release", 1)
    plant.run(1)
    plant.write("lock-1.release", 0)
    plant.run(5)
    assert plant.read("lock-1.bolt") == 0
    plant.world.values["room", "extinction_per_m"] = 0.0
    plant.run(120)
    plant.write("panel.reset", 1)
    plant.run(5)
    assert plant.read("lock-1.fire-input") == 0
    assert plant.read("lock-1.bolt") == 1, "after reset of the fire system it locks again"


def test_loss_of_mains_opens_locks_and_closes_fire_doors(plant: Plant) -> None:
    plant.run(1)
    lost = plant.now
    dark(plant, "store")
    plant.run(20)
    assert after(plant, "portal:x1", lost)[0][1] == "unlocked"
    (_, closing), (shut, closed) = after(plant, "portal:fd", lost)
    assert (closing, closed) == ("closing", "closed")
    assert within(shut, 3000, 15000)
    assert plant.read("hold-1.closed") == 1
    light(plant, "store")
    plant.run(1)
    assert plant.read("lock-1.bolt") == 1


def test_a_holder_lets_the_door_go_and_it_closes_in_3_to_15_s(tmp_path: Path) -> None:
    for seed in range(5):
        plant = Plant(tmp_path, seed)
        plant.write("hold-1.hold", 0)
        plant.slice()
        applied = plant.now - SLICE_MS
        plant.run(20)
        (let_go, _), (shut, _) = after(plant, "portal:fd", applied)
        assert let_go <= SLICE_MS
        assert within(shut, 3000, 15000)


def test_a_stuck_lock_stays_locked_whoever_asks(plant: Plant) -> None:
    plant.bank.fault(plant.now, "lock-1", "stuck")
    assert plant.write("lock-1.release", 1).exception == 0, "the board acknowledges all the same"
    plant.bank.press(plant.now, "mcp-1")
    plant.run(10)
    assert plant.read("lock-1.bolt") == 1
    assert plant.did("portal:x1") == []
    plant.bank.clear(plant.now, "lock-1", "stuck")
    plant.run(2)
    assert plant.read("lock-1.bolt") == 0, "freed, it follows what is still asked"


def test_a_lying_bolt_contact_reports_locked_while_the_door_is_open(plant: Plant) -> None:
    plant.bank.fault(plant.now, "lock-2", "wrong", value=True)
    plant.write("lock-2.release", 1)
    plant.run(2)
    assert plant.did("portal:x2")[0][1] == "unlocked"
    assert plant.read("lock-2.bolt") == 1


def test_a_sounder_sounds_within_a_second_and_falls_silent_again(plant: Plant) -> None:
    plant.write("snd-1.on", 1)
    plant.slice()
    applied = plant.now - SLICE_MS
    plant.run(2)
    assert plant.read("snd-1.sounding") == 1
    plant.write("snd-1.on", 0)
    plant.run(2)
    (on, _), (_, off) = after(plant, "sound:snd-1", applied)
    assert on <= 1000 + SLICE_MS
    assert off == "off"


def test_a_broken_sounder_line_is_reported_and_silent(plant: Plant) -> None:
    plant.bank.fault(plant.now, "snd-1", "wrong", value=1)
    plant.write("snd-1.on", 1)
    plant.run(3)
    assert plant.read("snd-1.line") == 1
    assert plant.read("snd-1.sounding") == 0
    plant.bank.clear(plant.now, "snd-1", "wrong")
    plant.run(2)
    assert (plant.read("snd-1.line"), plant.read("snd-1.sounding")) == (0, 1)


@pytest.mark.parametrize("how", ["command", "mains"])
def test_an_emergency_light_is_lit_within_a_quarter_second(plant: Plant, how: str) -> None:
    if how == "command":
        plant.write("lite-1.mode", 1)
        plant.slice()
        asked = plant.now - SLICE_MS
    else:
        asked = plant.now
        dark(plant, "hall")
    plant.run(1)
    ((lit, state),) = after(plant, "light:lite-1", asked)
    assert state == "on"
    assert lit <= 250
    assert plant.read("lite-1.lit") == 1


def test_the_battery_drains_without_mains_and_the_light_goes_out_after_30_to_90_min(
    plant: Plant,
) -> None:
    dark(plant, "hall")
    begin = plant.now
    plant.run(600)
    assert 65 <= plant.read("lite-1.battery") <= 89
    while plant.read("lite-1.battery"):
        plant.run(10)
        assert plant.now - begin < 91 * 60_000
    plant.run(1)
    assert plant.now - begin >= 30 * 60_000
    assert plant.read("lite-1.lit") == 0


def test_with_mains_an_emergency_light_does_not_use_its_battery(plant: Plant) -> None:
    plant.write("lite-1.mode", 1)
    plant.run(300)
    assert plant.read("lite-1.battery") == 100


def test_a_turnstile_is_freed_within_a_second_and_drops_its_arms_without_mains(
    plant: Plant,
) -> None:
    plant.write("turn-1.free", 1)
    plant.slice()
    asked = plant.now - SLICE_MS
    plant.run(2)
    ((at, state),) = after(plant, "portal:g1", asked)
    assert state == "free"
    assert at <= 1000 + SLICE_MS
    plant.write("turn-1.free", 0)
    plant.run(2)
    assert plant.read("turn-1.freed") == 0
    dark(plant, "gatehouse")
    plant.run(2)
    assert plant.read("turn-1.freed") == 1


def test_a_turnstile_counts_passes_in_two_registers(plant: Plant) -> None:
    plant.world.values["g1", "passes"] = 70_000
    plant.run(2)
    assert plant.ask("gate", 4, 0, 2).values == (1, 4464)


def test_a_bollard_moves_in_3_to_6_s_and_reports_neither_end_on_the_way(tmp_path: Path) -> None:
    for seed in range(5):
        plant = Plant(tmp_path, seed)
        plant.write("boll-1.lower", 1)
        plant.slice()
        asked = plant.now - SLICE_MS
        plant.run(1)
        assert plant.ask("gate", 2, 1, 2).values == (0, 0)
        plant.run(7)
        assert plant.ask("gate", 2, 1, 2).values == (1, 0)
        ((at, state),) = after(plant, "portal:g2", asked)
        assert state == "free"
        assert within(at, 3000, 6000)


def test_a_bollard_falls_without_mains_and_stays_down(plant: Plant) -> None:
    dark(plant, "gatehouse")
    plant.write("boll-1.lower", 0)
    plant.run(8)
    assert plant.read("boll-1.down") == 1
