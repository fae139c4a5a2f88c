"""Masters that we did not write, on the panels of other makes: pymodbus, pyModbusTCP, mbpoll."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.serve.modbus import ModbusServer
from tests.devices.panels import SMOKE, Makes, gateway

pytestmark = pytest.mark.wire


@pytest.fixture
def makes(tmp_path: Path) -> Makes:
    return Makes(
        tmp_path,
        gateway("n", "notifier", 15990)
        + gateway("s", "siemens-nk8237", 15991, "commands: true, elements: 4500")
        + gateway("g", "gst", 15992),
        SMOKE.format("n-1", "z", "n", 1, "holding: 0, as: loop")
        + SMOKE.format("s-1", "z", "s", 5, "input: 9000, as: loop-nk")
        + SMOKE.format("g-1", "z", "g", 1, "holding: 30, bit: 10, as: loop-gst"),
    )


@asynccontextmanager
async def served(makes: Makes, name: str) -> AsyncIterator[int]:
    server = ModbusServer(makes.bank.gateways[name], lambda: makes.now)
    try:
        yield await server.start("127.0.0.1", 0)
    finally:
        await server.close()


def test_pymodbus_reads_who_the_gateway_is(makes: Makes) -> None:
    client = pytest.importorskip("pymodbus.client")

    async def scene() -> None:
        async with served(makes, "n") as port:
            master = client.AsyncModbusTcpClient("127.0.0.1", port=port, timeout=2, retries=0)
            assert await master.connect()
            basic = await master.read_device_information(read_code=1, device_id=1)
            assert basic.information == {0: b"Notifier", 1: b"1", 2: b"V1.0"}
            whole = await master.read_device_information(read_code=2, device_id=1)
            assert whole.information[4] == b"Modbus Gateway"
            one = await master.read_device_information(read_code=4, object_id=3, device_id=1)
            assert one.information == {3: b"www.notifier.com"}
            none = await master.read_device_information(read_code=4, object_id=9, device_id=1)
            assert (none.isError(), none.exception_code) == (True, 2)
            master.close()

    asyncio.run(scene())


def test_pymodbustcp_commands_a_siemens_panel_that_serves_two(makes: Makes) -> None:
    client = pytest.importorskip("pyModbusTCP.client")
    makes.burn()
    makes.run(60)

    async def scene() -> None:
        async with served(makes, "s") as port:
            masters = [
                client.ModbusClient("127.0.0.1", port, unit_id=5, timeout=2) for _ in range(3)
            ]
            first, second, third = masters
            assert await asyncio.to_thread(first.read_input_registers, 9000, 1) == [2]
            assert await asyncio.to_thread(second.read_input_registers, 10000, 1) == [1]
            assert await asyncio.to_thread(third.read_input_registers, 10000, 1) is None
            assert await asyncio.to_thread(first.write_single_register, 25000, 14)
            assert not await asyncio.to_thread(first.write_single_register, 25000, 13)
            assert first.last_except == 3
            for master in masters:
                await asyncio.to_thread(master.close)

    asyncio.run(scene())


def test_mbpoll_reads_two_bits(makes: Makes) -> None:
    mbpoll = shutil.which("mbpoll")
    if mbpoll is None:
        pytest.skip("mbpoll is not installed")
    makes.burn()
    makes.run(60)

    async def scene() -> str:
        async with served(makes, "g") as port:
            options = ["-1", "-a", "1", "-r", "31", "-c", "2", "-t", "4:hex", "-p", str(port)]
            process = await asyncio.create_subprocess_exec(
                mbpoll, *options, "127.0.0.1",
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            out, _ = await asyncio.wait_for(process.communicate(), 10)
            return out.decode()

    text = asyncio.run(scene())
    assert "0x0400" in text, "register 40031 in the maker's counting: bits 11 and 10 say 01"
    assert "0x0000" in text
