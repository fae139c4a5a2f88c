"""The device kinds of the I/O list: which points each has, who moves them, where they live.

Written from the device table of the site format; a new kind is a new row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointRole:
    """What a point of a kind is: the controller writes it, or reads it, as which type."""

    write: bool
    as_type: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A device kind: its level in MQTT topics, its bus, its points and required place keys."""

    name: str
    topic: str
    bus: str
    points: Mapping[str, PointRole]
    places: tuple[str, ...]


def _kind(name: str, topic: str, bus: str, points: str, places: str) -> Kind:
    """`points` like `release:w:bool bolt:r:bool`, `places` like `at zone`."""
    roles = {}
    for word in points.split():
        point, direction, as_type = word.split(":")
        roles[point] = PointRole(direction == "w", as_type)
    return Kind(name, topic, bus, roles, tuple(places.split()))


_ALL = (
    _kind("smoke-detector", "det", "modbus", "state:r:loop", "at zone"),
    _kind("heat-detector", "det", "modbus", "state:r:loop", "at zone"),
    _kind("call-point", "mcp", "modbus", "state:r:loop", "at zone"),
    _kind(
        "fire-panel", "panel", "modbus",
        "reset:w:bool silence:w:bool heartbeat:r:u16 trouble:r:u16", "at",
    ),
    _kind(
        "door-lock", "door", "modbus",
        "release:w:bool bolt:r:bool contact:r:bool fire-input:r:bool", "portal",
    ),
    _kind("door-holder", "door", "modbus", "hold:w:bool closed:r:bool", "portal"),
    _kind("sounder", "snd", "modbus", "on:w:bool sounding:r:bool line:r:u16", "at"),
    _kind("emergency-light", "lite", "modbus", "mode:w:u16 lit:r:bool battery:r:u16", "at"),
    _kind("turnstile", "gate", "modbus", "free:w:bool freed:r:bool passes:r:u32", "portal"),
    _kind("bollard", "gate", "modbus", "lower:w:bool down:r:bool up:r:bool", "portal"),
    _kind("pa-zone", "pa", "mqtt", "message:w:text playing:r:text", "at covers"),
    _kind("camera", "cam", "mqtt", "count:r:number density:r:number", "at sees"),
    _kind("exit-sign", "sign", "mqtt", "show:w:text showing:r:text", "at shows"),
    _kind("duty-desk", "ctl", "mqtt", "alarm:w:text seen:r:text", "at"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}

DETECTORS = ("smoke-detector", "heat-detector")
"""Kinds whose alarm counts as a detector; a call point never does."""

CALL_POINT = "call-point"

PROFILES = ("fire-panel", "door-board", "sounder-board", "light-board", "gate-board")
"""Register layouts a gateway may have."""
