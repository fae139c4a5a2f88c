"""A site's devices as they hang in the building: machines, panels, gateways, stations, wires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial

from numpy.random import Generator

from controller.interface.kinds import KINDS
from controller.interface.points import Binding, Device, Point, PointList, Value
from controller.interface.registers import to_raw
from controller.interface.streams import stream
from devices.agenda import Agenda
from devices.calendar import Calendar
from devices.cameras.station import CameraStation
from devices.gateway import Gateway, Write
from devices.gb28181.agent import Agent
from devices.gb28181.uplink import agent_for, overhear
from devices.machine import Machine, Settling
from devices.machines.board import IoBoard
from devices.machines.panel import FirePanel
from devices.machines.receiver import NoticeReceiver
from devices.machines.table import ALONE, ON_LOOP
from devices.mains import Mains
from devices.panels.gateway import CARDS, PanelGateway, panel_gateway
from devices.panels.printer import printers
from devices.profile import PROFILES
from devices.registers import RegisterImage
from devices.station import Station
from devices.strikes import wire_strikes
from devices.surroundings import Record, Surroundings
from devices.webhook import Webhook
from devices.wiring import Put, Wiring


class Installation:
    """Everything that the I/O list names, connected and powered up at time 0.

    Each device draws from a random stream of its own name, so that adding one changes no other.
    `spaces` are the ids that globs in `sees` stand for. `outputs` finds the point behind a written
    register: (gateway, unit, area, address, command code or -1).
    """

    def __init__(
        self,
        points: PointList,
        surroundings: Surroundings,
        seed: int,
        record: Record,
        spaces: Sequence[str] = (),
    ) -> None:
        self.agenda = Agenda()
        self.mains = Mains(surroundings)
        self.calendar = Calendar()
        self.printers = printers(points, self.calendar)
        self.gateways = {
            name: panel_gateway(points, name, self.agenda, record)
            if gateway.profile in CARDS
            else _gateway(points, name, record)
            for name, gateway in points.gateways.items()
        }
        self.stations: dict[str, Station] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.devices: dict[str, Machine] = {}
        self.panels: dict[tuple[str, int], FirePanel] = {}
        self.shadows: set[str] = set()
        self.outputs: dict[tuple[str, int, str, int, int], Point] = {}
        self._points, self._seed = points, seed
        self._surroundings, self._record = surroundings, record
        self.video = self._video(points)
        self._wired: list[Machine] = []
        self._alarms: set[str] = set()
        devices = [_seeing(device, spaces) for device in points.devices.values()]
        for device in sorted(devices, key=lambda d: d.kind != "fire-panel"):
            self._install(device)
        wire_strikes(self.devices, self.stations)
        for machine in self.devices.values():
            machine.start(0)

    def _video(self, points: PointList) -> Agent | None:
        """The device on a GB/T 28181 platform that stands for the cameras, if there is one."""
        if points.video is None:
            return None
        cameras = [device for device in points.devices.values() if device.gb_id]
        rng = stream(self._seed, "gb28181")
        return agent_for(points.video, cameras, lambda name: not self.stations[name].off, rng)

    def _install(self, device: Device) -> None:
        if device.kind == "fire-panel":
            self.devices[device.id] = self._panel(device)
        elif device.kind in ON_LOOP:
            self.devices[device.id] = self._join_loop(device)
        else:
            machine = ALONE[device.kind](self._wiring(device), self._stream(device.id))
            self.devices[device.id] = machine
            if isinstance(machine, NoticeReceiver) and device.bus == "http":
                self.webhooks[device.id] = Webhook(machine)
            self._connect(machine, device)
        for point in device.points:
            if point.write and device.gateway:
                bound = point.binding
                place = (device.gateway, device.unit, bound.area, bound.address, bound.code)
                self.outputs[place] = point

    def output(self, gateway: str, write: Write) -> Point | None:
        """The point that a write commands: by its register, or by its command code there."""
        place = (gateway, write.unit, write.area, write.address)
        return self.outputs.get((*place, -1)) or self.outputs.get((*place, write.raw))

    def heed(self, gateway: str, write: Write, at: int) -> None:
        """A write that is no point's: a command of a fire panel's own map; else a spare output."""
        server = self.gateways[gateway]
        if isinstance(server, PanelGateway):
            server.heed(write, at)

    def _panel(self, device: Device) -> FirePanel:
        relay = partial(self._fire, device.id)
        panel = FirePanel(self._wiring(device), self._stream(device.id), relay)
        self.panels[device.gateway, device.unit] = panel
        server = self.gateways[device.gateway]
        panel.listeners.append(partial(_link, server, device.unit))
        if device.gateway in self.printers:
            panel.listeners.append(self.printers[device.gateway].hear)
        if isinstance(server, PanelGateway):
            server.card.attach(device.unit, panel)
            panel.listeners.append(partial(server.card.hear, device.unit))
        return panel

    def _join_loop(self, device: Device) -> Machine:
        """Put a device on its panel's loop; a panel that the I/O list leaves out is there too."""
        panel = self.panels.get((device.gateway, device.unit))
        if panel is None:
            unlisted = replace(device, id=device.gateway, kind="fire-panel", points=())
            panel = self._panel(unlisted)
            panel.start(0)
        machine = ON_LOOP[device.kind](self._wiring(device), self._stream(device.id), panel)
        panel.join(machine)
        return machine

    def _connect(self, machine: Machine, device: Device) -> None:
        """Power a machine that depends on the mains; run the fire wire to one that has the input.

        What is set apart hangs on the mains where it is, everything else on that of its board.
        """
        kind = machine.wiring.kind
        if isinstance(machine, IoBoard):
            self.gateways[device.gateway].fence = machine.fence
        if kind.powered:
            board = self._points.gateways.get(device.gateway)
            apart = board is None or not board.at or kind.name == "emergency-light"
            self.mains.feed(device.at if apart or board is None else board.at, machine)
        if kind.fire_wire and machine.wiring.has(kind.fire_wire):
            self._wired.append(machine)

    def _fire(self, panel: str, closed: bool, at: int) -> None:
        """A panel's fire relay moves; a shadow's is wired to nothing."""
        if panel not in self.shadows:
            self.fire_wire(panel, closed, at)

    def fire_wire(self, panel: str, closed: bool, at: int) -> None:
        """The fire relays of all panels are wired in parallel to every fire input."""
        before = bool(self._alarms)
        (self._alarms.add if closed else self._alarms.discard)(panel)
        if bool(self._alarms) != before:
            for machine in self._wired:
                machine.wiring.fire, machine.wiring.cause = closed, "fire-input"
                if isinstance(machine, Settling):
                    machine.settle(at)

    def _wiring(self, device: Device) -> Wiring:
        put = _unheard if device.bus == "http" else self._put(device)
        if device.gb_id and self.video is not None:
            put = overhear(self.video, device, self.calendar, put)
        wiring = Wiring(device, self.agenda, self._surroundings, self._record, put)
        wiring.site = self._points.site
        return wiring

    def _put(self, device: Device) -> Put:
        return self._registers(device) if device.gateway else self._station(device)

    def _registers(self, device: Device) -> Put:
        server = self.gateways[device.gateway]
        if isinstance(server, PanelGateway):
            return partial(server.card.show, device)
        image = server.units[device.unit]

        def put(point: Point, value: Value, t_ms: int) -> None:
            loop = point.binding.as_type == "loop"
            image.put(point.binding, (int(value),) if loop else to_raw(point.binding, value))

        return put

    def _station(self, device: Device) -> Put:
        rng = stream(self._seed, f"station/{device.id}")
        own = (self._points.site, device, self.agenda, rng, self._record)
        station = CameraStation(*own, self.calendar) if device.dialect else Station(*own)
        self.stations[device.id] = station

        def put(point: Point, value: Value, t_ms: int) -> None:
            if not point.write:  # a command is the controller's to send
                station.show(point.binding.leaf, value, t_ms)

        return put

    def _stream(self, name: str) -> Generator:
        return stream(self._seed, f"device/{name}")


def _unheard(point: Point, value: Value, t_ms: int) -> None:
    """Over HTTP a device says nothing unless it is asked."""


def _link(server: Gateway, unit: int, what: str, device: str, at: int) -> None:
    """The link between a panel and its gateway fails, or comes back."""
    if what in ("no-link", "link"):
        server.hush(unit, what == "no-link")


def _gateway(points: PointList, name: str, record: Record) -> Gateway:
    """The gateway with the registers that its profile has and the I/O list binds."""
    profile = PROFILES[points.gateways[name].profile]
    bound: dict[int, list[Binding]] = {}
    limits: dict[tuple[int, str, int], int] = {}
    for device in points.devices.values():
        if device.gateway != name:
            continue
        bound.setdefault(device.unit, []).extend(point.binding for point in device.points)
        for point in device.points:
            if point.write:
                place = (device.unit, point.binding.area, point.binding.address)
                limits[place] = _highest(point)
    units = {unit: RegisterImage(profile, bindings) for unit, bindings in sorted(bound.items())}
    return Gateway(name, profile, units or {1: RegisterImage(profile, ())}, limits, record)


def _highest(point: Point) -> int:
    """The highest raw value that a register of a point takes."""
    span = KINDS[point.kind].points[point.name].span
    if point.binding.as_type == "bool" or not span:
        return 1 if point.binding.as_type == "bool" else 0xFFFF
    return to_raw(point.binding, span[1])[0]


def _seeing(device: Device, spaces: Sequence[str]) -> Device:
    """The device with the globs of `sees` replaced by the spaces they stand for."""
    if not any("*" in pattern for pattern in device.sees):
        return device
    seen = [space for space in spaces if any(fnmatchcase(space, glob) for glob in device.sees)]
    return replace(device, sees=tuple(seen))
