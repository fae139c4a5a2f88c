"""The product's command line: `campus-controller --site DIR`, and what reads its journals and keys.

Exit codes: 0 stopped in good order, 2 bad input, 3 the grant channel failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from controller import ask, cardhash, doorway, evidence, lookup
from controller.drivers.granted import ChannelLost, GrantedClock
from controller.drivers.sockets import SocketLinks
from controller.interface.cards import FILE as CARDS
from controller.interface.channel import BadLine
from controller.interface.clock import iso_now
from controller.interface.files import BadFile, Problem
from controller.interface.journal import Journal
from controller.interface.private import check_private
from controller.operators import FILE
from controller.options import VERSION, entry, proving, running
from controller.program import Program
from controller.scan import Controller
from controller.site import Site, load
from controller.state import StateFile

ASKING = {"ask": ask.main, "key": ask.new_key, "card": cardhash.main, "who": lookup.who}
EVIDENCE = ("verify-journal", "replay")


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop, or say what a journal proves; the exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words and words[0] in EVIDENCE:
        return _evidence(words)
    if words and words[0] in ASKING:
        return ASKING[words[0]](words[1:])
    options = running().parse_args(words)
    try:
        options.entry = entry(options)
        site = load(options.site)
        if options.grant is None:
            check_private(options.site / FILE, "keys")
            check_private(options.site / CARDS, "the key of the cards")
            asyncio.run(Program(options, site).run())
        else:
            with contextlib.closing(_journal(options, site.points.site)) as journal:
                asyncio.run(_granted(options, site, journal))
    except BadFile as bad:
        for problem in bad.problems:
            print(problem, file=sys.stderr)
        return 2
    except (ChannelLost, BadLine, OSError) as error:
        print(f"campus-controller: {error}", file=sys.stderr)
        return 3
    return 0


async def _granted(options: argparse.Namespace, site: Site, journal: Journal) -> None:
    """Scan whenever a twin grants it."""
    clock = await GrantedClock.connect(*options.grant)
    memory = StateFile(options.state) if options.state is not None else None
    links = SocketLinks(options.entry)
    controller = Controller(
        site, links, journal, scan_ms=options.scan_ms, memory=memory, began_ms=options.began_ms,
        veil=site.veil,
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
        clock.close()


def _journal(options: argparse.Namespace, site: str) -> Journal:
    """The journal of one run: a file of its own, from the chain that the twin gives."""
    header = {
        "program": "campus-controller",
        "version": VERSION,
        "site": site,
        "started": iso_now(),
    }
    path: Path = options.journal
    try:
        return Journal(path, options.chain, header)
    except OSError as error:
        text = f"the journal cannot be written: {error.strerror}"
        raise BadFile([Problem(str(path), 1, "", text)]) from None


def _evidence(words: list[str]) -> int:
    options = proving(words[0]).parse_args(words[1:])
    if words[0] == "replay":
        return evidence.repeat(options.journal, options.site, options.key)
    return evidence.verify(options.journal, options.anchors)


if __name__ == "__main__":
    sys.exit(main())
