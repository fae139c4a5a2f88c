"""What can be wrong with a camera of another make in the I/O list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from controller.interface.files import Finding, nearest

Keys = tuple[str | int, ...]
_RULES = ("line-out", "line-in", "loitering", "intrusion")
CAMERA_POINTS: Mapping[str, tuple[str, ...]] = {
    "onvif": ("count", "crowd", *_RULES),
    "axis": ("count", "crowd", *_RULES),
    "hikvision": ("count", "crowd", *_RULES),
    "milesight": ("count",),
}
"""Dialect -> what cameras that speak it can tell."""

CAMERA_TYPES = ("131", "132")


class Speaking(Protocol):
    """A device's entry."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def bus(self) -> str:
        """mqtt, modbus or nothing."""
        ...

    @property
    def dialect(self) -> str:
        """The make whose messages it sends."""
        ...

    @property
    def prefix(self) -> str:
        """The topic under which it sends them."""
        ...

    @property
    def gb_id(self) -> str:
        """Its id on a GB/T 28181 platform."""
        ...

    @property
    def points(self) -> Mapping[str, object]:
        """Its points by name."""
        ...


def shared_prefixes(devices: Sequence[Speaking]) -> Iterator[Finding]:
    """Cameras that could not be told apart, or seen apart from our own devices."""
    seen: dict[str, str] = {}
    for number, device in enumerate(devices):
        at = ("devices", number, "prefix")
        if device.prefix and device.prefix in seen:
            yield Finding(at, f"{device.prefix!r} is already that of {seen[device.prefix]}")
        if device.prefix == "cs" or device.prefix.startswith("cs/"):
            yield Finding(at, "topics under cs/ are those of our own devices")
        seen.setdefault(device.prefix, device.id)


def channel_findings(devices: Sequence[Speaking], platform: bool) -> Iterator[Finding]:
    """Channels of a GB/T 28181 platform: cameras (type 131 or 132), each with an id of its own."""
    seen: dict[str, str] = {}
    for number, device in enumerate(devices):
        at, name = ("devices", number, "gb_id"), device.gb_id
        if not name:
            continue
        if not platform:
            yield Finding(at, "there is no gb28181 platform for it at the top of the file")
        if device.kind != "camera" or name[10:13] not in CAMERA_TYPES:
            yield Finding(at, f"digits 11 to 13 are {name[10:13]}; a camera has 131 or 132")
        elif "crowd" not in device.points:
            yield Finding(at, "a camera on the platform needs the point 'crowd': it reports that")
        if name in seen:
            yield Finding(at, f"{name} is already that of {seen[name]}")
        seen.setdefault(name, device.id)


def camera_findings(at: Keys, device: Speaking) -> Iterator[Finding]:
    """A dialect that is unknown, at the wrong kind of device, or that cannot tell a point."""
    if not device.dialect:
        if device.prefix:
            yield Finding((*at, "prefix"), "a prefix goes with a dialect")
        return
    if device.kind != "camera" or device.bus != "mqtt":
        yield Finding((*at, "dialect"), "only a camera on mqtt has a dialect")
    known = CAMERA_POINTS.get(device.dialect)
    if known is None:
        text = f"no such dialect: {device.dialect!r}; known: {', '.join(CAMERA_POINTS)}"
        yield Finding((*at, "dialect"), text, nearest(device.dialect, CAMERA_POINTS))
        return
    for name in device.points:
        if name not in known:
            text = f"a camera that speaks {device.dialect} does not tell {name!r}"
            yield Finding((*at, "points", name), text, nearest(name, known))
