"""A master that polls every gateway once a second, in a process of its own.

The first line on stdin names the ports. Each gateway's poll has its place in the second; one
request follows the reply to the one before.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import cast

from controller.interface.clock import wall_ms
from controller.interface.modbus import Stream
from scenarios.district.percentile import percentile
from scenarios.rig.embedded import quick_loop

_PERIOD_S = 1.0
_SCRIPTS = (
    ("0300000078", "0300780028", "03015d000a", "0400000002"),
    ("0200000280",),
    ("0200000014", "0400000014"),
    ("020000000f", "040000000f"),
    ("020000000a", "0400000006"),
)
"""What is read, by place of the gateway in its school: loop, bolts, sounders, lights, gate."""


class _Master(asyncio.Protocol):
    """One gateway's poll."""

    def __init__(self, number: int, trips: Counter[int]) -> None:
        self._frames = [
            b"\0\1\0\0\0\6\1" + bytes.fromhex(pdu) for pdu in _SCRIPTS[number % len(_SCRIPTS)]
        ]
        self._phase_s = (number * 0.618) % _PERIOD_S
        self._trips = trips
        self._stream = Stream()
        self._next = 0
        self._asked_ms = 0
        self.missed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin at its place in the second."""
        self._transport = transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + self._phase_s
        self._loop.call_at(self._due, self._poll)

    def data_received(self, data: bytes) -> None:
        """Take the reply, send the next request."""
        for _ in self._stream.feed(data):
            self._trips[wall_ms() - self._asked_ms] += 1
            self._next += 1
            if self._next < len(self._frames):
                self._ask()

    def _poll(self) -> None:
        if 0 < self._next < len(self._frames):
            self.missed += 1
        else:
            self._next = 0
            self._ask()
        self._due += _PERIOD_S
        self._loop.call_at(self._due, self._poll)

    def _ask(self) -> None:
        self._asked_ms = wall_ms()
        self._transport.write(self._frames[self._next])


async def _poll(ports: list[int]) -> None:
    loop = asyncio.get_running_loop()
    trips: Counter[int] = Counter()
    masters = [_Master(number, trips) for number in range(len(ports))]
    for master, port in zip(masters, ports, strict=True):
        await loop.create_connection(lambda m=master: m, "127.0.0.1", port)  # type: ignore[misc]
    await loop.run_in_executor(None, sys.stdin.readline)
    trips.clear()
    await loop.run_in_executor(None, sys.stdin.readline)
    document = {
        "replies": sum(trips.values()),
        "reply_p50_ms": percentile(trips, 0.5),
        "reply_p99_ms": percentile(trips, 0.99),
        "missed": sum(master.missed for master in masters),
    }
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        runner.run(_poll([int(word) for word in sys.stdin.readline().split()]))
