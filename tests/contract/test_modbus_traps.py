"""What integrators trip over with pymodbus' own server, seen by a master of nobody's making.

Each test names the trap of pymodbus 3.16.1 that it shows to be absent here: our server has its own
framer and its own registers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from devices.serve.modbus import ModbusServer
from tests.contract.raw import RawMaster, ask
from tests.contract.test_modbus_server import served
from tests.devices.plant import Plant

pytestmark = pytest.mark.wire
T = TypeVar("T")


def through(plant: Plant, gateway: str, talk: Callable[[RawMaster], T]) -> T:
    """Let a raw master talk to a served gateway."""

    async def scene() -> T:
        async with served(plant, gateway) as (_, port):
            master = await asyncio.to_thread(RawMaster, port)
            try:
                return await asyncio.to_thread(talk, master)
            finally:
                master.close()

    return asyncio.run(scene())


def test_trap_1_an_unknown_unit_is_no_path_or_no_answer_never_device_failure(plant: Plant) -> None:
    assert through(plant, "doors", lambda m: m.ask("0100000001", unit=9)) == "810b"
    assert through(plant, "fire", lambda m: m.ask("0300000001", unit=9)) == "830a"


def test_trap_2_every_pipelined_request_is_answered_in_order(plant: Plant) -> None:
    def talk(master: RawMaster) -> list[str]:
        master.send(*(ask("0300000001", transaction=n) for n in range(1, 301)))
        return [master.frame()[:4] for _ in range(300)]

    assert through(plant, "fire", talk) == [f"{n:04x}" for n in range(1, 301)]


def test_trap_2_one_request_in_two_segments_and_one_and_a_half_in_one(plant: Plant) -> None:
    first, second = ask("0300000001", transaction=1), ask("0300010001", transaction=2)

    def talk(master: RawMaster) -> list[str]:
        master.send(first + second[:10])
        one = master.frame()
        master.send(second[10:])
        return [one, master.frame()]

    answers = through(plant, "fire", talk)
    assert answers == ["0001000000050103021400", "0002000000050103021400"]


def test_trap_3_the_map_ends_where_it_is_declared_to_end(plant: Plant) -> None:
    ends = [("030f9f0001", "030200ff"), ("030fa00001", "8302"), ("04000f0001", "04020000")]
    ends += [("0400100001", "8402")]
    for asked, answer in ends:
        assert through(plant, "fire", lambda m, a=asked: m.ask(a)) == answer  # type: ignore[misc]


def test_trap_4_inputs_cannot_be_written_and_still_follow_the_device(plant: Plant) -> None:
    def talk(master: RawMaster) -> tuple[str, str, str]:
        before = master.ask("0200000002")
        written = master.ask("0500010000")
        plant.bank.gateways["doors"].units[1].write("discrete", 1, 0)
        return before, written, master.ask("0200000002")

    assert through(plant, "doors", talk) == ("020103", "0500010000", "020101")


def test_trap_5_areas_may_be_empty_and_bits_do_not_run_past_their_end(plant: Plant) -> None:
    assert through(plant, "fire", lambda m: m.ask("0100000001")) == "8101"
    assert through(plant, "doors", lambda m: m.ask("01002f0001")) == "010100"
    assert through(plant, "doors", lambda m: m.ask("0100300001")) == "8102"
    assert through(plant, "doors", lambda m: m.ask("0100280009")) == "8102"


def test_trap_6_an_injected_exception_leaves_the_devices_own_updates_alone(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "exception", value=6)
    plant.bank.press(plant.now, "mcp-1")
    plant.run(3)
    assert through(plant, "fire", lambda m: m.ask("0300d20001")) == "8306"
    plant.bank.clear(plant.now, "fire", "exception")
    assert through(plant, "fire", lambda m: m.ask("0300d20001")) == "03020c01"


def test_trap_7_a_slow_gateway_answers_every_pipelined_request_late(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "slow", delay_ms=3000)

    async def scene() -> list[str]:
        async with served(plant) as (server, port):
            master = await asyncio.to_thread(RawMaster, port)
            master.send(*(ask("0300000001", transaction=n) for n in (1, 2, 3)))
            await asyncio.wait_for(server.settle(3), 5)
            await server.send_due(plant.now + 3000)
            frames = [await asyncio.to_thread(master.frame) for _ in range(3)]
            master.close()
            return [frame[:4] for frame in frames]

    assert asyncio.run(scene()) == ["0001", "0002", "0003"]


def test_trap_8_each_of_two_hundred_servers_in_a_process_ends_alone(tmp_path: Path) -> None:
    plant = Plant(tmp_path)

    async def scene() -> None:
        servers = [ModbusServer(plant.bank.gateways["doors"], lambda: 0) for _ in range(200)]
        ports = [await server.start("127.0.0.1", 0) for server in servers]
        for server in servers[1:]:
            await server.close()
        master = await asyncio.to_thread(RawMaster, ports[0])
        assert await asyncio.to_thread(master.ask, "0100000001") == "010100"
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(RawMaster, ports[1])
        master.close()
        await servers[0].close()

    asyncio.run(scene())


STRICT = [
    ("07", "8701", "an unknown function"), ("0300000000", "8303", "nothing asked"),
    ("030000007e", "8303", "126 registers"), ("02000007d1", "8203", "2001 bits"),
    ("0300", "8303", "a PDU that is too short"),
    ("0f000007b1f7" + "00" * 247, "8f03", "1969 coils"),
    ("0500011234", "8503", "a coil that is neither on nor off"),
]  # fmt: skip


def test_exceptions_carry_the_function_that_was_asked(plant: Plant) -> None:
    for asked, answer, say in STRICT:
        got = through(plant, "doors", lambda m, a=asked: m.ask(a))  # type: ignore[misc]
        assert got == answer, say


@pytest.mark.parametrize("head", ["000100010006", "000100000000", "000100000001", "0001000000ff"])
def test_a_lost_framing_closes_the_connection(plant: Plant, head: str) -> None:
    def talk(master: RawMaster) -> bool:
        master.send(head + "0103" + "00" * 8)
        return master.closed()

    assert through(plant, "doors", talk)
