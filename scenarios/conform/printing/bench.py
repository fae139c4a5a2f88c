"""What every test of a printer works with: three lines that heard the same, one of them rude."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, field

from controller.interface.clock import pause, wall_us
from scenarios.conform.printing.telegram import cut
from scenarios.conform.provoking import provoke
from scenarios.conform.target import PrinterTarget, UnreachableError
from scenarios.conform.verdict import InapplicableError, Latencies, Limits

CONNECT_S = 5.0
RUDE = b"AT\r\n\xff\xfd\x01\x1b@\x00" * 20
"""What programs send to a serial server that they take for a modem, a terminal or a printer."""

QUIET_S, PROVOKED_S = 10.0, 30.0
"""How long a panel is given to print by itself, and once it was given a reason."""

_SETTLED_S = 1.5
_TAKEN_S = 0.2
"""A serial server takes a client some time after the connection stands."""


@dataclass(slots=True)
class Line:
    """One connection: the bytes that came, in pieces, and when (ms)."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    ended: bool = False

    @classmethod
    async def dial(cls, target: PrinterTarget) -> Line:
        """Connect; UnreachableError with a sentence."""
        try:
            async with asyncio.timeout(CONNECT_S):
                return cls(*await asyncio.open_connection(target.host, target.port))
        except (OSError, TimeoutError) as error:
            why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
            why = why or f"no answer within {CONNECT_S:g} s"
            raise UnreachableError(f"{target} cannot be reached: {why}") from error

    async def hear(self) -> None:
        """Keep what comes, until the other side ends it."""
        with suppress(ConnectionError):
            while piece := await self.reader.read(4096):
                self.pieces.append((wall_us() / 1000, piece))
        self.ended = True

    @property
    def bytes(self) -> bytes:
        """All that came."""
        return b"".join(piece for _, piece in self.pieces)

    async def close(self) -> None:
        """End it."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass(slots=True)
class PrinterBench:
    """`lines`: two that listen, and one that sends rubbish while it listens."""

    target: PrinterTarget
    limits: Limits
    lines: list[Line]
    latencies: Latencies = field(default_factory=Latencies)
    ears: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def open(cls, target: PrinterTarget, limits: Limits) -> PrinterBench:
        """Connect and wait until something is printed, or for as long as that may take."""
        bench = cls(target, limits, [await Line.dial(target) for _ in range(3)])
        bench.ears = [asyncio.ensure_future(line.hear()) for line in bench.lines]
        try:
            await bench._begin()
        except BaseException:
            await bench.close()
            raise
        return bench

    async def _begin(self) -> None:
        limits = self.limits
        if not limits.read_only:
            self.lines[2].writer.write(RUDE)
        await pause(_TAKEN_S)
        await provoke(limits.provoke)
        await self.until_printed(limits.soak_s or (PROVOKED_S if limits.provoke else QUIET_S))

    async def until_printed(self, seconds: float) -> None:
        """Wait for a whole telegram, and a moment more; with a soak, for all of it."""
        end = wall_us() + 1e6 * seconds
        while wall_us() < end and (self.limits.soak_s or not self.telegrams):
            await pause(0.05)
        if self.telegrams:
            await pause(_SETTLED_S)

    @property
    def telegrams(self) -> list[bytes]:
        """What the first line heard, telegram by telegram."""
        return cut(self.lines[0].bytes)[0]

    def printed(self) -> list[bytes]:
        """The same; InapplicableError if nothing was printed at all."""
        if not self.lines[0].pieces:
            raise InapplicableError(
                "nothing was printed: let the panel alarm meanwhile, or give --provoke CMD"
            )
        return self.telegrams

    async def close(self) -> None:
        """End every connection."""
        for ear in self.ears:
            ear.cancel()
        for line in self.lines:
            await line.close()
