"""A small plant: one of each device, a world that is set by hand, and slices of 250 ms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from controller.interface.modbus import (
    Reply,
    Request,
    Stream,
    decode_reply,
    encode_adu,
    encode_request,
)
from controller.interface.points import Device, PointList, Value
from devices.bank import Bank
from devices.exchange import Exchange
from devices.links import Links
from devices.surroundings import Probe
from devices.vision.view import NOBODY, Look, View

SLICE_MS = 250
POINTS = """
points: 1
site: plant
mqtt: {host: 127.0.0.1, port: 11899}
gateways:
  - {id: fire, profile: fire-panel, host: 127.0.0.1, port: 15990, at: guard}
  - {id: doors, profile: door-board, host: 127.0.0.1, port: 15991, at: store}
  - {id: sounders, profile: sounder-board, host: 127.0.0.1, port: 15992, at: store}
  - {id: lights, profile: light-board, host: 127.0.0.1, port: 15993, at: store}
  - {id: gate, profile: gate-board, host: 127.0.0.1, port: 15994, at: gatehouse}
devices:
  - {id: panel, kind: fire-panel, at: guard, gateway: fire,
     points: {reset: {holding: 201, as: bool, write: true},
              silence: {holding: 202, as: bool, write: true},
              heartbeat: {input: 0}, trouble: {input: 1}}}
  - {id: sd-1, kind: smoke-detector, at: room, zone: z, gateway: fire,
     points: {state: {holding: 0, as: loop}}}
  - {id: sd-2, kind: smoke-detector, at: room, zone: z, gateway: fire,
     points: {state: {holding: 1, as: loop}}}
  - {id: hd-1, kind: heat-detector, at: kitchen, zone: z, gateway: fire,
     points: {state: {holding: 2, as: loop}}}
  - {id: mcp-1, kind: call-point, at: hall, zone: z, gateway: fire,
     points: {state: {holding: 210, as: loop}}}
  - {id: lock-1, kind: door-lock, portal: x1, gateway: doors,
     points: {release: {coil: 1, write: true}, bolt: {discrete: 1}, contact: {discrete: 0},
              fire-input: {discrete: 8}}}
  - {id: lock-2, kind: door-lock, portal: x2, gateway: doors,
     points: {release: {coil: 17, write: true}, bolt: {discrete: 17}, contact: {discrete: 16}}}
  - {id: hold-1, kind: door-holder, portal: fd, gateway: doors,
     points: {hold: {coil: 33, write: true}, closed: {discrete: 32}}}
  - {id: snd-1, kind: sounder, at: hall, gateway: sounders,
     points: {on: {coil: 0, write: true}, sounding: {discrete: 0}, line: {input: 0}}}
  - {id: lite-1, kind: emergency-light, at: hall, gateway: lights,
     points: {mode: {holding: 0, write: true}, lit: {discrete: 0}, battery: {input: 0}}}
  - {id: turn-1, kind: turnstile, portal: g1, gateway: gate,
     points: {free: {coil: 0, write: true}, freed: {discrete: 0}, passes: {input: 0, as: u32}}}
  - {id: boll-1, kind: bollard, portal: g2, gateway: gate,
     points: {lower: {coil: 1, write: true}, down: {discrete: 1}, up: {discrete: 2}}}
  - {id: pa-1, kind: pa-zone, at: guard, covers: [hall], bus: mqtt,
     points: {message: {topic: cmd/message, as: text}, playing: {topic: state/playing, as: text}}}
  - {id: cam-1, kind: camera, at: hall, sees: ["hall*"], bus: mqtt,
     points: {count: {topic: state/count, as: number}, density: {topic: state/density, as: number}}}
  - {id: sign-1, kind: exit-sign, at: hall, near: x1, shows: {left: x1}, bus: mqtt,
     points: {show: {topic: cmd/show, as: text}, showing: {topic: state/showing, as: text}}}
  - {id: desk-1, kind: duty-desk, at: guard, bus: mqtt,
     points: {alarm: {topic: cmd/alarm, as: text}, seen: {topic: state/seen, as: text}}}
"""


class World:
    """What devices sense, set by the test, and what they did, with the time."""

    def __init__(self) -> None:
        self.now = 0
        self.values: dict[tuple[str, str], float] = {}
        self.done: list[tuple[int, str, str, str]] = []
        self.views: dict[str, View] = {}

    def probe(self, place: str, quantity: str) -> Probe:
        usual = {"mains": 1.0, "temperature_c": 20.0}.get(quantity, 0.0)
        return lambda: self.values.get((place, quantity), usual)

    def look(self, camera: Device) -> Look:
        return lambda: self.views.get(camera.id, NOBODY)

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        self.done.append((self.now, element, state, cause))


class Plant:
    """The plant in motion: devices, broker, world and journal; time moves in slices."""

    def __init__(
        self,
        folder: Path,
        seed: int = 7,
        settle: bool = True,
        points: str = POINTS,
        truth: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        file = folder / "points.yaml"
        file.write_text(points)
        self.points = PointList.load(file)
        self.world = World()
        self.world.values.update(truth or {})
        self.records: list[tuple[int, int, str, str, dict[str, object]]] = []
        self.bank = Bank(self.points, self.world, seed, self.record, ("hall", "hall.west", "room"))
        self.exchange = Exchange()
        self.links = Links(self.bank.stations, self.exchange)
        self.now = 0
        self.transaction = 0
        self.orders = 0
        if settle:
            self.slice()

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        self.records.append((t_ms, phase, kind, entity, data))

    def slice(self) -> None:
        """One slice at the present time, then on to the next."""
        self.world.now = self.now
        self.bank.advance(self.now)
        self.links.flush(self.now)
        self.links.deliver()
        self.bank.apply(self.now)
        self.now += SLICE_MS

    def run(self, seconds: float) -> None:
        end = self.now + int(seconds * 1000)
        while self.now < end:
            self.slice()

    def ask(
        self, gateway: str, function: int, address: int, count: int = 1, unit: int = 1
    ) -> Reply:
        return self.request(gateway, Request(function, address, count), unit)

    def request(self, gateway: str, request: Request, unit: int = 1) -> Reply:
        """One request as bytes through the gateway, the reply decoded."""
        self.transaction += 1
        adu = encode_adu(self.transaction, unit, encode_request(request))
        answer = self.bank.gateways[gateway].receive(1, adu, self.now)
        assert answer is not None, "the gateway holds the reply"
        (frame,) = Stream().feed(answer)
        assert frame.transaction == self.transaction
        reply = decode_reply(request, frame.pdu)
        assert isinstance(reply, Reply), reply
        return reply

    def write(self, point: str, value: int) -> Reply:
        """Write a point over Modbus, as a master does."""
        bound = self.points.points[point]
        device = self.points.devices[bound.device]
        function = 5 if bound.binding.area == "coil" else 6
        return self.request(
            device.gateway, Request(function, bound.binding.address, 1, (value,)), device.unit
        )

    def read(self, point: str) -> int:
        """Read a point over Modbus, as a master does."""
        bound = self.points.points[point]
        device = self.points.devices[bound.device]
        function = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}[bound.binding.area]
        return self.ask(device.gateway, function, bound.binding.address, 1, device.unit).values[0]

    def reads(self, *points: str) -> tuple[int, ...]:
        """Several points."""
        return tuple(self.read(point) for point in points)

    def fault(self, device: str, name: str, **params: Value) -> None:
        """A fault begins now."""
        self.bank.fault(self.now, device, name, **params)

    def mend(self, device: str, name: str) -> None:
        """It ends."""
        self.bank.clear(self.now, device, name)

    def until(self, point: str, value: int, within_s: float = 60.0) -> int:
        """Run until a point reads a value; how long it took, ms."""
        begun = self.now
        while self.read(point) != value:
            self.slice()
            assert self.now - begun <= within_s * 1000, f"{point} never read {value}"
        return self.now - begun

    def did(self, element: str) -> list[tuple[int, str, str]]:
        """What was done to an element of the world: (time, state, cause)."""
        return [(t, state, cause) for t, name, state, cause in self.world.done if name == element]

    def sensed(self, device: str) -> list[tuple[int, str]]:
        return [
            (t, str(d["what"])) for t, _, k, e, d in self.records if (k, e) == ("sense", device)
        ]
