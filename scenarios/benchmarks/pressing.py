"""From ten buttons pressed at once to the police, on the wall clock over real sockets.

The controller runs as the product does: a process of its own, a scan of 100 ms, with its state file
and journal on the disk. Broker, pendants and the police's HTTP server are real sockets in
this process. The clock stops when the police's receiver has taken a notice: an emulated pendant's
radio (100 to 450 ms) and the request are in it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from controller.interface.asking import Request, encode, key_of
from controller.interface.clock import pause, utc_ms, wall_ms, wall_us
from controller.interface.points import PointList
from devices.bank import Bank
from devices.serve.live import LiveDevices
from devices.serve.livestations import KEEPALIVE_S
from scenarios.benchmarks.measure import Measure, tell
from scenarios.benchmarks.outages import BUTTONS, outages, write_site
from scenarios.district.percentile import percentile
from scenarios.emulate.quiet import QuietWorld
from scenarios.rig.broker import Broker, choose, die_with_parent, free_port

ROUNDS = 20
OUTAGES = 200
_LIMIT_S = 30.0
_SITE, _GUARD = "village", "guard-1"
_KEY = key_of("bench", _SITE, _GUARD)


def plans() -> list[dict[str, Any]]:
    """The figures of the group `plan`."""
    tell(f"{BUTTONS} buttons at once, {ROUNDS} times, to the police")
    with tempfile.TemporaryDirectory() as name:
        times = asyncio.run(_presses(Path(name)))
    tell(f"{OUTAGES} outages of receivers")
    with tempfile.TemporaryDirectory() as name:
        told = outages(Path(name), OUTAGES)
    more = {"p50": percentile(times, 0.5), "max": max(times), "presses": times.total()}
    kept = {"alarms": told.alarms, "restarts": told.restarts, "told_twice": len(told.twice)}
    p99 = float(percentile(times, 0.99))
    return [
        Measure("plan.press_to_police_p99_ms", p99, "ms", 2000.0, more=more).row(),
        Measure("plan.lost_in_200_outages", len(told.lost), "alarms", 0.0, more=kept).row(),
    ]


async def _presses(folder: Path) -> Counter[int]:
    """Milliseconds from press to taken, of every press."""
    ports = free_port(), free_port()
    write_site(folder, *ports)
    people = f'operators: 1\npeople: [{{id: {_GUARD}, role: guard, key: "{_KEY.hex()}"}}]\n'
    (folder / "operators.yaml").write_text(people)
    (folder / "operators.yaml").chmod(0o600)
    async with AsyncExitStack() as ends:
        return await _Square(folder, *ports).measure(ends)


class _Square:
    """The emulated devices in real time, and when the police have taken what."""

    def __init__(self, folder: Path, broker: int, police: int) -> None:
        self._folder, self._ports = folder, (broker, police)
        self._bank = Bank(PointList.load(folder / "points.yaml"), QuietWorld(), 1, self._hear)
        self._taken_us: list[int] = []
        self._http = free_port()

    def _hear(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> None:
        if entity == "rcv-police" and data.get("what") == "alarm":
            self._taken_us.append(wall_us())

    async def measure(self, ends: AsyncExitStack) -> Counter[int]:
        """Press, wait for all, reset; again and again."""
        broker = Broker(choose("auto"), "127.0.0.1", self._ports[0])
        ends.push_async_callback(broker.stop)
        await broker.start()
        access = broker.security.access(broker.host, broker.port, list(self._bank.stations))
        live = LiveDevices(self._bank, wall_ms(), replace(access, keepalive_s=KEEPALIVE_S))
        ends.push_async_callback(live.close)
        await live.receive("rcv-police", "127.0.0.1", self._ports[1])
        live.soon()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "controller", "--site", str(self._folder), "--scan-ms", "100",
            "--journal", str(self._folder / "controller.jsonl"), "--state",
            str(self._folder / "state"), "--http", f"127.0.0.1:{self._http}",
            preexec_fn=die_with_parent(),
        )  # fmt: skip
        ends.push_async_callback(_ended, process)
        journal = self._folder / "controller.jsonl"
        await self._until(lambda: journal.exists() and b'"pendant-9.alarm"' in journal.read_bytes())
        times: Counter[int] = Counter()
        for number in range(ROUNDS):
            times += await self._round(live, number)
        return times

    async def _round(self, live: LiveDevices, number: int) -> Counter[int]:
        await pause((50 + 37 * number % 100) / 1000)
        self._taken_us.clear()
        began_us = wall_us()
        for button in range(BUTTONS):
            self._bank.press(live.now(), f"pendant-{button}")
        live.soon()
        await self._until(lambda: len(self._taken_us) >= BUTTONS)
        told = Counter((at_us - began_us) // 1000 for at_us in self._taken_us)
        asked = (self._ask_reset(f"pendant-{n}", f"r{number}-{n}") for n in range(BUTTONS))
        await asyncio.gather(*asked)
        await self._until(lambda: not any(self._stands(n) for n in range(BUTTONS)))
        await pause(0.3)
        return told

    async def _ask_reset(self, button: str, name: str) -> None:
        """A guard says over HTTP that it is over."""
        request = Request(name, _GUARD, "reset", button, "it is over", 0, utc_ms())
        body = encode(_KEY, _SITE, request).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._http)
        head = f"POST /v1/operations HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        if b" 200 " not in answer:
            raise RuntimeError(f"{button} is not reset: {answer.decode()}")

    def _stands(self, button: int) -> bool:
        return bool(self._bank.devices[f"pendant-{button}"].wiring.values["alarm"])

    async def _until(self, reached: Callable[[], bool]) -> None:
        began_ms = wall_ms()
        while not reached():
            if wall_ms() - began_ms > 1000 * _LIMIT_S:
                raise RuntimeError(f"waited {_LIMIT_S:.0f} s; {len(self._taken_us)} were taken")
            await pause(0.005)


async def _ended(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    await process.wait()
