"""A field in memory, function-shaped: what a gateway answers is a function of the request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from controller.drivers.links import Ended, Will
from controller.interface import envelope, modbus, topics
from controller.interface.clock import Done, Grant
from controller.interface.journal import Journal
from controller.interface.modbus import Adu, Reply, Request, Stream
from controller.interface.points import Device, Gateway, Quality
from controller.ledger import Ledger
from controller.scan import Controller
from controller.site import Site
from controller.state import StateFile
from controller.upkeep import Upkeep

Answer = Callable[[int, Request], Reply | None]


class Registers:
    """An image with writes, as a gateway keeps it; detectors are normal, doors locked."""

    def __init__(self) -> None:
        self.words: dict[int, int] = {}
        self.bits = {0: 1, 1: 1}
        self.coils: dict[int, int] = {}
        self.asked: list[Request] = []

    def __call__(self, unit: int, ask: Request) -> Reply:
        self.asked.append(ask)
        if ask.function == modbus.WRITE_COIL:
            self.coils[ask.address] = ask.values[0]
            return Reply(5, ask.values, address=ask.address)
        if ask.function == modbus.READ_DISCRETE:
            return Reply(2, tuple(self.bits.get(ask.address + n, 0) for n in range(ask.count)))
        normal = 0x1400 if ask.function == modbus.READ_HOLDING else 0
        words = (self.words.get(ask.address + n, normal) for n in range(ask.count))
        return Reply(ask.function, tuple(words))


class FakeModbus:
    """A ModbusLink; `up` False refuses and drops, `silent` swallows, `held` keeps replies back."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.up, self.silent, self.holds = True, False, False
        self.held: list[bytes] = []
        self.frames: list[Adu] = []
        self._open = False

    @property
    def connected(self) -> bool:
        return self._open and self.up

    async def connect(self) -> bool:
        self._open, self.frames = self.up, []
        return self._open

    def send(self, adu: bytes) -> None:
        (frame,) = Stream().feed(adu)
        ask = modbus.decode_request(frame.pdu)
        assert isinstance(ask, Request)
        reply = self.answer(frame.unit, ask)
        if self.silent or reply is None:
            return
        whole = modbus.encode_adu(frame.transaction, frame.unit, modbus.encode_reply(reply))
        if self.holds:
            self.held.append(whole)
        else:
            self.deliver(whole)

    def deliver(self, adu: bytes) -> None:
        self.frames += Stream().feed(adu)

    async def settle(self, count: int) -> None:
        pass

    def take(self) -> Sequence[Adu]:
        frames, self.frames = self.frames, []
        return frames

    def close(self) -> None:
        self._open = False


class FakeMqtt:
    """An MqttLink; `sent` is what the controller published."""

    def __init__(self) -> None:
        self.up = True
        self.sent: list[tuple[str, bytes]] = []
        self.waiting: list[tuple[str, bytes]] = []
        self._open = False

    @property
    def connected(self) -> bool:
        return self._open and self.up

    async def connect(self) -> bool:
        self._open = self.up
        return self._open

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.sent.append((topic, payload))

    async def settle(self, count: int) -> None:
        pass

    def take(self) -> Sequence[tuple[str, bytes]]:
        waiting, self.waiting = self.waiting, []
        return waiting

    def close(self) -> None:
        self._open = False


class FakeHttp:
    """An HttpLink; `sent` is what the controller asked: method, notice, body. Nothing answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, bytes]] = []

    async def send(self, number: int, method: str, notice: str, body: bytes, wait: bool) -> bool:
        self.sent.append((method, notice, body))
        return True

    async def settle(self, count: int) -> None:
        pass

    def take(self) -> Sequence[Ended]:
        return []

    def close(self) -> None:
        pass


class Field:
    """Everything around a controller, and the controller; `at(t)` runs scans up to t."""

    def __init__(self, site: Site, scan_ms: int = 250, memory: StateFile | None = None) -> None:
        self.site, self.scan_ms = site, scan_ms
        self.boards = {name: Registers() for name in site.points.gateways}
        self.modbus_links: dict[str, FakeModbus] = {}
        self.receivers: dict[str, FakeHttp] = {}
        self.broker = FakeMqtt()
        self.held: tuple[str, ...] = ()
        self.journal = Journal(None, "0" * 32, {})
        self.controller = Controller(site, self, self.journal, scan_ms=scan_ms, memory=memory)
        self.now = -scan_ms
        self.began, self.clock = 0, [0]
        self._seq = 0
        self.beating = [d.id for d in site.points.devices.values() if d.bus == "mqtt"]

    def keep(self, upkeep: Upkeep, journal: Ledger) -> None:
        """From the start a controller on the wall clock, with its upkeep and its own journal."""
        self.journal = journal
        self.controller = Controller(
            self.site, self, journal, scan_ms=self.scan_ms, upkeep=upkeep, veil=journal.veil.of
        )

    def modbus(self, gateway: Gateway) -> FakeModbus:
        link = self.modbus_links[gateway.id] = FakeModbus(self.boards[gateway.id])
        return link

    def http(self, receiver: Device) -> FakeHttp:
        link = self.receivers[receiver.id] = FakeHttp()
        return link

    def mqtt(self, host: str, port: int, will: Will, filters: Sequence[str]) -> FakeMqtt:
        return self.broker

    def until(self, t_ms: int) -> Done:
        """Scan at every grid instant up to and with `t_ms`; nothing may suspend."""
        done = None
        while self.now < t_ms:
            self.now += self.scan_ms
            self.clock[0] = self.now
            if self.now % 1000 == 0:
                for device in self.beating:
                    self.say(device, "hb", envelope.encode_heartbeat(self.now, self._next(), "b1"))
            step = self.controller.step(Grant(self.now, held=self.held))
            try:
                step.send(None)
            except StopIteration as end:
                done = end.value
            else:
                raise AssertionError("a scan over links in memory must not suspend")
        assert done is not None
        return done

    def say(self, device: str, leaf: str, payload: bytes) -> None:
        """A device publishes."""
        if self.broker.connected:
            topic = topics.topic(self.site.points.site, self.site.points.devices[device], leaf)
            self.broker.waiting.append((topic, payload))

    def state(self, device: str, point: str, value: object, boot: str = "b1") -> None:
        payload = envelope.encode_state(self.now, self._next(), boot, Quality.GOOD, value)
        self.say(device, f"state/{point}", payload)

    def ack(self, device: str, command: str) -> None:
        payload = envelope.encode_ack(self.now, self._next(), "b1", command, "ok", None)
        self.say(device, "ack", payload)

    def records(self, *kinds: str) -> list[tuple]:
        """(t, entity, what or id or value) of the journal's records of some kinds."""
        return [
            (r["t"], r["e"], r.get("what", r.get("id")))
            for r in self.journal.records
            if r["k"] in kinds
        ]

    def _next(self) -> int:
        self._seq += 1
        return self._seq
