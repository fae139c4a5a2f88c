"""Emulated devices in real time: a slice whenever something falls due or something arrives.

There is no grid: a request or a command is taken in at once, a timer when its millisecond has come.
Lateness (how long after its time a slice ran) is counted and told at the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from controller.interface.clock import pause, utc_ms, wait_for_event, wall_ms
from controller.interface.points import PointList, Value
from devices.bank import Bank
from devices.serve.access import Access
from devices.serve.modbus import ModbusServer
from devices.surroundings import Record
from scenarios.conform.fit import FitFile
from scenarios.emulate.addresses import Place
from scenarios.emulate.fitted import Fitted
from scenarios.emulate.forcing import Forced
from scenarios.emulate.quiet import QuietWorld
from scenarios.emulate.stations import StationLinks
from scenarios.rig.broker import Broker
from scenarios.rig.failure import RigFailure

LONGEST_MS = 250
"""Slices are at most this far apart: a panel's heartbeat register counts without a timer."""

_READY_MS = 15_000


class Emulation:
    """A bank of devices behind real sockets. `run` returns when `stop` is set."""

    def __init__(
        self,
        points: PointList,
        seed: int,
        record: Record,
        forces: Mapping[str, Value],
        fit: FitFile | None = None,
    ) -> None:
        self.points = points
        self.bank = Bank(points, QuietWorld(), seed, record)
        self.stop = asyncio.Event()
        self.broker: Broker | None = None
        self.places: dict[str, Place] = {}
        self.lateness_ms: dict[int, int] = {}
        self._start = wall_ms()
        self._changed = asyncio.Event()
        self._access = Access("", 0)
        self._forced = Forced(points, self.bank, forces)
        self._fitted = Fitted(fit, points, self.bank, seed)
        self._servers: dict[str, ModbusServer] = {}
        rewrite = self._forced.payload
        self._stations = StationLinks(self.bank.stations, self._changed, utc_ms(), rewrite)

    @property
    def now(self) -> int:
        """Milliseconds since the start."""
        return wall_ms() - self._start

    async def open(
        self, places: Mapping[str, Place], broker: Broker | None, ends: AsyncExitStack
    ) -> None:
        """Start the broker and every server; returns when all devices are connected.

        RigFailure names a port that is taken, or who is still missing after 15 s.
        """
        for name, place in places.items():
            await self._serve(name, place, ends)
        if broker is not None:
            ends.push_async_callback(broker.stop)
            await broker.start()
            self.broker = broker
            clients = list(self.bank.stations)
            self._access = broker.security.access(broker.host, broker.port, clients)
            ends.push_async_callback(self._goodbye)
        while not self.stop.is_set():
            await self._slice()
            if self._stations.all_up:
                return
            if self.now > _READY_MS:
                raise RigFailure(f"not all devices reached the broker within {_READY_MS // 1000} s")
            await self._wait(self.now)

    async def run(self) -> None:
        """Go on until `stop`; RigFailure if a broker of ours ends by itself."""
        while not self.stop.is_set():
            due = await self._slice()
            await self._wait(due)
            if self.broker is not None and self.broker.ended() is not None:
                raise RigFailure(f"the {self.broker.kind} broker ended by itself")

    def end(self) -> None:
        """Ask `run` to return."""
        self.stop.set()
        self._changed.set()

    async def _serve(self, name: str, place: Place, ends: AsyncExitStack) -> None:
        server = ModbusServer(self.bank.gateways[name], lambda: self.now)
        server.arrived = self._changed
        try:
            port = await server.start(place.host, place.port)
        except OSError as error:
            raise RigFailure(
                f"gateway {name} cannot listen on {place}: {error.strerror}; "
                "end what listens there, or choose with `--port`"
            ) from error
        ends.push_async_callback(server.close)
        self._servers[name] = server
        self.places[name] = Place(place.host, port)

    async def _slice(self) -> int:
        """Take in, move on, report; returns when the next slice is due."""
        now = self.now
        self._changed.clear()
        self.bank.advance(now)
        self.bank.apply(now)
        due = self._fitted.shape(now)
        self._forced.hold()
        if self.broker is not None:
            await self._stations.flush(now, self._access)
        for server in self._servers.values():
            if server.needs(now):
                await server.send_due(now)
        return min(self.bank.next_wake(), due, now + LONGEST_MS)

    async def _wait(self, due: int) -> None:
        """Wait for the time or for news; the lateness of a time that came is counted."""
        ahead = due - self.now
        if ahead > 0 and await wait_for_event(self._changed, ahead / 1_000):
            return
        late = max(0, self.now - due)
        self.lateness_ms[late] = self.lateness_ms.get(late, 0) + 1
        await pause(0)

    async def _goodbye(self) -> None:
        try:
            async with asyncio.timeout(2):
                await self._stations.close()
        except (TimeoutError, ConnectionError):
            return
