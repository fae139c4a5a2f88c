"""Real sockets: our clients against a pymodbus server and a real broker."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from controller.drivers.broker import BrokerLink
from controller.drivers.links import Will
from controller.drivers.tcp import TcpLink
from controller.interface import envelope, modbus
from controller.interface.clock import pause
from controller.interface.modbus import Reply, Request
from scenarios.rig.broker import free_port
from tests.controller.wires import (
    ALARM,
    FILTERS,
    NORMAL,
    WILL,
    Board,
    broker,
    connected,
    run,
)

pytestmark = pytest.mark.wire


async def asked(link, number, request, unit=1):
    link.send(modbus.encode_adu(number, unit, modbus.encode_request(request)))
    await link.settle(number)
    (adu,) = link.take()
    assert adu.transaction == number
    return modbus.decode_reply(request, adu.pdu)


def test_our_client_against_a_pymodbus_server():
    port = free_port()

    async def talk():
        link = TcpLink("127.0.0.1", port)
        assert not await link.connect()
        async with Board(port) as board:
            assert await link.connect()
            await board.set(2, ALARM)
            words = await asked(link, 1, Request(3, 0, 4))
            assert words == Reply(3, (NORMAL, NORMAL, ALARM, NORMAL))
            assert await asked(link, 2, Request(2, 0, 3)) == Reply(2, (1, 1, 0))
            assert (await asked(link, 3, Request(5, 20, 1, (1,)))).exception == 0
            assert await board.coil(20)
            assert (await asked(link, 4, Request(3, 5000, 1))).exception == modbus.ILLEGAL_ADDRESS
        await link.settle(99)  # returns when the server has closed
        assert not link.connected

    run(talk())


def ended(handler):
    """A handler that closes its connection, however it went."""

    async def handle(reader, writer):
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            await handler(reader, writer)

    return handle


def test_a_server_that_talks_nonsense_is_dropped():
    async def babble(reader, writer):
        await reader.read(1)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")

    async def talk():
        server = await asyncio.start_server(ended(babble), "127.0.0.1", 0)
        link = TcpLink("127.0.0.1", server.sockets[0].getsockname()[1])
        assert await link.connect()
        link.send(modbus.encode_adu(1, 1, b"\x03\x00\x00\x00\x01"))
        await link.settle(1)
        assert not link.connected
        server.close()

    run(talk())


def test_replies_cut_in_pieces_and_glued_together_arrive_whole():
    frames = [modbus.encode_adu(n, 1, b"\x03\x02\x00" + bytes([n])) for n in (1, 2, 3)]

    async def dribble(reader, writer):
        wire = b"".join(frames)
        for start in range(0, len(wire), 5):
            writer.write(wire[start : start + 5])
            await writer.drain()
            await pause(0.001)

    async def talk():
        server = await asyncio.start_server(ended(dribble), "127.0.0.1", 0)
        link = TcpLink("127.0.0.1", server.sockets[0].getsockname()[1])
        assert await link.connect()
        await link.settle(3)
        assert [adu.transaction for adu in link.take()] == [1, 2, 3]
        link.close()
        server.close()

    run(talk())


def test_a_session_with_a_real_broker(tmp_path):
    port = free_port()
    beat = "cs/1/test-school/cam/cam-1/hb"
    other = paho.Client(CallbackAPIVersion.VERSION2, "cam-1")

    async def talk(process):
        link = BrokerLink("127.0.0.1", port, "controller", WILL, FILTERS)
        await connected(link)
        assert other.connect("127.0.0.1", port) == 0
        other.loop_start()
        for seq in (1, 2, 2, 3):
            other.publish(beat, envelope.encode_heartbeat(0, seq, "b"), qos=1)
        other.publish("not/asked/for", b"x", qos=1)
        await link.settle(3)
        assert {topic for topic, _ in link.take()} == {beat}
        await link.publish(WILL.topic, b'{"s":"ready"}', retain=True)
        await link.settle(4)
        assert link.take()[-1] == (WILL.topic, b'{"s":"ready"}')
        process.terminate()
        await link.settle(1 << 62)
        assert not link.connected
        assert not await link.connect()

    with broker(tmp_path, port) as process:
        run(talk(process))
    other.loop_stop()


def test_the_will_speaks_for_a_controller_that_vanished_but_not_for_one_that_left(tmp_path):
    port = free_port()
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def talk():
        loop = asyncio.get_running_loop()
        watcher = paho.Client(CallbackAPIVersion.VERSION2, "watcher")
        watcher.on_message = lambda _c, _d, m: loop.call_soon_threadsafe(
            heard.put_nowait, m.payload
        )
        left = BrokerLink("127.0.0.1", port, "left", WILL, FILTERS)
        await connected(left)
        watcher.connect("127.0.0.1", port)
        watcher.subscribe(WILL.topic, 1)
        watcher.loop_start()
        left.close()
        vanished = BrokerLink("127.0.0.1", port, "vanished", Will(WILL.topic, b"gone"), FILTERS)
        await connected(vanished)
        vanished._client.socket().shutdown(socket.SHUT_RDWR)
        assert await heard.get() == b"gone"
        vanished.close()
        watcher.loop_stop()

    with broker(tmp_path, port):
        run(talk())
