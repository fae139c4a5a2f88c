"""The emulators of a district in a process of their own: `python -m ... PORT SCHOOLS GRAIN_MS`.

Says its gateways' ports when all are up; measures from one line on stdin to the next, and
then says what it found.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections import Counter
from typing import Any

from controller.interface.clock import pause, wall_ms
from devices.bank import Bank
from devices.serve.access import Access
from devices.serve.live import LiveDevices
from devices.serve.livestations import KEEPALIVE_S
from scenarios.district.percentile import percentile
from scenarios.district.school import Weather, another, nobody, school
from scenarios.openfiles import raise_open_files
from scenarios.rig.embedded import quick_loop

SEED = 1


async def _serve(port: int, schools: int, grain_ms: int) -> None:
    raise_open_files(12 * 300 + 6 * schools)
    epoch_ms, first = wall_ms(), school()
    access = Access("127.0.0.1", port, keepalive_s=KEEPALIVE_S)
    sites: list[LiveDevices] = []
    ports: list[int] = []
    for number in range(schools):
        points = another(first, number)
        bank = Bank(points, Weather(epoch_ms), SEED, nobody)
        site = LiveDevices(bank, epoch_ms, access, grain_ms)
        found = await site.start(dict.fromkeys(points.gateways, ("127.0.0.1", 0)))
        sites.append(site)
        ports += found.values()
        while site.stations.connected < len(bank.stations):
            await pause(0.02)
    gc.collect()
    gc.freeze()  # what stands now is never garbage; looking through it would stop all devices
    _say({"ports": ports})
    await _line()
    for site in sites:
        site.measure()
    before = _counts(sites)
    await _line()
    late = sum((Counter(site.late) for site in sites), Counter())
    after = _counts(sites)
    _say({
        "late_p50_ms": percentile(late, 0.5),
        "late_p99_ms": percentile(late, 0.99),
        "late_max_ms": max(late, default=0),
        "updates": sum(late.values()),
        "connected": sum(site.stations.connected for site in sites),
        **{key: after[key] - before[key] for key in after},
    })  # fmt: skip
    for site in sites:
        await site.close()


def _counts(sites: list[LiveDevices]) -> dict[str, int]:
    return {
        "sent": sum(s.sent for site in sites for s in site.bank.stations.values()),
        "requests": sum(g.requests for site in sites for g in site.bank.gateways.values()),
    }


async def _line() -> None:
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def _say(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        runner.run(_serve(*(int(word) for word in sys.argv[1:4])))
