"""Emulated devices in real time: a district of 60 schools, and what one school adds to latency.

Every process runs on this machine and is counted: broker, emulators, a subscriber to everything, a
master that polls every gateway each second.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

import psutil

from controller.interface.clock import pause, wall_ms
from scenarios.benchmarks.measure import Measure, tell
from scenarios.district.school import MODBUS, MQTT
from scenarios.district.stimulus import added_latency
from scenarios.rig.broker import Broker, choose, die_with_parent, free_port

_CHILDREN = "scenarios.district"
_SCHOOLS = 60
_GRAIN_MS = 50
_SECONDS = 20.0
_SETTLE_S = 3.0
_START_S = 120.0
_LINE = 1 << 20


@dataclass(slots=True)
class _Child:
    """A process that answers lines with JSON."""

    name: str
    process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, name: str, *words: str) -> _Child:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"{_CHILDREN}.{name}", *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            preexec_fn=die_with_parent(), limit=_LINE,
        )  # fmt: skip
        return cls(name, process)

    def tell(self, line: str = "") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    async def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        async with asyncio.timeout(_START_S):
            line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended without a word")
        document: dict[str, Any] = json.loads(line)
        return document

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


def devices() -> list[dict[str, Any]]:
    """The figures of the group `devices`."""
    return asyncio.run(_all())


async def _all() -> list[dict[str, Any]]:
    one = await load(1, _GRAIN_MS)
    district = await load(_SCHOOLS, _GRAIN_MS)
    added = await added_latency()
    count = _SCHOOLS * (MODBUS + MQTT)
    costs = [one["cpu_us_per_device_s"], district["cpu_us_per_device_s"]]
    late = max(district["late_p99_ms"], district["heartbeat_p99_ms"])
    return [
        _result("devices.district.lateness_p99_ms", late, "ms", 250.0, district),
        _result("devices.district.memory_mb", district["memory_mb"], "MB", 4096.0, {}),
        _result("devices.district.cores", district["cores"], "cores", 2.0, {}),
        _result("devices.district.messages_per_s", district["messages_per_s"], "1/s", None, {}),
        _result("devices.district.requests_per_s", district["requests_per_s"], "1/s", None, {}),
        _result("devices.cost_us_per_device_s.300", costs[0], "us CPU", None, one),
        _result(f"devices.cost_us_per_device_s.{count}", costs[1], "us CPU", None, {}),
        _result("devices.stimulus_p99_ms", added["added_p99_ms"], "ms", 5.0, added),
    ]


def _result(
    name: str, value: float, unit: str, target: float | None, detail: dict[str, Any]
) -> dict[str, Any]:
    return Measure(name, value, unit, target, more=detail).row()


async def load(schools: int, grain_ms: int, seconds: float = _SECONDS) -> dict[str, Any]:
    """So many schools in real time, looked on at by a subscriber and a master for `seconds`."""
    tell(f"{schools * (MODBUS + MQTT)} devices in real time")
    broker = Broker(choose("auto"), "127.0.0.1", free_port())
    children: list[_Child] = []
    await broker.start()
    try:
        emulators = await _Child.start("emulators", str(broker.port), str(schools), str(grain_ms))
        children.append(emulators)
        up = await emulators.hear()
        listener = await _Child.start("listener", str(broker.port))
        poller = await _Child.start("poller")
        children += [listener, poller]
        poller.tell(" ".join(map(str, up["ports"])))
        await pause(_SETTLE_S)
        return await _measure(broker, children, schools, seconds)
    finally:
        for child in children:
            await child.end()
        await broker.stop()


async def _measure(
    broker: Broker, children: list[_Child], schools: int, seconds: float
) -> dict[str, Any]:
    assert broker.process is not None
    watched = {child.name: psutil.Process(child.process.pid) for child in children}
    watched[broker.kind] = psutil.Process(broker.process.pid)
    for child in children:
        child.tell()
    before, began = {name: _cpu_s(p) for name, p in watched.items()}, wall_ms()
    await pause(seconds)
    took = (wall_ms() - began) / 1000
    used = {name: (_cpu_s(p) - before[name]) / took for name, p in watched.items()}
    memory = sum(p.memory_info().rss for p in watched.values()) / 1e6
    for child in children:
        child.tell()
    found: dict[str, Any] = {}
    for child in children:
        found |= await child.hear()
    devices = schools * (MODBUS + MQTT)
    return {
        "devices": devices,
        "cores": round(sum(used.values()), 2),
        "cores_by_process": {name: round(share, 3) for name, share in used.items()},
        "memory_mb": round(memory),
        "messages_per_s": round(found["messages"] / took),
        "requests_per_s": round(found["replies"] / took),
        "cpu_us_per_device_s": round(used["emulators"] / devices * 1e6, 1),
        "machine_load": round(psutil.getloadavg()[0], 1),
        **found,
    }


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
