"""Every point of an I/O list as a row of text, with all that is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from controller.interface.points import Device, Gateway, Point, PointList
from controller.interface.topics import topic
from scenarios.iolist.notation import READ, notation

Row = dict[str, str]

COLUMNS = {
    "device": "id of the device; empty in a row that only names a gateway",
    "kind": "device kind",
    "point": "name of the point",
    "direction": "out: the controller writes it; in: it reads it",
    "bus": "modbus or mqtt",
    "gateway": "id of the gateway",
    "profile": "register layout of the gateway",
    "host": "address of the gateway",
    "port": "TCP port of the gateway",
    "unit": "Modbus unit id",
    "area": "coil, discrete, holding or input",
    "address": "from 0, as it goes over the wire",
    "function": "Modbus function that reads it",
    "register": "the same counted from 1, with the area in front: 40001 is holding 0",
    "leaf": "end of the MQTT topic",
    "topic": "whole MQTT topic",
    "type": "bool, u16, s16, u32, loop, number or text",
    "bit": "one bit of a register, 0 to 15",
    "words": "big: high word first; little: low word first",
    "scale": "value = raw x scale",
    "invert": "true: 1 on the wire is false",
    "code": "command code that is written for true, where a register takes such codes",
    "value_unit": "unit of the value",
    "feedback_point": "point of the same device that shows that a command worked",
    "feedback_equals": "value that it must reach; empty: the commanded one",
    "feedback_within_ms": "by when",
    "at": "space where the device is",
    "zone": "alarm zone",
    "portal": "portal that it locks, holds or counts",
    "covers": "spaces that it speaks to, by commas",
    "sees": "spaces that it sees, by commas",
    "shows": "what a sign's faces mean, as JSON",
    "near": "space or portal that it hangs at",
    "settings": "settings of the device, as JSON",
    "dialect": "make of a camera whose messages it speaks; empty: ours",
    "prefix": "where such a camera's topics begin",
    "gb_id": "20-digit id of a camera on a GB/T 28181 platform",
    "url": "where a receiver of notices takes them over HTTP",
    "gateway_at": "space where the gateway is",
    "gateway_settings": "settings of the gateway, as JSON",
    "real": "true: a device of the field, not emulated; what is emulated is its shadow",
    "poll_ms": "poll interval of the gateway",
    "timeout_ms": "time-out of a request",
    "retries": "repeats of a request",
    "site": "site",
    "mqtt_host": "address of the broker",
    "mqtt_port": "port of the broker",
    "gb28181": "the video platform and our account on it, as JSON",
}
"""Every column and what it says; a list needs only those that its devices need."""


def rows(points: PointList) -> Iterator[Row]:
    """Return the rows in the order of the file; gateways without devices come last."""
    site = {
        "site": points.site,
        "mqtt_host": points.mqtt_host,
        "mqtt_port": str(points.mqtt_port),
        "gb28181": _json(asdict(points.video)) if points.video is not None else "",
    }
    used = set()
    for device in points.devices.values():
        used.add(device.gateway)
        about = {**site, **_gateway(points.gateways.get(device.gateway)), **_device(device)}
        for point in device.points:
            yield _full({**about, **_point(points, device, point)})
    for gateway in points.gateways.values():
        if gateway.id not in used:
            yield _full({**site, **_gateway(gateway)})


def _full(row: Row) -> Row:
    return {column: row.get(column, "") for column in COLUMNS}


def _gateway(gateway: Gateway | None) -> Row:
    if gateway is None:
        return {}
    return {
        "gateway": gateway.id,
        "profile": gateway.profile,
        "host": gateway.host,
        "port": str(gateway.port),
        "gateway_at": gateway.at,
        "gateway_settings": _json(dict(gateway.settings)),
        "poll_ms": str(gateway.poll_ms),
        "timeout_ms": str(gateway.timeout_ms),
        "retries": str(gateway.retries),
        "real": _flag(gateway.real),
    }


def _device(device: Device) -> Row:
    return {
        "device": device.id,
        "kind": device.kind,
        "bus": device.bus,
        "unit": str(device.unit) if device.gateway else "",
        "at": device.at,
        "zone": device.zone,
        "portal": device.portal,
        "covers": ", ".join(device.covers),
        "sees": ", ".join(device.sees),
        "shows": _json(dict(device.shows)),
        "near": device.near,
        "settings": _json(dict(device.settings)),
        "dialect": device.dialect,
        "prefix": device.prefix,
        "gb_id": device.gb_id,
        "url": device.url,
        **({"real": "true"} if device.real else {}),
    }


def _point(points: PointList, device: Device, point: Point) -> Row:
    binding, back = point.binding, point.feedback
    row = {
        "point": point.name,
        "direction": "out" if point.write else "in",
        "type": binding.as_type,
        "bit": "" if binding.bit < 0 else str(binding.bit),
        "words": binding.words if binding.as_type == "u32" else "",
        "scale": "" if binding.scale == 1.0 else repr(binding.scale),
        "invert": _flag(binding.invert),
        "code": "" if binding.code < 0 else str(binding.code),
        "value_unit": point.unit,
    }
    if back is not None:
        row["feedback_point"] = back.point.removeprefix(f"{device.id}.")
        row["feedback_equals"] = "" if back.equals is None else json.dumps(back.equals)
        row["feedback_within_ms"] = str(back.within_ms)
    if binding.area == "topic":
        return row | {"leaf": binding.leaf, "topic": topic(points.site, device, binding.leaf)}
    return row | {
        "area": binding.area,
        "address": str(binding.address),
        "function": str(READ[binding.area]),
        "register": notation(binding.area, binding.address),
    }


def _flag(value: bool) -> str:
    return "true" if value else ""


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""
