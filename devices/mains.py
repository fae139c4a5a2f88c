"""Watches the mains where devices depend on it, and tells them when it goes and comes back."""

from __future__ import annotations

from typing import Protocol

from devices.machine import Powered


class Sense(Protocol):
    """The part of the surroundings that is needed here."""

    def __call__(self, place: str, quantity: str) -> float:
        """See `Surroundings.sense`."""
        ...


class Mains:
    """Machines by the place that feeds them; looked at once per slice, which wakes nobody."""

    def __init__(self, sense: Sense) -> None:
        self._sense = sense
        self._fed: dict[str, list[Powered]] = {}
        self._dark: dict[str, bool] = {}

    def feed(self, place: str, machine: Powered) -> None:
        """Name the place whose mains feeds a machine."""
        self._fed.setdefault(place, []).append(machine)
        self._dark[place] = False

    def look(self, now: int) -> None:
        """Sense every place; tell its machines about a change."""
        for place, dark in self._dark.items():
            if (self._sense(place, "mains") < 0.5) is not dark:
                self._dark[place] = not dark
                for machine in self._fed[place]:
                    machine.mains(dark, now)
