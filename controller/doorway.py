"""How operators reach the controller over HTTP: options, and what is refused.

On loopback without anything; on any other address only with TLS and an operators.yaml.
"""

from __future__ import annotations

import argparse
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from controller.drivers.http import HttpDoor, is_loopback
from controller.interface.files import BadFile, Problem
from controller.interface.private import check_private
from controller.operators import FILE
from controller.scan import Controller


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the HTTP door."""
    add = parser.add_argument
    add("--http", help="HOST:PORT on which operators are heard over HTTP (default: not at all)")
    add("--http-cert", type=Path, help="certificate of the HTTP door, PEM")
    add("--http-key", type=Path, help="its private key, PEM")


async def open_door(options: argparse.Namespace, controller: Controller) -> None:
    """Open the door that the options ask for; BadFile with a sentence if it may not be opened."""
    if not options.http:
        return
    host, port = _address(options.http)
    tls = _tls(options)
    if not is_loopback(host):
        missing = [
            name for name, there in (("--http-cert and --http-key", tls is not None),
                                     (f"an {FILE}", controller.site.operators is not None))
            if not there
        ]  # fmt: skip
        if missing:
            raise _bad("--http", f"{host} is not this machine: that needs {' and '.join(missing)}")
    door = HttpDoor(lambda: state_of(controller))
    try:
        await door.open(host, port, tls)
    except OSError as error:
        raise _bad("--http", f"{options.http} cannot be listened on: {error.strerror}") from None
    controller.reception.http = door


def state_of(controller: Controller) -> Mapping[str, Any]:
    """What stands now: faults, and the zones in alarm."""
    image, intake = controller.decider.image, controller.decider.intake
    zones = image.alarms.zones.values()
    return {
        "site": controller.site.points.site,
        "now_ms": intake.now,
        "utc_ms": controller.utc_ms,
        "faults": [{"entity": e, "what": w, "since_ms": t} for e, w, t in intake.faults],
        "alarms": [
            {
                "zone": z.id,
                "confirmed": list(z.confirmed),
                "devices": [*z.detectors, *z.call_points],
            }
            for z in zones
            if z.detectors or z.call_points or z.confirmed
        ],
    }


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not int(port) < 65536:
        raise _bad("--http", f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.http_cert and not options.http_key:
        return None
    if not (options.http_cert and options.http_key):
        raise _bad("--http-cert", "a certificate and its key go together")
    check_private(options.http_key, "the key of the HTTP door")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(options.http_cert, options.http_key)
    except (OSError, ssl.SSLError) as error:
        raise _bad(str(options.http_cert), f"no certificate with its key: {error}") from None
    return context


def _bad(where: str, text: str) -> BadFile:
    return BadFile([Problem(where, 1, "", text)])
