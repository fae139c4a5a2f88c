"""What an MQTT device tells of itself when it connects: the content of its `desc`."""

from __future__ import annotations

from controller.interface.kinds import KINDS, PointRole
from controller.interface.points import Device


def about(device: Device, epoch_ms: int) -> dict[str, object]:
    """Kind, safe states, and which clock its times are on: UTC if the run's 0 has a date."""
    kind = KINDS[device.kind]
    safe = {"comms-lost": kind.comms_lost, "power-lost": kind.power_lost}
    clock = {"clock": "utc"} if epoch_ms else {}
    return {**clock, "kind": kind.name, "title": kind.title, "safe": safe}


def offer(device: Device) -> dict[str, dict[str, object]]:
    """Its points by name."""
    roles = KINDS[device.kind].points
    return {point.name: _offered(roles[point.name]) for point in device.points}


def _offered(role: PointRole) -> dict[str, object]:
    """What `desc` says of a point; range and unit where it has them."""
    offer: dict[str, object] = {"type": role.as_type, "settable": role.write}
    if role.range:
        offer["range"] = role.range
    if role.unit:
        offer["unit"] = role.unit
    return {**offer, "text": role.text}
