"""Faults that stand at the same time and act on one switch: it closes when the last has ended."""

from __future__ import annotations

import pytest

from tests.devices.desk import Desk
from tests.devices.plant import Plant


def test_a_gateway_that_is_off_does_not_come_back_when_its_reboot_is_over(plant: Plant) -> None:
    gateway = plant.bank.gateways["fire"]
    plant.bank.fault(plant.now, "fire", "off")
    plant.bank.fault(plant.now, "fire", "reboot", delay_ms=3000)
    plant.run(4)
    assert gateway.refuses, "the reboot is over, and it has no power still"
    plant.bank.clear(plant.now, "fire", "off")
    assert not gateway.refuses


def test_a_gateway_that_gets_its_power_back_goes_on_booting(plant: Plant) -> None:
    gateway = plant.bank.gateways["fire"]
    plant.bank.fault(plant.now, "fire", "reboot", delay_ms=5000)
    plant.bank.fault(plant.now, "fire", "off")
    plant.run(1)
    plant.bank.clear(plant.now, "fire", "off")
    assert gateway.refuses
    plant.run(5)
    assert not gateway.refuses


def test_the_end_of_a_reboot_that_was_cut_short_does_not_end_the_next(plant: Plant) -> None:
    gateway = plant.bank.gateways["fire"]
    plant.bank.fault(plant.now, "fire", "reboot", delay_ms=3000)
    plant.run(1)
    plant.bank.fault(plant.now, "fire", "reboot", delay_ms=8000)
    plant.run(4)
    assert gateway.refuses
    plant.run(5)
    assert not gateway.refuses


@pytest.mark.parametrize(("first", "second"), [("off", "reboot"), ("reboot", "off")])
def test_a_device_on_mqtt_comes_back_when_both_are_over(
    plant: Plant, desk: Desk, first: str, second: str
) -> None:
    sign = plant.bank.stations["sign-1"]
    machine = plant.bank.devices["sign-1"]
    plant.run(1)
    for fault in (first, second):
        plant.bank.fault(
            plant.now, "sign-1", fault, **({"delay_ms": 3000} if fault == "reboot" else {})
        )
    plant.run(4)
    assert (sign.off, sign.up, machine.wiring.off) == (True, False, True)
    plant.bank.clear(plant.now, "sign-1", "off")
    assert (sign.off, machine.wiring.off) == (False, False)
    plant.run(4)
    assert sign.up, "and boots once"


def test_a_device_that_is_hung_is_deaf_after_its_deafness(plant: Plant, desk: Desk) -> None:
    sign = plant.bank.stations["sign-1"]
    for fault in ("deaf", "hung"):
        plant.bank.fault(plant.now, "sign-1", fault)
    plant.bank.clear(plant.now, "sign-1", "deaf")
    assert sign.deaf
    plant.bank.fault(plant.now, "sign-1", "deaf")
    plant.bank.clear(plant.now, "sign-1", "hung")
    assert sign.deaf
    plant.bank.clear(plant.now, "sign-1", "deaf")
    assert not sign.deaf


def test_the_mains_of_the_place_does_not_mend_a_plug_that_is_out(plant: Plant) -> None:
    lock = plant.bank.devices["lock-1"].wiring
    plant.bank.fault(plant.now, "lock-1", "no-mains")
    plant.world.values["store", "mains"] = 0.0
    plant.run(1)
    plant.world.values["store", "mains"] = 1.0
    plant.run(1)
    assert not lock.mains, "its own plug is out"
    plant.world.values["store", "mains"] = 0.0
    plant.run(1)
    plant.bank.clear(plant.now, "lock-1", "no-mains")
    assert not lock.mains, "its plug is in again, and the place is dark"
    plant.world.values["store", "mains"] = 1.0
    plant.run(1)
    assert lock.mains
