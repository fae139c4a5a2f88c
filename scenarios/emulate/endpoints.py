"""What somebody else's controller connects to: an entry per Modbus unit, MQTT device, printer and
video device, each with a url and a profile for `twin conform`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from controller.interface.cameras.dialects import prefix_of
from controller.interface.kinds import KINDS
from controller.interface.points import Device, PointList
from scenarios.conform.profiles import GB28181, GST_PRINTER
from scenarios.emulate.addresses import Place, Places
from scenarios.emulate.selection import profile_of


def endpoints(points: PointList, places: Places, scheme: str) -> list[dict[str, Any]]:
    """Return `{url, protocol, profile, device}` each; every url suits `twin conform`.

    `scheme`: mqtt or mqtts, "" where no device speaks MQTT.
    """
    return [
        *_modbus(points, places),
        *(_mqtt(points, f"{scheme}://{places.broker}") if scheme else ()),
        *_printers(points, places),
        *_video(points, places.video),
        *_receivers(points, places),
    ]


def _modbus(points: PointList, places: Places) -> Iterator[dict[str, Any]]:
    for name, place in places.gateways.items():
        profile = points.gateways[name].profile
        for unit in sorted({d.unit for d in points.devices.values() if d.gateway == name}):
            yield _entry(f"modbus://{place}/{unit}", "modbus", profile, name)


def _mqtt(points: PointList, broker: str) -> Iterator[dict[str, Any]]:
    for device in points.devices.values():
        if device.bus == "mqtt":
            url = f"{broker}/{points.site}/{KINDS[device.kind].topic}/{device.id}"
            profile = profile_of(points, device)
            yield _entry(url + _topic(device), "mqtt", profile, device.id)


def _topic(device: Device) -> str:
    """Where a camera of another make speaks."""
    return f"?topic={prefix_of(device)}" if device.dialect else ""


def _printers(points: PointList, places: Places) -> Iterator[dict[str, Any]]:
    for name, place in places.printers.items():
        yield _entry(f"tcp://{place}", "printer", GST_PRINTER, name)


def _video(points: PointList, place: Place) -> Iterator[dict[str, Any]]:
    if points.video is not None and place.port:
        platform = f"{points.video.host}:{points.video.port}"
        url = f"sip:{points.video.id}@{place}?platform={platform}"
        yield _entry(url, "gb28181", GB28181, points.video.id)


def _receivers(points: PointList, places: Places) -> Iterator[dict[str, Any]]:
    for name, place in places.receivers.items():
        path = urlsplit(points.devices[name].url).path
        yield _entry(f"http://{place}{path}", "http", points.devices[name].kind, name)


def _entry(url: str, protocol: str, profile: str, device: str) -> dict[str, Any]:
    return {"url": url, "protocol": protocol, "profile": profile, "device": device}


def picture_entry(web: str, camera: str) -> dict[str, Any]:
    """Where the moving picture of a camera is; `still.jpg` and `clip` are beside it."""
    return _entry(f"{web}/cameras/{camera}/live.mjpg", "mjpeg", "camera", camera)


def control_entry(web: str) -> dict[str, Any]:
    """Where faults can be ordered while it goes on."""
    return _entry(f"{web}/faults", "http", "faults", "")
