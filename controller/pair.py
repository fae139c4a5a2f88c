"""Two controllers as a pair: one leads, the other follows its state and takes over within 3 s.

They talk over a TCP connection of their own, JSON lines, after each has proved to the other that it
knows their secret (`controller.secret`). The one that leads says every scan's state
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
from controller.secret import Seal, Secret, number
from controller.state import StateFile

SILENCE_MS = 1000
"""After so long without a word the one that led counts as gone."""

BEAT_MS = 250
ALONE_MS = 10_000
"""A node that leads and is followed by nobody for so long is in trouble."""

_RETRY_S = 0.1
_ANSWER_S = 0.5
_LINE_BYTES = 1 << 24
_BACKLOG_BYTES = 1 << 22
_WORDS = {"node", "leads", "epoch", "t", "state"}
NODES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Place:
    """This node's name (one of `NODES`), where it listens, where the other one does, and what the
    two share."""

    node: str
    listen: tuple[str, int]
    peer: tuple[str, int]
    secret: Secret


class Pair:
    """One half of a pair. `kept` is the file of the highest epoch that is known here; `told` hears
    of a stranger, or of an other node with another secret, when that is news."""

    def __init__(
        self, place: Place, kept: Path, alive: Callable[[], None], told: Callable[[str], None]
    ) -> None:
        self.leads = False
        self.may_lead = True
        self._place, self._kept, self._alive, self._told = place, kept, alive, told
        self._stranger = ""
        self._followed_ms = 0
        self.epoch = _read(kept)
        self._state = ""
        self._heard_ms = 0
        self._followers: dict[asyncio.StreamWriter, Seal] = {}
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

    @property
    def trouble(self) -> str:
        """What is wrong with the pair while this one leads; "" if nothing."""
        if self._stranger:
            return self._stranger
        alone = wall_ms() - self._followed_ms >= ALONE_MS
        return "the other node does not follow: nobody takes over from this one" if alone else ""

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
        for writer, seal in [*self._followers.items()]:
            if writer.is_closing() or writer.transport.get_write_buffer_size() > _BACKLOG_BYTES:
                del self._followers[writer]
                writer.transport.abort()
            else:
                self._followed_ms = wall_ms()
                writer.write(seal.sealed(self._line(state, now)))

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
        self._followed_ms = wall_ms()

    async def _follow(self, memory: StateFile) -> None:
        """Listen to the other one while it leads, or let it lead."""
        try:
            async with asyncio.timeout(_ANSWER_S):
                reader, writer = await asyncio.open_connection(*self._place.peer, limit=_LINE_BYTES)
        except OSError:  # TimeoutError is one too
            return
        with contextlib.closing(writer):
            seal = await self._prove(reader, writer)
            while seal is not None and (words := await self._hear(reader, seal)) is not None:
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

    async def _prove(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Seal | None:
        """Prove who asks, and have who answers prove it; None if he does not."""
        secret, mine = self._place.secret, number()
        theirs = await _words(reader)
        if not theirs:
            return None
        asked = str(theirs.get("number", ""))
        proof = secret.proof("asks", mine, asked)
        writer.write(_plain({"number": mine, "proof": proof}))
        answer = await _words(reader)
        if secret.holds(answer.get("proof"), "answers", mine, asked):
            self._met("")
            return secret.seal(mine, asked)
        if answer:
            self._met("whoever answers as the other node knows another secret: not followed")
        return None

    async def _hear(self, reader: asyncio.StreamReader, seal: Seal) -> dict[str, Any] | None:
        """The next line; None for silence, for the end and for what is no such line."""
        try:
            async with asyncio.timeout(SILENCE_MS / 1000):
                words = json.loads(seal.broken(await reader.readline()) or b"")
        except (OSError, ValueError):
            return None
        if not isinstance(words, dict) or not words.keys() >= _WORDS:
            return None
        return None if words["node"] == self._place.node else words

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody asks: if it is the other one, say who leads, and go on while this one does."""
        secret, mine = self._place.secret, number()
        writer.write(_plain({"number": mine}))
        theirs = await _words(reader)
        asked = str(theirs.get("number", ""))
        if not secret.holds(theirs.get("proof"), "asks", asked, mine):
            if theirs:
                self._met("whoever asks as the other node knows another secret: told nothing")
                writer.write(_plain({"refused": "another secret"}))
            writer.close()
            return
        self._met("")
        seal = secret.seal(asked, mine)
        writer.write(_plain({"proof": secret.proof("answers", asked, mine)}))
        writer.write(seal.sealed(self._line(self._state, self._beat_ms)))
        if self.leads:
            self._followers[writer] = seal
        else:
            writer.close()

    def _met(self, stranger: str) -> None:
        """Somebody has come who is the other node (""), or is not."""
        if stranger != self._stranger:
            self._stranger = stranger
            self._told(stranger or "the other node has proved who it is")

    def _line(self, state: str, now: int) -> bytes:
        leads = json.dumps(self.leads)
        head = f'"node":"{self._place.node}","leads":{leads},"epoch":{self.epoch},"t":{now}'
        return f'{{{head},"state":{state or "null"}}}\n'.encode()


async def _words(reader: asyncio.StreamReader) -> dict[str, Any]:
    """One line of an unproved peer; empty for silence, for the end and for what is no object."""
    try:
        async with asyncio.timeout(_ANSWER_S):
            words = json.loads(await reader.readline())
    except (OSError, ValueError):
        return {}
    return words if isinstance(words, dict) else {}


def _plain(words: dict[str, str]) -> bytes:
    return json.dumps(words).encode() + b"\n"


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
