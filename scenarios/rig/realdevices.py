"""Connections to the real devices of a run, read in the background on the wall clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace

from controller.drivers.cameras import Cameras
from controller.drivers.pollplan import Block, plan
from controller.interface.cameras.dialects import prefix_of
from controller.interface.clock import pause, wall_ms
from controller.interface.envelope import Envelope, decode_state
from controller.interface.kinds import KINDS
from controller.interface.points import Device, Gateway, PointList, Quality, Value
from controller.interface.registers import to_value
from controller.interface.topics import topic
from devices.gateway import Write
from scenarios.conform.listener import Listener
from scenarios.conform.master import Master
from scenarios.conform.target import ModbusTarget, MqttTarget, UnreachableError
from scenarios.conform.verdict import BrokenError
from scenarios.rig.shadow import Order, Writing

POLL_S = 0.1
_RETRY_S = 1.0
_AREA = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}


class RealGateway:
    """Reads every point behind a real Modbus gateway, outputs too; `reached`: it answers."""

    def __init__(self, gateway: Gateway, devices: Sequence[Device]) -> None:
        self.name = gateway.id
        self.values: dict[str, Value] = {}
        self.reached = True
        self._target = ModbusTarget(gateway.host, gateway.port, 1)
        readable = [
            replace(d, points=tuple(replace(p, write=False) for p in d.points)) for d in devices
        ]
        self._outputs = {p.id: d for d in devices for p in d.points if p.write}
        self._blocks = plan(readable)
        self._written: list[Writing | Order] = []
        self._raw: dict[str, int] = {}
        self._task = asyncio.create_task(self._run())

    def take(self) -> list[Writing | Order]:
        """Outputs that somebody has written since the last call."""
        written, self._written = self._written, []
        return written

    async def close(self) -> None:
        """End the connection."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            try:
                master = await Master.dial(self._target)
            except UnreachableError:
                self.reached = False
                await pause(_RETRY_S)
                continue
            try:
                await self._read(master)
            except (BrokenError, OSError):
                self.reached = False
                await pause(_RETRY_S)
            finally:
                await master.close()

    async def _read(self, master: Master) -> None:
        while True:
            for block in self._blocks:
                reply = await master.request(block.unit, block.request)
                if not reply.exception:
                    self._take(block, reply.values)
            self.reached = True
            await pause(POLL_S)

    def _take(self, block: Block, values: tuple[int, ...]) -> None:
        for slot in block.slots:
            point, binding = slot.point, slot.point.binding
            raw = values[slot.offset : slot.offset + binding.width]
            device = self._outputs.get(point.id)
            if device is None:
                self.values[point.id] = to_value(binding, raw)[0]
            elif self._raw.get(point.id, 0) != raw[0]:
                self._raw[point.id] = raw[0]
                area = _AREA[block.request.function]
                write = Write(device.unit, area, binding.address, raw[0], 0)
                self._written.append(Writing(self.name, write))


class RealCamera:
    """Listens to a real camera of another make in its own words, as the controller's driver does.

    `reached`: neither its will nor its silence says that it is lost.
    """

    def __init__(self, device: Device, listener: Listener) -> None:
        self.name = device.id
        self.values: dict[str, Value] = {}
        self.reached = True
        self._listener = listener
        self._base = prefix_of(device) + "/"
        self._driver = Cameras([device], self)
        self._began_ms = wall_ms()
        self._taken = 0

    def take(self) -> list[Writing | Order]:
        """Nothing: a camera is told nothing; what it said since the last call is taken in."""
        heard = self._listener.heard[self._taken :]
        self._taken += len(heard)
        now = wall_ms() - self._began_ms
        for message in heard:
            self._driver.receive(self._base + message.leaf, message.payload, now)
        self._driver.supervise(now)
        return []

    def reading(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """A point has a value."""
        self.values[point] = value

    def doubt(self, point: str, quality: Quality) -> None:
        """A point's value is not known any more."""
        self.values.pop(point, None)

    def comms(self, entity: str, what: str, **data: object) -> None:
        """The camera is lost, or there again."""
        if what in ("lost", "restored"):
            self.reached = what == "restored"

    async def close(self) -> None:
        """End the connection."""
        await self._listener.close()


class RealStation:
    """Listens to a real MQTT device and to what it is told; `reached`: its will has not spoken."""

    def __init__(self, points: PointList, device: Device, listener: Listener) -> None:
        self.name = device.id
        self.values: dict[str, Value] = {}
        self.reached = True
        self._device, self._listener = device, listener
        self._base = topic(points.site, device, "")
        self._points = {p.binding.leaf: p for p in device.points if not p.write}
        self._taken = 0

    def take(self) -> list[Writing | Order]:
        """Commands that were published to it since the last call; its reports are taken in too."""
        orders: list[Writing | Order] = []
        heard = self._listener.heard[self._taken :]
        self._taken += len(heard)
        for message in heard:
            point = self._points.get(message.leaf)
            if point is not None:
                body = decode_state(message.payload)
                if isinstance(body, Envelope):
                    self.values[point.id] = body.value
            elif message.leaf == "status":
                self.reached = b'"lost"' not in message.payload
            elif message.leaf.startswith("cmd/") and not message.retained:
                orders.append(Order(self.name, self._base + message.leaf, message.payload))
        return orders

    async def close(self) -> None:
        """End the connection."""
        await self._listener.close()


async def open_stations(
    points: PointList, names: frozenset[str], host: str, port: int
) -> list[RealStation | RealCamera]:
    """Listen to real MQTT devices on a broker; UnreachableError with a sentence."""
    found: list[RealStation | RealCamera] = []
    for name in sorted(names):
        device = points.devices[name]
        prefix = prefix_of(device) if device.dialect else ""
        kind = KINDS[device.kind].topic
        target = MqttTarget(host, port, points.site, kind, name, prefix=prefix)
        listener = await Listener.open(target, f"shadow-{name}")
        if device.dialect:
            found.append(RealCamera(device, listener))
        else:
            found.append(RealStation(points, device, listener))
    return found


def open_gateways(points: PointList, names: frozenset[str]) -> list[RealGateway]:
    """Begin to read real gateways; one that does not answer is tried again and again."""
    return [
        RealGateway(
            points.gateways[name], [d for d in points.devices.values() if d.gateway == name]
        )
        for name in sorted(names)
    ]
