"""Emulated devices of one site in real time: real sockets, timers on the wall clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from controller.interface.clock import wall_ms
from devices.agenda import NEVER
from devices.bank import Bank
from devices.serve.access import Access
from devices.serve.livestations import LiveStations
from devices.serve.modbus import ModbusServer

GRAIN_MS = 1
IDLE_S = 300.0
"""A master that is silent for so long is cut off, as real gateways do after some minutes (m)."""


class LiveDevices:
    """Runs a bank from `epoch_ms` of the machine's monotonic clock on (`wall_ms`).

    Timers run at their time or, if that has gone by, at once; never more often than every
    `grain_ms`. `late`: lateness (ms) of what the devices did -> how often, once `measure` was
    called: from when it was due to when it stood in its register or had been handed to its socket.
    """

    def __init__(
        self, bank: Bank, epoch_ms: int, access: Access | None, grain_ms: int = GRAIN_MS
    ) -> None:
        self.bank = bank
        self.servers: dict[str, ModbusServer] = {}
        self.late: dict[int, int] = {}
        self._epoch_ms, self._grain_ms = epoch_ms, grain_ms
        stations = bank.stations if access is not None else {}
        self.stations = LiveStations(stations, access or Access("", 0), self._soon)
        self._timer: asyncio.Handle | None = None
        self._due = 0.0
        self._ticked_ms = -grain_ms
        self._ended = False
        self._busy: set[asyncio.Task[None]] = set()

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return wall_ms() - self._epoch_ms

    async def start(self, ports: Mapping[str, tuple[str, int]]) -> dict[str, int]:
        """Listen for masters (gateway -> host and port, 0: any); gateway -> port. OSError if not.

        Devices begin to live at once, stations to connect.
        """
        found = {}
        for name, gateway in self.bank.gateways.items():
            server = ModbusServer(gateway, self.now, idle_s=IDLE_S, noticed=self._soon)
            self.servers[name] = server
            found[name] = await server.start(*ports[name])
        self._soon()
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

    def _soon(self) -> None:
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
        bank = self.bank
        bank.apply(now)
        bank.advance(now)
        for server in self.servers.values():
            if server.needs(now):
                task = asyncio.ensure_future(server.send_due(now))
                self._busy.add(task)
                task.add_done_callback(self._busy.discard)
        self.stations.flush(now)
        if bank.agenda.ran is not None:
            self._note(bank.agenda.ran)
        wake = bank.next_wake()
        if wake < NEVER:
            self._wake(max(wake, now + self._grain_ms))

    def _note(self, ran: list[int]) -> None:
        done = self.now()
        for due in ran:
            ms = max(0, done - due)
            self.late[ms] = self.late.get(ms, 0) + 1
        ran.clear()
