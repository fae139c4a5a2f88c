"""What the emulator adds to the latency that a device declares: stimulus to wire, 300 devices.

Door locks are told over Modbus to let go or hold, and their bolts are read every millisecond.
What a lock declares comes from the same school with the same seed, played in memory in slices of
one millisecond. The difference includes a round trip for the write and the grain of the reads.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import Any, cast

from controller.interface.clock import wall_ms
from controller.interface.modbus import Request, Stream, encode_adu, encode_request
from devices.bank import Bank
from scenarios.district.percentile import percentile
from scenarios.district.school import LOCKS, Weather, another, nobody, school
from scenarios.rig.broker import Broker, choose, die_with_parent, free_port

_TURNS = 400
_EVERY_MS = 25
_SEED = 1
_PAUSE_S = 0.001
"""Between reads; a watcher that never rests takes the core that the emulator needs."""


def declared_ms() -> list[int]:
    """From the write to the bolt's register, per lock, as the devices themselves want it."""
    bank = Bank(another(school(), 0), Weather(wall_ms()), _SEED, nobody)
    gateway = bank.gateways["doors"]
    found: dict[int, int] = {}
    for now in range(1000):
        bank.advance(now)
        if now == 100:
            for lock in range(LOCKS):
                write = encode_request(Request(5, 16 * lock, 1, (1,)))
                gateway.receive(1, encode_adu(1, 1, write), now)
            bank.apply(now)
        for lock in range(LOCKS):
            bolt = gateway.units[1].read(2, 16 * lock, 1)
            if bolt == (0,):
                found.setdefault(lock, now - 100)
    return [found[lock] for lock in range(LOCKS)]


class _Watcher(asyncio.Protocol):
    """Writes releases in turn and reads all bolts; `added` and `trips` count tenths of a ms."""

    def __init__(self, declared: list[int]) -> None:
        self.added: Counter[int] = Counter()
        self.trips: Counter[int] = Counter()
        self._sent_ms = 0.0
        self.done = asyncio.Event()
        self._declared = declared
        self._stream = Stream()
        self._bolts = [True] * LOCKS
        self._asked: dict[int, float] = {}
        self._turn, self._next_ms = 0, 0.0
        self._read = encode_adu(1, 1, encode_request(Request(2, 0, 16 * LOCKS)))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Look at the bolts, then go on."""
        now = 1000 * asyncio.get_running_loop().time()
        for adu in self._stream.feed(data):
            if adu.pdu[0] == 2:
                self.trips[round(10 * (now - self._sent_ms))] += 1
                self._look(adu.pdu[2:], now)
                self._go_on(now)

    def _look(self, bits: bytes, now: float) -> None:
        for lock, was in enumerate(self._bolts):
            shut = bool(bits[2 * lock] & 1)
            if shut != was:
                self._bolts[lock] = shut
                added = now - self._asked[lock] - self._declared[lock]
                self.added[max(0, round(10 * added))] += 1

    def _go_on(self, now: float) -> None:
        if now >= self._next_ms and self._turn < _TURNS:
            self._next_ms = now + _EVERY_MS
            lock = self._turn % LOCKS
            hold = self._turn // LOCKS % 2
            self._turn += 1
            self._asked[lock] = now
            write = encode_request(Request(5, 16 * lock, 1, (1 - hold,)))
            self._transport.write(encode_adu(2, 1, write))
        if sum(self.added.values()) >= _TURNS:
            self.done.set()
        else:
            asyncio.get_running_loop().call_later(_PAUSE_S, self._ask)

    def _ask(self) -> None:
        self._sent_ms = 1000 * asyncio.get_running_loop().time()
        self._transport.write(self._read)


async def added_latency() -> dict[str, Any]:
    """The distribution of added latency (ms) over 400 commands to 40 locks."""
    print("stimulus to wire at 300 devices", file=sys.stderr)
    declared = declared_ms()
    broker = Broker(choose("auto"), "127.0.0.1", free_port())
    await broker.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scenarios.district.emulators", str(broker.port), "1", "1",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        preexec_fn=die_with_parent(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        up = await process.stdout.readline()
        watcher = _Watcher(declared)
        port = _doors(up)
        await asyncio.get_running_loop().create_connection(lambda: watcher, "127.0.0.1", port)
        async with asyncio.timeout(60):
            await watcher.done.wait()
    finally:
        process.kill()
        await process.wait()
        await broker.stop()
    return {
        "added_p50_ms": percentile(watcher.added, 0.5) / 10,
        "added_p99_ms": percentile(watcher.added, 0.99) / 10,
        "added_max_ms": max(watcher.added) / 10,
        "read_p99_ms": percentile(watcher.trips, 0.99) / 10,
        "commands": sum(watcher.added.values()),
    }


def _doors(line: bytes) -> int:
    ports = json.loads(line)["ports"]
    return int(ports[1])
