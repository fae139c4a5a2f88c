"""All that a device sees of the world, and what it may do to it.

The twin implements `Surroundings`; devices know neither spaces nor people beyond these calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from controller.interface.points import Device
from devices.vision.view import Look

Probe = Callable[[], float]
"""Tells the true value of one quantity at one place, now."""


class Surroundings(Protocol):
    """The world around the devices."""

    def probe(self, place: str, quantity: str) -> Probe:
        """What tells the true value at `place` (a space; or a portal, for `passes`, `enters`).

        Quantities: `extinction_per_m` (natural logarithm, 1/m), `temperature_c`, `people` (count),
        `animals` (count), `wind_m_s` (m/s, outside), `density_per_m2` (people per m2), `mains` (1
        there is mains, 0 there is none),
        `optical_depth` (extinction times the length of the space), `passes` (people out through a
        portal so far), `enters` (people in), `stairs` (1 on a stair), `dark` (1 where neither the
        mains nor an emergency light gives light).
        """
        ...

    def look(self, camera: Device) -> Look:
        """What tells who is truly in a camera's field of view, without names."""
        ...

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        """Change the world.

        `portal:<id>` locked|unlocked|held|closing|closed|free|blocked; `sound:<device>` on|off;
        `voice:<device>` the message, "" for silence; `sign:<device>` what it shows;
        `light:<device>` and `strobe:<device>` on|off; `vent:<device>` and `damper:<device>`
        open|closed; `lift:<device>` in-service|recall|recalled|stopped. `cause` is the command id
        or what else made it ("fire-input", "mains"); `by` is the device.
        """
        ...


class Record(Protocol):
    """Where facts go: the twin's journal."""

    def __call__(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> object:
        """Append one record; `data` must be plain JSON values."""
        ...
