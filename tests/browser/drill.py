"""A drill on a real floor without a simulation: everybody walks the shortest way and queues.

Writes the record kinds of a real run on any site's floor.yaml, whole or piece by piece, so that
the page can be looked at before, and apart from, the simulation.
"""

from __future__ import annotations

import heapq
import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq

from controller.interface.files import read
from controller.interface.journal import Journal
from controller.interface.streams import stream

IGNITION, SENSED, CONFIRMED, VOICE, LOCKS = 5_000, 21_000, 33_000, 36_500, 35_000
LINE = ("person", "group", "space", "state", "t_in_ms", "t_out_ms")


@dataclass
class Drill:
    """The records and journeys of one drill."""

    floor: dict[str, Any]
    points: dict[str, Any]
    site: Path
    seed: int = 7
    per_room: int = 45
    twin: list[tuple[int, int, str, str, dict[str, Any]]] = field(default_factory=list)
    controller: list[tuple[int, int, str, str, dict[str, Any]]] = field(default_factory=list)
    rows: list[tuple[str, str, str, str, int, int]] = field(default_factory=list)
    outs: dict[str, int] = field(default_factory=dict)
    end: int = 0


def make(site: Path, per_room: int = 45, seed: int = 7) -> Drill:
    """Work out a drill on a site's floor: fire beside a stair, alarm, everybody leaves."""
    points = site / "points.yaml"
    listed = read(points) if points.is_file() else {"devices": []}
    drill = Drill(read(site / "floor.yaml"), listed, site, seed, per_room)
    _walk(drill, _ways(drill.floor))
    _alarm(drill)
    _sample(drill)
    for records in (drill.twin, drill.controller):
        records.sort(key=lambda r: (r[0], r[1], r[3]))
    return drill


def write(drill: Drill, folder: Path, until: int | None = None) -> Path:
    """Write the run's folder, journals up to `until` ms; the rest only when it is over."""
    site = folder / "site"
    if not site.is_dir():
        site.mkdir(parents=True)
        for name in ("floor.yaml", "points.yaml"):
            source = drill.site / name
            if source.is_file():
                (site / name).write_bytes(source.read_bytes())
        _json(folder / "manifest.json", _manifest(drill))
    for name, records in (("twin", drill.twin), ("controller", drill.controller)):
        _journal(folder / f"{name}.jsonl", records, until)
    if until is None:
        columns = dict(zip(LINE, zip(*drill.rows, strict=True), strict=True))
        table = pa.table({name: pa.array(values) for name, values in columns.items()})
        pq.write_table(table, folder / "journeys.parquet", use_dictionary=True)
        _json(folder / "metrics.json", _metrics(drill))
    return folder


def _journal(path: Path, records: list[Any], until: int | None) -> None:
    journal = Journal(None, "0" * 32, {"started": "2026-11-22T10:00:00Z"})
    for t, phase, kind, entity, data in records:
        if until is None or t <= until:
            journal.record(t, phase, kind, entity, **data)
    text = "".join(f"{line}\n" for line in journal.lines)
    written = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(text.encode()[written:])


def _ways(floor: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """For each space the portals and spaces on its shortest way to a safe place."""
    graph: nx.Graph = nx.Graph()
    spaces = {item["id"]: item for item in floor["spaces"]}
    for item in floor["portals"]:
        a, b = item["between"]
        if item.get("opens_for") == "vehicles":
            continue
        far = sum(math.sqrt(float(spaces[i].get("area_m2", 20))) / 2 for i in (a, b))
        shut = 60 if item.get("normally") == "locked" and "gate" in item.get("kind", "") else 0
        graph.add_edge(a, b, weight=far + shut, portal=item["id"])
    safe = [name for name, item in spaces.items() if item.get("safe") and name in graph]
    _, paths = nx.multi_source_dijkstra(graph, set(safe))
    ways = {}
    for name, path in paths.items():
        path = path[::-1]
        ways[name] = [(graph.edges[a, b]["portal"], b) for a, b in pairwise(path)]
    return ways


def _walk(drill: Drill, ways: dict[str, list[tuple[str, str]]]) -> None:
    spaces = {item["id"]: item for item in drill.floor["spaces"]}
    portals = {item["id"]: item for item in drill.floor["portals"]}
    rng, free = stream(drill.seed, "drill"), defaultdict[str, float](float)
    events: list[tuple[float, int, str, str, int]] = []
    state: dict[str, tuple[str, str, float, list[tuple[str, str]]]] = {}
    rooms = [
        item
        for item in drill.floor["spaces"]
        if item["kind"] == "room" and float(item.get("area_m2", 0)) > 15 and item["id"] in ways
    ]
    for room in rooms:
        pre = float(rng.lognormal(math.log(25), 0.4)) * 1000
        group = room["id"].replace(".", "-")
        for n in range(1, min(drill.per_room, int(float(room["area_m2"]))) + 1):
            name = f"{group}.p{n:02d}"
            noticed = VOICE + 700
            start = noticed + pre + float(rng.uniform(0, 6_000))
            drill.rows.append((name, group, room["id"], "unaware", 0, noticed))
            drill.rows.append((name, group, room["id"], "premove", noticed, int(start)))
            state[name] = (group, room["id"], float(rng.normal(1.1, 0.12)), ways[room["id"]])
            heapq.heappush(events, (start, len(events), name, room["id"], 0))
        drill.twin.append((int(pre) + VOICE + 700, 1, "group", group, {"what": "start", "n": n}))
    count = len(events)
    while events:
        now, _, name, here, step = heapq.heappop(events)
        group, _, speed, way = state[name]
        portal, there = way[step]
        item = spaces[here]
        far = float(item.get("slope_length_m") or math.sqrt(float(item.get("area_m2", 20))) * 0.8)
        pace = speed * (0.6 if item["kind"] == "stair" else 1.0)
        at_door = now + far / pace * 1000
        through = max(at_door, free[portal])
        free[portal] = through + 1000 / (1.3 * float(portals[portal].get("width_m") or 1))
        drill.rows.append((name, group, here, "walk", int(now), int(at_door)))
        if int(through) > int(at_door):
            drill.rows.append((name, group, here, "queue", int(at_door), int(through)))
        if spaces[there].get("safe"):
            drill.outs[name] = int(through)
            data = {"what": "out", "portal": portal, "noticed_ms": VOICE + 700}
            drill.twin.append((int(through), 1, "person", name, data))
        else:
            count += 1
            heapq.heappush(events, (through, count, name, there, step + 1))


def _alarm(drill: Drill) -> None:
    t, c = drill.twin, drill.controller
    spaces = drill.floor["spaces"]
    stair = next((item for item in spaces if item["kind"] == "stair"), spaces[0])
    t.append((IGNITION, 1, "hazard", stair["id"], {"what": "ignition", "value": 0.0}))
    near = [p["between"] for p in drill.floor["portals"] if stair["id"] in p["between"]]
    around = [stair["id"], *(a if b == stair["id"] else b for a, b in near)]
    for k in range(1, 40):
        for n, space in enumerate(around):
            value = round(max(0.0, 2.4 * (1 - math.exp(-(k - n * 4) / 14))), 3)
            t.append((IGNITION + k * 4_000, 1, "hazard", space, {"what": "smoke", "value": value}))
    devices = drill.points.get("devices") or []
    for n, item in enumerate(d for d in devices if d["kind"] == "smoke-detector"):
        if item.get("at") in around or n < 2:
            at = SENSED + 12_000 * min(n, 1)
            t.append((at, 2, "sense", item["id"], {"what": "alarm"}))
            data = {"value": "alarm", "quality": "good", "was": "normal", "t_sample": at}
            c.append((at + 250, 3, "input", f"{item['id']}.state", data))
    c.append((SENSED + 500, 3, "alarm", "a-f1", {"what": "prealarm"}))
    c.append((CONFIRMED + 500, 3, "alarm", "a-f1", {"what": "confirmed"}))
    for effect in ("sounders", "pa-evac", "doors"):
        data = {"what": "on", "cause": "fire-a-f1", "effect": effect, "inputs": ["sd-101"]}
        c.append((CONFIRMED + 500, 3, "decision", f"fire-a-f1>{effect}", data))
    failing = devices[-1]["id"] if devices else "fire-1"
    t.append((60_000, 2, "fault", failing, {"what": "begin", "fault": "off"}))
    for item in devices:
        _act(drill, item)
    for item in drill.floor["spaces"]:
        if item["kind"] in ("room", "corridor", "hall"):
            data = {"source": "pa-f1", "what": "voice", "cause": "pa-f1.message#1"}
            t.append((VOICE, 1, "cue", item["id"], data))


def _act(drill: Drill, item: dict[str, Any]) -> None:
    acts = {
        "sounder": ("on", True, "on", f"sound:{item['id']}"),
        "pa-zone": ("message", "evacuate", "evacuate", f"voice:{item['id']}"),
        "door-lock": ("release", True, "unlocked", f"portal:{item.get('portal', '')}"),
        "emergency-light": ("mode", 1, "on", f"light:{item['id']}"),
    }
    if item["kind"] not in acts:
        return
    point, value, shown, element = acts[item["kind"]]
    entity, at = f"{item['id']}.{point}", CONFIRMED + 500
    ident = {"id": f"{entity}#1", "value": value}
    drill.controller.append((at, 3, "command", entity, {**ident, "prio": 2, "rule": "fire-a-f1>x"}))
    drill.twin.append((at + 250, 4, "receive", entity, ident))
    drill.twin.append((at + 250, 4, "apply", entity, {**ident, "r": "ok"}))
    data = {"element": element, "state": shown, "cause": ident["id"]}
    drill.twin.append((at + 1_200, 2, "actuate", item["id"], data))
    if item.get("portal"):
        record = (at + 1_200, 1, "portal", item["portal"], {"what": "open", "by": item["id"]})
        drill.twin.append(record)
    drill.controller.append((at + 1_500, 3, "feedback", entity, {"what": "ok", "id": ident["id"]}))


def _sample(drill: Drill) -> None:
    drill.end = max(drill.outs.values()) + 2_000
    area = {item["id"]: float(item.get("area_m2") or 1) for item in drill.floor["spaces"]}
    rows = sorted(drill.rows, key=lambda r: r[4])
    people = len({row[0] for row in rows})
    before: dict[str, int] = {}
    for t in range(0, drill.end, 1000):
        here, states = defaultdict[str, int](int), defaultdict[str, int](int)
        for row in rows:
            if row[4] > t:
                break
            if t < row[5]:
                here[row[2]] += 1
                states[row[3]] += 1
        for space in sorted({*here, *before}):
            n = here.get(space, 0)
            if n != before.get(space):
                data = {"n": n, "density": round(n / area[space], 3)}
                drill.twin.append((t, 5, "sample", space, data))
        before = dict(here)
        inside = sum(here.values())
        data = {
            "inside": inside,
            "waiting": states["unaware"] + states["premove"],
            "walking": states["walk"],
            "queued": states["queue"],
            "out": people - inside,
        }
        drill.twin.append((t, 5, "sample", "crowd", data))


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _manifest(drill: Drill) -> dict[str, Any]:
    return {
        "scenario": "stair-fire",
        "site": drill.site.name,
        "seed": drill.seed,
        "rig": "wire",
        "broker": "mosquitto",
        "slice_ms": 250,
        "people": len(drill.outs),
        "versions": {"campus-twin": "0.1.0"},
        "inputs": {},
        "host": {},
        "configuration": {},
        "started_wall": "2026-11-22T10:00:00+00:00",
        "chain": "0" * 32,
    }


def _metrics(drill: Drill) -> dict[str, Any]:
    last = max(drill.outs.values())

    def judged(name: str, say: str, seen: float, limit: float, unit: str) -> dict[str, Any]:
        verdict = "pass" if seen <= limit else "fail"
        return {
            "id": name,
            "must": True,
            "say": say,
            "verdict": verdict,
            "observed": seen,
            "limit": limit,
            "unit": unit,
            "clause": "GB 50116-2013 4.8",
            "why": "",
        }

    expectations = [
        judged("voice", "The evacuation voice speaks within 10 s of the alarm", 3.5, 10, "s"),
        judged("doors", "Every escape door is free within 5 s of the alarm", 1.2, 5, "s"),
        judged("out", "Everybody is out within 4 minutes of the alarm", last / 1000, 240, "s"),
    ]
    verdict = "pass" if all(item["verdict"] == "pass" for item in expectations) else "fail"
    return {
        "verdict": verdict,
        "people": len(drill.outs),
        "evacuated": len(drill.outs),
        "stranded": 0,
        "sim_ms": drill.end,
        "rset_ms": last - IGNITION,
        "expectations": expectations,
        "ledger": {"walk": 42.0, "queue": 17.5},
    }
