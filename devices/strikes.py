"""The wires from card readers to what they open: the lock or turnstile at their portal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from devices.machine import Machine
from devices.machines.lock import DoorLock
from devices.machines.reader import CardReader, Opener
from devices.machines.turnstile import Turnstile
from devices.station import Station


def wire_strikes(machines: Mapping[str, Machine], stations: Mapping[str, Station]) -> None:
    """Connect every reader to the lock or turnstile of its portal, and to its own network.

    A reader on the way out is wired to the exit button's terminals, which open in every mode.
    """
    for machine in machines.values():
        if isinstance(machine, CardReader):
            portal = machine.wiring.device.portal
            machine.linked = partial(_linked, stations[machine.wiring.id])
            there = (m for m in machines.values() if m.wiring.device.portal == portal != "")
            machine.opens = next((o for m in there if (o := _opener(m, machine))), None)


def _linked(station: Station) -> bool:
    return station.up


def _opener(machine: Machine, reader: CardReader) -> Opener | None:
    side = reader.wiring.setting("side")
    if side == "muster":
        return None
    if isinstance(machine, DoorLock):
        return machine.press if side == "out" else partial(_let_one, machine, "pulse")
    if isinstance(machine, Turnstile):
        return partial(_let_one, machine, "open-a" if side == "out" else "open-b")
    return None


def _let_one(machine: DoorLock | Turnstile, point: str, at: int) -> None:
    machine.wiring.cause = "reader"
    machine.command(point, True, at)
