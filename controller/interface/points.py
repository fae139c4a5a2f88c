"""The I/O list as values: devices, points, where each lives on the wire, samples and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from controller.interface.files import load
from controller.interface.kinds import KINDS
from controller.interface.pointentry import PointEntry
from controller.interface.pointsfile import DeviceEntry, PointsFile
from controller.interface.quality import Quality

__all__ = [
    "Binding",
    "Command",
    "Device",
    "Feedback",
    "Gateway",
    "Point",
    "PointList",
    "PointsFile",
    "Quality",
    "Sample",
    "Value",
]

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of a point at `t_ms`."""

    point: str
    value: Value
    quality: Quality
    t_ms: int


@dataclass(frozen=True, slots=True)
class Command:
    """What the controller asks of a point; `id` is `<point>#<counter>`, priority 1 is highest."""

    id: str
    point: str
    value: Value
    priority: int
    rule: str
    t_ms: int


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a point lives: `area` coil|discrete|holding|input with a 0-based `address`, or topic.

    `leaf` is the MQTT leaf (`state/playing`, `cmd/show`); `as_type` bool|u16|s16|u32|number|text or
    one of `LOOP_TYPES`; `bit` -1 means the whole register; value = raw * `scale`; `invert` flips
    bools; `code` >= 0 is what is written for true, where a register takes command codes.
    """

    area: str
    address: int = 0
    leaf: str = ""
    as_type: str = "bool"
    bit: int = -1
    words: str = "big"
    scale: float = 1.0
    invert: bool = False
    code: int = -1

    @property
    def width(self) -> int:
        """How many bits or registers it takes."""
        return 2 if self.as_type == "u32" else 1


@dataclass(frozen=True, slots=True)
class Feedback:
    """How a command is seen to have worked: `point` reaches `equals` within `within_ms`.

    `equals` None: the feedback repeats the commanded value. Otherwise it holds for a command that
    switches on; after one that switches off (False, 0 or "") the point must differ from it.
    """

    point: str
    equals: Value | None
    within_ms: int

    def met(self, commanded: Value, seen: Value) -> bool:
        """Whether the seen value shows that the command worked."""
        if self.equals is None:
            return seen == commanded
        return (seen == self.equals) == bool(commanded)


@dataclass(frozen=True, slots=True)
class Point:
    """One input or output of one device; `kind` is the device's kind."""

    id: str
    device: str
    name: str
    kind: str
    binding: Binding
    write: bool
    feedback: Feedback | None = None
    unit: str = ""

    @property
    def happens(self) -> bool:
        """Whether it tells what happened once, and not how things stand."""
        return self.binding.leaf.startswith("event/")


@dataclass(frozen=True, slots=True)
class Device:
    """A field device; place keys it does not have are "" or empty; `bus` is modbus, mqtt
    or http (at `url`).

    `dialect` and `prefix`: the make whose messages a camera sends on MQTT, and where; `gb_id` its
    channel on a GB/T 28181 platform. `same_as`: another way to that detector's head.
    """

    id: str
    kind: str
    bus: str
    at: str
    zone: str
    portal: str
    gateway: str
    unit: int
    covers: tuple[str, ...]
    sees: tuple[str, ...]
    shows: Mapping[str, str]
    near: str
    settings: Mapping[str, Value]
    points: tuple[Point, ...]
    dialect: str = ""
    prefix: str = ""
    gb_id: str = ""
    real: bool = False
    same_as: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A Modbus/TCP server with a register layout (`profile`), set up by `settings`.

    `real`: a device of the field.
    """

    id: str
    profile: str
    host: str
    port: int
    at: str
    poll_ms: int
    timeout_ms: int
    retries: int
    settings: Mapping[str, Value] = field(default_factory=dict)
    real: bool = False


@dataclass(frozen=True, slots=True)
class VideoPlatform:
    """A GB/T 28181 platform (`platform` at host:port) and our device on it; times in s."""

    id: str
    password: str
    platform: str
    host: str
    port: int
    local_host: str
    local_port: int
    expires_s: int
    keepalive_s: int


@dataclass(frozen=True, slots=True)
class PointList:
    """The I/O list of a site, checked, in the file's order."""

    site: str
    mqtt_host: str
    mqtt_port: int
    gateways: Mapping[str, Gateway]
    devices: Mapping[str, Device]
    points: Mapping[str, Point]
    video: VideoPlatform | None = None

    @classmethod
    def load(cls, path: Path) -> PointList:
        """Read and check points.yaml; BadFile with every problem."""
        file = load(path, PointsFile)
        devices = {entry.id: _device(entry) for entry in file.devices}
        points = {point.id: point for device in devices.values() for point in device.points}
        gateways = {g.id: Gateway(**g.model_dump()) for g in file.gateways}
        video = None if file.gb28181 is None else VideoPlatform(**file.gb28181.model_dump())
        return cls(file.site, file.mqtt.host, file.mqtt.port, gateways, devices, points, video)

    @property
    def zones(self) -> tuple[str, ...]:
        """Alarm zones in the file's order."""
        return tuple(dict.fromkeys(d.zone for d in self.devices.values() if d.zone))


def _device(entry: DeviceEntry) -> Device:
    points = tuple(_point(entry, name, point) for name, point in entry.points.items())
    return Device(
        entry.id,
        entry.kind,
        entry.bus if entry.bus in ("mqtt", "http") else "modbus",
        entry.at,
        entry.zone,
        entry.portal,
        entry.gateway,
        entry.unit,
        tuple(entry.covers),
        tuple(entry.sees),
        dict(entry.shows),
        entry.near,
        dict(entry.settings),
        points,
        entry.dialect,
        entry.prefix,
        entry.gb_id,
        entry.real,
        entry.same_as,
        entry.url,
    )


def _point(device: DeviceEntry, name: str, entry: PointEntry) -> Point:
    role = KINDS[device.kind].points[name]
    area, address = entry.place
    binding = Binding(
        area,
        address,
        entry.topic or "",
        entry.type_for(role.as_type),
        -1 if entry.bit is None else entry.bit,
        entry.words,
        entry.scale,
        entry.invert,
        -1 if entry.code is None else entry.code,
    )
    feedback = None
    if entry.feedback is not None:
        back = entry.feedback
        feedback = Feedback(f"{device.id}.{back.point}", back.equals, back.within_ms)
    return Point(
        f"{device.id}.{name}", device.id, name, device.kind, binding, role.write, feedback,
        entry.unit,
    )  # fmt: skip
