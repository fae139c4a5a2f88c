"""Which cells of a matrix any run has fired, and with what: real devices, emulated ones, or never.

A run is a folder with manifest.json and controller.jsonl; a folder of runs gives all below it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controller.interface import journal
from controller.interface.points import PointList
from scenarios.emulate.selection import is_real

NEVER, EMULATED, REAL = "never", "emulated", "real"
MANIFEST, JOURNAL = "manifest.json", "controller.jsonl"


@dataclass(slots=True)
class Fired:
    """How often a cell was switched on, in which scenarios, by real devices or emulated ones."""

    times: int = 0
    scenarios: list[str] = field(default_factory=list)
    real: bool = False

    @property
    def what(self) -> str:
        """The best that has fired it."""
        return REAL if self.real else EMULATED if self.times else NEVER


def coverage(
    rules: Sequence[str], points: PointList, site: str, given: Sequence[Path]
) -> dict[str, Any]:
    """The cells of a site's matrix in the table's order, and how many were fired with what.

    Runs of other sites and cells that the matrix no longer has are counted, not taken.
    ValueError for a folder without a run.
    """
    cells = {rule: Fired() for rule in rules}
    runs, others, gone = 0, 0, set[str]()
    for folder in _runs(given):
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest.get("site") != site:
            others += 1
            continue
        runs += 1
        for record in journal.read(folder / JOURNAL)[1]:
            if (record["k"], record.get("what")) != ("decision", "on"):
                continue
            if record["e"] in cells:
                _count(cells[record["e"]], record, manifest, points)
            else:
                gone.add(record["e"])
    whats = [cell.what for cell in cells.values()]
    return {
        "cells": [
            {"rule": rule, "with": c.what, "times": c.times, "scenarios": c.scenarios}
            for rule, c in cells.items()
        ],
        "runs": runs,
        "runs_of_other_sites": others,
        "no_longer_in_the_matrix": sorted(gone),
        **{what: whats.count(what) for what in (REAL, EMULATED, NEVER)},
    }


def coverage_text(document: Mapping[str, Any]) -> str:
    """The same as a table for a terminal."""
    width = max((len(cell["rule"]) for cell in document["cells"]), default=0)
    lines = []
    for cell in document["cells"]:
        by = ", ".join(cell["scenarios"])
        times = f"{cell['times']:>4} x  {by}" if cell["times"] else ""
        lines.append(f"{cell['rule']:<{width}}  {cell['with']:<8}  {times}".rstrip())
    lines.append(
        f"{document[REAL]} cells fired by real devices, {document[EMULATED]} by emulated ones "
        f"only, {document[NEVER]} never, in {document['runs']} runs."
    )
    if document["runs_of_other_sites"]:
        lines.append(f"{document['runs_of_other_sites']} runs of other sites left out.")
    if document["no_longer_in_the_matrix"]:
        lines.append(f"No longer in it: {', '.join(document['no_longer_in_the_matrix'])}.")
    return "\n".join(lines)


def _runs(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        found = sorted(file.parent for file in path.rglob(MANIFEST))
        found = [folder for folder in found if (folder / JOURNAL).is_file()]
        if not found:
            raise ValueError(f"{path}: there is no run in it ({MANIFEST} and {JOURNAL})")
        yield from found


def _count(
    cell: Fired, record: Mapping[str, Any], manifest: Mapping[str, Any], points: PointList
) -> None:
    cell.times += 1
    if manifest["scenario"] not in cell.scenarios:
        cell.scenarios.append(manifest["scenario"])
    causes = [points.devices[name] for name in record["inputs"] if name in points.devices]
    gateways = [points.gateways[name] for name in record["inputs"] if name in points.gateways]
    real = any(is_real(points, device) for device in causes) or any(g.real for g in gateways)
    cell.real |= manifest["rig"] == "hardware" and real
