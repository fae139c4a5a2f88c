"""Servers that controller tests talk to over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from controller.drivers.links import Will
from controller.interface import topics
from controller.interface.clock import pause

LIMIT_S = 20
NORMAL, ALARM = 0x1400, 0x0C01
WILL = Will("cs/1/test-school/ctl/controller/status", b'{"s":"lost"}')
FILTERS = topics.controller_filters("test-school")


def run(work, limit_s=LIMIT_S):
    async def limited():
        async with asyncio.timeout(limit_s):
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
