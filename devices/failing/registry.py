"""The faults that stand: each begins where it acts, and is ended there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from controller.interface.points import Value
from controller.interface.streams import stream
from devices.agenda import Agenda
from devices.failing.at_device import at_device, in_machine
from devices.failing.at_gateway import at_gateway
from devices.failing.at_network import NETWORKS
from devices.failing.at_station import at_station
from devices.failing.vocabulary import TERMS
from devices.faults import own, traits, way
from devices.gateway import Gateway
from devices.machine import Machine
from devices.network.line import Carrier, Line
from devices.station import Station

End = Callable[[int], None]
"""Ends a fault at a time (ms)."""


class Site(Protocol):
    """The devices, gateways and stations that can fail."""

    agenda: Agenda
    gateways: dict[str, Gateway]
    stations: dict[str, Station]
    devices: dict[str, Machine]


class Standing:
    """Faults by target and name. A fault that begins again replaces the one that stands.

    `carriers`: relays by target, where a real network stands in front of it; elsewhere the target
    itself behaves as if one did.
    """

    def __init__(self, site: Site, seed: int) -> None:
        self._site, self._seed = site, seed
        self._ends: dict[tuple[str, str], End] = {}
        self._turns: dict[tuple[str, str], int] = {}
        self._lines: dict[str, Line] = {}
        self.carriers: dict[str, Carrier] = {}

    def begin(self, now: int, target: str, fault: str, params: Mapping[str, Value]) -> None:
        """Begin a fault that has been checked; its draws hang on seed, target, name and turn."""
        self.end(now, target, fault)
        key = (target, fault)
        value = params.get("value", params.get("delay_ms", _usual(fault)))
        self._turns[key] = self._turns.get(key, 0) + 1
        seed = int(params.get("seed", self._seed))
        name = f"fault/{target}/{fault}/{self._turns[key]}"
        self._ends[key] = self._act(target, fault, value, name, seed, now)

    def end(self, now: int, target: str, fault: str) -> None:
        """End a fault, if it stands."""
        end = self._ends.pop((target, fault), None)
        if end is not None:
            end(now)

    def names(self) -> list[tuple[str, str]]:
        """(target, fault) of all that stand, in the order in which they began."""
        return list(self._ends)

    def _act(self, target: str, fault: str, value: Value, name: str, seed: int, now: int) -> End:
        site, rng = self._site, stream(seed, name)
        if fault in NETWORKS:
            return self._line(target).begin(NETWORKS[fault](value), rng, now)
        if target in site.gateways:
            behind = [m for m in site.devices.values() if m.wiring.device.gateway == target]
            return at_gateway(site.gateways[target], behind, site.agenda, fault, value, rng, now)
        machine = site.devices[target]
        device = machine.wiring.device
        if fault in own(device.kind) and (fault != "off" or target not in site.stations):
            return in_machine(machine, fault, value, now)
        trait = way(TERMS[fault], traits(device))
        if trait.endswith("station"):
            return at_station(site.stations[target], machine, fault, value, now)
        return at_device(machine, trait, fault, value, rng, now)

    def _line(self, target: str) -> Line:
        if target not in self._lines:
            site = self._site
            itself = site.gateways.get(target) or site.stations[target].net
            self._lines[target] = Line(self.carriers.get(target, itself))
        return self._lines[target]


def _usual(fault: str) -> Value:
    """The amount of a fault that is given none; True for one that takes none."""
    amount = TERMS[fault].amount if fault in TERMS else None
    return True if amount is None or amount.usual is None else amount.usual
