"""Faults that a device cannot have are refused with the reason and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.failing.page import page
from devices.failing.vocabulary import TERMS
from devices.faults import own, possible
from tests.devices.plant import Plant

REFUSED = [
    ("lock-1", "stuk", {}, "did you mean `stuck`?"),
    ("lok-1", "stuck", {}, "no such device or gateway: 'lok-1'; did you mean `lock-1`?"),
    ("lock-1", "off", {}, "it has no connection of its own; switch off its gateway doors"),
    ("panel", "off", {}, "switch off its gateway fire"),
    ("mcp-1", "stuck", {}, "it senses nothing"),
    ("panel", "noise", {"value": 1}, "it senses nothing"),
    ("mcp-1", "wrong", {"value": 1}, "press it instead"),
    ("lock-1", "silent", {}, "(only gateways can, such as doors)"),
    ("pa-1", "exception", {"value": 4}, "(only gateways can)"),
    ("lock-1", "duplicate", {}, "it has no connection of its own, only its gateway doors has"),
    ("doors", "stuck", {}, "cannot be `stuck` (it is only the way to its devices); possible: off"),
    ("hd-1", "dirty", {}, "did you mean `drift`?"),
    ("doors", "timeout", {}, "did you mean `silent`?"),
    ("doors", "exception", {"value": 7}, "an exception code: 1 to 6, 10 or 11"),
    ("doors", "short", {"value": 0}, "bytes, 1 to 255"),
    ("doors", "short", {"seed": -1}, "seed is a whole number of 0 or more"),
    ("doors", "slow", {}, "needs delay_ms"),
    ("doors", "slow", {"delay_ms": 0}, "a whole number above 0"),
    ("doors", "off", {"delay_ms": 5}, "takes no `delay_ms`"),
    ("cam-1", "wrong", {}, "needs value, a count"),
    ("cam-1", "wrong", {"value": -1}, "needs value, a count"),
    ("cam-1", "wrong", {"valu": 1}, "needs value"),
    ("cam-1", "wrong", {"value": 1, "valeu": 2}, "did you mean `value`?"),
    ("sign-1", "wrong", {"value": "up"}, "one of off, ahead, left, right, no-entry"),
    ("pa-1", "wrong", {"value": "sing"}, "one of evacuate, lockdown, drill, test"),
    ("snd-1", "wrong", {"value": 0}, "1 open, 2 short"),
    ("sd-1", "wrong", {"value": "thick"}, "an extinction"),
    ("hd-1", "wrong", {"value": True}, "a temperature"),
    ("lite-1", "wrong", {"value": 101}, "0 to 100 percent"),
    ("lock-1", "stuck", {"value": 1}, "takes no `value`"),
]


@pytest.mark.parametrize(("target", "fault", "params", "say"), REFUSED)
def test_refused(plant: Plant, target: str, fault: str, params: dict, say: str) -> None:  # type: ignore[type-arg]
    before = len(plant.records)
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the sentence is checked below
        plant.bank.fault(plant.now, target, fault, **params)
    assert say in str(refusal.value)
    assert len(plant.records) == before, "a refused fault leaves no record"


def begin(plant: Plant, name: str, fault: str) -> None:
    """Begin a fault with an amount that it takes."""
    machine = plant.bank.devices.get(name)
    role = own(machine.wiring.device.kind).get(fault) if machine is not None else None
    params: dict[str, object] = {}
    if role is not None and role.takes is not None:
        takes = role.takes
        params["value"] = takes.words[0] if takes.words else int(takes.high)
    elif role is None:
        amount = TERMS[fault].amount
        if amount is not None and amount.usual is None:
            params[amount.key] = 700
    plant.bank.fault(plant.now, name, fault, **params)  # type: ignore[arg-type]


def test_every_possible_fault_of_every_kind_can_begin_and_end(hall: Plant) -> None:
    plant, tried = hall, 0
    for name, machine in plant.bank.devices.items():
        for fault in possible(machine.wiring.device):
            begin(plant, name, fault)
            plant.run(0.5)
            plant.bank.clear(plant.now, name, fault)
            tried += 1
    for name in plant.bank.gateways:
        for fault in possible(None):
            begin(plant, name, fault)
            plant.run(0.5)
            plant.bank.clear(plant.now, name, fault)
            tried += 1
    assert tried >= 8 * len(plant.bank.devices) + 20 * len(plant.bank.gateways)
    told = [d["what"] for _, _, kind, _, d in plant.records if kind == "fault"]
    assert told.count("begin") == told.count("end") == tried
    assert plant.bank.standing.names() == []


LASTING = {"counter-reset", "drift", "noise"}
"""Faults that leave something behind: another zero, an alarm that is latched."""

LOGS = ("events", "last-event", "cycles", "heartbeat")
"""Points that remember or count what has been."""


def test_after_all_common_faults_have_ended_everything_is_as_before(
    plant: Plant, tmp_path: Path
) -> None:
    for name, machine in plant.bank.devices.items():
        device = machine.wiring.device
        for fault in set(possible(device)) - set(own(device.kind)) - LASTING:
            begin(plant, name, fault)
    plant.run(3)
    for name, fault in plant.bank.standing.names():
        plant.bank.clear(plant.now, name, fault)
    plant.run(40)
    (tmp_path / "calm").mkdir()
    calm = Plant(tmp_path / "calm")
    calm.run(43)
    for name, machine in plant.bank.devices.items():
        on_modbus, bound = machine.wiring.device.gateway, machine.wiring.bound().values()
        reads = [p for p in bound if on_modbus and not p.write and p.name not in LOGS]
        assert {p.id: plant.read(p.id) for p in reads} == {p.id: calm.read(p.id) for p in reads}
        for point in set(machine.wiring.values) - set(LOGS):
            assert machine.wiring.values[point] == calm.bank.devices[name].wiring.values[point]
    assert all(station.up for station in plant.bank.stations.values())


def test_the_page_of_faults_is_the_vocabulary() -> None:
    root = Path(__file__).parents[2]
    assert (root / "docs/devices/faults.md").read_text("utf-8") == page()


def test_ending_an_unknown_fault_names_the_nearest(plant: Plant) -> None:
    with pytest.raises(ValueError, match="did you mean `stuck`"):
        plant.bank.clear(plant.now, "lock-1", "stck")
