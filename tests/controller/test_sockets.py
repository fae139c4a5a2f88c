"""Real sockets: a pymodbus server, a real broker, and the product in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from controller.drivers.broker import BrokerLink
from controller.drivers.links import Will
from controller.drivers.tcp import TcpLink
from controller.interface import channel, envelope, journal, modbus, topics
from controller.interface.clock import Grant, pause
from controller.interface.modbus import Reply, Request
from controller.interface.points import Quality
from tests.controller.conftest import write_site

LIMIT_S = 20
NORMAL, ALARM = 0x1400, 0x0C01
WILL = Will("cs/1/test-school/ctl/controller/status", b'{"s":"lost"}')
FILTERS = topics.controller_filters("test-school")

pytestmark = pytest.mark.wire


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def run(work):
    async def limited():
        async with asyncio.timeout(LIMIT_S):
            return await work

    return asyncio.run(limited())


class Board:
    """A pymodbus server: 32 coils and discrete inputs, 300 holding and 16 input registers."""

    def __init__(self, port: int) -> None:
        bits = [0x3] + [0] * 15
        self.device = SimDevice(
            1,
            (
                [SimData(0, values=[0] * 16, datatype=DataType.BITS)],
                [SimData(0, values=bits, datatype=DataType.BITS)],
                [SimData(0, values=[NORMAL] * 300, datatype=DataType.REGISTERS)],
                [SimData(0, values=[0] * 16, datatype=DataType.REGISTERS)],
            ),
        )
        self.server = ModbusTcpServer(self.device, address=("127.0.0.1", port))

    async def __aenter__(self):
        await self.server.serve_forever(background=True)
        return self

    async def __aexit__(self, *_):
        await self.server.shutdown()

    async def set(self, address: int, word: int) -> None:
        await self.server.async_setValues(1, 3, address, [word])

    async def coil(self, address: int) -> bool:
        return (await self.server.async_getValues(1, 1, address, 1))[0]


@contextlib.contextmanager
def broker(folder, port):
    """Mosquitto, or amqtt in a process of its own where there is none."""
    path = shutil.which("mosquitto")
    if path is not None:
        config = folder / "mosquitto.conf"
        config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        )
        words = [path, "-c", str(config)]
    else:
        config = folder / "amqtt.yaml"
        config.write_text(f"listeners: {{default: {{type: tcp, bind: '127.0.0.1:{port}'}}}}\n")
        words = [sys.executable, "-m", "amqtt.scripts.broker_script", "-c", str(config)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


async def connected(link) -> None:
    """A broker that has just started may need a moment."""
    while not await link.connect():
        await pause(0.02)


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


class Product:
    """`campus-controller` in a process of its own, under a grant channel."""

    def __init__(self, folder, *extra: str) -> None:
        self.folder, self.extra = folder, extra
        self.lines: asyncio.Queue[tuple] = asyncio.Queue()

    async def __aenter__(self):
        async def greet(reader, writer):
            await self.lines.put((reader, writer))

        self.server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = self.server.sockets[0].getsockname()[1]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "controller", "--site", str(self.folder),
            "--grant", f"127.0.0.1:{port}", "--journal", str(self.folder / "controller.jsonl"),
            "--chain", "ab" * 16, *self.extra, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.reader, self.writer = await self.lines.get()
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.writer.close()
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def grant(self, grant: Grant):
        self.writer.write(channel.encode_grant(grant))
        return channel.decode_done(await self.reader.readline())

    async def end(self) -> tuple[int, str]:
        error = (await self.process.stderr.read()).decode()
        return await self.process.wait(), error


def test_the_product_under_a_grant_channel(tmp_path):
    mqtt, fire, door = free_port(), free_port(), free_port()
    folder = write_site(tmp_path, mqtt, fire, door)

    async def drill():
        async with Board(fire) as panel, Board(door) as doors, Product(folder) as product:
            probe = BrokerLink("127.0.0.1", mqtt, "probe", WILL, FILTERS)
            await connected(probe)
            done = await product.grant(Grant(0))
            assert (done.session, done.connected) == (1, True)
            assert await product.grant(Grant(0)) == done
            await panel.set(0, ALARM)
            await panel.set(1, ALARM)
            seen = "cs/1/test-school/ctl/desk-1/state/seen"
            payload = envelope.encode_state(400, 1, "b", Quality.GOOD, "drill")
            await probe.publish(seen, payload)
            done = await product.grant(Grant(500, inbox=2, session=1))
            assert done.published == {"desk-1": 1}
            assert await doors.coil(1)
            assert await doors.coil(20)
            product.writer.write(channel.encode_grant(Grant(750, stop=True)))
            code, error = await product.end()
            assert (code, error) == (0, "")
            probe.close()

    with broker(tmp_path, mqtt):
        run(drill())
    path = folder / "controller.jsonl"
    assert journal.verify(path) is None
    header, records = journal.read(path)
    assert header["chain"] == "ab" * 16
    kinds = {r["k"] for r in records}
    assert kinds == {"scan", "input", "alarm", "decision", "command", "ack"}
    assert ("desk-1.seen", "drill") in {(r["e"], r.get("value")) for r in records}


def test_a_channel_that_closes_ends_the_product_with_one_sentence(tmp_path):
    folder = write_site(tmp_path, free_port(), free_port(), free_port())

    async def cut():
        async with Product(folder) as product:
            done = await product.grant(Grant(0))
            assert (done.session, done.connected) == (0, False)
            product.writer.close()
            return await product.end()

    code, error = run(cut())
    assert code == 3
    assert error == "campus-controller: the grant channel closed before the run was stopped\n"
    assert journal.verify(folder / "controller.jsonl") is None


def test_junk_on_the_channel_ends_the_product(tmp_path):
    folder = write_site(tmp_path, free_port(), free_port(), free_port())

    async def babble():
        async with Product(folder) as product:
            product.writer.write(b"hello\n")
            return await product.end()

    code, error = run(babble())
    assert code == 3
    assert error.count("\n") == 1


def test_bad_files_end_the_product_with_a_sentence_each(tmp_path):
    folder = write_site(tmp_path)
    (folder / "people.yaml").unlink()
    matrix = folder / "matrix.yaml"
    matrix.write_text(matrix.read_text().replace("voice: D3L", "voice: Q"))
    words = [sys.executable, "-m", "controller", "--site", str(folder)]
    found = subprocess.run(words, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) == 2
    assert "people.yaml:1: there is no such file" in found.stderr
    assert "rows.fire-a.voice: 'Q' is not a cell" in found.stderr


def test_on_the_wall_clock_the_product_works_and_ends_on_sigterm(tmp_path):
    fire, door = free_port(), free_port()
    folder = write_site(tmp_path, free_port(), fire, door)
    path = folder / "controller.jsonl"
    words = ["--site", str(folder), "--scan-ms", "50", "--journal", str(path)]

    async def live():
        async with Board(fire) as panel, Board(door) as doors:
            await panel.set(0, ALARM)
            await panel.set(1, ALARM)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "controller", *words
            )
            while not await doors.coil(20):
                await pause(0.02)
            process.send_signal(signal.SIGTERM)
            return await process.wait()

    assert run(live()) == 0
    records = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    assert records[-1]["what"] == "stop"
    assert "snd-1.on#1" in {r.get("id") for r in records if r["k"] == "ack"}
    assert journal.verify(path) is None
