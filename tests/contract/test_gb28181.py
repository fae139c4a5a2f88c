"""GB/T 28181 on real UDP: a platform of our own, and SIP stacks that we did not write."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from controller.interface.streams import stream
from devices.calendar import HERE
from devices.gb28181.agent import Account, Agent
from devices.gb28181.manscdp import Alarm, Channel
from devices.serve.gb28181 import GbEndpoint
from tests.devices.platform import DEVICE, PASSWORD, SERVER, Platform, element, query

pytestmark = pytest.mark.wire
SCENARIOS = Path(__file__).parent / "sipp"
CAMERAS = [Channel(f"3402000000132000000{n}", f"cam-{n}") for n in range(1, 6)]


def endpoint(port: int, password: str = PASSWORD) -> GbEndpoint:
    account = Account(DEVICE, password, SERVER, "127.0.0.1", port)
    listed = [(camera, lambda: True) for camera in CAMERAS]
    return GbEndpoint(Agent(account, listed, stream(1, "gb28181")))


class Served(asyncio.DatagramProtocol):
    """The small platform behind a socket."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.heard = asyncio.Event()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for answer in self.platform.receive(data):
            self.transport.sendto(answer, addr)
        self.heard.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not reached():
                self.heard.clear()
                await self.heard.wait()


async def until(end: GbEndpoint, reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not reached():
            end.changed.clear()
            await end.changed.wait()


def test_register_catalogue_alarm_and_goodbye_on_sockets() -> None:
    async def talk() -> None:
        loop = asyncio.get_running_loop()
        transport, served = await loop.create_datagram_endpoint(Served, ("127.0.0.1", 0))
        end = endpoint(transport.get_extra_info("sockname")[1])
        port = await end.start("127.0.0.1", 0)
        platform = served.platform
        await served.until(lambda: bool(platform.messages("Keepalive")))
        served.transport.sendto(b"\x00" * 1000, ("127.0.0.1", port))
        served.transport.sendto(query("Catalog"), ("127.0.0.1", port))
        await served.until(lambda: len(platform.messages("Catalog")) == 3)
        when = datetime(2025, 9, 1, 8, 0, tzinfo=HERE)
        end.agent.alarms.append(Alarm(CAMERAS[1].id, "crowd", when))
        end.send()
        await served.until(lambda: bool(platform.messages("Alarm")))
        assert element(platform.messages("Alarm")[0], "DeviceID") == CAMERAS[1].id
        await end.close()
        assert platform.registered is None
        transport.close()

    asyncio.run(talk())


def test_strangers_are_not_heard() -> None:
    async def talk() -> None:
        end = endpoint(9)
        port = await end.start("127.0.0.1", 0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.7", 0))
            for _ in range(100):
                stranger.sendto(query("Catalog"), ("127.0.0.1", port))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as platform:
                platform.setblocking(False)
                platform.bind(("127.0.0.1", 0))
                platform.sendto(query("Catalog"), ("127.0.0.1", port))
                async with asyncio.timeout(10):
                    answer = await asyncio.get_running_loop().sock_recv(platform, 2000)
            assert answer.startswith(b"SIP/2.0 200")
            stranger.setblocking(False)
            with pytest.raises(BlockingIOError):
                stranger.recv(2000)
        assert end.strangers == 100
        await end.close()

    asyncio.run(talk())


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run(*words: str, folder: Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(40):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, said.decode(errors="replace")


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp (Debian: sip-tester) is missing")
@pytest.mark.parametrize(("password", "state"), [(PASSWORD, "online"), ("wrong", "refused")])
def test_sipp_checks_the_digest(tmp_path: Path, password: str, state: str) -> None:
    """SIPp challenges the REGISTER, computes the digest itself, and takes the first keepalive."""

    async def talk() -> None:
        port, calls = free_port(), 2 if state == "online" else 1
        words = ("sipp", "-sf", str(SCENARIOS / "platform.xml"), "-i", "127.0.0.1",
                 "-p", str(port), "-m", str(calls), "-timeout", "30s", "-nostdin")  # fmt: skip
        sipp = asyncio.ensure_future(run(*words, folder=tmp_path))
        end = endpoint(port, password)
        await end.start("127.0.0.1", 0)
        await until(end, lambda: end.agent.state == state)
        code, said = await sipp
        assert code == 0, said[-2000:]
        end.agent.state = "offline"  # nobody is left to say goodbye to
        await end.close()

    asyncio.run(talk())


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp (Debian: sip-tester) is missing")
def test_sipp_asks_for_the_catalogue_a_hundred_times(tmp_path: Path) -> None:
    async def talk() -> None:
        loop = asyncio.get_running_loop()
        transport, served = await loop.create_datagram_endpoint(Served, ("127.0.0.1", 0))
        end = endpoint(transport.get_extra_info("sockname")[1])
        port = await end.start("127.0.0.1", 0)
        await served.until(lambda: bool(served.platform.messages("Keepalive")))
        words = ("sipp", "-sf", str(SCENARIOS / "catalog.xml"), "-i", "127.0.0.1", "-p",
                 str(free_port()), "-m", "100", "-r", "50", "-timeout", "30s", "-nostdin",
                 f"127.0.0.1:{port}")  # fmt: skip
        code, said = await run(*words, folder=tmp_path)
        assert code == 0, said[-2000:]
        await served.until(lambda: len(served.platform.messages("Catalog")) == 300)
        await end.close()
        transport.close()

    asyncio.run(talk())


@pytest.mark.skipif(shutil.which("sipsak") is None, reason="sipsak is missing")
def test_sipsak_pings_it(tmp_path: Path) -> None:
    async def talk() -> None:
        end = endpoint(9)
        port = await end.start("127.0.0.1", 0)
        words = ("sipsak", "-v", "-s", f"sip:{DEVICE}@127.0.0.1:{port}")
        code, said = await run(*words, folder=tmp_path)
        assert code == 0, said
        await end.close()

    asyncio.run(talk())
