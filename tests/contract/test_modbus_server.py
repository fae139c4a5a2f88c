"""One request script, through the gateway directly and through a real socket: the same bytes.

And what a socket adds: pipelining, split segments, garbage, the client limit, faults.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from controller.interface.clock import pause
from controller.interface.modbus import Stream, encode_adu
from devices.serve.modbus import ModbusServer
from tests.devices.plant import Plant

pytestmark = pytest.mark.wire
Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]

SCRIPT = [
    (1, "0300000003"), (1, "0300d20002"), (1, "0600000c01"), (1, "0600c90001"), (1, "030fa00001"),
    (9, "0300000001"), (1, "0400000002"), (1, "0700"), (0, "0300000001"), (1, "2b0e0100"),
]  # fmt: skip
"""(unit, PDU): reads, refused and accepted writes, exceptions, identification."""


def frames() -> list[bytes]:
    return [encode_adu(n, unit, bytes.fromhex(pdu)) for n, (unit, pdu) in enumerate(SCRIPT, 1)]


@asynccontextmanager
async def served(plant: Plant, gateway: str = "fire") -> AsyncIterator[tuple[ModbusServer, int]]:
    server = ModbusServer(plant.bank.gateways[gateway], lambda: plant.now)
    port = await server.start("127.0.0.1", 0)
    try:
        yield server, port
    finally:
        await server.close()


async def answers(reader: asyncio.StreamReader, count: int) -> list[bytes]:
    """The next replies as whole frames."""
    stream, got = Stream(), []
    while len(got) < count:
        data = await asyncio.wait_for(reader.read(4096), 5)
        assert data, f"closed after {len(got)} of {count} replies"
        got += [encode_adu(f.transaction, f.unit, f.pdu) for f in stream.feed(data)]
    return got


async def closed(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), 5) == b""
    except ConnectionError:
        return True


async def one_by_one(pipe: Pipe) -> list[bytes]:
    got = []
    for frame in frames():
        pipe[1].write(frame)
        got += await answers(pipe[0], 1)
    return got


async def all_in_one_segment(pipe: Pipe) -> list[bytes]:
    pipe[1].write(b"".join(frames()))
    return await answers(pipe[0], len(SCRIPT))


async def byte_by_byte(pipe: Pipe) -> list[bytes]:
    for byte in b"".join(frames()):
        pipe[1].write(bytes([byte]))
        await pipe[1].drain()
    return await answers(pipe[0], len(SCRIPT))


@pytest.mark.parametrize("how", [one_by_one, all_in_one_segment, byte_by_byte])
def test_the_socket_gives_the_same_bytes_and_tape_as_the_gateway(
    tmp_path: Path, how: Callable[[Pipe], Awaitable[list[bytes]]]
) -> None:
    direct = Plant(tmp_path)
    fire = direct.bank.gateways["fire"]
    expected = [fire.receive(1, frame, direct.now) for frame in frames()]

    async def scene() -> tuple[list[bytes], Plant]:
        plant = Plant(tmp_path)
        async with served(plant) as (_, port):
            pipe = await asyncio.open_connection("127.0.0.1", port)
            got = await how(pipe)
            pipe[1].close()
            return got, plant

    got, plant = asyncio.run(scene())
    assert got == expected
    if how is one_by_one:  # a tape keeps the order; pipelined requests come before their replies
        assert plant.bank.gateways["fire"].tape.hexdigest() == fire.tape.hexdigest()
    assert plant.bank.gateways["fire"].requests == len(SCRIPT)


GARBAGE = [b"GET / HTTP/1.1\r\n\r\n", bytes(40), b"\xff" * 300, bytes.fromhex("000100000001")]


@pytest.mark.parametrize("junk", [*GARBAGE, bytes.fromhex("0001000000ff01") + bytes(260)])
def test_garbage_costs_only_the_connection_it_came_on(plant: Plant, junk: bytes) -> None:
    async def scene() -> None:
        async with served(plant) as (_, port):
            good = await asyncio.open_connection("127.0.0.1", port)
            bad = await asyncio.open_connection("127.0.0.1", port)
            bad[1].write(junk)
            bad[1].write(bytes(8))
            assert await closed(bad[0])
            good[1].write(frames()[0])
            assert len(await answers(good[0], 1)) == 1
            good[1].close()
            bad[1].close()

    asyncio.run(scene())


def test_a_whole_request_before_the_garbage_is_still_answered(plant: Plant) -> None:
    async def scene() -> None:
        async with served(plant) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(frames()[0] + b"\xff" * 10)
            assert len(await answers(reader, 1)) == 1
            assert await closed(reader)
            writer.close()

    asyncio.run(scene())


def test_a_fifth_master_is_turned_away_until_one_leaves(plant: Plant) -> None:
    async def scene() -> None:
        async with served(plant) as (server, port):
            pipes = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
            for reader, writer in pipes:
                writer.write(frames()[0])
                await answers(reader, 1)
            fifth = await asyncio.open_connection("127.0.0.1", port)
            assert await closed(fifth[0])
            pipes[0][1].close()
            await pipes[0][1].wait_closed()
            async with asyncio.timeout(5):
                while len(server.masters) == 4:
                    await pause(0.005)
            sixth = await asyncio.open_connection("127.0.0.1", port)
            sixth[1].write(frames()[0])
            assert len(await answers(sixth[0], 1)) == 1
            for _, writer in [fifth, sixth, *pipes]:
                writer.close()

    asyncio.run(scene())


def test_held_replies_come_when_their_simulated_time_has_come(plant: Plant) -> None:
    async def scene() -> None:
        async with served(plant) as (server, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            plant.bank.fault(plant.now, "fire", "slow", delay_ms=3000)
            writer.write(frames()[0] + frames()[1])
            await asyncio.wait_for(server.settle(2), 5)
            await server.send_due(plant.now + 2999)
            assert server.gateway.replies == 0
            await server.send_due(plant.now + 3000)
            assert [a[:2] for a in await answers(reader, 2)] == [b"\0\x01", b"\0\x02"]
            assert server.gateway.replies == 2
            writer.close()

    asyncio.run(scene())


def test_a_gateway_that_is_off_closes_and_refuses_and_comes_back_on_its_port(plant: Plant) -> None:
    async def scene() -> None:
        async with served(plant) as (server, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(frames()[0])
            await answers(reader, 1)
            plant.bank.fault(plant.now, "fire", "off")
            await server.send_due(plant.now)
            assert await closed(reader)
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)
            plant.bank.clear(plant.now, "fire", "off")
            await server.send_due(plant.now)
            again = await asyncio.open_connection("127.0.0.1", port)
            again[1].write(frames()[0])
            assert len(await answers(again[0], 1)) == 1
            again[1].close()
            writer.close()

    asyncio.run(scene())


def test_a_taken_port_is_said_at_once(plant: Plant) -> None:
    async def scene() -> None:
        async with served(plant) as (_, port):
            with pytest.raises(OSError, match="in use"):
                await ModbusServer(plant.bank.gateways["doors"], lambda: 0).start("127.0.0.1", port)

    asyncio.run(scene())


def test_pymodbus_reads_and_writes(plant: Plant) -> None:
    client = pytest.importorskip("pymodbus.client")

    async def scene() -> None:
        async with served(plant, "doors") as (_, port):
            master = client.AsyncModbusTcpClient("127.0.0.1", port=port, timeout=2, retries=0)
            assert await master.connect()
            bits = (await master.read_discrete_inputs(0, count=9, device_id=1)).bits
            assert bits[:9] == [True, True, *[False] * 7]
            assert not (await master.write_coil(1, True, device_id=1)).isError()
            missing = await master.read_coils(48, count=1, device_id=1)
            assert (missing.isError(), missing.exception_code) == (True, 2)
            identity = await master.read_device_information(device_id=1)
            assert identity.information[1] == b"door board"
            master.close()

    asyncio.run(scene())
    plant.run(1)
    assert plant.read("lock-1.bolt") == 0


def test_pymodbustcp_reads_words(plant: Plant) -> None:
    client = pytest.importorskip("pyModbusTCP.client")

    async def scene() -> tuple[list[int], int]:
        async with served(plant) as (_, port):
            master = client.ModbusClient("127.0.0.1", port, unit_id=1, timeout=2)
            words = await asyncio.to_thread(master.read_holding_registers, 0, 4)
            await asyncio.to_thread(master.read_holding_registers, 4000, 1)
            code = master.last_except
            await asyncio.to_thread(master.close)
            return words, code

    assert asyncio.run(scene()) == ([0x1400, 0x1400, 0x1400, 0x00FF], 2)


def test_mbpoll_reads_words(plant: Plant) -> None:
    mbpoll = shutil.which("mbpoll")
    if mbpoll is None:
        pytest.skip("mbpoll is not installed")

    async def scene() -> str:
        async with served(plant) as (_, port):
            options = ["-1", "-0", "-a", "1", "-r", "0", "-c", "4", "-t", "4:hex"]
            process = await asyncio.create_subprocess_exec(
                mbpoll, *options, "-p", str(port), "127.0.0.1",
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            out, _ = await asyncio.wait_for(process.communicate(), 10)
            return out.decode()

    text = asyncio.run(scene())
    assert text.count("0x1400") == 3
    assert "0x00FF" in text
