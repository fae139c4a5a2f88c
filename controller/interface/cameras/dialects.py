"""The makes of camera that we understand: their topics, how to read them, when one is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from controller.interface.bounded import Unreadable, json_object, truth
from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.telling import Heard, Plate, plate
from controller.interface.points import Device

CONNECTION = "connection"
"""Where a camera's MQTT client says that it is connected, and its will that it no longer is."""


@dataclass(frozen=True, slots=True)
class CameraDialect:
    """How cameras of a make speak.

    `leaves`: filters below the prefix; `silence_ms`: how long one may say nothing before it counts
    as lost; `events`: points of which it says nothing while nothing happens. What each can tell
    stands in `cameracheck`, which the I/O list needs first.
    """

    title: str
    leaves: tuple[str, ...]
    silence_ms: int
    prefix: Callable[[str, Plate], str]
    decode: Callable[[str, bytes], tuple[Heard, ...]]
    events: tuple[str, ...] = ()


_EACH = ("line-out", "line-in", "loitering", "intrusion")

CAMERA_DIALECTS: Mapping[str, CameraDialect] = {
    "onvif": CameraDialect(
        "ONVIF Profile M over MQTT",
        tuple(dict.fromkeys(f"onvif-ej/{topic}/+/+/+" for topic in onvif.TOPICS.values())), 15_000,
        lambda device, plate: device, onvif.decode, _EACH,
    ),
    "axis": CameraDialect(
        "Axis",
        tuple(f"{axis.EVENTS}/{scenario}" for scenario in axis.SCENARIOS.values()), 15_000,
        lambda device, plate: f"axis/{axis.serial(plate)}", axis.decode, _EACH,
    ),
    "hikvision": CameraDialect(
        "Hikvision", (hikvision.LEAF,), 30_000,
        lambda device, plate: f"hikvision/{plate.serial}", hikvision.decode,
        ("loitering", "intrusion"),
    ),
    "milesight": CameraDialect(
        "Milesight VS121-P", (milesight.LEAF,), 150_000,
        lambda device, plate: f"milesight/{plate.serial}", milesight.decode,
    ),
}  # fmt: skip


def prefix_of(device: Device) -> str:
    """Under which topic a camera speaks: as the I/O list says, else as it is usual for its make."""
    usual = CAMERA_DIALECTS[device.dialect].prefix(device.id, plate(device.id))
    return device.prefix or usual


def camera_filters(devices: Iterable[Device]) -> tuple[str, ...]:
    """What a controller subscribes to for the cameras of other makes, and to nothing else."""
    return tuple(
        f"{prefix_of(device)}/{leaf}"
        for device in devices
        if device.dialect
        for leaf in (*CAMERA_DIALECTS[device.dialect].leaves, CONNECTION)
    )


def understand(dialect: str, leaf: str, payload: bytes) -> tuple[Heard, ...] | str:
    """What a message says, or why it cannot be read."""
    try:
        return CAMERA_DIALECTS[dialect].decode(leaf, payload)
    except Unreadable as why:
        return str(why)


def connected(payload: bytes) -> bool | None:
    """What a camera or its will says on CONNECTION; None if that cannot be read."""
    try:
        return truth(json_object(payload).get("connected"), "connected")
    except Unreadable:
        return None
