"""Devices in real time on a real broker: they answer, fail and recover without anybody stepping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from controller.interface.clock import pause, utc_ms, wall_ms
from controller.interface.envelope import encode_command
from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import Connection
from devices.serve.live import LiveDevices
from scenarios.rig.broker import Broker, free_port, mosquitto_path
from tests.contract.listener import Listener
from tests.contract.raw import RawMaster
from tests.devices.plant import Plant

pytestmark = pytest.mark.wire
BASE = "cs/1/plant"


class Bench:
    """A broker, the plant in real time, and a desk that listens to everything."""

    def __init__(self, plant: Plant, broker: Broker) -> None:
        self.plant, self.broker = plant, broker
        self.access = Access(broker.host, broker.port, keepalive_s=5)
        self.live = LiveDevices(plant.bank, wall_ms(), self.access)
        self.ear = Listener("desk", (f"{BASE}/#",))
        self.changed = asyncio.Event()

    async def open(self) -> None:
        self.desk = Connection(self.ear, None, self.changed)
        await self.desk.connect(self.access)
        self.ports = await self.live.start(
            dict.fromkeys(self.plant.bank.gateways, ("127.0.0.1", 0))
        )
        await self.until(lambda: self.live.stations.connected == 4)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not reached():
                await pause(0.01)

    def said(self, leaf: str, word: bytes) -> int:
        return sum(t == f"{BASE}/{leaf}" and word in body for t, body in self.ear.got)

    def order(self, number: int, value: str) -> None:
        body = encode_command(f"o#{number}", value, 2, 5000, utc_ms())
        self.desk.publish([Publication(f"{BASE}/sign/sign-1/cmd/show", body, False)])


def scene(folder: Path, play: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        kind = "mosquitto" if mosquitto_path() else "embedded"
        bench = Bench(Plant(folder, settle=False), Broker(kind, "127.0.0.1", free_port()))
        await bench.broker.start()
        try:
            await bench.open()
            await play(bench)
            await bench.live.close()
        finally:
            await bench.broker.stop()

    asyncio.run(run())


def test_a_sign_obeys_and_a_lock_lets_go(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        bench.order(1, "left")
        await bench.until(lambda: bench.said("sign/sign-1/ack", b'"r":"ok"') == 1)
        await bench.until(lambda: bench.said("sign/sign-1/state/showing", b'"left"') == 1)
        master = await asyncio.to_thread(RawMaster, bench.ports["doors"])
        assert await asyncio.to_thread(master.ask, "0200010001") == "020101"
        assert await asyncio.to_thread(master.ask, "05000100ff".replace("0100ff", "01ff00"))
        async with asyncio.timeout(5):
            while await asyncio.to_thread(master.ask, "0200010001") != "020100":
                await pause(0.01)
        master.close()

    scene(tmp_path, play)


def test_faults_begin_and_end_while_it_runs(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        bank, live = bench.plant.bank, bench.live
        bank.fault(live.now(), "sign-1", "refused")
        await bench.until(lambda: bench.said("sign/sign-1/status", b'"lost"') == 1)
        bank.clear(live.now(), "sign-1", "refused")
        await bench.until(lambda: bench.said("sign/sign-1/status", b'"ready"') == 2)
        bank.fault(live.now(), "sign-1", "client-id-clash", delay_ms=60_000)
        await bench.until(lambda: bench.said("sign/sign-1/status", b'"lost"') == 2)
        await bench.until(lambda: bench.said("sign/sign-1/status", b'"ready"') == 3)
        bank.fault(live.now(), "fire", "off")
        await bench.until(lambda: not bench.live.servers["fire"].needs(live.now()))
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(RawMaster, bench.ports["fire"])
        bank.clear(live.now(), "fire", "off")
        await bench.until(lambda: not bench.live.servers["fire"].needs(live.now()))
        master = await asyncio.to_thread(RawMaster, bench.ports["fire"])
        bank.fault(live.now(), "fire", "wrong-unit")
        assert await asyncio.to_thread(master.ask, "0300000001") == "03021400"
        master.close()

    scene(tmp_path, play)


def test_all_devices_return_to_a_broker_that_was_away(tmp_path: Path) -> None:
    async def play(bench: Bench) -> None:
        await bench.broker.stop()
        await bench.until(lambda: bench.live.stations.connected == 0)
        await bench.broker.start()
        await bench.until(lambda: bench.live.stations.connected == 4)

    scene(tmp_path, play)
