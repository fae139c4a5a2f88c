"""`twin bench`: how fast the rigs are, on the load as shipped and with no slice skipped."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from controller.interface.files import nearest
from evacuation import warm
from scenarios.catalog import find_scenario
from scenarios.rig.broker import choose
from scenarios.run import Order, run

REFERENCE = "school-stair-a-fire"
_TARGETS = {"memory": 250.0, "wire": 30.0}
_TURNS = 3
"""Runs of each load; the median by wall-clock time counts, as machines are noisy."""


def bench(group: str) -> dict[str, Any]:
    """Run the benchmarks of a group (all if empty); ValueError names the nearest group."""
    if group and group not in _GROUPS:
        hint = nearest(group, _GROUPS) or next(iter(_GROUPS))
        raise ValueError(f"--group {group!r}: no such group of benchmarks; did you mean `{hint}`?")
    warm(lambda text: print(text, file=sys.stderr))
    results = [item for name in _GROUPS if group in ("", name) for item in _GROUPS[name]()]
    host = {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "broker": choose("auto"),
    }
    return {"host": host, "results": results}


def _rigs() -> list[dict[str, Any]]:
    return [_speed(rig, skip) for rig in ("memory", "wire") for skip in (False, True)]


def _speed(rig: str, skip: bool) -> dict[str, Any]:
    """Speed factor of the reference fire: simulated seconds per wall-clock second."""
    print(f"{REFERENCE} on {rig}, {'as shipped' if skip else 'no skip'}", file=sys.stderr)
    runs = sorted((_reference(rig, skip) for _ in range(_TURNS)), key=lambda item: item["wall_s"])
    document = runs[len(runs) // 2]
    slices = document["slices"]
    value = document["sim_ms"] / 1_000 / document["wall_s"]
    target = None if skip else _TARGETS[rig]
    return {
        "name": f"rig.{rig}.speed_factor" + (".as_shipped" if skip else ""),
        "value": round(value, 1),
        "unit": "x real time",
        "peer": None,
        "peer_value": None,
        "ratio": None,
        "target": target,
        "met": None if target is None else value >= target,
        "slices_run": slices["run"],
        "slices_skipped": slices["skipped"],
        "messages": document["messages"],
        "requests": document["requests"],
        "wall_ms_per_slice": round(1_000 * document["wall_s"] / slices["run"], 3),
        "wall_ms_per_slice_runs": [
            round(1_000 * item["wall_s"] / item["slices"]["run"], 3) for item in runs
        ],
        "cpu_ms_per_slice": round(1_000 * document["cpu_s"] / slices["run"], 3),
        "mqtt_devices": document["mqtt_devices"],
        "gateways": document["gateways"],
        "broker": document["broker"],
        "verdict": document["verdict"],
    }


_GROUPS: dict[str, Callable[[], list[dict[str, Any]]]] = {"rig": _rigs}


def _reference(rig: str, skip: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = find_scenario(REFERENCE)
        order = Order(path, rig=rig, out=Path(folder) / "run", skip=skip, report=False)
        return run(order).document


def bench_text(document: dict[str, Any]) -> str:
    """Return the results as lines."""
    lines = [" ".join(f"{key}={value}" for key, value in document["host"].items())]
    for item in document["results"]:
        target = "" if item["target"] is None else f"  target {item['target']:g}"
        mark = {True: "  met", False: "  NOT MET", None: ""}[item["met"]]
        lines.append(f"{item['name']:36} {item['value']:>9g} {item['unit']}{target}{mark}")
        details = ("slices_run", "slices_skipped", "messages", "requests")
        lines.append("    " + ", ".join(f"{key.replace('_', ' ')} {item[key]}" for key in details))
        lines.append(
            f"    {item['wall_ms_per_slice']} ms wall (median of {item['wall_ms_per_slice_runs']}) "
            f"and {item['cpu_ms_per_slice']} ms CPU of the rig per slice; "
            f"{item['mqtt_devices']} MQTT devices, {item['gateways']} gateways, "
            f"broker {item['broker']}, verdict {item['verdict']}"
        )
    return "\n".join(lines)
