"""A real Modbus/TCP server in front of one gateway.

Answers strict masters: pipelined, split and merged frames, exceptions as FC | 0x80, and a closed
connection where framing is lost. Replies that the gateway holds are sent when `send_due` says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from controller.interface.modbus import Stream, encode_adu
from devices.gateway import Gateway

Peer = tuple[str, int]
"""Address and port of a master."""


def _everybody(peer: Peer) -> bool:
    return True


class ModbusServer:
    """Listens for masters of one gateway.

    `now` gives the run's time (ms) at which a request counts as received; `counts` tells the
    controller's own connections from those of onlookers.
    """

    def __init__(
        self,
        gateway: Gateway,
        now: Callable[[], int],
        counts: Callable[[Peer], bool] = _everybody,
    ) -> None:
        self.gateway = gateway
        self.now = now
        self.counts = counts
        self.masters: dict[int, asyncio.Transport] = {}
        self.arrived = asyncio.Event()
        self._numbers = 0
        self._server: asyncio.Server | None = None
        self._address: Peer = ("", 0)

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port (any free one for 0). OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Master(self), host, port)
        self._address = (host, int(self._server.sockets[0].getsockname()[1]))
        return self._address[1]

    async def send_due(self, now: int) -> None:
        """Send late replies; close and refuse masters while the gateway is off."""
        if self.gateway.refuses:
            await self.close()
        elif self._server is None:
            await self.start(*self._address)
        for conn, reply in self.gateway.due(now):
            self.masters[conn].write(reply)

    async def settle(self, requests: int) -> None:
        """Wait until the gateway has received that many requests of the controller, in all."""
        while self.gateway.requests < requests:
            self.arrived.clear()
            await self.arrived.wait()

    async def close(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in [*self.masters.values()]:
            transport.close()

    def number(self) -> int:
        """A connection number that was not used before."""
        self._numbers += 1
        return self._numbers


class _Master(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: ModbusServer) -> None:
        self._server = server
        self._stream = Stream()
        self._conn = server.number()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the master, or turn it away."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        if self._server.gateway.connect(self._conn, self._server.counts(peer[:2])):
            self._server.masters[self._conn] = transport
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame in order; lost framing ends the connection."""
        if self._conn not in self._server.masters:
            return
        now = self._server.now()
        replies = []
        for frame in self._stream.feed(data):
            adu = encode_adu(frame.transaction, frame.unit, frame.pdu)
            replies.append(self._server.gateway.receive(self._conn, adu, now))
        self._transport.write(b"".join(reply for reply in replies if reply is not None))
        self._server.arrived.set()
        if self._stream.broken:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the master."""
        if self._server.masters.pop(self._conn, None) is not None:
            self._server.gateway.disconnect(self._conn)
