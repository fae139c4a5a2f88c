"""The controller in a process of its own, led over a private channel."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from controller.interface.channel import BadLine, decode_done, encode_grant
from controller.interface.clock import Done, Grant
from scenarios.rig.broker import die_with_parent
from scenarios.rig.failure import RigFailure

WATCHDOG_S = 5.0
_START_S = 8.0
_LINE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a controller: its command and what every controller is told.

    `environment` holds its credentials for the broker, `began_ms` is the UTC at time 0 (ms since
    1970), for a site that has a plan.
    """

    command: str
    site: Path
    journal: Path
    chain: str
    scan_ms: int
    environment: Mapping[str, str] = field(default_factory=dict)
    began_ms: int | None = None

    def arguments(self, channel: str) -> list[str]:
        """Return the command line for a channel address."""
        own = [sys.executable, "-m", "controller"]
        return [
            *(shlex.split(self.command) if self.command else own),
            *("--site", str(self.site), "--scan-ms", str(self.scan_ms)),
            *("--grant", channel, "--journal", str(self.journal), "--chain", self.chain),
            *(() if self.began_ms is None else ("--began-ms", str(self.began_ms))),
        ]


class ControllerProcess:
    """Starts the controller, grants it time, and ends it; guarded by a wall-clock watchdog."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._joined: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        self._process: asyncio.subprocess.Process | None = None
        self._server: asyncio.Server | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._errors: asyncio.Task[bytes] | None = None

    async def start(self) -> None:
        """Start the process and wait until it has joined the channel."""
        self._joined = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0, limit=_LINE_LIMIT)
        host, port = self._server.sockets[0].getsockname()[:2]
        self._process = await asyncio.create_subprocess_exec(
            *self._launch.arguments(f"{host}:{port}"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=die_with_parent(),
            env=os.environ | self._launch.environment,
        )
        assert self._process.stderr is not None
        self._errors = asyncio.create_task(self._process.stderr.read(4_000))
        ended = asyncio.ensure_future(self._process.wait())
        either: set[asyncio.Future[Any]] = {self._joined, ended}
        await asyncio.wait(either, timeout=_START_S, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not self._joined.done():
            raise RigFailure(f"the controller did not start: {await self._last_words()}")
        self._reader, self._writer = self._joined.result()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._joined.done():
            writer.close()
            return
        self._joined.set_result((reader, writer))

    async def step(self, grant: Grant) -> Done:
        """Grant one scan and wait for its done; RigFailure when the controller is gone or mute."""
        assert self._reader is not None and self._writer is not None
        self._writer.write(encode_grant(grant))
        try:
            async with asyncio.timeout(WATCHDOG_S):
                line = await self._reader.readline()
        except TimeoutError as error:
            raise RigFailure(
                f"the controller has not answered the grant of t = {grant.t_ms} ms "
                f"for {WATCHDOG_S:.0f} s of wall-clock time"
            ) from error
        except ConnectionError:
            line = b""
        if not line:
            said = await self._last_words()
            raise RigFailure(f"the controller ended at t = {grant.t_ms} ms: {said}")
        try:
            return decode_done(line)
        except BadLine as error:
            raise RigFailure(
                f"the controller answered something else than done: {error}"
            ) from error

    async def stop(self, grant: Grant) -> None:
        """Send the last grant; the controller ends in good order."""
        assert self._writer is not None and self._process is not None
        self._writer.write(encode_grant(grant))
        try:
            async with asyncio.timeout(WATCHDOG_S):
                code = await self._process.wait()
        except TimeoutError as error:
            raise RigFailure("the controller does not end although it was told to") from error
        if code != 0:
            raise RigFailure(f"the controller ended badly: {await self._last_words()}")

    def owns(self, peer: tuple[str, int]) -> bool:
        """Whether a TCP peer (address, port) is a socket of the controller's process."""
        if self._process is None:
            return False
        with contextlib.suppress(psutil.Error):
            sockets = psutil.Process(self._process.pid).net_connections("tcp")
            return any(item.laddr == peer for item in sockets)
        return False

    async def _last_words(self) -> str:
        assert self._process is not None and self._errors is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._process.wait()
        code = self._process.returncode
        if code is None:
            return "its process still runs but is mute"
        words = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                words = (await asyncio.shield(self._errors)).decode(errors="replace").strip()
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"{how}{'; it said: ' + words.splitlines()[-1] if words else ''}"

    async def close(self) -> None:
        """End the process; by force if it does not go by itself."""
        if self._writer is not None:
            self._writer.close()
        if self._server is not None:
            self._server.close()
        if self._process is not None and self._process.returncode is None:
            try:
                async with asyncio.timeout(3.0):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        if self._errors is not None:
            self._errors.cancel()
