"""A real Modbus/TCP server in front of one gateway.

Answers strict masters: pipelined, split and merged frames, exceptions as FC | 0x80, and a closed
connection where framing is lost. Replies that the gateway holds are sent when `send_due` says so.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

from controller.interface.modbus import Adu, Stream, encode_adu
from devices.gateway import Gateway
from devices.master import Outgoing

Peer = tuple[str, int]
"""Address and port of a master."""


def _everybody(peer: Peer) -> bool:
    return True


TURN = 32
"""Frames of one master that are answered before others have their turn."""

MAX_HELD = 256
"""Requests of one master that may wait for a slow gateway; one more and it is cut off."""

UNREAD = 1 << 16
"""Bytes of replies that may wait for a master; it is not read from until it has taken them."""


class ModbusServer:
    """Listens for masters of one gateway.

    `now` gives the run's time (ms) at which a request counts as received; `counts` tells the
    controller's own connections from those of onlookers. `patience_s`: how long the rest of a frame
    may take, in wall-clock time; `idle_s`: how long a master may be silent (None: for ever).
    `noticed` is called when something was written, or waits for its answer.
    """

    def __init__(
        self,
        gateway: Gateway,
        now: Callable[[], int],
        counts: Callable[[Peer], bool] = _everybody,
        patience_s: float = 5.0,
        idle_s: float | None = None,
        noticed: Callable[[], None] | None = None,
    ) -> None:
        self.gateway = gateway
        self.now = now
        self.counts = counts
        self.patience_s, self.idle_s = patience_s, idle_s
        self.noticed = noticed
        self.masters: dict[int, asyncio.Transport] = {}
        self.arrived = asyncio.Event()
        self._numbers = 0
        self._server: asyncio.Server | None = None
        self._address: Peer = ("", 0)

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port (any free one for 0). OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Master(self), host, port, backlog=1024)
        self._address = (host, int(self._server.sockets[0].getsockname()[1]))
        return self._address[1]

    @property
    def listening(self) -> bool:
        """Whether it takes masters."""
        return self._server is not None

    def needs(self, now: int) -> bool:
        """Whether `send_due` has anything to do."""
        gateway = self.gateway
        closed = gateway.refuses or gateway.barred
        return gateway.next_wake() <= now or closed == (self._server is not None)

    async def send_due(self, now: int) -> None:
        """Send late replies; close and refuse masters while the gateway is off."""
        if self.gateway.refuses:
            await self.close()
        elif self.gateway.barred:
            self._listen_no_more()
        elif self._server is None:
            await self.start(*self._address)
        for outgoing in self.gateway.due(now):
            self._send(outgoing)

    def _send(self, outgoing: Outgoing) -> None:
        """Send each piece in a segment of its own, as far as TCP lets one choose."""
        transport = self.masters[outgoing.conn]
        for piece in outgoing.pieces:
            transport.write(piece)
        if outgoing.cut:
            linger = struct.pack("ii", 1, 0)
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()

    async def settle(self, requests: int) -> None:
        """Wait until the gateway has received that many requests of the controller, in all."""
        while self.gateway.requests < requests:
            self.arrived.clear()
            await self.arrived.wait()

    async def close(self) -> None:
        """Stop listening and close every connection."""
        self._listen_no_more()
        for transport in [*self.masters.values()]:
            transport.close()

    def _listen_no_more(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def number(self) -> int:
        """A connection number that was not used before."""
        self._numbers += 1
        return self._numbers


class _Master(asyncio.Protocol):
    """One connection. What it may cost is bounded: turns, backlog, half frames, unread replies."""

    def __init__(self, server: ModbusServer) -> None:
        self._server = server
        self._stream = Stream()
        self._conn = server.number()
        self._backlog: deque[Adu] = deque()
        self._taken = False
        self._deaf = False
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the master, or turn it away."""
        self._transport = transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        if peer and self._server.gateway.connect(self._conn, self._server.counts(peer[:2])):
            self._taken = True
            transport.set_write_buffer_limits(high=UNREAD)
            self._server.masters[self._conn] = transport
            self._watch()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take every whole frame; lost framing ends the connection once they are answered."""
        if self._conn in self._server.masters:
            halfway = self._stream.halfway
            frames = self._stream.feed(data)
            self._backlog += frames
            if frames or not halfway:  # one more byte of the same frame buys no time
                self._watch()
            self._serve()

    def pause_writing(self) -> None:
        """It does not read its replies: take no more requests until it does."""
        self._deaf = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._deaf = False
        self._serve()

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the master."""
        if self._limit is not None:
            self._limit.cancel()
        self._backlog.clear()
        if self._taken and self._server.masters.pop(self._conn, None) is not None:
            self._server.gateway.disconnect(self._conn)

    def _serve(self) -> None:
        """Answer some frames, in order, then let others have a turn."""
        if self._conn not in self._server.masters or self._deaf:
            return
        gateway, now = self._server.gateway, self._server.now()
        replies = []
        for _ in range(min(TURN, len(self._backlog))):
            frame = self._backlog.popleft()
            adu = encode_adu(frame.transaction, frame.unit, frame.pdu)
            replies.append(gateway.receive(self._conn, adu, now))
        self._transport.write(b"".join(reply for reply in replies if reply is not None))
        self._server.arrived.set()
        if self._server.noticed is not None and (gateway.writes or gateway.holds):
            self._server.noticed()
        if gateway.waiting(self._conn) > MAX_HELD:
            self._transport.abort()
        elif self._backlog:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._serve)
        elif self._stream.broken:
            self._transport.close()
        elif not self._deaf:
            self._transport.resume_reading()

    def _watch(self) -> None:
        """Bound the wait for the rest of a frame, and the silence of a master."""
        if self._limit is not None:
            self._limit.cancel()
        patience = self._server.patience_s if self._stream.halfway else self._server.idle_s
        if patience is not None:
            loop = asyncio.get_running_loop()
            self._limit = loop.call_later(patience, self._transport.abort)
