"""What contract tests share: the plant, and real brokers."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from controller.interface.clock import pause
from scenarios.rig.broker import free_port
from tests.devices.plant import Plant


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path)


class RealBroker:
    """A broker process on a port of its own, which can be killed and started again."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        quiet = asyncio.subprocess.DEVNULL
        self.process = await asyncio.create_subprocess_exec(
            *self._command(), stdout=quiet, stderr=quiet
        )
        for _ in range(400):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await pause(0.02)
        raise AssertionError(f"{self.kind} did not start")

    async def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None

    def _command(self) -> list[str]:
        if self.kind == "embedded":
            return [sys.executable, "-m", "scenarios.rig.embedded", "127.0.0.1", str(self.port)]
        file = self.folder / "mosquitto.conf"
        file.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            "set_tcp_nodelay true\nmax_queued_messages 100000\n"
        )
        return [
            shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/bin") or "",
            "-c",
            str(file),
        ]


@pytest.fixture
def broker(tmp_path: Path) -> Callable[[str], RealBroker]:
    """Makes a broker by kind; skips by name where it is not installed."""

    def make(kind: str) -> RealBroker:
        if kind == "mosquitto" and not shutil.which(
            "mosquitto", path="/usr/sbin:/usr/bin:/usr/local/bin"
        ):
            pytest.skip("mosquitto is not installed")
        return RealBroker(kind, tmp_path)

    return make
