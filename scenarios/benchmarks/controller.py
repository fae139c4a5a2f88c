"""How fast the controller is: one scan at 2,000 points, and from register to coil over sockets.

The controller runs as the product does: a process of its own, kept on one core, on the wall clock
with a scan of 100 ms. The emulators' sockets are in this process: an alarm is written into a
register, and the clock stops when the request that writes the coil has arrived.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

from controller.interface.clock import Grant, pause, wall_ms, wall_us
from controller.interface.journal import Journal
from controller.interface.loopwords import NORMAL_WORD, encode_loop
from controller.scan import Controller
from controller.site import load
from devices.bank import Bank
from devices.exchange import Exchange
from devices.serve.modbus import ModbusServer
from scenarios.benchmarks.measure import Measure, cpu_s, tell
from scenarios.benchmarks.plant import (
    BOARDS,
    PANELS,
    TRIALS,
    alarm_at,
    calls_in,
    lock_at,
    place_of,
    write_site,
)
from scenarios.district.percentile import percentile
from scenarios.district.school import Weather, nobody
from scenarios.rig.broker import die_with_parent, free_port
from scenarios.rig.memory import MemoryLinks

_POINTS = 2000
_SCAN_MS = _POLL_MS = 100
_DEAD = 20
_ALARM = encode_loop("alarm")
_LIMIT_S = 30.0
_TURNS = 5
"""Scans whose CPU time is measured together."""


def controllers() -> list[dict[str, Any]]:
    """The figures of the group `controller`."""
    sizes = {points: scan_ms(points) for points in (_POINTS // 2, _POINTS, 2 * _POINTS)}
    alive = asyncio.run(latencies(0))
    dead = asyncio.run(latencies(_DEAD))
    limit = float(_SCAN_MS + _POLL_MS + 10)
    growth = {f"ms_at_{points}": round(ms, 2) for points, ms in sizes.items()}
    return [
        Measure("controller.scan_2000_ms", sizes[_POINTS], "ms", 10.0, more=growth).row(),
        Measure("controller.latency_p99_ms", alive["p99"], "ms", limit, more=alive).row(),
        Measure("controller.latency_dead_max_ms", dead["max"], "ms", 3000.0, more=dead).row(),
    ]


def scan_ms(points: int) -> float:
    """CPU time of one scan, ms: every gateway is polled, and one call point in a hundred changes.

    The emulators' gateways answer in the same process; their time is in it.
    """
    tell(f"one scan at {points} points")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_site(folder, points, range(20_000, 20_000 + PANELS + BOARDS), _POLL_MS, 0)
        site = load(folder)
        bank = _bank(site.points)
        now = [0]
        links = MemoryLinks(bank.gateways, Exchange(), lambda: now[0])
        controller = Controller(site, links, Journal(None, "0", {}), scan_ms=_SCAN_MS)

        def scan() -> None:
            """Flip every hundredth call point between normal and pre-alarm, then scan."""
            word = encode_loop("prealarm") if now[0] // _SCAN_MS % 2 else NORMAL_WORD
            for call in range(0, calls_in(points), 100):
                panel, register = place_of(call)
                bank.gateways[panel].units[1].write("holding", register, word)
            step = controller.step(Grant(now[0]))
            try:
                step.send(None)
            except StopIteration:
                now[0] += _SCAN_MS

        def several() -> None:
            for _ in range(_TURNS):
                scan()

        several()
        return 1000 * cpu_s(several) / _TURNS


def _bank(points: Any) -> Bank:
    """The site's devices at rest: every call point normal, no timers running."""
    bank = Bank(points, Weather(wall_ms()), 1, nobody)
    for name in (f"fire-{n}" for n in range(PANELS)):
        image = bank.gateways[name].units[1]
        for device in points.devices.values():
            if device.gateway == name:
                image.put(device.points[0].binding, (NORMAL_WORD,))
    return bank


async def latencies(dead: int, trials: int = TRIALS) -> dict[str, Any]:
    """From the register to the coil, ms, over all trials: p50, p99 and the longest."""
    tell(f"from register to coil at {_POINTS} points, {dead} boards dead")
    with tempfile.TemporaryDirectory() as name, ExitStack() as holes:
        folder = Path(name)
        ports = [free_port() for _ in range(PANELS + BOARDS)]
        ports += [_hole(number, holes) for number in range(dead)]
        write_site(folder, _POINTS, ports, _POLL_MS, dead)
        async with AsyncExitStack() as ends:
            times = await _trials(folder, ports, trials, ends)
    tenths = Counter(round(10 * one) for one in times)
    return {
        "p50": percentile(tenths, 0.5) / 10,
        "p99": percentile(tenths, 0.99) / 10,
        "max": round(max(times), 1),
        "trials": len(times),
    }


def _hole(number: int, ends: ExitStack) -> int:
    """The port of a dead board: refusing, silent, or swallowing every attempt to connect."""
    if number % 3 == 0:
        return free_port()
    listener = ends.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(64 if number % 3 == 1 else 0)
    port = int(listener.getsockname()[1])
    for _ in range(0 if number % 3 == 1 else 4):
        waiting = ends.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(("127.0.0.1", port))
    return port


async def _trials(folder: Path, ports: list[int], trials: int, ends: AsyncExitStack) -> list[float]:
    site = load(folder)
    bank = _bank(site.points)
    changed = asyncio.Event()
    began_ms = wall_ms()
    for gateway, port in zip(bank.gateways.values(), ports, strict=False):
        if gateway.id.startswith("dead"):
            continue
        server = ModbusServer(gateway, lambda: wall_ms() - began_ms, noticed=changed.set)
        await server.start("127.0.0.1", port)
        ends.push_async_callback(server.close)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "controller", "--site", str(folder), "--scan-ms", str(_SCAN_MS),
        "--journal", str(folder / "controller.jsonl"), preexec_fn=_on_one_core(),
    )  # fmt: skip
    try:
        alive = [g for name, g in bank.gateways.items() if not name.startswith("dead")]
        await _until(lambda: all(gateway.requests > 50 for gateway in alive), "the first polls")
        return [await _trial(bank, trial, changed) for trial in range(trials)]
    finally:
        process.terminate()
        await process.wait()


async def _trial(bank: Bank, trial: int, changed: asyncio.Event) -> float:
    """Milliseconds from the register to the coil; trials begin all over the scan."""
    await pause((150 + 37 * trial % _SCAN_MS) / 1000)
    panel, register = alarm_at(trial, _POINTS)
    board, coil = lock_at(trial)
    writes = bank.gateways[board].writes
    bank.gateways[panel].units[1].write("holding", register, _ALARM)
    began_us = wall_us()
    async with asyncio.timeout(_LIMIT_S):
        while not any(w.area == "coil" and w.address == coil and w.raw for w in writes):
            changed.clear()
            await changed.wait()
    return (wall_us() - began_us) / 1000


async def _until(reached: Callable[[], bool], what: str) -> None:
    began_ms = wall_ms()
    while not reached():
        if wall_ms() - began_ms > 1000 * _LIMIT_S:
            raise RuntimeError(f"waited {_LIMIT_S:.0f} s for {what}")
        await pause(0.05)


def _on_one_core() -> Callable[[], None]:
    """Keeps a child on the last core, and ends it with its parent."""
    ends = die_with_parent()
    core = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else -1

    def before() -> None:
        if ends is not None:
            ends()
        if core >= 0:
            os.sched_setaffinity(0, {core})

    return before
