"""The embedded broker under abuse: malformed packets, half a hello, floods, giant topics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from controller.interface.clock import pause
from controller.interface.streams import stream
from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import Connection
from devices.serve.packets import encode_connect, encode_publish
from scenarios.rig.broker import Broker, free_port
from tests.contract.listener import Listener
from tests.fuzzing import MQTT, bent

pytestmark = pytest.mark.wire
HELLO = encode_connect("rude", None, 0, None)


class Bench:
    """A broker and two good clients that must always hear each other."""

    def __init__(self) -> None:
        self.broker = Broker("embedded", "127.0.0.1", free_port())
        self.ear = Listener("ear", ("good/#",))
        self.changed = asyncio.Event()
        self.said = 0

    async def open(self) -> None:
        await self.broker.start()
        access = Access("127.0.0.1", self.broker.port)
        self.good = [Connection(c, None, self.changed) for c in (self.ear, Listener("mouth"))]
        for connection in self.good:
            await connection.connect(access)
            await self.until(lambda c=connection: c.ready)  # type: ignore[misc]

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not reached():
                self.changed.clear()
                await self.changed.wait()

    async def still_good(self) -> None:
        self.said += 1
        self.good[1].publish([Publication("good/day", b"%d" % self.said, False)])
        await self.until(lambda: len(self.ear.got) == self.said)

    async def rude(self, data: bytes) -> asyncio.StreamWriter:
        _, writer = await asyncio.open_connection("127.0.0.1", self.broker.port)
        writer.write(data)
        return writer

    @property
    def memory(self) -> int:
        assert self.broker.process is not None
        return psutil.Process(self.broker.process.pid).memory_info().rss


def scene(play: Callable[[Bench], object]) -> None:
    async def run() -> None:
        bench = Bench()
        await bench.open()
        try:
            await play(bench)  # type: ignore[misc]
            await bench.still_good()
            assert bench.broker.ended() is None
        finally:
            await bench.broker.stop()

    asyncio.run(run())


def test_malformed_packets_cost_only_their_own_connection(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        rng = stream(5, "abuse")
        for number in range(150):
            data = b"".join(bent(rng, MQTT) for _ in range(5))
            writer = await bench.rude((HELLO if number % 2 else b"") + data)
            if number % 10 == 0:
                await bench.still_good()
            writer.close()

    scene(play)


def test_half_a_hello_and_hundreds_of_idle_connections(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        writers = [await bench.rude(HELLO[: n % 8]) for n in range(300)]
        for _ in range(5):
            await bench.still_good()
        for writer in writers:
            writer.close()

    scene(play)


def test_giant_topics_and_a_flood_leave_memory_bounded(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        before = bench.memory
        topic = "x/" * 30_000
        one = encode_publish(topic, b"y" * 1000, 7, retain=False)
        for _ in range(5):
            writer = await bench.rude(HELLO + one * 20)
            await bench.still_good()
            await pause(0.1)
            writer.close()
        assert bench.memory - before < 100_000_000

    scene(play)
