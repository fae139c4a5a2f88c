"""Words to the supervisor of this process: systemd's notification protocol (sd_notify(3)).

A datagram with lines like `READY=1` to the socket that NOTIFY_SOCKET names. Without one, nothing.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping

_DEFAULT_MS = 1 << 62


class Supervisor:
    """Tells that the program is ready, lives, or stops."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        usec = environment.get("WATCHDOG_USEC", "")
        self._every_ms = int(usec) // 2000 if usec.isdecimal() and int(usec) else _DEFAULT_MS
        self._next_ms = 0
        self._status = ""
        self._socket: socket.socket | None = None
        if self._address:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)

    def ready(self) -> None:
        """The program does its work."""
        self.tell("READY=1")

    def alive(self, now: int, status: str) -> None:
        """One more scan is over: twice per watchdog time, and whenever the status is news."""
        if now >= self._next_ms:
            self._next_ms = now + self._every_ms
            self.tell("WATCHDOG=1")
        if status != self._status:
            self._status = status
            self.tell(f"STATUS={status}")

    def anew(self) -> None:
        """The clock of the scans begins again at 0."""
        self._next_ms = 0

    def stopping(self) -> None:
        """The program ends in order."""
        self.tell("STOPPING=1")

    def tell(self, words: str) -> None:
        """Send one message; nobody listening is no reason to stop."""
        if self._socket is None:
            return
        name = self._address
        address = "\0" + name[1:] if name.startswith("@") else name
        with contextlib.suppress(OSError):
            self._socket.sendto(words.encode(), address)
