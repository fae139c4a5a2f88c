"""What somebody else's controller connects to: one endpoint per Modbus unit and MQTT device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controller.interface.kinds import KINDS
from controller.interface.points import PointList
from scenarios.emulate.addresses import Place


def endpoints(
    points: PointList, gateways: Mapping[str, Place], broker: tuple[str, int] | None
) -> list[dict[str, Any]]:
    """Return `{url, protocol, profile, device}` each; a url can be given to `twin conform`."""
    found = []
    for name, place in gateways.items():
        units = {d.unit for d in points.devices.values() if d.gateway == name}
        for unit in sorted(units):
            url = f"modbus://{place.host}:{place.port}/{unit}"
            profile = points.gateways[name].profile
            found.append({"url": url, "protocol": "modbus", "profile": profile, "device": name})
    for device in points.devices.values():
        if device.bus == "mqtt" and broker is not None:
            kind = KINDS[device.kind].topic
            url = f"mqtt://{broker[0]}:{broker[1]}/{points.site}/{kind}/{device.id}"
            entry = {"url": url, "protocol": "mqtt", "profile": device.kind, "device": device.id}
            found.append(entry)
    return found
