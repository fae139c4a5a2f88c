"""One session of `twin devices`: open, say where everything is, tell what happens, end cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from controller.interface.clock import wait_for_event, wall_ms
from controller.interface.points import PointList
from devices.bank import Bank
from devices.failing.at_network import NETWORKS
from devices.serve.live import LiveDevices
from devices.serve.livestations import KEEPALIVE_S
from scenarios.conform.fit import FitFile
from scenarios.control import ControlServer
from scenarios.emulate.addresses import Place, Places, Wanted, places
from scenarios.emulate.cues import RIG, Cues, parse_faults
from scenarios.emulate.endpoints import control_entry, picture_entry
from scenarios.emulate.fitted import Fitted, find_fit
from scenarios.emulate.forcing import Forced, parse_forces
from scenarios.emulate.opening import Opening
from scenarios.emulate.pictures import BenchGallery, bench_gallery
from scenarios.emulate.quiet import QuietWorld
from scenarios.emulate.selection import find_points, select
from scenarios.emulate.telling import Teller
from scenarios.faultboard import FaultBoard
from scenarios.rig.broker import Broker, choose, free_port
from scenarios.rig.failure import RigFailure
from scenarios.schema import Fault
from scenarios.security.broker import Security

AS_LISTED = Wanted()
_LOOK_S = 0.5
"""How often a session looks whether its broker is still there."""


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
    faults: Sequence[str] = ()
    control: int | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """An order that has been checked."""

    folder: Path
    points: PointList
    places: Places
    forces: dict[str, Any]
    fit: FitFile | None
    faults: list[tuple[int, Fault]]
    order: Order

    @property
    def relayed(self) -> frozenset[str]:
        """In front of whom a relay stands: everybody, if faults may be ordered at any time."""
        if self.order.control is not None:
            return frozenset((*self.points.gateways, *self.points.devices))
        return frozenset(item.device for _, item in self.faults if item.fault in NETWORKS)


def emulate(order: Order, as_json: bool) -> None:
    """Run until SIGTERM or Ctrl-C; ValueError or BadFile for bad input, RigFailure for a rig."""
    path = find_points(order.site)
    points = PointList.load(path)
    fit = find_fit(order.profile, points)
    chosen = select(points, order.only, "" if fit is not None else order.profile)
    forces = parse_forces(chosen, order.forces)
    faults = parse_faults(chosen, order.faults)
    plan = _Plan(path.parent, chosen, places(chosen, order.wanted), forces, fit, faults, order)
    broker = _broker(order, chosen, plan.places.broker)
    asyncio.run(_session(plan, broker, as_json))


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


async def _session(plan: _Plan, broker: Broker | None, as_json: bool) -> None:
    stop = asyncio.Event()
    teller = Teller(as_json, stop.set)
    teller.hushed = plan.fit is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: the signal ends the process
            loop.add_signal_handler(number, stop.set)
    bank = Bank(plan.points, QuietWorld(), plan.order.seed, teller.record)
    async with AsyncExitStack() as ends:
        access = None
        if broker is not None:
            ends.push_async_callback(broker.stop)
            await broker.start()
            access = broker.security.access(broker.host, broker.port, list(bank.stations))
            access = replace(access, keepalive_s=KEEPALIVE_S)
        live = LiveDevices(bank, wall_ms(), access)
        gallery = bench_gallery(plan.points, plan.folder, live.now, bank.calendar.epoch_ms(0))
        if gallery is not None:
            teller.heard = gallery.reel.hear
        board = FaultBoard(
            plan.points, RIG, bank.standing.names, partial(loop.call_soon_threadsafe, live.soon)
        )
        live.shapings += [
            Cues(bank, plan.faults, board).shape,
            Fitted(plan.fit, plan.points, bank, plan.order.seed).shape,
            Forced(plan.points, bank, plan.forces).shape,
        ]
        opening = Opening(plan.points, live, access, plan.relayed)
        ends.push_async_callback(opening.close)
        await opening.open(plan.places, stop)
        if stop.is_set():
            return
        web = _web(plan, board, gallery, ends)
        teller.begin(opening.endpoints(), web)
        live.measure()
        await _watch(live, broker, stop)
        teller.finish(live)


def _web(
    plan: _Plan, board: FaultBoard, gallery: BenchGallery | None, ends: AsyncExitStack
) -> list[dict[str, Any]]:
    """Serve faults and pictures over HTTP as far as there are any; where they are."""
    control = plan.order.control
    if control is None and gallery is None:
        return []
    port = plan.places.web if control is None else control
    server = ControlServer(board if control is not None else None, port, gallery)
    ends.callback(server.close)
    cameras = [] if gallery is None else list(gallery.reel.cameras)
    return [
        *(picture_entry(server.url, camera) for camera in cameras),
        *([control_entry(server.url)] if control is not None else []),
    ]


async def _watch(live: LiveDevices, broker: Broker | None, stop: asyncio.Event) -> None:
    """Wait for the end; RigFailure if a broker of ours ends by itself."""
    while not await wait_for_event(stop, _LOOK_S):
        if live.over.done():
            live.over.result()
        if broker is not None and broker.ended() is not None:
            raise RigFailure(f"the {broker.kind} broker ended by itself")
