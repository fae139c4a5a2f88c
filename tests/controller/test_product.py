"""The product in a process of its own, under a grant channel and on the wall clock."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys

import pytest

from controller.drivers.broker import BrokerLink
from controller.interface import channel, envelope, journal
from controller.interface.clock import Grant, pause
from controller.interface.points import Quality
from scenarios.rig.broker import free_port
from tests.controller.conftest import write_site
from tests.controller.wires import (
    ALARM,
    FILTERS,
    LIMIT_S,
    WILL,
    Board,
    broker,
    connected,
    run,
)

pytestmark = pytest.mark.wire


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


@pytest.mark.parametrize("shared", ["--journal", "--state"])
def test_a_second_controller_leaves_the_first_ones_files_alone(tmp_path, shared):
    fire, door = free_port(), free_port()
    folder = write_site(tmp_path, free_port(), fire, door)
    files = {"--journal": folder / "a.jsonl", "--state": folder / "a.state"}
    others = {**files, "--journal": folder / "b.jsonl", "--state": folder / "b.state"}
    others[shared] = files[shared]

    def words(paths):
        named = [str(word) for pair in paths.items() for word in pair]
        return [sys.executable, "-m", "controller", "--site", str(folder), *named]

    async def live():
        async with Board(fire) as panel, Board(door) as doors:
            await panel.set(0, ALARM)
            await panel.set(1, ALARM)
            first = await asyncio.create_subprocess_exec(*words(files))
            while not await doors.coil(20):
                await pause(0.02)
            second = await asyncio.create_subprocess_exec(
                *words(others), stderr=asyncio.subprocess.PIPE
            )
            said = (await second.communicate())[1].decode()
            first.send_signal(signal.SIGTERM)
            return await first.wait(), second.returncode, said

    ended, refused, said = run(live())
    assert (ended, refused) == (0, 2)
    assert said == f"{files[shared]}:1: another controller is writing it\n"
    assert journal.verify(files["--journal"]) is None
