"""A Modbus server under abuse: the abuser pays, memory is bounded, everybody else is served."""

from __future__ import annotations

import asyncio
import socket
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from controller.interface.clock import pause
from devices.serve.modbus import ModbusServer
from tests.contract.raw import RawMaster, ask
from tests.contract.test_modbus_server import closed
from tests.devices.plant import Plant

pytestmark = pytest.mark.wire
READ = bytes.fromhex(ask("0300000001"))


@asynccontextmanager
async def strict(plant: Plant, **limits: float) -> AsyncIterator[tuple[ModbusServer, int]]:
    server = ModbusServer(plant.bank.gateways["fire"], lambda: plant.now, **limits)
    port = await server.start("127.0.0.1", 0)
    try:
        yield server, port
    finally:
        await server.close()


def test_whoever_trickles_half_a_frame_is_cut_off_and_others_are_served(plant: Plant) -> None:
    async def scene() -> None:
        async with strict(plant, patience_s=0.3) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            cut = asyncio.create_task(closed(reader))
            for byte in READ[:-1] * 3:
                if cut.done():
                    break
                writer.write(bytes([byte]))
                await pause(0.05)
                good = await asyncio.to_thread(RawMaster, port)
                assert await asyncio.to_thread(good.ask, "0300000001") == "03021400"
                good.close()
            async with asyncio.timeout(20):
                assert await cut
            writer.close()

    asyncio.run(scene())


def test_a_master_that_says_nothing_is_cut_off_where_that_is_wanted(plant: Plant) -> None:
    async def scene() -> None:
        async with strict(plant, idle_s=0.1) as (server, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await closed(reader)
            writer.close()
            while server.masters:
                await pause(0.01)

    asyncio.run(scene())


def test_a_thousand_connections_cost_one_master_nothing(plant: Plant) -> None:
    async def scene() -> None:
        async with strict(plant) as (server, port):
            good = await asyncio.to_thread(RawMaster, port)
            crowd = []
            for _ in range(1000):
                sock = socket.socket()
                sock.setblocking(False)
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
                crowd.append(sock)
            while len(server.masters) < 4:
                await pause(0.01)
            for _ in range(20):
                assert await asyncio.to_thread(good.ask, "0300000001") == "03021400"
            assert len(server.masters) == 4
            for sock in crowd:
                sock.close()
            while len(server.masters) > 1:
                await pause(0.01)
            good.close()

    asyncio.run(scene())


def test_a_flood_that_is_never_read_is_bounded_and_keeps_nobody_out(plant: Plant) -> None:
    flood = READ * 20_000

    async def scene() -> int:
        async with strict(plant) as (_, port):
            tracemalloc.start()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            good = await asyncio.to_thread(RawMaster, port)
            pushing = [asyncio.create_task(push(writer)) for _ in range(1)]
            for _ in range(50):
                assert await asyncio.to_thread(good.ask, "0300000001") == "03021400"
            grown = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            for task in pushing:
                task.cancel()
            writer.transport.abort()
            del reader
            good.close()
            return grown

    async def push(writer: asyncio.StreamWriter) -> None:
        for _ in range(20):
            writer.write(flood)
            await writer.drain()

    assert asyncio.run(scene()) < 24_000_000, "five megabytes of requests in all were offered"


def test_whoever_floods_a_slow_gateway_is_cut_off(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "slow", delay_ms=60_000)

    async def scene() -> None:
        async with strict(plant) as (server, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(READ * 2000)
            assert await closed(reader)
            while server.masters:
                await pause(0.01)
            assert server.gateway.waiting(1) == 0
            writer.close()

    asyncio.run(scene())
