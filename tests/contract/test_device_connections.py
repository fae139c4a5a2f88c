"""The stations on a real broker do what they do on the exchange: same messages, tapes, records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.interface.envelope import encode_command
from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection
from devices.serve.mqtt import DeviceConnections
from tests.contract.conftest import RealBroker
from tests.contract.listener import Listener
from tests.devices.plant import SLICE_MS, Plant

pytestmark = pytest.mark.wire
ALL = ("cs/1/plant/#",)
SLICES = 60


def order(number: int, now: int, leaf: str, value: str) -> Publication:
    payload = encode_command(f"o#{number}", value, 2, 5000, now)
    return Publication(f"cs/1/plant/{leaf}", payload, False)


ORDERS = {
    4: ("sign-1", "sign/sign-1/cmd/show", "left"),
    5: ("pa-1", "pa/pa-1/cmd/message", "evacuate"),
    9: ("sign-1", "sign/sign-1/cmd/show", "no-entry"),
    14: ("pa-1", "pa/pa-1/cmd/message", "drill"),
    40: ("sign-1", "sign/sign-1/cmd/show", "off"),
}
"""Slice -> (device, leaf, value); pa-1 is without power in slice 14, so that order is lost."""
STOP, START = 24, 36


def happen(plant: Plant, number: int) -> None:
    if number == 12:
        plant.bank.fault(plant.now, "pa-1", "off")
    if number == 20:
        plant.bank.clear(plant.now, "pa-1", "off")
    plant.world.values["hall", "people"] = 3 * number


def in_memory(folder: Path) -> tuple[Plant, list[tuple[str, bytes]]]:
    plant = Plant(folder, settle=False)
    heard: list[tuple[str, bytes]] = []
    for number in range(SLICES):
        if number == STOP:
            plant.exchange.stop()
        if number == START:
            plant.exchange.start()
        if number in (0, START):
            plant.exchange.connect("desk", None, ALL)
        happen(plant, number)
        plant.world.now = plant.now
        plant.bank.advance(plant.now)
        plant.links.flush(plant.now)
        heard += plant.exchange.take("desk")
        if number in ORDERS:
            _, leaf, value = ORDERS[number]
            plant.exchange.publish("desk", order(number, plant.now, leaf, value))
            plant.links.deliver()
        plant.bank.apply(plant.now)
        plant.now += SLICE_MS
    return plant, heard


class Wire:
    """The same plant on a real broker, with a listener that orders and hears."""

    def __init__(self, folder: Path, server: RealBroker) -> None:
        self.plant = Plant(folder, settle=False)
        self.server = server
        self.changed = asyncio.Event()
        self.listener = Listener("desk", ALL)
        self.sent: dict[str, int] = {}
        self.connections = DeviceConnections(
            self.plant.links, self.plant.bank.stations, Access("127.0.0.1", server.port)
        )
        self.session_from = 0

    async def listen(self) -> None:
        self.plant.exchange.connect("desk", None, ALL)
        self.session_from = len(self.listener.got)
        self.desk = Connection(self.listener, None, self.changed)
        await self.desk.connect(Access("127.0.0.1", self.server.port))
        await self.until(lambda: self.desk.ready)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not reached():
                self.changed.clear()
                await self.changed.wait()

    async def caught_up(self) -> None:
        """The listener has heard all that the book says it must."""
        exchange, seen = self.plant.exchange, self.session_from
        if exchange.connected("desk"):
            await self.until(lambda: len(self.listener.got) - seen >= exchange.delivered("desk"))


async def one_slice(wire: Wire, number: int) -> None:
    plant = wire.plant
    happen(plant, number)
    plant.world.now = plant.now
    plant.bank.advance(plant.now)
    async with asyncio.timeout(5):
        await wire.connections.flush(plant.now)
    await wire.caught_up()
    if number in ORDERS:
        device, leaf, value = ORDERS[number]
        wire.sent[device] = wire.sent.get(device, 0) + 1
        command = order(number, plant.now, leaf, value)
        wire.desk.publish((command,))
        plant.exchange.publish("desk", command)
        async with asyncio.timeout(5):
            await wire.connections.settle(wire.sent)
    plant.bank.apply(plant.now)
    plant.now += SLICE_MS


async def several(wire: Wire, numbers: range) -> None:
    for _ in numbers:
        wire.plant.bank.advance(wire.plant.now)
        await wire.connections.flush(wire.plant.now)
        wire.plant.now += SLICE_MS


@pytest.mark.parametrize("kind", ["mosquitto", "embedded"])
def test_the_stations_do_the_same_on_a_real_broker(
    tmp_path: Path, broker: Callable[[str], RealBroker], kind: str
) -> None:
    server = broker(kind)

    async def scene() -> Wire:
        await server.start()
        try:
            wire = Wire(tmp_path, server)
            for number in range(SLICES):
                if number == STOP:
                    wire.plant.exchange.stop()
                    await server.stop()
                if number == START:
                    await server.start()
                    wire.plant.exchange.start()
                if number in (0, START):
                    await wire.listen()
                await one_slice(wire, number)
            await wire.connections.close()
            wire.desk.goodbye()
            await wire.until(lambda: wire.desk.closed)
            return wire
        finally:
            await server.stop()

    wire = asyncio.run(scene())
    memory, heard = in_memory(tmp_path)
    assert sorted(set(wire.listener.got)) == sorted(set(heard))
    assert wire.plant.records == memory.records
    assert {n: s.tape.hexdigest() for n, s in wire.plant.bank.stations.items()} == {
        n: s.tape.hexdigest() for n, s in memory.bank.stations.items()
    }
    assert wire.plant.bank.stations["sign-1"].received == 3
    assert any(b'"s":"lost"' in body for _, body in heard), "the will of pa-1"
    assert len(heard) > 80


def test_a_broker_that_dies_unasked_ends_the_run_with_a_sentence(
    tmp_path: Path, broker: Callable[[str], RealBroker]
) -> None:
    server = broker("mosquitto")

    async def scene() -> None:
        await server.start()
        wire = Wire(tmp_path, server)
        await wire.listen()
        await one_slice(wire, 0)
        await server.stop()
        await wire.until(lambda: wire.desk.closed)
        with pytest.raises(BrokerLostError, match="closed the connection of"):
            await several(wire, range(1, 9))

    asyncio.run(scene())


def test_a_broker_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    async def scene() -> None:
        plant = Plant(tmp_path, settle=False)
        connections = DeviceConnections(plant.links, plant.bank.stations, Access("127.0.0.1", 1))
        with pytest.raises(BrokerLostError, match=r"the broker at .* refused cam-1"):
            await connections.flush(0)

    asyncio.run(scene())
