"""A real controller killed (SIGKILL) at random instants, on real sockets, with alarms latched.

The field is emulated gateways whose detectors go into alarm and back to normal, so that nothing but
the controller's own memory keeps an alarm. Judged on what the outputs were told, and by the
controller's own `verify-journal` and `replay`.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

from numpy.random import Generator
from ruamel.yaml import YAML

from controller.interface.clock import pause, wall_ms
from controller.interface.kinds import DETECTORS
from controller.interface.loopwords import NORMAL_WORD
from controller.interface.points import Point, PointList
from controller.interface.streams import stream
from devices.bank import Bank
from devices.serve.live import LiveDevices
from scenarios.emulate.quiet import QuietWorld
from scenarios.rig.broker import die_with_parent, free_port

ALARM_WORD = 0x0C01
LONGEST_LIFE_MS = 2500
"""Kills come 0 to this long after a start: before the journal is open, in the first poll, later."""

PATIENCE_S = 30.0


@dataclass(slots=True)
class Toll:
    """What a campaign found. `lost`: alarms on record that a later start did not know; `flaps`:
    outputs that were switched back; `late`: outputs that never came; `unproved`: what the journal
    did not prove. `polled_ms`: from each start of the program to its first complete poll."""

    kills: int = 0
    alarms: int = 0
    restored: int = 0
    lost: list[str] = field(default_factory=list)
    flaps: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    polled_ms: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost and everything proved."""
        return not (self.lost or self.flaps or self.late or self.unproved)


class Campaign:
    """One site, one state file, one journal; a controller that is killed again and again.

    `expected` are outputs (points) that must be on in the end and never go off in between.
    """

    def __init__(
        self, site: Path, folder: Path, seed: int, expected: Sequence[str],
        words: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.toll = Toll()
        self.site = moved_site(site, folder / "site")
        self.journal = folder / "controller.jsonl"
        self._points = PointList.load(self.site / "points.yaml")
        self._expected = dict.fromkeys(expected, False)
        self._words = [
            "--site", str(self.site), "--state", str(folder / "state"), "--scan-ms", "50",
            "--journal", str(self.journal), "--anchors", str(folder / "anchors.jsonl"),
            "--anchor-every", "0.2", *words,
        ]  # fmt: skip
        self._anchors = folder / "anchors.jsonl"
        self._rng: Generator = stream(seed, "kills")
        self._bank = Bank(self._points, QuietWorld(), seed, self._record)
        self._detectors = [
            p for p in self._points.points.values() if p.name == "state" and p.kind in DETECTORS
        ]
        self._state = folder / "state"
        self._known: set[str] = set()
        self._before: set[str] = set()
        self._runs = 0
        self._raised: set[str] = set()
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, kills: int) -> Toll:
        """Kill that often, then let it live until the outputs are on, stop it, and prove."""
        async with AsyncExitStack() as ends:
            devices = LiveDevices(self._bank, wall_ms(), None)
            ends.push_async_callback(devices.close)
            await devices.start({g.id: (g.host, g.port) for g in self._points.gateways.values()})
            for _ in range(kills):
                await self._life(int(self._rng.integers(0, LONGEST_LIFE_MS)))
            await self._last_life()
        await self._prove()
        return self.toll

    async def _life(self, ms: int) -> None:
        await self._start()
        quiet = [p for p in self._detectors if p.device not in self._raised]
        if quiet:
            await self._pass(int(self._rng.integers(0, ms + 1)))
            self._raise(quiet[int(self._rng.integers(len(quiet)))])
        await self._pass(ms - self._lived_ms)
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self.toll.kills += 1
        self._look_back()

    async def _last_life(self) -> None:
        await self._start()
        for point in self._detectors:
            if point.device not in self._raised:
                self._raise(point)
        for _ in range(int(PATIENCE_S * 10)):
            await self._pass(100)
            if all(self._expected.values()) and self._raised <= self._known:
                break
        self.toll.late = [name for name, on in self._expected.items() if not on]
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        await self._process.wait()
        self._look_back()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "controller", *self._words,
            stderr=asyncio.subprocess.DEVNULL, preexec_fn=die_with_parent(),
        )  # fmt: skip
        self._began_ms = wall_ms()

    @property
    def _lived_ms(self) -> int:
        return wall_ms() - self._began_ms

    async def _pass(self, ms: int) -> None:
        """Let time pass; alarms that have stood on record long enough go back to normal."""
        until = wall_ms() + ms
        while wall_ms() < until:
            await pause(min(0.1, (until - wall_ms()) / 1000 + 0.001))
            self._release()

    def _raise(self, point: Point) -> None:
        self._raised.add(point.device)
        self._set(point, ALARM_WORD)

    def _release(self) -> None:
        """An alarm that is on record, and in the saved state, must stay latched by itself."""
        if self._raised <= self._known or not self._state.exists():
            return
        records, saved = self._records_of_this_life(), self._state.read_bytes()
        on_record = {r["e"] for r in records if r["k"] == "alarm" and r["what"] == "alarm"}
        for point in self._detectors:
            name = point.device
            if name in self._raised & on_record - self._known and f'"{name}"'.encode() in saved:
                self._known.add(name)
                self._set(point, NORMAL_WORD)
        self.toll.alarms = len(self._known)

    def _set(self, point: Point, word: int) -> None:
        device = self._points.devices[point.device]
        image = self._bank.gateways[device.gateway].units[device.unit]
        image.write(point.binding.area, point.binding.address, word)

    def _records_of_this_life(self) -> list[dict[str, Any]]:
        """The records of this start, over its parts; empty if it has not begun its journal yet."""
        found: list[dict[str, Any]] = []
        for text in self._texts():
            top, *lines = text.split("\n")[:-1]
            if json.loads(top)["header"]["run"] > self._runs:
                found += [json.loads(line) for line in lines]
        return found

    def _texts(self) -> list[str]:
        """The parts as they are; they are looked for anew when one is renamed while it is read."""
        while True:
            try:
                return [part.read_text("utf-8") for part in self._parts()]
            except FileNotFoundError:
                continue

    def _parts(self) -> list[Path]:
        full = sorted(self.journal.parent.glob(f"{self.journal.stem}-*.jsonl"))
        return [*full, self.journal] if self.journal.exists() else full

    def _look_back(self) -> None:
        """A life that had begun must have known every alarm that was latched before it."""
        records = self._records_of_this_life()
        self.toll.polled_ms += [r["ms"] for r in records if r.get("what") == "polled"]
        if any(r.get("what") == "start" for r in records):
            restored = [json.dumps(r["state"]) for r in records if r.get("what") == "restore"]
            self.toll.restored += len(restored)
            lost = {name for name in self._before if f'"{name}"' not in "".join(restored)}
            self.toll.lost += [f"{name} after kill {self.toll.kills}" for name in sorted(lost)]
        for part in self._parts()[-1:]:
            top = part.read_text("utf-8").partition("\n")[0]
            self._runs = json.loads(top)["header"]["run"]
        self._before = set(self._known)

    async def _prove(self) -> None:
        for words in (
            ["verify-journal", str(self.journal), "--anchors", str(self._anchors)],
            ["replay", str(self.journal), "--site", str(self.site)],
        ):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "controller", *words,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            said, _ = await process.communicate()
            if process.returncode:
                self.toll.unproved.append(f"{words[0]}: {said.decode().strip()}")

    def _record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        """What the devices put on record: an output that was told something."""
        if kind != "apply" or entity not in self._expected:
            return
        if data["value"]:
            self._expected[entity] = True
        elif self._expected[entity]:
            self.toll.flaps.append(f"{entity} at {t_ms} ms")


def moved_site(site: Path, folder: Path) -> Path:
    """A copy of a site on ports of its own; nobody serves its broker."""
    copytree(site, folder)
    yaml, path = YAML(), folder / "points.yaml"
    plain = yaml.load(path.read_text("utf-8"))
    plain["mqtt"]["port"] = free_port("127.0.0.1")
    for entry in plain["gateways"]:
        entry["port"] = free_port("127.0.0.1")
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(plain, file)
    return folder
