"""The proving ground in motion: emulated devices, the real controller, and what truly happens.

No people and no building: the world is set by the timeline. The controller knows nothing of all
this; it hears the field through its drivers, frame by frame and message by message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from controller.interface.journal import Journal
from controller.interface.modbus import READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT
from controller.interface.points import Device, Point, Quality, Value
from controller.interface.registers import to_value
from controller.scan import Controller
from controller.site import Site
from controller.state import StateFile
from devices.bank import Bank
from devices.machine import Commanded
from devices.surroundings import Probe
from devices.vision.view import NOBODY, Look
from scenarios.rig.books import CONTROLLER, Books
from scenarios.rig.memory import MemoryField, MemoryLinks
from tests.safety.timeline import Action, Timeline
from tests.safety.trace import Trace

SLICE_MS = 250
_READS = {
    "coil": READ_COILS, "discrete": READ_DISCRETE, "holding": READ_HOLDING, "input": READ_INPUT,
}  # fmt: skip


class World:
    """What devices sense, as the timeline sets it, and what they do, into the trace."""

    def __init__(self, trace: Trace) -> None:
        self.now = 0
        self.values: dict[tuple[str, str], float] = {}
        self._trace = trace

    def probe(self, place: str, quantity: str) -> Probe:
        """The value set for a place; mains and room temperature unless told otherwise."""
        usual = {"mains": 1.0, "temperature_c": 20.0}.get(quantity, 0.0)
        return lambda: self.values.get((place, quantity), usual)

    def look(self, camera: Device) -> Look:
        """Cameras here tell density and count from the world's figures, not from bodies."""
        return lambda: NOBODY

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        """A device has moved."""
        self._trace.put(element, self.now, state)


class Bench:
    """One timeline on the proving ground; `run` gives its trace."""

    def __init__(self, site: Site, timeline: Timeline, folder: Path) -> None:
        self.site, self.timeline = site, timeline
        self.trace = Trace(timeline)
        self.world = World(self.trace)
        self.now = 0
        self.bank = Bank(site.points, self.world, timeline.seed, self._happened, ("west", "east"))
        self.books = Books(self.bank, self._happened)
        self._state = folder / f"state-{timeline.seed}.json"
        self._ends: list[tuple[int, int, Callable[[], None]]] = []
        self._inputs = [
            point
            for device in site.points.devices.values()
            if device.zone or device.kind == "panic-button"
            for point in device.points
            if not point.write
        ]
        self._outputs = [
            p for p in site.points.points.values() if p.write and p.binding.area in _READS
        ]
        self._seen: dict[str, object] = {}
        self.trace.put("broker", 0, True)
        self._start()

    def run(self) -> Trace:
        """Every slice of the timeline, none left out."""
        waiting = list(self.timeline.actions)
        while self.now <= self.timeline.ends_ms:
            while waiting and waiting[0].t_ms <= self.now:
                self._act(waiting.pop(0))
            for due in [e for e in self._ends if e[0] <= self.now]:
                self._ends.remove(due)
                due[2]()
            self._slice()
            self.now += SLICE_MS
        self._state.unlink(missing_ok=True)
        return self.trace

    def _slice(self) -> None:
        self.world.now = self.now
        self.bank.advance(self.now)
        _at_once(self.field.flush(self.now))
        self._look()
        if self.controller is not None:
            grant = replace(self.field.grant(self.now, stop=False), t_ms=self.now - self._began)
            done = _at_once(self.field.step(grant))
            _at_once(self.field.collect(done))
        self.bank.apply(self.now)
        self._look()

    def _look(self) -> None:
        """Registers of the panel and of every board, where they changed."""
        versions = {
            (name, unit): image.version
            for name, gateway in self.bank.gateways.items()
            for unit, image in gateway.units.items()
        }
        if versions == self._seen:
            return
        self._seen = versions  # type: ignore[assignment]
        for point in self._inputs:
            self.trace.put(f"register:{point.device}", self.now, self._register(point))
        for point in self._outputs:
            self.trace.put(f"output:{point.id}", self.now, self._register(point))
        relay = self.bank.devices["lock-w"].wiring.fire
        self.trace.put("relay", self.now, relay)

    def _register(self, point: Point) -> Value:
        device, bound = self.site.points.devices[point.device], point.binding
        image = self.bank.gateways[device.gateway].units[device.unit]
        raw = image.read(_READS[bound.area], bound.address, bound.width)
        assert raw is not None
        value, quality = to_value(bound, raw)
        return quality.value if quality in (Quality.DISABLED, Quality.UNKNOWN) else value

    def _start(self) -> None:
        """Start the controller, with what the one before it left behind; its clock starts at 0."""
        self._began = self.now
        links = MemoryLinks(self.bank.gateways, self.books.exchange, lambda: self.books.now)
        journal = Journal(None, "0" * 32, {}, on_record=self._recorded)
        memory = StateFile(self._state, lambda: self.now)
        self.controller: Controller | None = Controller(
            self.site, links, journal, scan_ms=SLICE_MS, memory=memory, utc_ms=self.now
        )
        self.links = links
        self.books.session = self.books.drops = 0
        self.field = MemoryField(self.books, links, self.controller)
        self.trace.put("controller", self.now, True)

    def _kill(self) -> None:
        """The controller is gone between two scans, without a word."""
        self.controller = None
        self.books.exchange.lose(CONTROLLER)
        for link in self.links.made.values():
            link.hang_up()
        self.trace.put("controller", self.now, False)

    def _recorded(self, body: Mapping[str, Any]) -> None:
        """What the controller puts on record."""
        if body["k"] in ("alarm", "comms", "feedback", "decision", "command"):
            what = body.get("what", body.get("value"))
            self.trace.note(f"record:{body['k']}", self.now, (body["e"], what, body))

    def _happened(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        """The twin's side of the record: what reached a device, and what it did."""
        if kind == "receive":
            self.trace.note(f"told:{entity}", self.now, data["value"])

    def _until(self, action: Action, undo: Callable[[], None]) -> None:
        self._ends.append((int(action.params["until"]), len(self._ends), undo))

    def _act(self, action: Action) -> None:
        now, target, params = self.now, action.target, action.params
        match action.verb:
            case "smoke":
                self.world.values[target, "extinction_per_m"] = float(params["per_m"])
            case "heat":
                self.world.values[target, "temperature_c"] = float(params["temperature_c"])
            case "crowd":
                per_m2 = float(params["per_m2"])
                self.world.values[target, "density_per_m2"] = per_m2
                self.world.values[target, "people"] = 40 * per_m2
                self.trace.put("crowd", now, params["per_m2"])
            case "press" | "panic":
                self.trace.note(f"pressed:{target}", now, True)
                self.bank.press(now, target)
            case "calm" | "panel-reset":
                self.trace.note(action.verb, now, True)
                self._operate(target, "reset")
            case "order":
                self.trace.note("order", now, params["word"])
                self.bank.order(now, target, str(params["word"]))
            case "fault":
                self._fault(action)
            case "broker":
                self._broker(up=False)
                self._until(action, lambda: self._broker(up=True))
            case "mains":
                self.world.values[target, "mains"] = 0.0
                self._until(action, lambda: self.world.values.pop((target, "mains"), None))
            case "kill":
                if self.controller is not None:
                    self._kill()
                    self._until(action, self._start)
            case verb:
                raise AssertionError(f"no such verb: {verb}")

    def _operate(self, device: str, point: str) -> None:
        """Somebody turns the key of a device by hand."""
        machine = self.bank.devices[device]
        assert isinstance(machine, Commanded)
        self.bank.agenda.now = self.now
        machine.wiring.cause = "by hand"
        machine.command(point, True, self.now)

    def _broker(self, *, up: bool) -> None:
        self.books.now = self.now
        if self.books.exchange.up is not up:
            self.books.broker(up)
            self.trace.put("broker", self.now, up)

    def _fault(self, action: Action) -> None:
        target = action.target
        params = {k: v for k, v in action.params.items() if k not in ("fault", "until")}
        fault = str(action.params["fault"])
        self.bank.fault(self.now, target, fault, **params)
        self._note_faults(target)

        def clear() -> None:
            self.bank.clear(self.now, target, fault)
            self._note_faults(target)

        self._until(action, clear)

    def _note_faults(self, target: str) -> None:
        names = frozenset(f for t, f in self.bank.standing.names() if t == target)
        self.trace.put(f"faults:{target}", self.now, names)


def _at_once(coroutine: Any) -> Any:
    """Run a coroutine that must not suspend: nothing in memory ever waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("something in memory has suspended")
