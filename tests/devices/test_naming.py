"""Register writes and the commands behind them: Modbus carries no id, so the controller tells."""

from __future__ import annotations

import pytest

from tests.devices.plant import Plant


def named(plant: Plant, point: str) -> list[tuple[object, object]]:
    """(id, value) of everything that a point received."""
    return [
        (d["id"], d["value"]) for _, _, k, e, d in plant.records if (k, e) == ("receive", point)
    ]


def test_a_controller_that_says_nothing_is_taken_to_count_changes(plant: Plant) -> None:
    for value in (1, 1, 0, 1):
        plant.write("lock-1.release", value)
        plant.slice()
    ids = [name for name, _ in named(plant, "lock-1.release")]
    assert ids == [f"lock-1.release#{n}" for n in (1, 1, 2, 3)]


def test_a_told_name_goes_to_its_request_and_to_no_other(plant: Plant) -> None:
    """#1 was replaced before it left; #3 writes what stands already; somebody else writes too."""
    gateway = plant.bank.gateways["doors"]
    for number, command in ((1, "lock-1.release#2"), (2, "lock-1.release#3"), (3, "")):
        plant.write("lock-1.release", 1)
        assert gateway.requests == number
        if command:
            plant.bank.name_writes({"doors": {number: command}})
        plant.slice()
    ids = [name for name, _ in named(plant, "lock-1.release")]
    assert ids == ["lock-1.release#2", "lock-1.release#3", ""]


def test_a_held_write_keeps_its_name_until_it_is_obeyed(plant: Plant) -> None:
    plant.bank.fault(plant.now, "doors", "slow", delay_ms=1000)
    with pytest.raises(AssertionError, match="holds the reply"):
        plant.write("lock-1.release", 1)
    plant.bank.name_writes({"doors": {1: "lock-1.release#7"}})
    for _ in range(5):
        plant.bank.gateways["doors"].due(plant.now)
        plant.slice()
    assert named(plant, "lock-1.release") == [("lock-1.release#7", True)]
