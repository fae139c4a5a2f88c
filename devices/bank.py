"""All devices of a site through a slice: they sense and publish, later they take what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial

from controller.interface.envelope import Order
from controller.interface.files import nearest
from controller.interface.kinds import KINDS
from controller.interface.points import Point, PointList, Value
from controller.interface.registers import to_value
from devices.failing.registry import Standing
from devices.faults import check_device, check_fault, check_gateway
from devices.gateway import Write
from devices.installation import Installation
from devices.machine import Commanded, Machine, Ordered, Pressed
from devices.naming import CommandNames
from devices.station import Station
from devices.surroundings import Record, Surroundings

_HAPPEN, _SENSE, _APPLY = 1, 2, 4
"""Phases of a slice, as the journal numbers them."""


class Bank:
    """Every device with its gateway or station; all draws hang on `seed`.

    A slice calls `advance`, later `apply`; `fault`, `clear` and `press` are what happens to devices
    before. `spaces` are the ids that globs in `sees` stand for.
    """

    def __init__(
        self,
        points: PointList,
        surroundings: Surroundings,
        seed: int,
        record: Record,
        spaces: Sequence[str] = (),
    ) -> None:
        self._site = Installation(points, surroundings, seed, record, spaces)
        self.agenda = self._site.agenda
        self._record = record
        self._names = CommandNames()
        self.standing = Standing(self._site, seed)
        self.gateways = self._site.gateways
        self.stations = self._site.stations
        self.webhooks = self._site.webhooks
        self.devices = self._site.devices
        self.printers = self._site.printers
        self.calendar = self._site.calendar
        self.video = self._site.video
        self._in_order = (sorted(self.gateways.items()), sorted(self.stations.items()))

    def advance(self, now: int) -> None:
        """Run what falls due: polls, movements, heartbeats; registers and outboxes follow."""
        self._enter(now, _SENSE)
        self._site.mains.look(now)
        self.agenda.run(now)
        for panel in self._site.panels.values():
            panel.beat(now)

    def apply(self, now: int) -> None:
        """Give devices what was written and ordered, sorted by gateway and device; queue acks."""
        self._enter(now, _APPLY)
        gateways, stations = self._in_order
        for webhook in self.webhooks.values():
            webhook.work(now)
        for name, gateway in gateways:
            if gateway.writes:
                writes, gateway.writes = gateway.writes, []
                for write in writes:
                    self._obey_write(name, write, now)
        for name, station in stations:
            if station.orders:
                orders, station.orders = station.orders, []
                for point, order in orders:
                    self._obey_order(self.devices[name], station, point, order, now)

    def name_writes(self, writes: Mapping[str, Mapping[int, str]]) -> None:
        """Which commands the controller wrote (`Done.writes`), before they are applied."""
        self._names.tell(writes)

    def next_wake(self) -> int:
        """When the next slice must run at the latest (ms)."""
        waits = [gateway.next_wake() for gateway in self.gateways.values()]
        waits += [webhook.next_wake() for webhook in self.webhooks.values()]
        return min([self.agenda.next_wake, *waits])

    def fault(self, now: int, target: str, fault: str, **params: Value) -> None:
        """Begin a fault; ValueError with a sentence if the target cannot have it."""
        if target in self.gateways:
            check_gateway(target, fault, params)
        else:
            check_device(self._machine(target).wiring.device, fault, params)
        self._record(now, _HAPPEN, "fault", target, what="begin", fault=fault, **params)
        self._enter(now, _HAPPEN)
        self.standing.begin(now, target, fault, params)

    def clear(self, now: int, target: str, fault: str) -> None:
        """End a fault; ValueError if there is no such target or fault."""
        device = None if target in self.gateways else self._machine(target).wiring.device
        check_fault(target, device, fault)
        self._record(now, _HAPPEN, "fault", target, what="end", fault=fault)
        self._enter(now, _HAPPEN)
        self.standing.end(now, target, fault)

    def press(self, now: int, device: str) -> None:
        """Somebody presses a call point, a panic button or an exit button; ValueError if none."""
        self._enter(now, _HAPPEN)
        machine = self.devices.get(device)
        if not isinstance(machine, Pressed):
            known = [name for name, m in self.devices.items() if isinstance(m, Pressed)]
            raise ValueError(_no_such("call point or button", device, known))
        self._record(now, _HAPPEN, "press", device)
        machine.press(now)

    def order(self, now: int, device: str, word: str) -> None:
        """Somebody gives an order at a duty desk, or shows a tag at a checkpoint; else ValueError.

        The desk's `seen` reads the order.
        """
        self._enter(now, _HAPPEN)
        machine = self.devices.get(device)
        if not isinstance(machine, Ordered):
            known = [name for name, m in self.devices.items() if isinstance(m, Ordered)]
            raise ValueError(_no_such("duty desk", device, known))
        self._record(now, _HAPPEN, "press", device, what=word)
        machine.order(word, now)

    def shadow(self, gateways: Set[str]) -> None:
        """The panels behind these gateways are real: the relays of ours are wired to nothing."""
        panels = self._site.panels.items()
        self._site.shadows |= {panel.wiring.id for (name, _), panel in panels if name in gateways}

    def fire_wire(self, now: int, panel: str, closed: bool) -> None:
        """The fire relay of a real panel closes or opens; every fire input is wired to it."""
        self._enter(now, _SENSE)
        self._site.fire_wire(panel, closed, now)

    def _enter(self, now: int, phase: int) -> None:
        self.agenda.now, self.agenda.phase = now, phase

    def _machine(self, target: str) -> Machine:
        machine = self.devices.get(target)
        if machine is None:
            raise ValueError(_no_such("device or gateway", target, [*self.gateways, *self.devices]))
        return machine

    def _obey_write(self, gateway: str, write: Write, now: int) -> None:
        """A register has been written; a spare output moves nothing."""
        point = self._site.output(gateway, write)
        if point is None:
            self._site.heed(gateway, write, now)
            return
        value, _ = to_value(point.binding, (write.raw,))
        self._obey(point, self._names.name(gateway, write, point, value), value, now)
        if KINDS[point.kind].points[point.name].pulse:  # clears itself when it has acted
            self.gateways[gateway].units[write.unit].release(write.area, write.address)
            self._names.cleared(point)

    def _obey_order(
        self, machine: Machine, station: Station, point: Point, order: Order, now: int
    ) -> None:
        before = station.result(order.id)
        if before is not None:  # its answer was lost: answered again, not carried out again
            station.acknowledge(order, before, order.value)
            return
        if now > order.t_ms + order.ttl_ms:
            self._note(point, "receive", now, id=order.id, value=order.value)
            station.acknowledge(order, "expired", order.value)
            return
        station.acknowledge(order, self._obey(point, order.id, order.value, now), order.value)

    def _obey(self, point: Point, command: str, value: Value, now: int) -> str:
        """Hand a command to its machine; an ack result."""
        self._note(point, "receive", now, id=command, value=value)
        machine = self.devices[point.device]
        result = "rejected"
        fits = KINDS[point.kind].points[point.name].fits(value)
        if fits and isinstance(machine, Commanded):
            do = partial(self._do, machine, point, value, command)
            result = machine.wiring.obey(do, now)
        self._note(point, "apply", now, id=command, value=value, r=result)
        return result

    def _do(self, machine: Commanded, point: Point, value: Value, command: str, at: int) -> str:
        self.devices[point.device].wiring.cause = command
        return machine.command(point.name, value, at)

    def _note(self, point: Point, kind: str, now: int, **data: Value) -> None:
        self._record(now, _APPLY, kind, point.id, **data)


def _no_such(what: str, name: str, known: Sequence[str]) -> str:
    close = nearest(name, known)
    hint = f"; did you mean `{close}`?" if close else ""
    return f"no such {what}: {name!r}{hint}"
