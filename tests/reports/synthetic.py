"""A run's folder made without a simulation: a block of classrooms, a fire, and people leaving.

The journals hold the record kinds of a real run with causes that follow from each other, so that
every number a report prints can be worked out by hand from the constants below.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from controller.interface.journal import Journal
from controller.interface.streams import stream

IGNITION = 5_000
FIRST, SECOND = 20_200, 31_100  # the two detectors sense
INPUT = 31_500  # the poll that brings the second alarm: it completes the cause
COMMAND = 34_500  # the evacuation voice comes 3 s later (delay of the matrix)
RECEIVE = 34_750
ACTUATE = 35_950
HEARD = 36_700
VOICE = "pa-a.message#1"
RULE = "fire-a-f1>pa-evac"
ROOM_W, ROOM_D, CORRIDOR_D = 9.0, 7.0, 2.4


@dataclass
class Layout:
    """A block: `storeys` floors, rooms on one side of a corridor, a stair at each end."""

    storeys: int = 3
    rooms: int = 4
    people: int = 10
    names: dict[str, str] = field(default_factory=dict)

    def floor(self) -> dict[str, Any]:
        spaces: list[dict[str, Any]] = []
        portals: list[dict[str, Any]] = []
        for f in range(1, self.storeys + 1):
            self._storey(f, spaces, portals)
        spaces.append(
            {
                "id": "yard",
                "name": "Yard",
                "kind": "yard",
                "storey": "a1",
                "area_m2": 2000.0,
                "outline": _box(-20, -40, self.width + 40, 30),
                "safe": True,
            }
        )
        for exit_ in ("a.x1", "a.x2"):
            c = "a.f1.c1" if exit_ == "a.x1" else f"a.f1.c{self.rooms}"
            portals.append(
                {
                    "id": exit_,
                    "name": f"Exit {exit_[-1]}",
                    "between": [c, "yard"],
                    "width_m": 1.8,
                    "at": [2.0, -2.4],
                    "kind": "door",
                }
            )
        storeys = [
            {"id": f"a{f}", "name": f"{f}F", "z_m": 3.6 * (f - 1)}
            for f in range(1, self.storeys + 1)
        ]
        return {
            "floor": 1,
            "name": "Synthetic block",
            "source": "test",
            "storeys": storeys,
            "spaces": spaces,
            "portals": portals,
        }

    @property
    def width(self) -> float:
        return self.rooms * ROOM_W

    def _storey(self, f: int, spaces: list[Any], portals: list[Any]) -> None:
        for r in range(1, self.rooms + 1):
            x = (r - 1) * ROOM_W
            room = f"a.f{f}.r{r}"
            spaces.append(
                {
                    "id": room,
                    "name": self.names.get(room, f"Class {f}-{r}"),
                    "kind": "room",
                    "storey": f"a{f}",
                    "area_m2": ROOM_W * ROOM_D,
                    "outline": _box(x, 0, ROOM_W, ROOM_D),
                }
            )
            spaces.append(
                {
                    "id": f"a.f{f}.c{r}",
                    "name": f"Corridor {f}F, part {r}",
                    "kind": "corridor",
                    "storey": f"a{f}",
                    "area_m2": round(ROOM_W * CORRIDOR_D, 2),
                    "outline": _box(x, -CORRIDOR_D, ROOM_W, CORRIDOR_D),
                }
            )
            portals.append(
                {
                    "id": f"a.f{f}.d{r}",
                    "name": f"Door {f}-{r}",
                    "width_m": 1.0,
                    "between": [room, f"a.f{f}.c{r}"],
                    "at": [x + 4.5, 0.0],
                }
            )
        if f < self.storeys:
            for stair, x in (("1", -4.0), ("2", self.width)):
                spaces.append(
                    {
                        "id": f"a.st{stair}.f{f}-f{f + 1}",
                        "kind": "stair",
                        "name": f"Stair {'AB'[int(stair) - 1]}, {f}F to {f + 1}F",
                        "storey": f"a{f}",
                        "area_m2": 14.0,
                        "width_m": 2.1,
                        "slope_length_m": 7.9,
                        "outline": _box(x, -2.4, 4, 7),
                    }
                )


def _box(x: float, y: float, w: float, h: float) -> list[list[float]]:
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]


class Run:
    """Collects records of both journals and journeys, then writes the folder."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout, self.seed = layout, seed
        self.twin: list[tuple[int, int, str, str, dict[str, Any]]] = []
        self.controller: list[tuple[int, int, str, str, dict[str, Any]]] = []
        self.rows: list[tuple[str, str, str, str, int, int]] = []
        self.outs: dict[str, int] = {}
        self.stranded = 0
        self.rng = stream(seed, "synthetic")
        self.doors: dict[str, int] = {}

    def alarm(self) -> None:
        t, c = self.twin, self.controller
        t.append((IGNITION, 1, "hazard", "a.f1.r2", {"what": "ignition", "value": 0.0}))
        t.append((IGNITION + 9_000, 1, "hazard", "a.f1.c2", {"what": "smoke", "value": 0.2}))
        for device, at in (("sd-101", FIRST), ("sd-102", SECOND)):
            t.append((at, 2, "sense", device, {"what": "alarm"}))
            c.append(
                (
                    at // 500 * 500 + 500,
                    3,
                    "input",
                    f"{device}.state",
                    {"value": "alarm", "quality": "good", "was": "normal", "t_sample": at},
                )
            )
        c.append((INPUT, 3, "alarm", "a-f1", {"what": "confirmed"}))
        for effect in ("pa-evac", "sounders", "doors"):
            c.append(
                (
                    INPUT,
                    3,
                    "decision",
                    f"fire-a-f1>{effect}",
                    {
                        "what": "on",
                        "cause": "fire-a-f1",
                        "effect": effect,
                        "inputs": ["sd-101", "sd-102"],
                    },
                )
            )
        self._command("pa-a.message", "evacuate", RULE, COMMAND, RECEIVE, ACTUATE)
        for n in range(1, 4):
            self._command(
                f"lock-{n}.release",
                True,
                "fire-a-f1>doors",
                INPUT,
                INPUT + 250,
                INPUT + 900 + 150 * n,
            )
        t.append(
            (HEARD - 200, 1, "cue", "a.f1.c1", {"source": "pa-a", "what": "voice", "cause": VOICE})
        )

    def _command(self, point: str, value: Any, rule: str, at: int, got: int, act: int) -> None:
        name = f"{point}#1"
        self.controller.append(
            (at, 3, "command", point, {"id": name, "value": value, "prio": 2, "rule": rule})
        )
        self.twin.append((got, 4, "receive", point, {"id": name, "value": value}))
        self.twin.append((got, 4, "apply", point, {"id": name, "value": value, "r": "ok"}))
        self.twin.append(
            (
                act,
                2,
                "actuate",
                point.split(".")[0],
                {"element": f"x:{point}", "state": str(value), "cause": name},
            )
        )
        self.controller.append((act + 300, 3, "feedback", point, {"what": "ok", "id": name}))

    def people(self) -> None:
        plan = [
            (f, r, p)
            for f in range(1, self.layout.storeys + 1)
            for r in range(1, self.layout.rooms + 1)
            for p in range(1, self.layout.people + 1)
        ]
        pre = {
            (f, r): int(self.rng.lognormal(3.1, 0.5) * 1000)
            for f in range(1, self.layout.storeys + 1)
            for r in range(1, self.layout.rooms + 1)
        }
        starts = sorted(
            (HEARD + pre[f, r] + int(self.rng.uniform(0, 6_000)), f, r, p) for f, r, p in plan
        )
        for start, f, r, p in starts:
            self._person(f, r, p, start)

    def _person(self, f: int, r: int, p: int, start: int) -> None:
        name, group = f"c{f}-{r}.p{p:02d}", f"c{f}-{r}"
        smoke = (f, r) == (1, 2)
        noticed = IGNITION + 12_000 if smoke else HEARD
        start = noticed + 4_000 if smoke else start
        room = f"a.f{f}.r{r}"
        self._stay(name, group, room, "unaware", 0, noticed)
        self._stay(name, group, room, "premove", noticed, start)
        if self._blocked(f, r, p):
            self._stay(name, group, room, "walk", start, start + 60_000)
            return
        now, walked, queued = self._walk(name, group, f, r, start)
        self.outs[name] = now
        self.twin.append(
            (
                now,
                1,
                "person",
                name,
                {
                    "what": "out",
                    "portal": "a.x1" if self._left(r) else "a.x2",
                    "cue": "smoke" if smoke else "pa-a",
                    "cause": "" if smoke else VOICE,
                    "noticed_ms": noticed,
                    "start_ms": start,
                    "walk_ms": walked,
                    "queue_ms": queued,
                },
            )
        )

    def _blocked(self, f: int, r: int, p: int) -> bool:
        if (f, r, p) != (self.layout.storeys, 1, 1):
            return False
        self.stranded += 1
        return True

    def _left(self, r: int) -> bool:
        return r <= self.layout.rooms // 2

    def _walk(self, name: str, group: str, f: int, r: int, now: int) -> tuple[int, int, int]:
        """Room door, corridor pieces, stairs down, exit; each portal passes 1.3 people/s/m."""
        start, queued = now, 0
        left = self._left(r)
        pieces = range(r, 0, -1) if left else range(r, self.layout.rooms + 1)
        last = 1 if left else self.layout.rooms
        way = [(f"a.f{f}.r{r}", 5_000, f"a.f{f}.d{r}")]
        way += [(f"a.f{f}.c{c}", 7_500, "") for c in pieces]
        for level in range(f - 1, 0, -1):
            way.append(
                (f"a.st{1 if left else 2}.f{level}-f{level + 1}", 11_000, f"st{left}{level}")
            )
        way.append((f"a.f1.c{last}", 3_000, f"a.x{1 if left else 2}"))
        for space, ms, door in way:
            self._stay(name, group, space, "walk", now, now + ms)
            now += ms
            if door:
                free = max(now, self.doors.get(door, 0) + 600)
                self._stay(name, group, space, "queue", now, free)
                queued, now, self.doors[door] = queued + free - now, free, free
        return now, now - start - queued, queued

    def _stay(self, name: str, group: str, space: str, state: str, t0: int, t1: int) -> None:
        if t1 > t0:
            self.rows.append((name, group, space, state, t0, t1))

    def finish(self) -> None:
        end = max([*self.outs.values(), 60_000]) + 1_000
        if self.stranded:
            name = f"c{self.layout.storeys}-1.p01"
            self.twin.append(
                (
                    end,
                    1,
                    "person",
                    name,
                    {
                        "what": "stranded",
                        "space": f"a.f{self.layout.storeys}.r1",
                        "reason": "smoke at the only door of the room",
                    },
                )
            )
            self.rows = [
                (*row[:5], end) if row[0] == name and row[3] == "walk" else row for row in self.rows
            ]
        people = len({row[0] for row in self.rows})
        for t in range(0, end, 1000):
            out = sum(o <= t for o in self.outs.values()) if people < 300 else 0
            self.twin.append((t, 5, "sample", "crowd", {"inside": people - out, "out": out}))


def write(
    folder: Path, layout: Layout | None = None, seed: int = 7, *, drop: tuple[str, str] = ("", "")
) -> Path:
    """Write a run's folder; `drop` = (kind, entity) leaves those records out of the journals."""
    run = Run(layout or Layout(), seed)
    run.alarm()
    run.people()
    run.finish()
    (folder / "site").mkdir(parents=True)
    for source, records in (("twin", run.twin), ("controller", run.controller)):
        with_order = sorted(records, key=lambda r: (r[0], r[1], r[3]))
        journal = Journal(folder / f"{source}.jsonl", "0" * 32, {"started": "2026-11-22T10:00:00Z"})
        for t, p, kind, entity, data in with_order:
            if (kind, entity) != drop:
                journal.record(t, p, kind, entity, **data)
        journal.close()
    _files(folder, run)
    return folder


def _files(folder: Path, run: Run) -> None:
    yaml = YAML(typ="safe")
    yaml.dump(run.layout.floor(), folder / "site" / "floor.yaml")
    devices = [
        {"id": "sd-101", "kind": "smoke-detector"},
        {"id": "sd-102", "kind": "smoke-detector"},
        {"id": "pa-a", "kind": "pa-zone", "bus": "mqtt"},
        *({"id": f"lock-{n}", "kind": "door-lock", "gateway": "doors-1"} for n in (1, 2, 3)),
    ]
    yaml.dump(
        {"points": 1, "site": "synthetic", "devices": devices}, folder / "site" / "points.yaml"
    )
    yaml.dump(_scenario(), folder / "scenario.yaml")
    names = ("person", "group", "space", "state", "t_in_ms", "t_out_ms")
    columns = dict(zip(names, zip(*run.rows, strict=True), strict=True))
    table = pa.table(
        {
            n: pa.array(columns[n]).dictionary_encode() if n in names[:4] else pa.array(columns[n])
            for n in names
        }
    )
    pq.write_table(table, folder / "journeys.parquet")
    _json(folder / "manifest.json", _manifest(run))
    _json(folder / "metrics.json", _metrics(run, folder))


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _scenario() -> dict[str, Any]:
    return {
        "scenario": 1,
        "say": "Fire in Class 1-2 during the second lesson.",
        "site": "synthetic",
        "period": "lesson",
        "expect": [
            {
                "id": "E3",
                "say": "Everybody out in 3 minutes",
                "evacuated": {"share": 1.0, "from": "hazard * ignition", "limit": "180 s"},
            }
        ],
    }


def _manifest(run: Run) -> dict[str, Any]:
    return {
        "scenario": "synthetic-fire",
        "site": "synthetic",
        "seed": run.seed,
        "rig": "memory",
        "broker": "embedded",
        "slice_ms": 250,
        "people": len({row[0] for row in run.rows}),
        "versions": {"campus-twin": "0.1.0", "numpy": "2.4.6"},
        "inputs": {"floor.yaml": "ab" * 32},
        "host": {"cpus": 2},
        "configuration": {"confirm": {"window_s": 300}, "laws": "bounding"},
        "started_wall": "2026-11-22T10:00:00Z",
        "chain": "0" * 32,
    }


def _metrics(run: Run, folder: Path) -> dict[str, Any]:
    people = len({row[0] for row in run.rows})
    rset = max(run.outs.values()) - IGNITION
    observed = rset / 1000 if not run.stranded else None
    return {
        "scenario": "synthetic-fire",
        "site": "synthetic",
        "seed": run.seed,
        "rig": "memory",
        "verdict": "fail",
        "exit_code": 1,
        "sim_ms": rset + IGNITION + 1000,
        "wall_s": 1.5,
        "people": people,
        "evacuated": len(run.outs),
        "stranded": run.stranded,
        "rset_ms": rset,
        "expectations": [
            {
                "id": "E1",
                "must": True,
                "say": "Evacuation voice within 10 s of the second detector",
                "clause": "GB 50116-2013 4.8",
                "verdict": "pass",
                "observed": 4.85,
                "limit": 10.0,
                "unit": "s",
                "why": "actuate pa-a after 4.8 s",
            },
            {
                "id": "E2",
                "must": False,
                "say": "No stair above 3.5 people/m2",
                "clause": "",
                "verdict": "inconclusive",
                "observed": None,
                "limit": 3.5,
                "unit": "people/m2",
                "why": "`a.st*` was never sampled",
            },
            {
                "id": "E3",
                "must": True,
                "say": "Everybody out in 3 minutes",
                "clause": "Ministry of Education drill guide 2014",
                "verdict": "fail",
                "observed": observed,
                "limit": 180.0,
                "unit": "s",
                "why": "1 person did not come out",
            },
        ],
        "journal_sha256": "1" * 64,
        "decisions_sha256": "2" * 64,
        "bytes_sha256": "3" * 64,
        "records": {"input": 2},
        "slices": {"run": 500, "skipped": 100},
        "messages": 4000,
        "requests": 900,
        "run_dir": str(folder),
    }
