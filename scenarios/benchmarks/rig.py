"""How fast the rigs are, on the load as shipped and with no slice skipped."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from scenarios.benchmarks.measure import tell
from scenarios.catalog import find_scenario
from scenarios.run import Order, run

REFERENCE = "school-stair-a-fire"
_TARGETS = {"memory": 250.0, "wire": 30.0}
_TURNS = 3
"""Runs of each load; the median by wall-clock time counts, as machines are noisy."""


def rigs() -> list[dict[str, Any]]:
    """Speed factors of both rigs, each without and with skipping."""
    return [_speed(rig, skip) for rig in ("memory", "wire") for skip in (False, True)]


def _speed(rig: str, skip: bool) -> dict[str, Any]:
    """Speed factor of the reference fire: simulated seconds per wall-clock second."""
    tell(f"{REFERENCE} on {rig}, {'as shipped' if skip else 'no skip'}")
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


def _reference(rig: str, skip: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = find_scenario(REFERENCE)
        order = Order(path, rig=rig, out=Path(folder) / "run", skip=skip, report=False)
        return run(order).document
