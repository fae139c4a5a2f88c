"""Two controllers as a pair: one leads, the other follows its state and takes over within 3 s.

They talk over a TCP connection of their own, JSON lines. The one that leads says every scan's state
when it changed, and at least four times a second that it lives; after a second of silence the other
one leads, under a higher epoch, so that boards with a fence refuse the first. One that was replaced
leads again only after it has spoken with the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controller.interface.clock import pause, wall_ms
from controller.state import StateFile

SILENCE_MS = 1000
"""After so long without a word the one that led counts as gone."""

BEAT_MS = 250
_RETRY_S = 0.1
_ANSWER_S = 0.5
_LINE_BYTES = 1 << 24
_BACKLOG_BYTES = 1 << 22
_WORDS = {"node", "leads", "epoch", "t", "state"}
NODES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Place:
    """This node's name (one of `NODES`), where it listens, and where the other one does."""

    node: str
    listen: tuple[str, int]
    peer: tuple[str, int]


class Pair:
    """One half of a pair. `kept` is the file of the highest epoch that is known here."""

    def __init__(self, place: Place, kept: Path, alive: Callable[[], None]) -> None:
        self.leads = False
        self.may_lead = True
        self._place, self._kept, self._alive = place, kept, alive
        self.epoch = _read(kept)
        self._state = ""
        self._heard_ms = 0
        self._followers: set[asyncio.StreamWriter] = set()
        self._beat_ms = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen for the other one; OSError if the address is taken."""
        self._server = await asyncio.start_server(self._greet, *self._place.listen)

    def close(self) -> None:
        """Hear and say no more."""
        if self._server is not None:
            self._server.close()
        for writer in self._followers:
            writer.close()

    async def until_lead(self, memory: StateFile, stopped: asyncio.Event) -> bool:
        """Follow the other one until this one must lead; False once `stopped`."""
        self.leads = False
        for writer in self._followers:
            writer.close()
        self._followers.clear()
        self._heard_ms = wall_ms()
        while not stopped.is_set():
            self._alive()
            if self.may_lead and wall_ms() - self._heard_ms >= SILENCE_MS:
                self._begin()
                return True
            await self._follow(memory)
            await pause(_RETRY_S)
        return False

    def say(self, state: str, now: int) -> None:
        """Tell the follower the state of a scan (JSON), or that this one lives."""
        if not self.leads:
            return
        if state != self._state:
            self._state = state
        elif now - self._beat_ms < BEAT_MS:
            return
        else:
            state = ""
        self._beat_ms = now
        for writer in [*self._followers]:
            if writer.is_closing() or writer.transport.get_write_buffer_size() > _BACKLOG_BYTES:
                self._followers.discard(writer)
                writer.transport.abort()
            else:
                writer.write(self._line(state, now))

    def learn(self, epoch: int) -> None:
        """An epoch that is in force somewhere."""
        self.epoch = max(self.epoch, epoch)

    def replaced(self, by: int) -> None:
        """A board is led by a higher epoch: the other node's, or an own one that was forgotten."""
        self.leads = False
        self.learn(by)
        self.may_lead = by % 2 == (self._place.node == NODES[0])

    def _begin(self) -> None:
        """Lead, under an epoch that the other one never takes: odd for a, even for b."""
        self.epoch += 1
        if self.epoch % 2 != (self._place.node == NODES[0]):
            self.epoch += 1
        _write(self._kept, self.epoch)
        self.leads, self._state, self._beat_ms = True, "", 0

    async def _follow(self, memory: StateFile) -> None:
        """Listen to the other one while it leads, or let it lead."""
        try:
            async with asyncio.timeout(_ANSWER_S):
                reader, writer = await asyncio.open_connection(*self._place.peer, limit=_LINE_BYTES)
        except OSError:  # TimeoutError is one too
            return
        with contextlib.closing(writer):
            while (words := await self._hear(reader)) is not None:
                self.may_lead = True
                if not words["leads"]:
                    if self._gives_way(words):
                        self._heard_ms = wall_ms()
                    return
                self._heard_ms = wall_ms()
                self.learn(int(words["epoch"]))
                if words["state"] is not None:
                    memory.save(words["state"], int(words["t"]))
                self._alive()

    def _gives_way(self, words: dict[str, Any]) -> bool:
        """Neither leads: whoever knows the higher epoch shall, or else the first node."""
        mine = (-self.epoch, self._place.node)
        return (-int(words["epoch"]), str(words["node"])) < mine

    async def _hear(self, reader: asyncio.StreamReader) -> dict[str, Any] | None:
        """The next line; None for silence, for the end and for what is no such line."""
        try:
            async with asyncio.timeout(SILENCE_MS / 1000):
                words = json.loads(await reader.readline())
        except (OSError, ValueError):
            return None
        return words if isinstance(words, dict) and words.keys() >= _WORDS else None

    async def _greet(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The other one asks: say who leads, and go on saying it while this one does."""
        writer.write(self._line(self._state, self._beat_ms))
        if self.leads:
            self._followers.add(writer)
        else:
            writer.close()

    def _line(self, state: str, now: int) -> bytes:
        leads = json.dumps(self.leads)
        head = f'"node":"{self._place.node}","leads":{leads},"epoch":{self.epoch},"t":{now}'
        return f'{{{head},"state":{state or "null"}}}\n'.encode()


def _read(kept: Path) -> int:
    try:
        return int(kept.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _write(kept: Path, epoch: int) -> None:
    new = kept.with_name(kept.name + ".new")
    with contextlib.suppress(OSError), new.open("w") as file:  # a full disk does not keep us
        file.write(str(epoch))
        file.flush()
        os.fsync(file.fileno())
        new.replace(kept)
