"""Where the emulated gateways and the broker listen, and what is refused."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from controller.interface.panels import PRINTER
from controller.interface.points import PointList
from scenarios.security.reach import check_reach, is_loopback

LEAST_PORT = 1024
OWN_PORT = 1502
"""With an address each, all gateways share one port; 502 itself is for the administrator."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address and a port; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of addresses.

    `host` "" and `port` None: as the I/O list has it. Otherwise the gateways take `port` and those
    after it, the broker the one after the last. `own`: 127.0.1.1, 127.0.1.2, ... with one port.
    """

    host: str = ""
    port: int | None = None
    own: bool = False
    expose: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is to listen: gateways and their printers by name, broker, video device,
    the port on loopback for pictures and orders over HTTP, receivers of notices."""

    gateways: dict[str, Place]
    broker: Place
    printers: dict[str, Place]
    video: Place
    web: int = 0
    receivers: dict[str, Place] = field(default_factory=dict)


def places(points: PointList, wanted: Wanted) -> Places:
    """Return a place for everything; ValueError for what cannot be.

    With `--port` the gateways come first, then the broker, the printers, the video device, HTTP,
    the receivers of notices.
    """
    if wanted.own and wanted.host:
        raise ValueError("`--own-addresses` gives every gateway an address: leave `--host` out")
    gateways = {
        name: _place(points, name, number, wanted) for number, name in enumerate(points.gateways)
    }
    for name, place in gateways.items():
        _check(f"gateway {name}", place, wanted.expose)
    broker = _broker(points, wanted)
    after = 1 + (0 if wanted.own else len(gateways))
    printers: dict[str, Place] = {}
    for name, gateway in points.gateways.items():
        listed = int(gateway.settings.get(PRINTER.name, 0))
        if listed:
            port = _nth(wanted.port, after + len(printers), listed)
            printers[name] = Place(gateways[name].host, port)
            _check(f"the printer of {name}", printers[name], wanted.expose)
    video = _video(points, wanted, after + len(printers))
    web = _nth(wanted.port, after + len(printers) + (points.video is not None), 0)
    first = after + len(printers) + (points.video is not None) + 1
    return Places(gateways, broker, printers, video, web, _receivers(points, wanted, first))


def _receivers(points: PointList, wanted: Wanted, first: int) -> dict[str, Place]:
    """Where receivers of notices take them over HTTP; those of other hosts are on loopback."""
    found: dict[str, Place] = {}
    for device in points.devices.values():
        if device.bus == "http":
            url = urlsplit(device.url)
            listed = url.hostname or ""
            host = wanted.host or (listed if is_loopback(listed) else "127.0.0.1")
            port = _nth(wanted.port, first + len(found), url.port or 0)
            found[device.id] = Place(host, port)
            _check(f"receiver {device.id}", found[device.id], wanted.expose)
    return found


def _video(points: PointList, wanted: Wanted, nth: int) -> Place:
    """Where the GB/T 28181 device binds; it stays on loopback where others could reach it."""
    if points.video is None:
        return Place("127.0.0.1", 0)
    place = Place(points.video.local_host, _nth(wanted.port, nth, points.video.local_port))
    _check("GB/T 28181", place, wanted.expose)
    return place


def _place(points: PointList, name: str, number: int, wanted: Wanted) -> Place:
    gateway = points.gateways[name]
    if wanted.own:
        host = f"127.0.{1 + number // 250}.{1 + number % 250}"
        return Place(host, OWN_PORT if wanted.port is None else wanted.port)
    return Place(wanted.host or gateway.host, _nth(wanted.port, number, gateway.port))


def _broker(points: PointList, wanted: Wanted) -> Place:
    """A broker of ours has no passwords, so it stays on loopback."""
    host = points.mqtt_host if is_loopback(points.mqtt_host) else "127.0.0.1"
    if wanted.host and is_loopback(wanted.host):
        host = wanted.host
    last = 0 if wanted.own else len(points.gateways)
    place = Place(host, _nth(wanted.port, last, points.mqtt_port))
    _check("the broker", place, wanted.expose)
    return place


def _nth(port: int | None, number: int, listed: int) -> int:
    if port is None:
        return listed
    return port + number if port else 0


def _check(what: str, place: Place, expose: bool) -> None:
    if 0 < place.port < LEAST_PORT or place.port > 65535:
        text = f"port {place.port} is not to be had: devices take {LEAST_PORT} to 65535"
        raise ValueError(f"{text}; choose with `--port`")
    try:
        ipaddress.ip_address("127.0.0.1" if place.host == "localhost" else place.host)
    except ValueError:
        raise ValueError(f"`{place.host}` is not an IP address, as 127.0.0.1") from None
    check_reach(what, place.host, guarded=False, expose=expose)
