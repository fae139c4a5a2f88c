"""The MQTT broker of a run: Mosquitto, the embedded one, or somebody's by URL."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import getpass
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from controller.interface.clock import pause, wall_ms
from controller.interface.files import nearest
from scenarios.rig.failure import RigFailure
from scenarios.security.accounts import without_password
from scenarios.security.broker import Security

KINDS = ("auto", "embedded", "mosquitto")
_READY_MS = 8_000
_MOSQUITTO_CONF = """user {user}
listener {port} {host}
{guard}
persistence false
set_tcp_nodelay true
max_queued_messages 100000
max_inflight_messages 20
sys_interval 0
log_dest stderr
log_type error
log_type warning
"""


def choose(kind: str) -> str:
    """Resolve `auto` to Mosquitto when it is on the PATH, else the embedded broker.

    ValueError for an unknown word, RigFailure if Mosquitto is wanted and not there.
    """
    if kind == "auto":
        return "mosquitto" if mosquitto_path() else "embedded"
    if kind in KINDS or "://" in kind:
        if kind == "mosquitto" and not mosquitto_path():
            raise RigFailure("`--broker mosquitto`: mosquitto is not on the PATH; use `embedded`")
        return kind
    hint = nearest(kind, KINDS) or "auto"
    raise ValueError(f"`--broker {kind}`: unknown broker; did you mean `{hint}`?")


def mosquitto_path() -> str | None:
    """Where Mosquitto is; Debian keeps it in /usr/sbin, which is not on every PATH."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def die_with_parent() -> Callable[[], None] | None:
    """On Linux let a child end when its parent is killed (prctl PR_SET_PDEATHSIG = 1)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(1, signal.SIGKILL)

    return ask


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that is free, and that nobody else is given for a while.

    One connection to it is made and closed from its side, which leaves it in TIME_WAIT (60 s on
    Linux): the system then hands it to nobody, but a server that reuses addresses may bind it.
    """
    with socket.socket() as probe, socket.socket() as caller:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, 0))
        probe.listen(1)
        caller.connect(probe.getsockname())
        probe.accept()[0].close()
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Broker:
    """A broker process that can be stopped and started again on the same port."""

    kind: str
    host: str
    port: int
    process: asyncio.subprocess.Process | None = None
    config: Path | None = None
    wanted: bool = field(default=False)
    security: Security = field(default_factory=Security)

    @classmethod
    def at(cls, url: str, cafile: Path | None = None) -> Broker:
        """Return somebody else's broker, `mqtts://USER:PASSWORD@HOST:PORT`; else RigFailure."""
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise RigFailure(
                f"`--broker {without_password(url)}`: write mqtt[s]://[USER:PASSWORD@]HOST:PORT"
            )
        tls = parts.scheme == "mqtts"
        login = None
        if parts.username:
            login = (unquote(parts.username), unquote(parts.password or ""))
        security = Security(tls=tls, cafile=cafile, login=login)
        return cls("url", parts.hostname, parts.port or (8883 if tls else 1883), security=security)

    async def start(self) -> None:
        """Start and wait until it accepts connections; RigFailure if it does not."""
        if self.kind == "url":
            await self._answering()
            return
        self._refuse_taken_port()
        self.process = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )
        self.wanted = True
        await self._answering()

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise RigFailure(
                    f"the MQTT port {self.host}:{self.port} is already taken ({error.strerror}); "
                    "end what listens there or change `mqtt.port` in points.yaml"
                ) from error

    def _command(self) -> list[str]:
        if self.kind == "embedded":
            module = ["-m", "scenarios.rig.embedded", self.host, str(self.port)]
            folders = (self.security.accounts_folder, self.security.certificates)
            return [sys.executable, *module, *(str(folder or "") for folder in folders)]
        with tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False) as file:
            file.write(
                _MOSQUITTO_CONF.format(
                    host=self.host,
                    port=self.port,
                    user=getpass.getuser(),
                    guard=self.security.mosquitto(),
                )
            )
        self.config = Path(file.name)
        return [mosquitto_path() or "mosquitto", "-c", file.name]

    async def _answering(self) -> None:
        deadline = wall_ms() + _READY_MS
        while wall_ms() < deadline:
            if self.ended() is not None:
                raise RigFailure(f"the {self.kind} broker ended at once (code {self.ended()})")
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(self.host, self.port)
                writer.close()
                return
            await pause(0.02)
        what = f"broker at {self.host}:{self.port}" if self.kind == "url" else f"{self.kind} broker"
        raise RigFailure(f"the {what} did not answer within {_READY_MS // 1000} s")

    def ended(self) -> int | None:
        """Return the exit code if the broker ended although it should run."""
        if self.process is None or not self.wanted:
            return None
        return self.process.returncode

    async def stop(self) -> None:
        """End the process at once, as a power cut does."""
        if self.kind == "url":
            return
        self.wanted = False
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        self.process = None
        if self.config is not None:
            self.config.unlink(missing_ok=True)
            self.config = None
