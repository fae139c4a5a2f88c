"""The 16-point block of a door: modes, pulse, exit, forced, held open, tamper, watchdog."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.catalog import SITES
from tests.devices.plant import SLICE_MS, Plant

POINTS = (SITES / "device-hall" / "points.yaml").read_text("utf-8")
NORMAL, UNLOCKED, LOCKED, LOCKDOWN, FIRE = range(5)


def set_as(tmp_path: Path, **settings: str) -> Plant:
    """A hall whose lock is set in another way."""
    words = ", ".join(f"{name}: {value}" for name, value in settings.items())
    text = POINTS.replace("portal: x-hall,", f"portal: x-hall, settings: {{{words}}},", 1)
    return Plant(tmp_path, points=text)


def test_at_rest_it_is_locked_closed_and_in_order(hall: Plant) -> None:
    rest = ("bolt", "contact", "mains-ok", "battery-ok", "rex", "tamper", "forced", "held-open")
    assert hall.reads(*(f"lock-1.{name}" for name in rest)) == (1, 1, 1, 1, 0, 0, 0, 0)
    assert hall.reads("lock-1.unlock-time", "lock-1.held-open-time", "lock-1.watchdog") == (
        5,
        30,
        10,
    )


def test_one_write_is_one_pulse_of_5_s_and_the_coil_reads_0_again(hall: Plant) -> None:
    hall.write("lock-1.pulse", 1)
    hall.slice()
    assert hall.read("lock-1.pulse") == 0
    hall.run(1)
    assert hall.read("lock-1.bolt") == 0
    open_ms = hall.until("lock-1.bolt", 1)
    assert 3500 <= open_ms <= 4000 + 300 + 2 * SLICE_MS
    hall.run(20)
    assert hall.read("lock-1.bolt") == 1, "a pulse is not repeated"


def test_the_unlock_time_can_be_set(hall: Plant) -> None:
    hall.write("lock-1.unlock-time", 15)
    hall.write("lock-1.pulse", 1)
    hall.run(14)
    assert hall.read("lock-1.bolt") == 0
    hall.run(3)
    assert hall.read("lock-1.bolt") == 1
    assert hall.write("lock-1.unlock-time", 100).exception == 3, "1 to 99 s"


def test_lockdown_takes_no_pulse_and_no_release_but_exit_is_free(hall: Plant) -> None:
    hall.write("lock-1.lockdown", 1)
    hall.write("lock-1.release", 1)
    hall.write("lock-1.pulse", 1)
    hall.run(2)
    assert hall.reads("lock-1.bolt", "lock-1.mode") == (1, LOCKDOWN)
    hall.bank.press(hall.now, "lock-1")
    hall.run(0.5)
    assert hall.reads("lock-1.bolt", "lock-1.rex") == (0, 1)
    assert hall.did("portal:x-hall")[-1][1:] == ("unlocked", "rex")
    hall.run(6)
    assert hall.reads("lock-1.bolt", "lock-1.rex") == (1, 0)


def test_fire_goes_before_lockdown(hall: Plant) -> None:
    hall.write("lock-1.lockdown", 1)
    hall.bank.press(hall.now, "mcp-1")
    hall.run(3)
    assert hall.reads("lock-1.fire-input", "lock-1.mode", "lock-1.bolt") == (1, FIRE, 0)


@pytest.mark.parametrize(
    ("mode", "bolt"), [(NORMAL, 1), (UNLOCKED, 0), (LOCKED, 1), (LOCKDOWN, 1), (FIRE, 0)]
)
def test_a_mode_can_be_set(hall: Plant, mode: int, bolt: int) -> None:
    hall.write("lock-1.set-mode", mode)
    hall.run(1)
    assert hall.reads("lock-1.mode", "lock-1.bolt") == (mode, bolt)


def test_a_leaf_that_opens_while_the_bond_holds_is_forced_for_30_s_and_until_shut(
    hall: Plant,
) -> None:
    hall.fault("lock-1", "propped")
    hall.slice()
    assert hall.reads("lock-1.contact", "lock-1.forced", "lock-1.last-event") == (0, 1, 3)
    hall.run(40)
    assert hall.read("lock-1.forced") == 1, "still open"
    hall.mend("lock-1", "propped")
    hall.run(2)
    assert hall.reads("lock-1.contact", "lock-1.forced") == (1, 0)


def test_an_unlocked_door_held_open_is_an_alarm_after_30_s(hall: Plant) -> None:
    hall.write("lock-1.release", 1)
    hall.run(1)
    hall.fault("lock-1", "propped")
    hall.run(29)
    assert hall.reads("lock-1.forced", "lock-1.held-open") == (0, 0)
    hall.run(2)
    assert hall.read("lock-1.held-open") == 1
    hall.write("lock-1.reset-latch", 1)
    hall.slice()
    assert hall.read("lock-1.held-open") == 0


def test_the_watchdog_begins_with_the_first_heartbeat_and_opens_after_10_s(hall: Plant) -> None:
    hall.run(60)
    assert hall.read("lock-1.bolt") == 1, "a controller without heartbeat is never missed"
    for beat in range(1, 20):
        hall.write("lock-1.heartbeat", beat)
        hall.run(1)
    last = hall.now
    assert hall.read("lock-1.bolt") == 1
    hall.until("lock-1.bolt", 0)
    assert 9_000 <= hall.now - last <= 10_000 + 300 + 2 * SLICE_MS
    assert hall.read("lock-1.mode") == FIRE
    hall.write("lock-1.heartbeat", 77)
    hall.run(1)
    assert hall.reads("lock-1.bolt", "lock-1.mode") == (1, NORMAL)


def test_a_heartbeat_that_does_not_change_is_none(hall: Plant) -> None:
    for _ in range(15):
        hall.write("lock-1.heartbeat", 5)
        hall.run(1)
    assert hall.read("lock-1.bolt") == 0


@pytest.mark.parametrize(("alone", "bolt"), [("unlock", 0), ("hold", 1), ("secure", 1)])
def test_what_a_board_does_alone_is_set(tmp_path: Path, alone: str, bolt: int) -> None:
    hall = set_as(tmp_path, alone=alone)
    hall.write("lock-1.heartbeat", 1)
    hall.run(12)
    assert hall.read("lock-1.bolt") == bolt


@pytest.mark.parametrize(("fail", "bolt"), [("safe", 0), ("secure", 1)])
def test_without_power_a_magnet_opens_and_a_strike_stays_locked(
    tmp_path: Path, fail: str, bolt: int
) -> None:
    hall = set_as(tmp_path, fail=fail)
    hall.world.values["plant", "mains"] = 0.0
    hall.run(1)
    assert hall.reads("lock-1.mains-ok", "lock-1.bolt") == (0, bolt)


@pytest.mark.parametrize(
    ("fault", "point", "reads"),
    [("tamper", "tamper", 1), ("battery", "battery-ok", 0), ("key", "local-key", 1),
     ("rex-stuck", "rex", 1)],
)  # fmt: skip
def test_faults_that_a_board_reports(hall: Plant, fault: str, point: str, reads: int) -> None:
    hall.fault("lock-1", fault)
    hall.run(1)
    assert hall.read(f"lock-1.{point}") == reads
    assert hall.read("lock-1.bolt") == (0 if fault in ("key", "rex-stuck") else 1)
    hall.mend("lock-1", fault)
    hall.run(1)
    assert hall.reads(f"lock-1.{point}", "lock-1.bolt") == (1 - reads, 1)


def test_a_stuck_contact_says_closed_though_the_door_is_forced(hall: Plant) -> None:
    hall.fault("lock-1", "contact-stuck")
    hall.fault("lock-1", "propped")
    hall.slice()
    assert hall.read("lock-1.contact") == 1
    assert hall.read("lock-1.forced") == 0, "the board judges by its contact"


def test_unlockings_are_counted_in_two_registers(hall: Plant) -> None:
    for value in (1, 0, 1, 0):
        hall.write("lock-1.release", value)
        hall.run(1)
    assert hall.ask("doors-1", 4, 3, 2, unit=2).values == (0, 2)
    assert hall.read("lock-1.events") == 4
