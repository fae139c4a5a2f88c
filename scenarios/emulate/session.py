"""One session of `twin devices`: open, say where everything is, tell what happens, end cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from controller.interface.points import PointList
from scenarios.conform.fit import FitFile
from scenarios.emulate.addresses import Place, Wanted, places
from scenarios.emulate.emulation import Emulation
from scenarios.emulate.endpoints import endpoints
from scenarios.emulate.fitted import find_fit
from scenarios.emulate.forcing import parse_forces
from scenarios.emulate.selection import find_points, select
from scenarios.quantity import quantile
from scenarios.rig.broker import Broker, choose, free_port
from scenarios.security.broker import Security

AS_LISTED = Wanted()


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be emulated, and where."""

    site: str
    only: Sequence[str] = ()
    profile: str = ""
    forces: Sequence[str] = ()
    broker: str = "auto"
    seed: int = 1
    wanted: Wanted = AS_LISTED
    secure: Path | None = None
    cafile: Path | None = None


class Teller:
    """Prints what happens, one line per event; what comes before the endpoints waits for them.

    `hushed`: late replies are the rule here, and not told one by one.
    """

    def __init__(self, as_json: bool, end: Callable[[], None]) -> None:
        self._json, self._end = as_json, end
        self._early: list[dict[str, Any]] | None = []
        self.hushed = False

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        """Take a fact of the devices' journal."""
        event = {"t_ms": t_ms, "kind": kind, "entity": entity, **data}
        if kind == "reply" and self.hushed:
            return
        if self._early is not None:
            self._early.append(event)
        else:
            self._line(event)

    def begin(self, ends: Sequence[dict[str, Any]]) -> None:
        """Say where everything is, then what has happened already."""
        self._print(json.dumps({"endpoints": ends}) if self._json else table(ends))
        early, self._early = self._early or [], None
        for event in early:
            self._line(event)

    def finish(self, emulation: Emulation) -> None:
        """Say how late slices were."""
        counts = emulation.lateness_ms
        event = {"t_ms": emulation.now, "kind": "run", "entity": "devices", "what": "end"}
        self._line(
            {**event, "lateness_p99_ms": quantile(counts, 0.99), "slices": sum(counts.values())}
        )

    def _line(self, event: dict[str, Any]) -> None:
        if self._json:
            self._print(json.dumps(event, ensure_ascii=False))
            return
        rest = (f"{k}={v}" for k, v in event.items() if k not in ("t_ms", "kind", "entity"))
        words = (f"{event['t_ms'] / 1000:10.3f} s", event["kind"], event["entity"], *rest)
        self._print("  ".join(words))

    def _print(self, text: str) -> None:
        """Print at once; nobody listening any more ends the session."""
        try:
            print(text, flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._end()


def emulate(order: Order, as_json: bool) -> None:
    """Run until SIGTERM or Ctrl-C; ValueError or BadFile for bad input, RigFailure for a rig."""
    points = PointList.load(find_points(order.site))
    fit = find_fit(order.profile, points)
    chosen = select(points, order.only, "" if fit is not None else order.profile)
    forces = parse_forces(chosen, order.forces)
    gateways, broker_at = places(chosen, order.wanted)
    broker = _broker(order, chosen, broker_at)
    asyncio.run(_session(order, as_json, chosen, forces, gateways, broker, fit))


def _broker(order: Order, points: PointList, at: Place) -> Broker | None:
    if not any(device.bus == "mqtt" for device in points.devices.values()):
        return None
    kind = choose(order.broker)
    if "://" in kind:
        return Broker.at(kind, order.cafile)
    broker = Broker(kind, at.host, at.port or free_port(at.host))
    if order.secure is not None:
        broker.security = Security.make(points, order.secure, at.host)
    return broker


async def _session(
    order: Order,
    as_json: bool,
    points: PointList,
    forces: dict[str, Any],
    gateways: dict[str, Place],
    broker: Broker | None,
    fit: FitFile | None,
) -> None:
    teller = Teller(as_json, lambda: emulation.end())
    teller.hushed = fit is not None
    emulation = Emulation(points, order.seed, teller.record, forces, fit)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: the signal ends the process
            loop.add_signal_handler(number, emulation.end)
    async with AsyncExitStack() as ends:
        await emulation.open(gateways, broker, ends)
        if not emulation.stop.is_set():
            at = (broker.host, broker.port) if broker is not None else None
            teller.begin(endpoints(points, emulation.places, at))
            await emulation.run()
            teller.finish(emulation)


def table(ends: Sequence[dict[str, Any]]) -> str:
    """Return the endpoints as a table for people."""
    grid = Table("endpoint", "profile", "device", box=None, pad_edge=False)
    for end in ends:
        grid.add_row(end["url"], end["profile"], end["device"])
    page = io.StringIO()
    console = Console(width=120, file=page)
    console.print(grid)
    return f"{page.getvalue()}{len(ends)} endpoints answer; Ctrl-C ends them"
