"""The product's command line: `campus-controller --site DIR`, `verify-journal` and `replay`.

Exit codes: 0 stopped in good order, 2 bad input, 3 the grant channel failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from controller import ask, doorway, evidence
from controller.drivers.entry import Entry
from controller.drivers.granted import ChannelLost, GrantedClock
from controller.drivers.sockets import SocketLinks
from controller.interface.channel import BadLine
from controller.interface.clock import Clock, WallClock, iso_now
from controller.interface.files import BadFile, Problem
from controller.interface.journal import Journal
from controller.operators import FILE, check_private
from controller.scan import Controller
from controller.site import Site, load
from controller.state import StateFile

VERSION = "0.1.0"
ASKING = {"ask": ask.main, "key": ask.new_key}
EVIDENCE = ("verify-journal", "replay")
_NO_CHAIN = "0" * 32


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop, or say what a journal proves; the exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words and words[0] in EVIDENCE:
        return _evidence(words)
    if words and words[0] in ASKING:
        return ASKING[words[0]](words[1:])
    options = _parser().parse_args(words)
    try:
        options.entry = _entry(options)
        site = load(options.site)
        if options.grant is None:
            check_private(options.site / FILE)
        with contextlib.closing(_journal(options, site.points.site)) as journal:
            asyncio.run(_run(options, site, journal))
    except BadFile as bad:
        for problem in bad.problems:
            print(problem, file=sys.stderr)
        return 2
    except (ChannelLost, BadLine, OSError) as error:
        print(f"campus-controller: {error}", file=sys.stderr)
        return 3
    return 0


async def _run(options: argparse.Namespace, site: Site, journal: Journal) -> None:
    clock: Clock = await _clock(options)
    lockstep = isinstance(clock, GrantedClock)
    utc_ms = clock.utc_ms if isinstance(clock, WallClock) else 0
    controller = Controller(
        site, SocketLinks(options.entry), journal, scan_ms=options.scan_ms, lockstep=lockstep,
        memory=StateFile(options.state) if options.state is not None else None,
        utc_ms=utc_ms,
    )  # fmt: skip
    await doorway.open_door(options, controller)
    scanning = asyncio.ensure_future(controller.run(clock))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers in the loop
            loop.add_signal_handler(name, scanning.cancel)
    try:
        await scanning
    except asyncio.CancelledError:
        pass
    finally:
        controller.stop()
        if isinstance(clock, GrantedClock):
            clock.close()


async def _clock(options: argparse.Namespace) -> GrantedClock | WallClock:
    if options.grant is None:
        return WallClock(options.scan_ms)
    host, port = options.grant
    return await GrantedClock.connect(host, port)


def _journal(options: argparse.Namespace, site: str) -> Journal:
    header = {
        "program": "campus-controller",
        "version": VERSION,
        "site": site,
        "started": iso_now(),
    }
    path: Path = options.journal
    try:
        return Journal(path, options.chain, header, flush_each=options.grant is None)
    except OSError as error:
        text = f"the journal cannot be written: {error.strerror}"
        raise BadFile([Problem(str(path), 1, "", text)]) from None


def _evidence(words: list[str]) -> int:
    parser = argparse.ArgumentParser(f"campus-controller {words[0]}")
    parser.add_argument("journal", type=Path, help="a journal of this controller")
    if words[0] == "replay":
        parser.add_argument(
            "--site", type=Path, required=True, help="the site that it was written for"
        )
    options = parser.parse_args(words[1:])
    if words[0] == "replay":
        return evidence.repeat(options.journal, options.site)
    return evidence.verify(options.journal)


def _entry(options: argparse.Namespace) -> Entry:
    """Options before environment; BadFile for a certificate or password that cannot be read."""
    chosen = {
        "CAMPUS_MQTT_TLS": "1" if options.mqtt_tls else "",
        "CAMPUS_MQTT_CAFILE": options.mqtt_cafile,
        "CAMPUS_MQTT_USERNAME": options.mqtt_username,
        "CAMPUS_MQTT_PASSWORD_FILE": options.mqtt_password_file,
    }
    return Entry.of(os.environ | {name: value for name, value in chosen.items() if value})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "campus-controller",
        description="Campus safety controller.",
        epilog="campus-controller verify-journal FILE: whether a journal is whole and unchanged. "
        "campus-controller replay FILE --site DIR: repeat every decision of a journal.",
    )
    add = parser.add_argument
    add("--site", type=Path, required=True, help="folder with points, people and matrix.yaml")
    add("--scan-ms", type=_scan_ms, default=250, help="scan cycle in milliseconds (250)")
    add("--grant", type=_address, help="HOST:PORT that grants the scans (else the wall clock)")
    add("--journal", type=Path, default=Path("controller.jsonl"), help="journal to write")
    add("--chain", type=_chain, default=_NO_CHAIN, help="hex value that the hash chain starts from")
    add("--state", type=Path, help="file that keeps alarms, timers and outputs across a restart")
    add("--mqtt-tls", action="store_true", help="TLS to the broker (CAMPUS_MQTT_TLS=1)")
    add("--mqtt-cafile", help="CA of the broker (CAMPUS_MQTT_CAFILE); else those of the system")
    add("--mqtt-username", help="user name at the broker (CAMPUS_MQTT_USERNAME)")
    add("--mqtt-password-file", help="file with the password (or CAMPUS_MQTT_PASSWORD)")
    doorway.add_options(parser)
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _scan_ms(text: str) -> int:
    value = int(text)
    if not 10 <= value <= 10_000:
        raise argparse.ArgumentTypeError("must be 10 to 10000")
    return value


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host, int(port)


def _chain(text: str) -> str:
    if not text or any(c not in "0123456789abcdef" for c in text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is not hexadecimal")
    return text.lower()


if __name__ == "__main__":
    sys.exit(main())
