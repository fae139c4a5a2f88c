"""Emulated devices of one site in real time: real sockets, timers on the wall clock.

There is no grid: a request or a command is taken in at once, a timer when its millisecond has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from controller.interface.clock import utc_ms, wall_ms
from controller.interface.streams import stream
from devices.agenda import NEVER
from devices.bank import Bank
from devices.network.relay import Relay
from devices.serve.access import Access
from devices.serve.livestations import LiveStations
from devices.serve.modbus import ModbusServer
from devices.serve.webhook import WebhookServer

GRAIN_MS = 1
IDLE_S = 300.0
"""A master that is silent for so long is cut off, as real gateways do after some minutes (m)."""

LONGEST_MS = 250
"""Looks are at most this far apart: a panel's heartbeat register counts without a timer."""

Shaping = Callable[[int], int]
"""Puts registers right at a time (ms) after the devices have; returns when it must again."""


class Outlet(Protocol):
    """Where devices say something beside their registers and topics: a printer, a platform."""

    def send(self) -> None:
        """Say what waits."""
        ...


class LiveDevices:
    """Runs a bank from `epoch_ms` of the machine's monotonic clock on (`wall_ms`).

    Timers run at their time or, if that has gone by, at once; never more often than every
    `grain_ms`. `late`: lateness (ms) of what the devices did -> how often, once `measure` was
    called: from when it was due to when it stood in its register or had been handed to its socket.
    `over` is done with the error if a device or a server has a defect. Their clocks show UTC.
    """

    def __init__(
        self, bank: Bank, epoch_ms: int, access: Access | None, grain_ms: int = GRAIN_MS
    ) -> None:
        self.bank = bank
        self.servers: dict[str, ModbusServer | WebhookServer] = {}
        self.relays: dict[str, Relay] = {}
        self.shapings: list[Shaping] = []
        self.outlets: list[Outlet] = []
        self.late: dict[int, int] = {}
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._epoch_ms, self._grain_ms = epoch_ms, grain_ms
        stations = bank.stations if access is not None else {}
        utc_0_ms = utc_ms() - self.now()
        bank.calendar.set(utc_0_ms)
        for station in stations.values():
            station.date(utc_0_ms)
        self.stations = LiveStations(stations, access or Access("", 0), self.soon)
        self._timer: asyncio.Handle | None = None
        self._due = 0.0
        self._ticked_ms = -grain_ms
        self._ended = False
        self._busy: set[asyncio.Task[None]] = set()

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return wall_ms() - self._epoch_ms

    async def listen(self, gateway: str, host: str, port: int, relayed: bool = False) -> int:
        """Listen for the masters of a gateway; the port (any free one for 0). OSError if not.

        `relayed`: they come through a relay, which is there for faults of the network.
        """
        server = ModbusServer(
            self.bank.gateways[gateway], self.now, idle_s=IDLE_S, noticed=self.soon
        )
        self.servers[gateway] = server
        if not relayed:
            return await server.start(host, port)
        inner = await server.start("127.0.0.1", 0)
        return await self._relay(gateway, "127.0.0.1", inner, host, port)

    async def receive(self, receiver: str, host: str, port: int) -> int:
        """Listen for notices to a receiver; the port (any free one for 0). OSError if not."""
        server = WebhookServer(self.bank.webhooks[receiver], noticed=self.soon)
        self.servers[receiver] = server
        return await server.start(host, port)

    async def relay_station(self, name: str, access: Access) -> None:
        """Let a station reach its broker through a relay."""
        port = await self._relay(name, access.host, access.port, "127.0.0.1", 0)
        self.stations.ways[name] = ("127.0.0.1", port)

    async def _relay(self, target: str, to: str, to_port: int, host: str, port: int) -> int:
        relay = Relay(to, to_port, stream(0, "calm"))
        found = await relay.start(host, port)
        self.relays[target] = self.bank.standing.carriers[target] = relay
        return found

    async def start(self, ports: Mapping[str, tuple[str, int]]) -> dict[str, int]:
        """Listen for masters (gateway -> host and port, 0: any); gateway -> port. OSError if not.

        Devices begin to live at once, stations to connect.
        """
        found = {name: await self.listen(name, *ports[name]) for name in self.bank.gateways}
        self.soon()
        return found

    def measure(self) -> None:
        """From now on note lateness."""
        self.late.clear()
        self.bank.agenda.ran = []

    async def close(self) -> None:
        """End everything."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        for server in self.servers.values():
            await server.close()
        await self.stations.close()
        for relay in self.relays.values():
            await relay.close()

    def soon(self) -> None:
        """Something has happened: look at it now, or when the grain allows."""
        self._wake(self._ticked_ms + self._grain_ms)

    def _wake(self, at_ms: int) -> None:
        if self._ended:
            return
        loop = asyncio.get_running_loop()
        when = loop.time() + max(0, at_ms - self.now()) / 1000
        if self._timer is not None:
            if self._due <= when:
                return
            self._timer.cancel()
        self._due = when
        self._timer = loop.call_at(when, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._ticked_ms = self.now()
        try:
            wake = self._look(now)
        except Exception as error:
            self._fail(error)
            raise
        self._wake(max(min(wake, now + LONGEST_MS), now + self._grain_ms))

    def _look(self, now: int) -> int:
        """Take in, move on, report; when to look again."""
        bank = self.bank
        bank.apply(now)
        bank.advance(now)
        shaped = [shape(now) for shape in self.shapings]
        for name, server in self.servers.items():
            if server.needs(now):
                self._begin(name, now)
        self.stations.flush(now)
        for outlet in self.outlets:
            outlet.send()
        if bank.agenda.ran is not None:
            self._note(bank.agenda.ran)
        return min(bank.next_wake(), *shaped, NEVER)

    async def _serve(self, gateway: str, now: int) -> None:
        server, relay = self.servers[gateway], self.relays.get(gateway)
        await server.send_due(now)
        if relay is not None:
            await relay.follow(server.listening)

    def _begin(self, gateway: str, now: int) -> None:
        """Let a server send or listen again; it may have to wait for its socket."""
        task = asyncio.ensure_future(self._serve(gateway, now))
        self._busy.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if not self.over.done():
            self.over.set_exception(error)

    def _note(self, ran: list[int]) -> None:
        done = self.now()
        for due in ran:
            ms = max(0, done - due)
            self.late[ms] = self.late.get(ms, 0) + 1
        ran.clear()
