"""A serial device server in front of a panel's printer: whoever connects gets what is printed.

Like a serial line it has no memory: a client hears what is printed while it is connected. One that
does not read is cut off when `MOST_WAITING` bytes wait for it; what clients send is thrown away.
"""

from __future__ import annotations

import asyncio

from devices.panels.printer import Printer

MOST_CLIENTS = 4
MOST_WAITING = 65_536


class PrinterServer:
    """Listens for clients of one printer."""

    def __init__(self, printer: Printer) -> None:
        self.printer = printer
        self.clients: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port (any free one for 0). OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Client(self), host, port)
        return int(self._server.sockets[0].getsockname()[1])

    def send(self) -> None:
        """Print what waits on every line."""
        for line in self.printer.take():
            for client in tuple(self.clients):
                if client.get_write_buffer_size() + len(line) > MOST_WAITING:
                    self.clients.discard(client)
                    client.abort()
                else:
                    client.write(line)

    async def close(self) -> None:
        """Stop listening and close every line."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for client in tuple(self.clients):
            client.abort()


class _Client(asyncio.Protocol):
    """One client."""

    def __init__(self, server: PrinterServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the client, or turn it away."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if len(self._server.clients) >= MOST_CLIENTS:
            transport.abort()
        else:
            self._server.clients.add(transport)

    def data_received(self, data: bytes) -> None:
        """A printer does not listen."""

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the client."""
        self._server.clients.discard(self._transport)
