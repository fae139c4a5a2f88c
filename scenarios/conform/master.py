"""A strict Modbus/TCP master on raw bytes: what it sends is exactly what a test says."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from controller.interface.clock import pause, wall_us
from controller.interface.modbus import (
    Adu,
    BadReply,
    Reply,
    Request,
    Stream,
    decode_reply,
    encode_adu,
    encode_request,
)
from scenarios.conform.target import ModbusTarget, UnreachableError
from scenarios.conform.verdict import BrokenError

PATIENCE_S = 2.0
"""How long an answer may take before it counts as none."""

_TURNED_AWAY_S = 2.0


class Master:
    """One connection; transaction ids count from 1."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._stream = Stream()
        self._frames: list[Adu] = []
        self._transaction = 0
        self.took_ms = 0.0

    @classmethod
    async def dial(cls, target: ModbusTarget) -> Master:
        """Connect; UnreachableError with a sentence if nobody listens."""
        try:
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_connection(target.host, target.port)
        except (OSError, TimeoutError) as error:
            why = os.strerror(error.errno) if error.errno else "no answer within 5 s"
            raise UnreachableError(f"{target} cannot be reached: {why}") from error
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reader, writer)

    async def ask(self, unit: int, pdu: bytes) -> bytes:
        """Send one PDU and return the answering PDU; `took_ms` is how long it took.

        BrokenError if no whole answer comes, or one with another transaction or unit id.
        """
        self._transaction = self._transaction % 0xFFFF + 1
        began = wall_us()
        self.send(encode_adu(self._transaction, unit, pdu))
        frame = (await self.frames(1, f"{pdu[:6].hex(' ')} to unit {unit}"))[0]
        self.took_ms = (wall_us() - began) / 1000
        if (frame.transaction, frame.unit) != (self._transaction, unit):
            raise BrokenError(
                f"transaction {self._transaction} to unit {unit} was answered as transaction "
                f"{frame.transaction} of unit {frame.unit}"
            )
        return frame.pdu

    async def request(self, unit: int, request: Request) -> Reply:
        """Ask and take the answer apart; BrokenError if it does not fit the question."""
        reply = decode_reply(request, await self.ask(unit, encode_request(request)))
        if isinstance(reply, BadReply):
            raise BrokenError(f"function {request.function}: {reply.reason}")
        return reply

    def send(self, data: bytes) -> None:
        """Send raw bytes."""
        self._writer.write(data)

    async def frames(self, count: int, question: str) -> list[Adu]:
        """Return the next frames; BrokenError if fewer come in time."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(self._frames) < count:
                    data = await self._reader.read(65536)
                    if not data:
                        raise BrokenError(f"{question}: the connection was closed")
                    self._frames += self._stream.feed(data)
                    if self._stream.broken:
                        raise BrokenError(f"{question}: {self._stream.broken}")
        except TimeoutError:
            got = f"{len(self._frames)} of {count} answers" if count > 1 else "no answer"
            raise BrokenError(f"{question}: {got} within {PATIENCE_S:g} s") from None
        taken, self._frames = self._frames[:count], self._frames[count:]
        return taken

    async def ended(self) -> bool:
        """Whether the other side closes the connection in time; what still comes is dropped."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while await self._reader.read(65536):
                    pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    async def close(self) -> None:
        """Close it and wait until it is closed."""
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()


@asynccontextmanager
async def connected(target: ModbusTarget) -> AsyncIterator[Master]:
    """A connection for one test; a server still busy with the end of the last is asked again."""
    master = await _first_answer(target)
    try:
        yield master
    finally:
        await master.close()


async def _first_answer(target: ModbusTarget) -> Master:
    """Connect until a read is answered at all, for 2 s; then give what there is."""
    deadline = wall_us() + _TURNED_AWAY_S * 1e6
    while True:
        master = await Master.dial(target)
        try:
            await master.ask(target.unit, b"\x03\x00\x00\x00\x01")
        except (BrokenError, OSError):
            if wall_us() > deadline:
                return master
            await master.close()
            await pause(0.05)
        else:
            return master
