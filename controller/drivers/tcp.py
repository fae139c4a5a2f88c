"""A Modbus/TCP connection on asyncio: bytes in, whole frames out. Knows no time and no retries."""

from __future__ import annotations

import asyncio
import socket

from controller.drivers.arrival import Arrival
from controller.interface.modbus import Adu, Stream

CONNECT_S = 5.0
"""Wall-clock limit of one attempt; it only decides that an attempt failed."""


class _Connection(asyncio.Protocol):
    """One connection; a link that is connected again gets another."""

    def __init__(self, arrival: Arrival) -> None:
        self.transport: asyncio.Transport | None = None
        self.frames: list[Adu] = []
        self.received = 0
        self._arrival = arrival
        self._stream = Stream()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Without TCP_NODELAY a small request may wait 40 ms for an acknowledgement."""
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect frames; bytes that are not Modbus end the connection."""
        frames = self._stream.feed(data)
        self.frames += frames
        self.received += len(frames)
        if self._stream.broken:
            self.abort()
        self._arrival.ring()

    def connection_lost(self, error: Exception | None) -> None:
        """The other side closed, or the network did."""
        self.transport = None
        self._arrival.ring()

    def abort(self) -> None:
        """Close at once."""
        if self.transport is not None:
            self.transport.abort()
            self.transport = None


class TcpLink:
    """A link to one server; it may be connected again after it was lost."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._arrival = Arrival()
        self._connection = _Connection(self._arrival)

    @property
    def connected(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self._connection.transport is not None

    async def connect(self) -> bool:
        """Open it; False if the server refuses or cannot be reached."""
        self._connection.abort()
        self._connection = connection = _Connection(self._arrival)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S):
                await loop.create_connection(lambda: connection, self._host, self._port)
        except OSError:  # TimeoutError is one too
            return False
        return self.connected

    def send(self, adu: bytes) -> None:
        """Send one frame; on a lost connection it goes nowhere."""
        if self._connection.transport is not None:
            self._connection.transport.write(adu)

    async def settle(self, count: int) -> None:
        """Wait until `count` frames have come on this connection, or it is lost."""
        connection = self._connection
        while connection.received < count and connection.transport is not None:
            await self._arrival.wait()

    def take(self) -> list[Adu]:
        """The frames that came since the last call."""
        frames, self._connection.frames = self._connection.frames, []
        return frames

    def close(self) -> None:
        """Close it."""
        self._connection.abort()
