"""A school of 300 devices for load: 240 behind five gateways, 60 on MQTT; and one more like it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.interface.clock import wall_ms
from controller.interface.points import Device, PointList
from devices.surroundings import Probe
from devices.vision.view import NOBODY, Look

GATEWAYS = ("fire", "doors", "sounders", "lights", "gate")
LOCKS = 40
MODBUS, MQTT = 240, 60


def school() -> PointList:
    """The I/O list of the school."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "points.yaml"
        path.write_text("\n".join([_HEAD, *_loop(), *_boards(), *_stations()]))
        return PointList.load(path)


def another(points: PointList, number: int) -> PointList:
    """The same school once more: another site, other client ids."""
    prefix = f"s{number:02d}-"
    devices = [_renamed(device, prefix) for device in points.devices.values()]
    every = {point.id: point for device in devices for point in device.points}
    named = {device.id: device for device in devices}
    return replace(points, site=f"school-{number:02d}", devices=named, points=every)


def _renamed(device: Device, prefix: str) -> Device:
    name = prefix + device.id
    points = tuple(replace(p, id=f"{name}.{p.name}", device=name) for p in device.points)
    return replace(device, id=name, points=points)


class Weather:
    """What the devices sense: people come and go in half of the rooms, everything else is calm."""

    def __init__(self, epoch_ms: int) -> None:
        self._epoch_ms = epoch_ms

    def probe(self, place: str, quantity: str) -> Probe:
        """See `Surroundings.probe`."""
        calm = {"mains": 1.0, "temperature_c": 20.0}.get(quantity, 0.0)
        busy = quantity in ("people", "density_per_m2") and hash_of(place) % 2
        share = 40.0 if quantity == "people" else 1.0
        if not busy:
            return lambda: calm
        return lambda: share * (1 + math.sin((wall_ms() - self._epoch_ms) / 7000 + busy))

    def look(self, camera: Device) -> Look:
        """See `Surroundings.look`; here only spaces have people, nobody has a place."""
        return lambda: NOBODY

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        """Nobody is there to notice."""


def nobody(t_ms: int, phase: int, kind: str, entity: str, **data: object) -> object:
    """Keeps no journal."""
    return None


def hash_of(name: str) -> int:
    """A number for a name that is the same in every process."""
    return sum(name.encode())


def _loop() -> list[str]:
    lines = [
        "  - {id: panel, kind: fire-panel, at: guard, gateway: fire, points: "
        "{reset: {holding: 1990, as: bool, write: true}, heartbeat: {input: 0}, "
        "trouble: {input: 1}}}"
    ]
    kinds = ["smoke-detector"] * 140 + ["heat-detector"] * 9 + ["call-point"] * 10
    for number, kind in enumerate(kinds):
        address = number if number < 149 else 200 + number
        lines.append(
            f"  - {{id: loop-{number}, kind: {kind}, at: room-{number}, zone: z, gateway: fire, "
            f"points: {{state: {{holding: {address}, as: loop}}}}}}"
        )
    return lines


def _boards() -> list[str]:
    return [
        *(_device(f"lock-{n}", "door-lock", f"portal: d{n}", "doors", _bits(16 * n, "release bolt"))
          for n in range(LOCKS)),
        *(_device(f"snd-{n}", "sounder", f"at: room-{n}", "sounders",
                  f"{_bits(n, 'on sounding')}, line: {{input: {n}}}") for n in range(20)),
        *(_device(f"lite-{n}", "emergency-light", f"at: room-{n}", "lights",
                  f"mode: {{holding: {n}, write: true}}, lit: {{discrete: {n}}}, "
                  f"battery: {{input: {n}}}") for n in range(15)),
        *(_device(f"turn-{n}", "turnstile", f"portal: g{n}", "gate",
                  f"{_bits(n, 'free freed')}, passes: {{input: {2 * n}, as: u32}}")
          for n in range(3)),
        *(_device(f"boll-{n}", "bollard", f"portal: b{n}", "gate", _bits(8 + n, "lower down"))
          for n in range(2)),
    ]  # fmt: skip


def _device(name: str, kind: str, place: str, gateway: str, points: str) -> str:
    head = f"id: {name}, kind: {kind}, {place}, gateway: {gateway}"
    return f"  - {{{head}, points: {{{points}}}}}"


def _bits(address: int, names: str) -> str:
    coil, bit = names.split()
    return f"{coil}: {{coil: {address}, write: true}}, {bit}: {{discrete: {address}}}"


def _stations() -> list[str]:
    kinds: Mapping[str, tuple[int, str, str]] = {
        "camera": (30, "at: room-{n}, sees: [room-{n}]",
                   "count: {topic: state/count, as: number}, "
                   "density: {topic: state/density, as: number}"),
        "exit-sign": (20, "at: room-{n}, near: d{n}, shows: {{left: d{n}}}",
                      "show: {topic: cmd/show, as: text}, showing: {topic: state/showing, "
                      "as: text}"),
        "pa-zone": (9, "at: guard, covers: [room-{n}]",
                    "message: {topic: cmd/message, as: text}, playing: {topic: state/playing, "
                    "as: text}"),
        "duty-desk": (1, "at: guard", "alarm: {topic: cmd/alarm, as: text}, "
                      "seen: {topic: state/seen, as: text}"),
    }  # fmt: skip
    return [
        f"  - {{id: {kind}-{n}, kind: {kind}, {place.format(n=n)}, bus: mqtt, "
        f"points: {{{points}}}}}"
        for kind, (count, place, points) in kinds.items()
        for n in range(count)
    ]


_HEAD = """points: 1
site: school-00
mqtt: {host: 127.0.0.1, port: 11883}
gateways:
  - {id: fire, profile: fire-panel, host: 127.0.0.1, port: 15020, at: guard}
  - {id: doors, profile: door-board, host: 127.0.0.1, port: 15021, at: guard}
  - {id: sounders, profile: sounder-board, host: 127.0.0.1, port: 15022, at: guard}
  - {id: lights, profile: light-board, host: 127.0.0.1, port: 15023, at: guard}
  - {id: gate, profile: gate-board, host: 127.0.0.1, port: 15024, at: guard}
devices:"""
