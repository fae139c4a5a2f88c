"""The program on the wall clock: starts, reloads, follows, takes over, stops in order.

A reload is a restart within the process: the journal begins a new run with the hashes of the new
files, the state is restored from its file.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from controller import doorway
from controller.anchors import Anchors
from controller.drivers.sockets import SocketLinks
from controller.epochs import SECRETS, Epochs
from controller.interface.clock import WallClock, iso_now, since_start_ms, utc_ms, wall_ms
from controller.interface.files import BadFile, Problem
from controller.ledger import Ledger
from controller.lockfile import held
from controller.options import VERSION, keeping, place
from controller.pair import Pair
from controller.pseudonym import Pseudonyms, read_key
from controller.reload import new_site
from controller.scan import Controller
from controller.site import Site, file_hashes
from controller.state import StateFile
from controller.supervisor import Supervisor
from controller.upkeep import Upkeep

_STATE_BYTES_PER_POINT = 2048


class Program:
    """Runs one site until SIGTERM or SIGINT; SIGHUP asks for a reload."""

    def __init__(self, options: argparse.Namespace, site: Site) -> None:
        self._options, self._site = options, site
        self._supervisor = Supervisor(os.environ)
        self._clock: WallClock | None = None
        self._controller: Controller | None = None
        self._next: Site | None = None
        self._stopped = asyncio.Event()
        self._began_ms = wall_ms() - since_start_ms()
        self._pair: Pair | None = None
        where = place(options)
        if where is not None:
            kept = options.state.with_name(options.state.name + ".epoch")
            self._pair = Pair(where, kept, self._standing_by, self._heard_of_pair)

    async def run(self) -> None:
        """Scan; after an accepted reload with the new files. BadFile for what cannot be opened."""
        with contextlib.ExitStack() as locks:
            for path in filter(None, (self._options.journal, self._options.state)):
                locks.enter_context(held(path))
            await self._run()

    async def _run(self) -> None:
        self._listen()
        self._supervisor.ready()
        if self._pair is not None:
            await self._pair.open()
        while not self._stopped.is_set():
            memory = self._memory()
            if self._pair is None:
                await self._session(memory, self._options.epoch)
            elif memory is not None and await self._leads(self._pair, memory):
                await self._session(memory, self._pair.epoch)
        if self._pair is not None:
            self._pair.close()
        self._supervisor.stopping()

    async def _leads(self, pair: Pair, memory: StateFile) -> bool:
        """Wait until this node of a pair must lead; False if it is stopped before."""
        memory.told = pair.say
        if pair.leads:  # and has been reloaded
            return True
        memory.load()
        self._supervisor.anew()
        leads = await pair.until_lead(memory, self._stopped)
        self._began_ms = wall_ms()
        return leads

    def _standing_by(self) -> None:
        self._supervisor.alive(wall_ms(), "standing by")

    def _heard_of_pair(self, text: str) -> None:
        print(f"campus-controller: {text}", file=sys.stderr, flush=True)
        if self._controller is not None and self._pair is not None and self._pair.leads:
            self._controller.note("pair", text)

    async def _session(self, memory: StateFile | None, epoch: int) -> None:
        """Lead until stopped, reloaded or replaced."""
        clock, pair = WallClock(self._options.scan_ms), self._pair
        journal = self._journal(epoch)
        anchors = Anchors(journal, self._options.anchors, int(self._options.anchor_every * 1000))
        upkeep = Upkeep(
            journal, memory, anchors, self._supervisor, self._site.points, utc_ms,
            clock.utc_ms, wall_ms() - self._began_ms,
            str if pair is None else lambda: pair.trouble,
        )  # fmt: skip
        with contextlib.closing(journal):
            self._controller = Controller(
                self._site, SocketLinks(self._options.entry, self._options.node or ""), journal,
                scan_ms=self._options.scan_ms, lockstep=False, memory=memory, upkeep=upkeep,
                epoch=epoch, veil=journal.veil.of,
            )  # fmt: skip
            await doorway.open_door(self._options, self._controller)
            self._clock = clock
            self._supervisor.anew()
            try:
                await self._controller.run(clock)
            finally:
                self._controller.stop()
        self._clock = None
        self._after(self._controller.replaced_by)

    def _after(self, replaced_by: int) -> None:
        """What comes after a session: the new site, the other node's turn, or the end.

        OSError for a controller without a pair that was replaced.
        """
        if replaced_by and self._pair is None:
            raise OSError(f"devices are led by epoch {replaced_by}, and refuse this controller")
        if replaced_by and self._pair is not None:
            self._pair.replaced(replaced_by)
        elif self._next is not None:
            self._site, self._next = self._next, None
            self._began_ms = wall_ms()
        else:
            self._stopped.set()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows has no handlers in the loop
                loop.add_signal_handler(name, self._stop)
        with contextlib.suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(signal.SIGHUP, self._reload)

    def _stop(self) -> None:
        """Let the scan that goes on come to its end."""
        self._next = None
        self._stopped.set()
        if self._clock is not None:
            self._clock.stop()

    def _reload(self) -> None:
        """Take the site's files anew if they are valid and every zone is normal."""
        if self._controller is None or self._clock is None:
            return
        self._supervisor.tell("RELOADING=1")
        site, why = new_site(self._options.site, self._controller.decider)
        self._controller.note("reload" if site else "reload-refused", why)
        if site is None:
            self._supervisor.ready()
            return
        self._next = site
        self._clock.stop()

    def _journal(self, epoch: int) -> Ledger:
        path: Path = self._options.journal
        header = {
            "program": "campus-controller",
            "version": VERSION,
            "site": self._site.points.site,
            "started": iso_now(),
            "files": file_hashes(self._options.site),
            "epoch": epoch,
        }
        key = read_key(self._options.key or path.with_name(path.name + ".key"))
        plan, who = self._site.plan, self._site.operators
        keep = plan.keep_days if plan is not None else {}
        epochs = Epochs(path.with_name(path.name + SECRETS), keep) if keep else None
        names = who.people if who is not None else ()
        veil = Pseudonyms(key, self._site.points, epochs, names)
        try:
            return Ledger(path, header, keeping(self._options), veil)
        except OSError as error:
            text = f"the journal cannot be written: {error.strerror}"
            raise BadFile([Problem(str(path), 1, "", text)]) from None

    def _memory(self) -> StateFile | None:
        if self._options.state is None:
            return None
        size = max(1 << 17, _STATE_BYTES_PER_POINT * len(self._site.points.points))
        return StateFile(self._options.state, copy_bytes=size)
