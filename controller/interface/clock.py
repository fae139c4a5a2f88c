"""Time as the controller sees it: grants to scan, answered by done.

The only module of the project that reads a clock or sleeps.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to scan at `t_ms`, and how much must have arrived before.

    `inbox`: cumulative MQTT messages of broker session `session` (-1: do not wait); `drops`:
    cumulative broker connection losses; `replies`: gateway -> cumulative Modbus replies on its
    current connection (-1: do not wait); `held`: gateways that hold replies to requests made now.
    """

    t_ms: int
    inbox: int = -1
    session: int = 0
    drops: int = 0
    replies: Mapping[str, int] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The scan at `t_ms` is over; the next one is due at `wake_ms` at the latest.

    `published`: device -> cumulative commands; `requests`: gateway -> cumulative Modbus requests;
    `session`: connects to the broker so far; `connected`: whether the broker is connected now;
    `writes`: gateway -> number of the request -> command, for the commands that this scan wrote.
    Modbus carries no command id; with this the other side can put the right one on record.
    """

    t_ms: int
    wake_ms: int
    published: Mapping[str, int]
    requests: Mapping[str, int]
    session: int
    connected: bool
    writes: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


class Clock(Protocol):
    """Who says when to scan."""

    async def grant(self) -> Grant | None:
        """The next grant; None when there will be no more."""
        ...

    async def done(self, done: Done) -> None:
        """Report that the granted scan is over."""
        ...


class WallClock:
    """Grants on a fixed grid of `scan_ms`, paced from one absolute instant, so no drift adds up.

    Instants that passed while a scan took too long are skipped, never made up for. `utc_ms` is when
    its 0 was, in ms since 1970.
    """

    def __init__(self, scan_ms: int) -> None:
        self._scan_ms = scan_ms
        self._epoch = time.monotonic()
        self.utc_ms = utc_ms()
        self._next_ms = 0
        self._stopped = asyncio.Event()

    @property
    def now_ms(self) -> int:
        """Milliseconds since this clock was made."""
        return int((time.monotonic() - self._epoch) * 1000)

    async def grant(self) -> Grant | None:
        """The next instant of the grid, once it has come; None after `stop`."""
        wait = self._next_ms / 1000 - (time.monotonic() - self._epoch)
        if wait > 0:
            await wait_for_event(self._stopped, wait)
        if self._stopped.is_set():
            return None
        missed = (self.now_ms - self._next_ms) // self._scan_ms
        t_ms = self._next_ms + max(0, missed) * self._scan_ms
        self._next_ms = t_ms + self._scan_ms
        return Grant(t_ms)

    async def done(self, done: Done) -> None:
        """Nothing to tell: the wall clock runs on by itself."""

    def stop(self) -> None:
        """No more grants."""
        self._stopped.set()


async def wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    """Wait for `event` at most `seconds` of wall-clock time; whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True


async def pause(seconds: float) -> None:
    """Let `seconds` of wall-clock time pass; for pacing at the edge, never for logic."""
    await asyncio.sleep(seconds)


def wall_ms() -> int:
    """Monotonic wall-clock milliseconds, for watchdogs and speed figures."""
    return time.monotonic_ns() // 1_000_000


def wall_us() -> int:
    """Monotonic wall-clock microseconds, for latencies below a millisecond."""
    return time.monotonic_ns() // 1_000


def utc_ms() -> int:
    """Milliseconds since 1970, UTC: the clock that machines apart share, and that goes on while a
    program is down."""
    return time.time_ns() // 1_000_000


def since_start_ms() -> int:
    """Milliseconds since this process was started, where the system tells (Linux); else 0."""
    try:
        began = int(Path("/proc/self/stat").read_text("ascii").rpartition(") ")[2].split()[19])
    except OSError:
        return 0
    ticks = os.sysconf("SC_CLK_TCK")
    return max(0, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000 - began * 1000 // ticks)


def cpu_ms() -> int:
    """CPU milliseconds this process has used."""
    return time.process_time_ns() // 1_000_000


def iso_now() -> str:
    """The date and time, UTC, for a journal's header."""
    return datetime.now(UTC).isoformat(timespec="seconds")
