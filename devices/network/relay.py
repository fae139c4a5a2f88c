"""A TCP relay in this process: a network whose faults are chosen, on the wall clock.

Order is kept; all draws hang on the generator. What waits is bounded: a side that sends more than
`MOST_WAITING` bytes ahead is not read from until they have gone out. In lock-step, where time is
simulated, a network's delay is a reply that the twin holds back; this relay is for real time.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from typing import cast

from numpy.random import Generator

from devices.network.conditions import CALM, Conditions

MOST_WAITING = 1 << 18


class Relay:
    """Listens, and carries every connection on to one target; `pace` times as fast as real."""

    def __init__(self, host: str, port: int, rng: Generator, pace: float = 1.0) -> None:
        self.conditions = CALM
        self._pace_ms = 1000 * pace
        self._target = (host, port)
        self._rng = rng
        self._server: asyncio.Server | None = None
        self._address = ("", 0)
        self._sides: set[_Side] = set()
        self._callers: list[_Side] = []

    async def start(self, host: str, port: int) -> int:
        """Listen; the port (any free one for 0). OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Side(self, near=True), host, port)
        self._address = (host, int(self._server.sockets[0].getsockname()[1]))
        return self._address[1]

    async def follow(self, listening: bool) -> None:
        """Take connections only while the target does; OSError if the port is taken meanwhile."""
        if listening and self._server is None:
            await self.start(*self._address)
        elif not listening and self._server is not None:
            self._server.close()
            self._server = None

    def carry(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """Other conditions from now on, with other draws."""
        self._rng = rng
        self.set(conditions)

    def set(self, conditions: Conditions) -> None:
        """Other conditions from now on; what waits goes on under them."""
        self.conditions = conditions
        for side in [*self._sides]:
            side.pump_both()
        if not conditions.parted:
            callers, self._callers = self._callers, []
            for caller in callers:
                caller.call()

    def reset(self) -> None:
        """Reset every connection (RST), both ends."""
        for side in [*self._sides]:
            side.reset()

    @property
    def connections(self) -> int:
        """How many connections are carried."""
        return len(self._sides) // 2

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        self.reset()

    def pause_s(self, size: int) -> tuple[float, float]:
        """How much later a piece arrives, and how long its `size` bytes take to go out (s)."""
        now = self.conditions
        return now.late_ms(self._rng) / self._pace_ms, now.going_ms(size) / self._pace_ms

    def hold(self, near: _Side) -> bool:
        """Whether a client that has come must wait, because the network is cut."""
        if self.conditions.parted:
            self._callers.append(near)
        return self.conditions.parted

    async def dial(self, near: _Side) -> None:
        """Connect to the target on behalf of a client that has come."""
        loop = asyncio.get_running_loop()
        try:
            _, far = await loop.create_connection(lambda: _Side(self, near=False), *self._target)
        except OSError:
            near.reset()
            return
        near.join(far)

    def enter(self, side: _Side) -> None:
        """A side has come up."""
        self._sides.add(side)

    def leave(self, side: _Side) -> None:
        """A side is down."""
        self._sides.discard(side)


class _Side(asyncio.Protocol):
    """One end of a connection; what it receives waits here until it may go to the other end."""

    def __init__(self, relay: Relay, *, near: bool) -> None:
        self._relay, self._near = relay, near
        self._other: _Side | None = None
        self._waits: deque[tuple[float, bytes]] = deque()
        self._waiting = 0
        self._last = 0.0
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None
        self._dialing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come, or the target has been reached."""
        self._transport = cast("asyncio.Transport", transport)
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._relay.enter(self)
        if self._near and not self._relay.hold(self):
            self.call()

    def call(self) -> None:
        """Reach for the target, unless the client has given up."""
        if not self._ended:
            self._dialing = asyncio.ensure_future(self._relay.dial(self))

    def join(self, other: _Side) -> None:
        """The two ends know each other."""
        self._other, other._other = other, self
        self.pump()

    def data_received(self, data: bytes) -> None:
        """Let it wait for its time."""
        if self._relay.conditions.half_open:
            return
        later_s, going_s = self._relay.pause_s(len(data))
        now = asyncio.get_running_loop().time()
        self._last = max(self._last, now + later_s) + going_s
        self._waits.append((self._last, data))
        self._waiting += len(data)
        if self._waiting > MOST_WAITING:
            self._transport.pause_reading()
        self.pump()

    def connection_lost(self, error: Exception | None) -> None:
        """This end is gone; the other learns it after what is still under way."""
        self._ended = True
        self._relay.leave(self)
        self.pump()

    def pump_both(self) -> None:
        """Hand on what is due at either end; one that is gone may have left something."""
        self.pump()
        if self._other is not None:
            self._other.pump()

    def pump(self) -> None:
        """Hand on what is due; look again when the next piece is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._other is None or self._relay.conditions.parted:
            return
        loop = asyncio.get_running_loop()
        while self._waits and self._waits[0][0] <= loop.time():
            _, data = self._waits.popleft()
            self._waiting -= len(data)
            self._other._transport.write(data)
        if self._waits:
            self._timer = loop.call_at(self._waits[0][0], self.pump)
        elif self._ended and not self._relay.conditions.half_open:
            self._other._transport.close()
        if not self._ended and self._waiting <= MOST_WAITING:
            self._transport.resume_reading()

    def reset(self) -> None:
        """End it with RST, and the other end too."""
        for side in (self, self._other):
            if side is not None and not side._ended:
                sock = side._transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                side._transport.abort()
