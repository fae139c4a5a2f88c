"""The words of the command line, and what the environment adds to them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from controller import doorway, secret
from controller.drivers.entry import Entry
from controller.interface.files import BadFile, Problem
from controller.ledger import Keeping
from controller.pair import NODES, Place
from controller.parts import NO_CHAIN

VERSION = "0.1.0"
_MB = 1 << 20
PARTS, ALL_PARTS = 100, 1 << 30


def running() -> argparse.ArgumentParser:
    """The words of `campus-controller --site DIR`."""
    parser = argparse.ArgumentParser(
        "campus-controller",
        description="Campus safety controller.",
        epilog="campus-controller verify-journal FILE [--anchors FILE]: whether a journal is whole "
        "and unchanged. campus-controller replay FILE --site DIR: repeat every decision of a "
        "journal. campus-controller card --site DIR: hash card numbers from standard input. "
        "campus-controller who FILE --site DIR: which records are of a person. "
        "SIGHUP reads the site again, if it is valid and every zone normal.",
    )
    add = parser.add_argument
    add("--site", type=Path, required=True, help="folder with points, people and matrix.yaml")
    add("--scan-ms", type=_scan_ms, default=250, help="scan cycle in milliseconds (250)")
    add("--grant", type=_address, help="HOST:PORT that grants the scans (else the wall clock)")
    add("--chain", type=_chain, default=NO_CHAIN, help="with --grant: what the chain starts from")
    add("--began-ms", type=int, default=0, help="with --grant: UTC at its start, ms since 1970")
    add("--state", type=Path, help="file that keeps alarms, timers and outputs across a restart")
    _journal_words(parser)
    _pair_words(parser)
    add("--mqtt-tls", action="store_true", help="TLS to the broker (CAMPUS_MQTT_TLS=1)")
    add("--mqtt-cafile", help="CA of the broker (CAMPUS_MQTT_CAFILE); else those of the system")
    add("--mqtt-username", help="user name at the broker (CAMPUS_MQTT_USERNAME)")
    add("--mqtt-password-file", help="file with the password (or CAMPUS_MQTT_PASSWORD)")
    doorway.add_options(parser)
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def proving(command: str) -> argparse.ArgumentParser:
    """The words of `verify-journal` and `replay`."""
    parser = argparse.ArgumentParser(f"campus-controller {command}")
    parser.add_argument("journal", type=Path, help="a journal of this controller, all its parts")
    if command == "replay":
        parser.add_argument(
            "--site", type=Path, required=True, action="append",
            help="the site that it was written for; again for each other one that it ran with",
        )  # fmt: skip
        parser.add_argument("--key", type=Path, help="key of the pseudonyms (JOURNAL.key)")
    else:
        parser.add_argument("--anchors", type=Path, help="anchors that were kept elsewhere")
    return parser


def entry(options: argparse.Namespace) -> Entry:
    """Options before environment; BadFile for a certificate or password that cannot be read."""
    chosen = {
        "CAMPUS_MQTT_TLS": "1" if options.mqtt_tls else "",
        "CAMPUS_MQTT_CAFILE": options.mqtt_cafile,
        "CAMPUS_MQTT_USERNAME": options.mqtt_username,
        "CAMPUS_MQTT_PASSWORD_FILE": options.mqtt_password_file,
    }
    return Entry.of(os.environ | {name: value for name, value in chosen.items() if value})


def keeping(options: argparse.Namespace) -> Keeping:
    """How much of the journal is kept."""
    return Keeping(
        part_bytes=int(options.journal_mb * _MB),
        parts=options.journal_parts or (ALL_PARTS if options.journal_days else PARTS),
        days=options.journal_days,
        waiting_bytes=int(options.journal_waiting_mb * _MB),
        reserve_bytes=int(options.journal_reserve_mb * _MB),
    )


def place(options: argparse.Namespace) -> Place | None:
    """Where this node of a pair stands, None for a controller that is alone; BadFile for half."""
    given = (options.node, options.listen, options.peer, options.pair_secret)
    if given == (None, None, None, None):
        return None
    if None in (*given, options.state) or options.epoch:
        words = "--node, --listen, --peer, --pair-secret and --state"
        text = f"a pair needs {words}, and finds its epoch itself"
        raise BadFile([Problem("campus-controller", 1, "--node", text)])
    return Place(options.node, options.listen, options.peer, secret.read(options.pair_secret))


def _pair_words(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--node", choices=NODES, help="this node of a pair of controllers")
    add("--listen", type=_address, help="HOST:PORT where the other node finds this one")
    add("--peer", type=_address, help="HOST:PORT of the other node")
    add("--pair-secret", type=Path, help="file that both nodes have and nobody else may read")
    add("--epoch", type=int, default=0, help="claim boards under this number, without a pair")


def _journal_words(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--journal", type=Path, default=Path("controller.jsonl"), help="journal to go on with")
    add("--journal-mb", type=_positive, default=64.0, help="size of a part in MB (64)")
    kept = f"full parts that are kept ({PARTS}; with --journal-days all)"
    add("--journal-parts", type=_count, default=0, help=kept)
    add("--journal-days", type=_positive, default=0, help="days that full parts are kept")
    add("--journal-reserve-mb", type=_positive, default=4.0, help="disk space set aside (4)")
    add("--journal-waiting-mb", type=_positive, default=4.0, help="what may wait in memory (4)")
    add("--anchors", type=Path, help="file for anchors of the journal, on another disk")
    add("--anchor-every", type=_positive, default=60.0, help="seconds between anchors (60)")
    add("--key", type=Path, help="key of the pseudonyms; made if missing (JOURNAL.key)")


def _scan_ms(text: str) -> int:
    value = int(text)
    if not 10 <= value <= 10_000:
        raise argparse.ArgumentTypeError("must be 10 to 10000")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
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
