"""The true state of every portal: leaf, bolt and barrier, and what follows for people and smoke.

A closed leaf is passable and holds smoke; a bolted or blocked portal lets nobody through from
either side until it is released. Pushing a closed leaf open lets no smoke through (a limit).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from controller.interface.points import PointList
from twin.floorfile import FloorFile
from twin.plan import Bools, Plan

STATES = ("open", "closed", "locked", "blocked")


@dataclass(frozen=True, slots=True)
class Door:
    """One portal: is its leaf closed, its bolt thrown, its barrier down?

    `by_hand` is "locked" (a key, a chain) or "blocked" (a bench, a bicycle): no device undoes it.
    """

    closed: bool = False
    bolted: bool = False
    blocked: bool = False
    by_hand: str = ""

    @property
    def state(self) -> str:
        """The state that matters most: blocked, locked, closed or open."""
        if self.by_hand:
            return self.by_hand
        if self.blocked:
            return "blocked"
        if self.bolted:
            return "locked"
        return "closed" if self.closed else "open"


CHANGES: dict[str, dict[str, Any]] = {
    "locked": {"bolted": True},
    "unlocked": {"bolted": False},
    "held": {"closed": False},
    "closing": {},
    "closed": {"closed": True},
    "free": {"blocked": False},
    "blocked": {"blocked": True},
}
"""What each state that a device reports changes; a closing leaf is open until it is closed."""
SCRIPT: dict[str, Door] = {
    "open": Door(),
    "closed": Door(closed=True),
    "locked": Door(by_hand="locked"),
    "blocked": Door(by_hand="blocked"),
}
"""What a script may make of a portal."""


class Doors:
    """All portals of a site; `version` grows with every change that anybody could notice."""

    def __init__(self, plan: Plan, start: dict[str, Door], passable: Iterable[str]) -> None:
        self._plan = plan
        self._doors = {portal: start.get(portal, Door()) for portal in plan.portals}
        self._beside = frozenset(passable)
        self.version = 0
        self.shut: Bools = np.zeros(len(plan.portals), dtype=np.bool_)
        self.impassable: frozenset[str] = frozenset()
        self._refresh()

    def state(self, portal: str) -> str:
        """One of open, closed, locked, blocked."""
        return self._doors[portal].state

    def device(self, portal: str, state: str) -> bool:
        """A device moved a part of a portal; True if the portal's state changed."""
        return self._set(portal, replace(self._doors[portal], **CHANGES[state]))

    def script(self, portal: str, state: str) -> bool:
        """Somebody put the portal in a state by hand; True if its state changed."""
        return self._set(portal, SCRIPT[state])

    def _set(self, portal: str, door: Door) -> bool:
        before, self._doors[portal] = self._doors[portal], door
        if before == door:
            return False
        self._refresh()
        return before.state != door.state

    def _refresh(self) -> None:
        """A locked leaf is closed too; people walk round a barrier that is for vehicles only."""
        state = {portal: door.state for portal, door in self._doors.items()}
        self.shut = np.array(
            [state[p] == "locked" or self._doors[p].closed for p in self._plan.portals], np.bool_
        )
        self.impassable = frozenset(
            portal
            for portal, name in state.items()
            if name == "locked" or (name == "blocked" and portal not in self._beside)
        )
        self.version += 1


def at_rest(floor: FloorFile, points: PointList) -> dict[str, Door]:
    """Portals before anything happens, in step with the devices' own start.

    Magnetic locks hold, barriers are down, fire doors stand open where a holder holds them and
    are closed where none does.
    """
    moved_by: dict[str, set[str]] = {portal.id: set() for portal in floor.portals}
    for device in points.devices.values():
        if device.portal:
            moved_by[device.portal].add(device.kind)
    return {
        portal.id: Door(
            closed=portal.normally == "closed-fire" and "door-holder" not in moved_by[portal.id],
            bolted=portal.normally == "locked" or "door-lock" in moved_by[portal.id],
            blocked=bool(moved_by[portal.id] & {"turnstile", "bollard"}),
        )
        for portal in floor.portals
    }
