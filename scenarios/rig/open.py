"""Opens a rig for one run: everything that has to be started, and ended again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controller.interface.files import load as load_file
from controller.interface.files import read
from controller.interface.journal import Journal
from controller.interface.points import PointList
from controller.interface.streams import stream
from controller.plan.loading import FILE as PLAN
from controller.plan.planfile import PlanFile
from controller.scan import Controller
from controller.site import load
from devices.network.relay import Relay
from devices.serve.gb28181 import GbEndpoint
from devices.serve.modbus import ModbusServer
from devices.serve.mqtt import DeviceConnections
from devices.serve.printer import PrinterServer
from scenarios.conform.target import UnreachableError
from scenarios.folder import RunFolder
from scenarios.rig.books import Books
from scenarios.rig.broker import Broker, choose, free_port
from scenarios.rig.failure import RigFailure
from scenarios.rig.lockstep import Field
from scenarios.rig.memory import MemoryField, MemoryLinks
from scenarios.rig.process import ControllerProcess, Launch
from scenarios.rig.realdevices import open_gateways, open_stations
from scenarios.rig.receivers import open_receivers
from scenarios.rig.shadow import Shadow
from scenarios.rig.wire import Outlet, WireField
from scenarios.security.broker import Security
from scenarios.security.reach import check_reach
from twin.twin import Twin

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Setup:
    """What a rig needs to know: the twin, the folder, how to join them."""

    rig: str
    broker: str
    controller: str
    fixed_ports: bool
    folder: RunFolder
    points: PointList
    twin: Twin
    slice_ms: int
    chain: str
    header: Mapping[str, Any]
    record: Callable[..., object]
    secure: bool = False
    cafile: Path | None = None
    expose: bool = False
    relayed: frozenset[str] = frozenset()
    pace: float = 1.0
    day_ms: int = 0


@dataclass(slots=True)
class Joined:
    """A rig that is open."""

    field: Field
    books: Books
    shadow: Shadow
    ends: AsyncExitStack
    endpoints: list[str]

    def tally(self) -> dict[str, Any]:
        """Return messages, requests and bytes of the run."""
        bank = self.books.bank
        return {
            "messages": self.books.messages(),
            "requests": self.books.requests(),
            "mqtt_devices": len(bank.stations),
            "gateways": len(bank.gateways),
            "tapes": self.books.tapes(),
            **({"shadow": self.shadow.tally()} if self.shadow.sources else {}),
        }

    async def hold(self) -> None:
        """Keep every endpoint open until Ctrl-C or SIGTERM."""
        print("run over; endpoints stay open until Ctrl-C", file=sys.stderr, flush=True)
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await ended.wait()

    async def close(self) -> None:
        """End everything that was started."""
        await self.ends.aclose()


async def join(setup: Setup) -> Joined:
    """Open the rig; RigFailure with one sentence, and nothing left running, if it cannot be."""
    shadow = Shadow(setup.points, setup.twin.bank, setup.twin.world, setup.record)
    books = Books(setup.twin.bank, setup.record, shadow.gateways | shadow.stations)
    async with AsyncExitStack() as ends:
        field, endpoints = await _OPENERS[setup.rig](setup, books, shadow, ends)
        return Joined(field, books, shadow, ends.pop_all(), endpoints)
    raise AssertionError("unreachable")


def _began_ms(setup: Setup) -> int | None:
    """The UTC at which the run begins (ms since 1970), for a site whose plan tells local time."""
    path = setup.folder.site / PLAN
    if not path.exists():
        return None
    offset_h = load_file(path, PlanFile).utc_offset_h or 0
    return (setup.day_ms - round(offset_h * 3_600_000)) % DAY_MS


async def _memory(
    setup: Setup, books: Books, shadow: Shadow, ends: AsyncExitStack
) -> tuple[Field, list[str]]:
    bank = setup.twin.bank
    links = MemoryLinks(bank.gateways, books.exchange, lambda: books.now, bank.webhooks)
    journal = Journal(setup.folder.journals[1], setup.chain, setup.header)
    ends.callback(journal.close)
    site = load(setup.folder.site)
    controller = Controller(
        site, links, journal, scan_ms=setup.slice_ms, veil=site.veil, began_ms=_began_ms(setup) or 0
    )
    return MemoryField(books, links, controller), []


async def _wire(
    setup: Setup, books: Books, shadow: Shadow, ends: AsyncExitStack
) -> tuple[Field, list[str]]:
    points, bank = read(setup.folder.site / "points.yaml"), setup.twin.bank
    broker = _broker(setup, points)
    ends.push_async_callback(broker.stop)
    await broker.start()
    points["mqtt"] = {"host": broker.host, "port": broker.port}
    wire_site = setup.folder.path / "wire"
    environment = broker.security.environment()
    launch = Launch(
        setup.controller, wire_site, setup.folder.journals[1], setup.chain, setup.slice_ms,
        environment, _began_ms(setup),
    )  # fmt: skip
    process = ControllerProcess(launch)
    servers = await _servers(setup, books, points, process, ends)
    webhooks = await open_receivers(
        bank.webhooks, points, fixed_ports=setup.fixed_ports, expose=setup.expose, ends=ends
    )
    await _relays(setup, points, ends)
    await _meet(setup, shadow, broker, ends)
    outlets: list[Outlet] = [
        *await _printers(setup, points, ends),
        *await _video(setup, points, ends),
    ]
    setup.folder.write_wire_site(points)
    access = broker.security.access(broker.host, broker.port, list(bank.stations))
    connections = DeviceConnections(books.links, bank.stations, access)
    ends.push_async_callback(_goodbye, connections)
    ends.push_async_callback(process.close)
    await process.start()
    field = WireField(
        books, points["site"], broker, servers, connections, process, shadow, outlets, webhooks
    )
    return field, _endpoints(points)


def _broker(setup: Setup, points: Mapping[str, Any]) -> Broker:
    kind = choose(setup.broker)
    host = points["mqtt"]["host"]
    if "://" in kind:
        return Broker.at(kind, setup.cafile)
    check_reach("the broker", host, guarded=setup.secure, expose=setup.expose)
    port = points["mqtt"]["port"] if setup.fixed_ports else free_port(host)
    security = Security()
    if setup.secure:
        site = PointList.load(setup.folder.site / "points.yaml")
        security = Security.make(site, setup.folder.path / "security", host)
    return Broker(kind, host, port, security=security)


async def _servers(
    setup: Setup,
    books: Books,
    points: Mapping[str, Any],
    process: ControllerProcess,
    ends: AsyncExitStack,
) -> dict[str, ModbusServer]:
    """Start one server per gateway and write its port into the I/O list."""
    servers = {}
    for entry in points.get("gateways", ()):
        if entry.get("real"):
            continue
        gateway = setup.twin.bank.gateways[entry["id"]]
        server = ModbusServer(gateway, lambda: books.now, process.owns)
        port = entry["port"] if setup.fixed_ports else 0
        what = f"gateway {entry['id']}"
        check_reach(what, entry["host"], guarded=False, expose=setup.expose)
        try:
            entry["port"] = await server.start(entry["host"], port)
        except OSError as error:
            raise RigFailure(
                f"gateway {entry['id']} cannot listen on {entry['host']}:{port}: "
                f"{error.strerror}; end what listens there or change its port in points.yaml"
            ) from error
        ends.push_async_callback(server.close)
        servers[entry["id"]] = server
    return servers


async def _relays(setup: Setup, points: Mapping[str, Any], ends: AsyncExitStack) -> None:
    """Start a relay before each real gateway whose network may fail, and send the controller there.

    Its network is on the wall clock, as the gateway is.
    """
    for entry in points.get("gateways", ()):
        if entry["id"] in setup.relayed:
            relay = Relay(entry["host"], entry["port"], stream(0, "calm"), setup.pace)
            entry["host"], entry["port"] = "127.0.0.1", await relay.start("127.0.0.1", 0)
            ends.push_async_callback(relay.close)
            setup.twin.bank.standing.carriers[entry["id"]] = relay


async def _printers(
    setup: Setup, points: Mapping[str, Any], ends: AsyncExitStack
) -> list[PrinterServer]:
    """Start the serial server of each printer and write its port into the I/O list."""
    servers = []
    entries = {entry["id"]: entry for entry in points.get("gateways", ())}
    for name, printer in setup.twin.bank.printers.items():
        settings, server = entries[name]["settings"], PrinterServer(printer)
        port = settings["printer-port"] if setup.fixed_ports else 0
        try:
            settings["printer-port"] = await server.start(entries[name]["host"], port)
        except OSError as error:
            raise RigFailure(f"the printer of {name} cannot listen on {port}: {error}") from error
        ends.push_async_callback(server.close)
        servers.append(server)
    return servers


async def _video(setup: Setup, points: Mapping[str, Any], ends: AsyncExitStack) -> list[GbEndpoint]:
    """Register the cameras on their GB/T 28181 platform, if the I/O list names one."""
    agent, entry = setup.twin.bank.video, points.get("gb28181")
    if agent is None or entry is None:
        return []
    endpoint = GbEndpoint(agent)
    host = entry.get("local_host", "127.0.0.1")
    check_reach("GB/T 28181", host, guarded=False, expose=setup.expose)
    port = entry.get("local_port", 15060) if setup.fixed_ports else 0
    try:
        await endpoint.start(host, port)
    except OSError as error:
        raise RigFailure(f"GB/T 28181 cannot use UDP {host}:{port}: {error}") from error
    ends.push_async_callback(endpoint.close)
    return [endpoint]


async def _goodbye(connections: DeviceConnections) -> None:
    """Disconnect the devices; a broker that is gone cannot be told."""
    try:
        async with asyncio.timeout(2):
            await connections.close()
    except (TimeoutError, ConnectionError):
        return


def _endpoints(points: Mapping[str, Any]) -> list[str]:
    lines = [f"mqtt://{points['mqtt']['host']}:{points['mqtt']['port']}/cs/1/{points['site']}"]
    for entry in points.get("gateways", ()):
        lines.append(f"modbus://{entry['host']}:{entry['port']}  {entry['id']}")
        printer = entry.get("settings", {}).get("printer-port")
        if printer:
            lines.append(f"tcp://{entry['host']}:{printer}  {entry['id']} printer")
    return lines


async def _meet(setup: Setup, shadow: Shadow, broker: Broker, ends: AsyncExitStack) -> None:
    """Connect to the real devices of the site."""
    ends.push_async_callback(shadow.close)
    shadow.sources += open_gateways(setup.points, shadow.gateways)
    try:
        shadow.sources += await open_stations(
            setup.points, shadow.stations, broker.host, broker.port
        )
    except UnreachableError as error:
        raise RigFailure(str(error)) from error


Opener = Callable[[Setup, Books, Shadow, AsyncExitStack], Awaitable[tuple[Field, list[str]]]]
_OPENERS: dict[str, Opener] = {"memory": _memory, "wire": _wire, "hardware": _wire}
RIGS = tuple(_OPENERS)
