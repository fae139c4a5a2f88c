"""A network whose faults are chosen, between a real gateway server and a master of nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from controller.interface.clock import wall_ms
from controller.interface.streams import stream
from devices.network.conditions import CALM, Conditions, served
from devices.network.relay import Relay
from scenarios.run import Order, run
from tests.contract.raw import ask
from tests.contract.test_modbus_server import closed
from tests.contract.test_modbus_server import served as gateway_served
from tests.devices.plant import Plant

pytestmark = pytest.mark.wire
READ = bytes.fromhex(ask("0300000001"))
REPLY = 11
Pipe = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def relayed(plant: Plant) -> AsyncIterator[tuple[Relay, Pipe]]:
    async with gateway_served(plant) as (_, port):
        relay = Relay("127.0.0.1", port, stream(1, "relay"))
        pipe = await asyncio.open_connection("127.0.0.1", await relay.start("127.0.0.1", 0))
        try:
            yield relay, pipe
        finally:
            pipe[1].close()
            await relay.close()


async def trip_ms(pipe: Pipe) -> int:
    began = wall_ms()
    pipe[1].write(READ)
    await asyncio.wait_for(pipe[0].readexactly(REPLY), 5)
    return wall_ms() - began


async def unanswered(pipe: Pipe, seconds: float = 0.15) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return not await pipe[0].read(1)
    except TimeoutError:
        return True


def through(plant: Plant, talk: Callable[[Relay, Pipe], Awaitable[None]]) -> None:
    async def scene() -> None:
        async with relayed(plant) as (relay, pipe):
            await trip_ms(pipe)
            await talk(relay, pipe)

    asyncio.run(scene())


def test_delay_counts_both_ways_and_ends_when_it_is_lifted(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        relay.set(Conditions(delay_ms=60))
        assert min([await trip_ms(pipe) for _ in range(3)]) >= 119
        relay.set(CALM)
        assert min([await trip_ms(pipe) for _ in range(5)]) < 119

    through(plant, talk)


def test_a_lost_piece_is_a_stall_never_a_gap(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        relay.set(Conditions(loss=1.0, stall_ms=80))
        assert await trip_ms(pipe) >= 159

    through(plant, talk)


def test_bandwidth(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        relay.set(Conditions(bytes_per_s=115))
        assert await trip_ms(pipe) >= 1000 * (len(READ) + REPLY) // 115 - 2

    through(plant, talk)


def test_what_waited_in_a_partition_comes_when_it_heals(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        relay.set(Conditions(parted=True))
        pipe[1].write(READ)
        assert await unanswered(pipe)
        relay.set(CALM)
        assert len(await asyncio.wait_for(pipe[0].readexactly(REPLY), 5)) == REPLY

    through(plant, talk)


def test_what_is_sent_into_a_half_open_connection_is_lost(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        relay.set(Conditions(half_open=True))
        pipe[1].write(READ)
        assert await unanswered(pipe)
        relay.set(CALM)
        assert await unanswered(pipe)
        await trip_ms(pipe)

    through(plant, talk)


def test_a_reset_ends_both_ends(plant: Plant) -> None:
    async def talk(relay: Relay, pipe: Pipe) -> None:
        assert relay.connections == 1
        relay.reset()
        assert await closed(pipe[0])

    through(plant, talk)


def test_impossible_conditions_are_refused() -> None:
    with pytest.raises(ValueError, match="a share from 0 to 1"):
        Conditions(loss=1.5)


def test_whom_a_place_serves(plant: Plant) -> None:
    assert served(plant.points, "guard") == ["fire", "pa-1", "desk-1"]
    assert served(plant.points, "g*") == ["fire", "gate", "pa-1", "desk-1"]
    assert served(plant.points, "nowhere") == []


def test_a_building_that_is_cut_off_is_so_on_both_rigs(tmp_path: Path) -> None:
    scenario = tmp_path / "cut.yaml"
    scenario.write_text(
        "scenario: 1\nsay: Building A is cut off\nsite: primary-school\nperiod: lesson\nseed: 1\n"
        "give_up: 14 s\nexpect: []\nhappens:\n"
        "  - {at: 2 s, fault: partition, device: 'at:a.*', lasts: 6 s}\n"
        "  - {at: 3 s, press: mcp-guard}\n"
    )
    said = [
        run(Order(scenario, rig=rig, out=tmp_path / rig, report=False)).document
        for rig in ("memory", "wire")
    ]
    assert said[0]["records"]["fault"] > 20, "four gateways and many MQTT devices, twice"
    for key in ("decisions_sha256", "bytes_sha256", "requests", "messages"):
        assert said[0][key] == said[1][key], key
    with pytest.raises(ValueError, match=r"no gateway or MQTT device is at 'zz.\*'"):
        run(Order(scenario, rig="memory", out=tmp_path / "x", faults=("at:zz.*:partition",)))
