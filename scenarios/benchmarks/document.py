"""The document of `twin bench` and its text."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from typing import Any

from controller.interface.files import nearest
from evacuation import warm
from scenarios.benchmarks.access import doors
from scenarios.benchmarks.controller import controllers
from scenarios.benchmarks.crowd import crowd
from scenarios.benchmarks.devices import devices
from scenarios.benchmarks.measure import tell
from scenarios.benchmarks.pressing import plans
from scenarios.benchmarks.rig import rigs
from scenarios.benchmarks.zone import zones
from scenarios.rig.broker import choose

GROUPS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "rig": rigs, "crowd": crowd, "zone": zones, "devices": devices, "controller": controllers,
    "plan": lambda: [*plans(), *doors()],
}  # fmt: skip
SHOWN = ("name", "value", "unit", "peer", "peer_value", "ratio", "target", "met")


def bench(group: str) -> dict[str, Any]:
    """Run the benchmarks of a group (all if empty); ValueError names the nearest group."""
    if group and group not in GROUPS:
        hint = nearest(group, GROUPS) or next(iter(GROUPS))
        raise ValueError(f"--group {group!r}: no such group of benchmarks; did you mean `{hint}`?")
    warm(tell)
    results = [item for name in GROUPS if group in ("", name) for item in GROUPS[name]()]
    host = {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "broker": choose("auto"),
    }
    return {"host": host, "results": results}


def bench_text(document: dict[str, Any]) -> str:
    """Return the results as lines: figure and target, peer and ratio, then whatever else."""
    lines = [" ".join(f"{key}={value}" for key, value in document["host"].items())]
    for item in document["results"]:
        target = "" if item["target"] is None else f"  target {item['target']:g}"
        mark = {True: "  met", False: "  NOT MET", None: ""}[item["met"]]
        lines.append(f"{item['name']:36} {item['value']:>12,g} {item['unit']}{target}{mark}")
        if item["peer"] is not None:
            ratio = "" if item["ratio"] is None else f", ratio {item['ratio']:g}"
            lines.append(f"    {item['peer']}: {item['peer_value'] or '-'}{ratio}")
        lines += [f"    {_said(key, value)}" for key, value in item.items() if key not in SHOWN]
    return "\n".join(lines)


def _said(key: str, value: object) -> str:
    return f"{key.replace('_', ' ')}: {value}"
