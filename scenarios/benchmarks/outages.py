"""Receivers that come and go: whether every alarm still reaches everybody, once, past restarts.

Lock-step in memory. Ten pendants are pressed at random times and reset again; police (HTTP) and
guard room (MQTT) are away or busy at random times, the broker and the controller are restarted.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.random import Generator

from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.interface.streams import stream
from controller.scan import Controller
from controller.site import load
from controller.state import StateFile
from devices.bank import Bank
from scenarios.emulate.quiet import QuietWorld
from scenarios.rig.books import Books
from scenarios.rig.memory import MemoryField, MemoryLinks

SLICE_MS = 250
BUTTONS = 10
OUTAGE_S, BETWEEN_S, PRESS_S = 20.0, 20.0, 8.0
"""Means of the exponential times: how long a receiver is away, until the next one is, and from
press to press."""

RESET_MS = 5000
_TAIL_MS = 120_000
"""At the end everything is in order for so long: more than four of the longest pauses."""

_RECEIVER = "points: {notice: {topic: cmd/notice, as: text}"
_PEOPLE = """people: 1
areas: [{id: hall, at: [hall], density_per_m2: 0.1, profile: mix/rimea, pre_movement: imo/day}]
"""
_MATRIX = """matrix: 1
causes: []
effects: []
rows: {}
"""
_PLAN = """plan: 1
receivers: {rcv-duty: {say: "Guard room", role: duty}, rcv-police: {say: "Police", role: police}}
chains: [{id: all, say: "At once", steps: [{to: [rcv-police, rcv-duty]}]}]
incidents: [{id: one-key, say: "One-key alarm", buttons: ["pendant-*"], chain: all}]
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: alarms, outages, restarts, and (receiver, alarm) that never came or came
    twice."""

    alarms: int
    outages: int
    restarts: int
    lost: tuple[tuple[str, str], ...]
    twice: tuple[tuple[str, str], ...]


def write_site(folder: Path, broker: int = 11883, police: int = 15080) -> Path:
    """Ten pendants, a guard room and the police."""
    pendants = "\n".join(
        f"  - {{id: pendant-{n}, kind: panic-pendant, at: hall, bus: mqtt, points: {{reset: "
        "{topic: cmd/reset, as: bool}, pressed: {topic: event/pressed, as: number}, "
        "alarm: {topic: state/alarm, as: bool}}}"
        for n in range(BUTTONS)
    )
    (folder / "points.yaml").write_text(
        f"points: 1\nsite: village\nmqtt: {{host: 127.0.0.1, port: {broker}}}\ndevices:\n"
        f"{pendants}\n"
        f"  - {{id: rcv-duty, kind: notice-receiver, at: hall, bus: mqtt, {_RECEIVER}, "
        "receipt: {topic: event/receipt, as: text}}}\n"
        "  - {id: rcv-police, kind: notice-receiver, at: hall, bus: http, "
        f'url: "http://127.0.0.1:{police}/v1/notices", {_RECEIVER}}}}}\n'
    )
    (folder / "people.yaml").write_text(_PEOPLE)
    (folder / "matrix.yaml").write_text(_MATRIX)
    (folder / "plan.yaml").write_text(_PLAN)
    return folder


def outages(folder: Path, count: int, seed: int = 1) -> Told:
    """Play `count` outages of receivers; `folder` is empty and takes the site and the state."""
    return asyncio.run(_Village(write_site(folder), seed).play(count))


class _Village:
    def __init__(self, folder: Path, seed: int) -> None:
        self._site = load(folder)
        self._state = folder / "state"
        self.taken: list[dict[str, Any]] = []
        self.now = 0
        self._bank = Bank(self._site.points, QuietWorld(), seed, self._hear)
        self._books = Books(self._bank, self._hear)
        self._rng = stream(seed, "outages")
        self._opened: list[str] = []
        self._standing: dict[str, int] = {}
        self._faults: dict[str, tuple[str, int]] = {}
        self._restarts = self._outages = 0
        self._start()

    def _hear(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> None:
        if kind == "sense" and data.get("what") == "alarm":
            self.taken.append({"t": t_ms, "receiver": entity, **data})

    def _note(self, record: dict[str, Any]) -> None:
        if record["k"] == "incident" and record["what"] == "open":
            self._opened.append(record["id"])

    def _start(self) -> None:
        """The program starts anew from what its state file holds, its clock at 0."""
        links = MemoryLinks(
            self._bank.gateways, self._books.exchange, lambda: self.now, self._bank.webhooks
        )
        journal = Journal(None, "0", {}, on_record=self._note)
        state = StateFile(self._state, utc=lambda: self.now)
        self._began_ms = self.now
        self._controller = Controller(
            self._site, links, journal, scan_ms=SLICE_MS, memory=state, utc_ms=self.now
        )
        self._field = MemoryField(self._books, links, self._controller)

    async def play(self, count: int) -> Told:
        """All outages, then everything in order until the last notice has come."""
        next_ms = {name: _later(0, BETWEEN_S, self._rng) for name in ("rcv-duty", "rcv-police")}
        press_ms, restart_ms = _later(0, PRESS_S, self._rng), _later(0, 120, self._rng)
        until_ms = 1 << 62
        while self.now < until_ms:
            if self._outages < count:
                self._fail(next_ms)
            elif until_ms == 1 << 62 and not self._faults:
                until_ms = self.now + _TAIL_MS
            self._mend(next_ms)
            if self.now >= press_ms and until_ms == 1 << 62:
                self._press()
                press_ms = _later(self.now, PRESS_S, self._rng)
            if self.now >= restart_ms and until_ms == 1 << 62:
                self._restart()
                restart_ms = _later(self.now, 120, self._rng)
            self._reset()
            await self._slice()
        return self._told()

    async def _slice(self) -> None:
        self._bank.advance(self.now)
        await self._field.flush(self.now)
        grant = self._field.grant(self.now, stop=False)
        done = await self._field.step(replace(grant, t_ms=self.now - self._began_ms))
        await self._field.collect(done)
        self._bank.apply(self.now)
        self.now += SLICE_MS

    def _fail(self, next_ms: dict[str, int]) -> None:
        for receiver, due_ms in next_ms.items():
            if self.now >= due_ms and receiver not in self._faults:
                fault = str(self._rng.choice(("off", "busy")))
                self._bank.fault(self.now, receiver, fault)
                self._faults[receiver] = (fault, _later(self.now, OUTAGE_S, self._rng))
                self._outages += 1

    def _mend(self, next_ms: dict[str, int]) -> None:
        for receiver, (fault, until_ms) in list(self._faults.items()):
            if self.now >= until_ms:
                self._bank.clear(self.now, receiver, fault)
                del self._faults[receiver]
                next_ms[receiver] = _later(self.now, BETWEEN_S, self._rng)

    def _press(self) -> None:
        free = [f"pendant-{n}" for n in range(BUTTONS) if f"pendant-{n}" not in self._standing]
        if free:
            button = str(self._rng.choice(free))
            self._bank.press(self.now, button)
            self._standing[button] = self.now + RESET_MS

    def _reset(self) -> None:
        for button, due_ms in list(self._standing.items()):
            if self.now >= due_ms:
                ask = Operation(f"reset@{self.now}", "anna", "guard", "reset", button, "over")
                self._controller.decider.operate(ask, self.now - self._began_ms)
                if self.now >= due_ms + 2000:  # and the pendant has let go
                    del self._standing[button]

    def _restart(self) -> None:
        """The program is killed: nothing is said, the broker sees the connection break."""
        self._restarts += 1
        self._books.exchange.disconnect("controller")
        for webhook in self._bank.webhooks.values():
            webhook.due(self.now + 60_000)  # its connections have died with it
        self._start()

    def _told(self) -> Told:
        came = Counter((one["receiver"], one["id"]) for one in self.taken)
        wanted = [(r, name) for name in self._opened for r in ("rcv-duty", "rcv-police")]
        return Told(
            len(self._opened), self._outages, self._restarts,
            tuple(pair for pair in wanted if not came[pair]),
            tuple(pair for pair, times in came.items() if times > 1),
        )  # fmt: skip


def _later(now: int, mean_s: float, rng: Generator) -> int:
    return now + round(1000 * rng.exponential(mean_s))
