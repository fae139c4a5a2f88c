"""Watches the mains where devices depend on it, and tells them when it goes and comes back."""

from __future__ import annotations

from devices.machine import Machine, Settling
from devices.surroundings import Probe, Surroundings


class Mains:
    """Machines by the place that feeds them; looked at once per slice, which wakes nobody."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._fed: dict[str, list[Machine]] = {}
        self._dark: dict[str, bool] = {}
        self._probes: dict[str, Probe] = {}

    def feed(self, place: str, machine: Machine) -> None:
        """Name the place whose mains feeds a machine."""
        self._fed.setdefault(place, []).append(machine)
        self._dark[place] = False
        self._probes[place] = self._surroundings.probe(place, "mains")

    def look(self, now: int) -> None:
        """Sense every place; tell its machines about a change."""
        for place, volts in self._probes.items():
            dark = self._dark[place]
            if (volts() < 0.5) is not dark:
                self._dark[place] = not dark
                for machine in self._fed[place]:
                    self._switch(machine, dark, now)

    def _switch(self, machine: Machine, on: bool, now: int) -> None:
        machine.wiring.power("place", on)
        if isinstance(machine, Settling):
            machine.settle(now)
