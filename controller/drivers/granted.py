"""The clock under a twin: grants come over a private TCP channel, done goes back."""

from __future__ import annotations

import asyncio
import socket

from controller.interface.channel import decode_grant, encode_done
from controller.interface.clock import Done, Grant


class ChannelLost(Exception):  # noqa: N818 - what happened, in the words of the channel
    """The channel closed although no grant had said stop."""


class GrantedClock:
    """One connection to whoever grants. A grant that is repeated gets the same done again."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._last: Grant | None = None
        self._answer = b""

    @classmethod
    async def connect(cls, host: str, port: int) -> GrantedClock:
        """Open the channel; OSError if nobody grants there."""
        reader, writer = await asyncio.open_connection(host, port)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reader, writer)

    async def grant(self) -> Grant | None:
        """The next grant; None for stop. ChannelLost, or BadLine for what is no grant."""
        while True:
            grant = decode_grant(await self._line())
            if grant.stop:
                return None
            if grant != self._last:
                self._last = grant
                return grant
            self._writer.write(self._answer)

    async def done(self, done: Done) -> None:
        """Answer the grant."""
        self._answer = encode_done(done)
        try:
            self._writer.write(self._answer)
            await self._writer.drain()
        except ConnectionError:
            raise ChannelLost("the grant channel closed before the run was stopped") from None

    def close(self) -> None:
        """Close the channel."""
        self._writer.close()

    async def _line(self) -> bytes:
        try:
            line = await self._reader.readline()
        except ConnectionError:
            line = b""
        if not line.endswith(b"\n"):
            raise ChannelLost("the grant channel closed before the run was stopped")
        return line
