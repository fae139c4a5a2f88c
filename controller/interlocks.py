"""Which outputs of one device must never be driven against each other, and which wait for an input.

Taken from the I/O list: nobody has to write them into a matrix, and no matrix can leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.interface.points import PointList, Value

_OPPOSED: Mapping[str, tuple[tuple[str, Value], tuple[str, Value]]] = {
    "door-lock": (("release", True), ("lockdown", True)),
    "bollard": (("lower", True), ("efo", True)),
}
"""By kind: two points that cannot both have their way. The claim of the higher rank stands and the
other is withdrawn; among equals the one that stands first here: a door that lets people out, a
bollard that is down."""

_GUARDED: Mapping[str, tuple[str, Value, str, Value]] = {
    "bollard": ("efo", True, "loop", True),
}
"""By kind: a point is not driven so while an input reads so. A bollard does not rise in an
emergency under a vehicle that stands on its loop."""


@dataclass(frozen=True, slots=True)
class Opposed:
    """Output `kept` at `kept_value` and output `dropped` at `dropped_value` exclude each other."""

    kept: str
    kept_value: Value
    dropped: str
    dropped_value: Value


@dataclass(frozen=True, slots=True)
class Guarded:
    """`output` is not driven to `value` while `point` reads `equals`."""

    output: str
    value: Value
    point: str
    equals: Value


@dataclass(frozen=True, slots=True)
class Interlocks:
    """All of a site."""

    opposed: tuple[Opposed, ...]
    guarded: tuple[Guarded, ...]


def interlocks(points: PointList) -> Interlocks:
    """What the I/O list has of them."""
    opposed, guarded = [], []
    for device in points.devices.values():
        names = {f"{device.id}.{p.name}": p for p in device.points}
        if device.kind in _OPPOSED:
            (kept, on), (dropped, off) = _OPPOSED[device.kind]
            pair = Opposed(f"{device.id}.{kept}", on, f"{device.id}.{dropped}", off)
            if pair.kept in names and pair.dropped in names:
                opposed.append(pair)
        if device.kind in _GUARDED:
            output, value, point, equals = _GUARDED[device.kind]
            guard = Guarded(f"{device.id}.{output}", value, f"{device.id}.{point}", equals)
            if guard.output in names and guard.point in names:
                guarded.append(guard)
    return Interlocks(tuple(opposed), tuple(guarded))
