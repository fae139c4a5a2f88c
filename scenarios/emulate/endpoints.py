"""What somebody else's controller connects to: an entry per Modbus unit, MQTT device, printer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from controller.interface.cameras.dialects import prefix_of
from controller.interface.kinds import KINDS
from controller.interface.points import PointList
from scenarios.emulate.addresses import Place, Places


def endpoints(points: PointList, places: Places, mqtt: bool) -> list[dict[str, Any]]:
    """Return `{url, protocol, profile, device}` each; Modbus and MQTT urls suit `twin conform`."""
    return [
        *_modbus(points, places),
        *(_mqtt(points, places.broker) if mqtt else ()),
        *_printers(points, places),
        *_video(points, places.video),
    ]


def _modbus(points: PointList, places: Places) -> Iterator[dict[str, Any]]:
    for name, place in places.gateways.items():
        profile = points.gateways[name].profile
        for unit in sorted({d.unit for d in points.devices.values() if d.gateway == name}):
            yield _entry(f"modbus://{place}/{unit}", "modbus", profile, name)


def _mqtt(points: PointList, broker: Place) -> Iterator[dict[str, Any]]:
    for device in points.devices.values():
        if device.bus == "mqtt":
            kind = KINDS[device.kind].topic
            entry = _entry(f"mqtt://{broker}/{points.site}/{kind}/{device.id}", "mqtt",
                           device.kind, device.id)  # fmt: skip
            if device.dialect:
                entry |= {"dialect": device.dialect, "topic": prefix_of(device) + "/#"}
            yield entry


def _printers(points: PointList, places: Places) -> Iterator[dict[str, Any]]:
    for name, place in places.printers.items():
        yield _entry(f"tcp://{place}", "printer", points.gateways[name].profile, name)


def _video(points: PointList, place: Place) -> Iterator[dict[str, Any]]:
    if points.video is not None and place.port:
        platform = f"{points.video.host}:{points.video.port}"
        entry = _entry(f"sip:{points.video.id}@{place}", "gb28181", "gb28181", points.video.id)
        yield {**entry, "platform": f"sip:{points.video.platform}@{platform}"}


def _entry(url: str, protocol: str, profile: str, device: str) -> dict[str, Any]:
    return {"url": url, "protocol": protocol, "profile": profile, "device": device}


def picture_entry(web: str, camera: str) -> dict[str, Any]:
    """Where the moving picture of a camera is; `still.jpg` and `clip` are beside it."""
    return _entry(f"{web}/cameras/{camera}/live.mjpg", "mjpeg", "camera", camera)


def control_entry(web: str) -> dict[str, Any]:
    """Where faults can be ordered while it goes on."""
    return _entry(f"{web}/faults", "http", "faults", "")
