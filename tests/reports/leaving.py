"""A made-up course of events: a fire, an alarm, and people leaving one by one.

The records have the kinds and keys of a real run and follow from each other, so that every number
a report prints can be worked out by hand from the constants below.
"""

from __future__ import annotations

from typing import Any

from controller.interface.streams import stream
from tests.reports.block import Layout

IGNITION = 5_000
FIRST, SECOND = 20_200, 31_100  # the two detectors sense
INPUT = 31_500  # the poll that brings the second alarm: it completes the cause
COMMAND = 34_500  # the evacuation voice comes 3 s later (delay of the matrix)
RECEIVE = 34_750
ACTUATE = 35_950
HEARD = 36_700
VOICE = "pa-a.message#1"
RULE = "fire-a-f1>pa-evac"
SERVICE_MS = {"a": 350, "s": 700}  # ms a portal needs per person: doors, stairs


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
                free = max(now, self.doors.get(door, -999) + SERVICE_MS[door[0]])
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
