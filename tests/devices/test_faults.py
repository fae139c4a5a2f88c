"""Faults that a device cannot have are refused with the reason and the nearest name."""

from __future__ import annotations

import pytest

from controller.interface.kind import Takes
from controller.interface.kinds import KINDS
from devices.faults import possible
from tests.devices.plant import Plant

REFUSED = [
    ("lock-1", "stuk", {}, "did you mean `stuck`?"),
    ("lok-1", "stuck", {}, "no such device or gateway: 'lok-1'; did you mean `lock-1`?"),
    ("lock-1", "off", {}, "it has no connection of its own; switch off its gateway doors"),
    ("panel", "off", {}, "switch off its gateway fire"),
    ("sd-1", "stuck", {}, "it moves nothing"),
    ("cam-1", "stuck", {}, "it moves nothing"),
    ("mcp-1", "wrong", {"value": 1}, "press it instead"),
    ("lock-1", "slow", {"delay_ms": 5}, "only gateways are slow, such as doors"),
    ("pa-1", "slow", {"delay_ms": 5}, "only gateways are slow"),
    ("doors", "stuck", {}, "gateway doors cannot be `stuck`; possible: slow, off"),
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


def example(takes: Takes | None) -> dict[str, object]:
    """A value that a fault takes, if it takes any."""
    if takes is None:
        return {}
    return {"value": takes.words[0] if takes.words else int(takes.high)}


def test_every_possible_fault_can_begin_and_end_and_is_recorded(plant: Plant) -> None:
    tried = 0
    for name, machine in plant.bank.devices.items():
        kind = machine.wiring.device.kind
        for fault in possible(kind):
            params = example(KINDS[kind].faults[fault].takes)
            plant.bank.fault(plant.now, name, fault, **params)  # type: ignore[arg-type]
            plant.run(2)
            plant.bank.clear(plant.now, name, fault)
            plant.run(4)
            tried += 1
    assert tried >= 2 * len(plant.bank.devices)
    told = [d["what"] for _, _, kind, _, d in plant.records if kind == "fault"]
    assert told.count("begin") == told.count("end") == tried


def test_ending_an_unknown_fault_names_the_nearest(plant: Plant) -> None:
    with pytest.raises(ValueError, match="did you mean `stuck`"):
        plant.bank.clear(plant.now, "lock-1", "stck")
