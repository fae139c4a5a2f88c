"""points.yaml as written: strict entries and the checks that run across them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from controller.interface.cameracheck import camera_findings, channel_findings, shared_prefixes
from controller.interface.files import Entry, Finding, nearest
from controller.interface.headcheck import head_findings
from controller.interface.kinds import KINDS, PROFILES, RECEIVER, Kind
from controller.interface.loopwords import LOOP_BITS
from controller.interface.panelcheck import gateway_findings, panel_findings
from controller.interface.pointentry import PointEntry
from controller.interface.timecheck import time_findings

DeviceId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
"""Also a level of an MQTT topic."""

PlaceId = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
IPv4 = Annotated[str, Field(pattern=r"^[0-9]{1,3}([.][0-9]{1,3}){3}$")]
GbId = Annotated[str, Field(pattern=r"^[0-9]{20}$")]
"""GB/T 28181: 8 digits of place, 2 of trade, 3 of type (132 a camera), 7 of a number."""


class MqttEntry(Entry):
    """Where the broker listens."""

    host: str
    port: int = Field(ge=1, le=65535)


class GatewayEntry(Entry):
    """A Modbus/TCP server."""

    id: DeviceId
    profile: str
    host: str
    port: int = Field(ge=1, le=65535)
    at: str = ""
    poll_ms: int = Field(default=500, ge=50, le=600_000)
    timeout_ms: int = Field(default=1000, ge=10, le=60_000)
    retries: int = Field(default=1, ge=0, le=10)
    settings: dict[str, bool | int | float | str] = Field(default_factory=dict)
    real: bool = False


class DeviceEntry(Entry):
    """One field device."""

    id: DeviceId
    kind: str
    at: str = ""
    zone: str = ""
    portal: str = ""
    gateway: str = ""
    unit: int = Field(default=1, ge=0, le=255)
    bus: Literal["mqtt", "modbus", "http", ""] = ""
    url: str = Field(
        default="", pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?)?$"
    )
    covers: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    shows: dict[str, str] = Field(default_factory=dict)
    near: str = ""
    real: bool = False
    settings: dict[str, bool | int | float | str] = Field(default_factory=dict)
    dialect: str = ""
    prefix: str = Field(default="", pattern=r"^([A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*)?$")
    gb_id: str = Field(default="", pattern=r"^([0-9]{20})?$")
    same_as: str = Field(default="", alias="same-as")
    points: dict[str, PointEntry] = Field(min_length=1)


class VideoPlatformEntry(Entry):
    """A GB/T 28181 platform, and the device as which the site's cameras stand on it."""

    id: GbId
    password: str
    platform: GbId
    host: IPv4
    port: int = Field(default=5060, ge=1, le=65535)
    local_host: IPv4 = "127.0.0.1"
    local_port: int = Field(default=15060, ge=0, le=65535)
    expires_s: int = Field(default=3600, ge=60, le=86_400)
    keepalive_s: int = Field(default=60, ge=5, le=3600)


class PointsFile(Entry):
    """points.yaml."""

    points: Literal[1]
    site: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    mqtt: MqttEntry
    gb28181: VideoPlatformEntry | None = None
    gateways: tuple[GatewayEntry, ...] = ()
    devices: tuple[DeviceEntry, ...]

    def findings(self) -> Iterator[Finding]:
        """What is wrong across entries: names that lead nowhere, ids and addresses used twice."""
        yield from self._gateway_findings()
        yield from self._twice([d.id for d in self.devices], "devices")
        for number, device in enumerate(self.devices):
            yield from self._device_findings(number, device)
            yield from panel_findings(("devices", number), device, self.gateways)
            yield from camera_findings(("devices", number), device)
        yield from self._bound_twice()
        yield from head_findings(self.devices)
        yield from shared_prefixes(self.devices)
        yield from channel_findings(self.devices, self.gb28181 is not None)
        yield from time_findings(self.gateways, self.devices)

    def _gateway_findings(self) -> Iterator[Finding]:
        yield from self._twice([g.id for g in self.gateways], "gateways")
        seen: dict[tuple[str, int], str] = {(self.mqtt.host, self.mqtt.port): "the broker"}
        for number, gateway in enumerate(self.gateways):
            keys = ("gateways", number)
            if gateway.profile not in PROFILES:
                text = f"no such gateway profile: {gateway.profile!r}"
                yield Finding((*keys, "profile"), text, nearest(gateway.profile, PROFILES))
            yield from gateway_findings((*keys, "settings"), gateway.profile, gateway.settings)
            end = (gateway.host, gateway.port)
            if end in seen:
                yield Finding((*keys, "port"), f"{end[0]}:{end[1]} is already {seen[end]}")
            seen.setdefault(end, f"gateway {gateway.id!r}")

    def _twice(self, ids: list[str], where: str) -> Iterator[Finding]:
        seen: dict[str, int] = {}
        for number, name in enumerate(ids):
            if name in seen:
                text = f"{name!r} is already the id of {where}[{seen[name]}]"
                yield Finding((where, number, "id"), text)
            seen.setdefault(name, number)

    def _device_findings(self, number: int, device: DeviceEntry) -> Iterator[Finding]:
        keys = ("devices", number)
        kind = KINDS.get(device.kind)
        if kind is None:
            text = f"no such device kind: {device.kind!r}"
            yield Finding((*keys, "kind"), text, nearest(device.kind, KINDS))
            return
        for place in kind.places:
            if not getattr(device, place):
                yield Finding(keys, f"a {device.kind} needs {place!r}")
        yield from self._bus_findings(keys, device)
        yield from _setting_findings((*keys, "settings"), device, kind)
        for name, point in device.points.items():
            at = (*keys, "points", name)
            role = kind.points.get(name)
            if role is None:
                text = f"a {device.kind} has no point {name!r}"
                yield Finding(at, text, nearest(name, kind.points))
                continue
            yield from _point_findings(at, device, point, role.write)

    def _bus_findings(self, keys: tuple[str | int, ...], device: DeviceEntry) -> Iterator[Finding]:
        known = [g.id for g in self.gateways]
        yield from _http_findings(keys, device)
        if device.bus in ("mqtt", "http"):
            if device.gateway:
                yield Finding((*keys, "gateway"), f"a device on {device.bus} has no gateway")
        elif not device.gateway:
            yield Finding(keys, "give either bus: mqtt or the id of a gateway")
        elif device.real:
            yield Finding((*keys, "real"), f"say so at its gateway, {device.gateway}")
        elif device.gateway not in known:
            text = f"no such gateway: {device.gateway!r}"
            yield Finding((*keys, "gateway"), text, nearest(device.gateway, known))

    def _bound_twice(self) -> Iterator[Finding]:
        seen: dict[tuple[object, ...], str] = {}
        for number, device in enumerate(self.devices):
            for name, point in device.points.items():
                for place in _places(device, point):
                    if place in seen:
                        text = f"{device.id}.{name} is bound where {seen[place]} already is"
                        yield Finding(("devices", number, "points", name), text)
                        break
                    seen[place] = f"{device.id}.{name}"


def _places(device: DeviceEntry, point: PointEntry) -> Iterator[tuple[object, ...]]:
    """Every single bit or register or topic that a point takes."""
    area, address = point.place
    if point.topic is not None:
        yield (device.id, point.topic)
    elif point.bit is not None:
        for bit in range(point.bit, point.bit + LOOP_BITS.get(point.as_ or "", 1)):
            yield (device.gateway, device.unit, area, address, bit)
    elif point.code is not None:
        yield (device.gateway, device.unit, area, address, "code", point.code)
    else:
        width = 2 if point.as_ == "u32" else 1
        bits = range(16) if area in ("holding", "input") else (0,)
        for register in range(address, address + width):
            for bit in bits:
                yield (device.gateway, device.unit, area, register, bit)


def _http_findings(keys: tuple[str | int, ...], device: DeviceEntry) -> Iterator[Finding]:
    """A receiver over HTTP needs its URL, and nothing else has one."""
    if device.bus == "http" and device.kind != RECEIVER:
        yield Finding((*keys, "bus"), f"only a {RECEIVER} speaks HTTP")
    if (device.bus == "http") != bool(device.url):
        text = "a url goes with bus: http, as bus: http goes with a url"
        yield Finding((*keys, "url" if device.url else "bus"), text)


def _setting_findings(
    at: tuple[str | int, ...], device: DeviceEntry, kind: Kind
) -> Iterator[Finding]:
    """Settings that a kind does not have, or that cannot have this value."""
    for name, value in device.settings.items():
        known = kind.settings.get(name)
        if known is None:
            text = f"a {device.kind} has no setting {name!r}"
            yield Finding((*at, name), text, nearest(name, kind.settings))
        elif not known.takes.fits(value):
            yield Finding((*at, name), f"{name} is {known.takes.say}, not {value!r}")


def _point_findings(
    at: tuple[str | int, ...], device: DeviceEntry, point: PointEntry, writes: bool
) -> Iterator[Finding]:
    if (point.topic is not None) != (device.bus in ("mqtt", "http")):
        yield Finding(at, "a topic goes with bus: mqtt, an address with a gateway")
    if point.writes and not writes:
        yield Finding(at, "the controller reads this point, it cannot be write: true")
    if writes and not point.writes:
        yield Finding(at, "the controller writes this point: say write: true (or topic cmd/...)")
    if writes and point.place[0] in ("discrete", "input"):
        yield Finding(at, f"a {point.place[0]} cannot be written")
    if writes and point.bit is not None:
        yield Finding(at, "a single bit of a register cannot be written")
    back = point.feedback
    if back is not None and back.point not in device.points:
        text = f"no such point on {device.id}: {back.point!r}"
        yield Finding((*at, "feedback", "point"), text, nearest(back.point, device.points))
