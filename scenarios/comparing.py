"""`twin compare A B`: two runs, or two folders of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile, Problem
from reports.comparison import compare
from reports.ranking import ROBUST, UNDECIDED, rank
from scenarios.robustness import MEMBERS

CRUSH = ("cascade", "falls", "dose_people", "dose_sum", "risk_class")
"""Metrics of which a ranking is robust only if it holds under the whole robustness set."""


def runs_in(folder: Path) -> list[Path]:
    """Return the run itself, or all runs in a folder; BadFile if there is none."""
    if (folder / "manifest.json").is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/manifest.json"))
    if not found:
        text = "no run here: a run's folder holds manifest.json"
        raise BadFile((Problem(str(folder), 0, "", text, ""),))
    return found


def compare_folders(a: Path, b: Path) -> dict[str, Any]:
    """Compare two runs or two sweeps."""
    return compare(runs_in(a), runs_in(b))


def rank_folders(folders: Sequence[Path], under: Sequence[Path], metric: str) -> dict[str, Any]:
    """Rank folders of runs by a metric; `under` are folders that hold the same ones again, each
    run under another condition (a stair lost, more pupils, an unsure parameter ...).
    """
    names = [folder.name for folder in folders]
    if len(set(names)) != len(names):
        raise ValueError(f"folders are told apart by their names: {', '.join(names)}")
    conditions = {"as given": {folder.name: runs_in(folder) for folder in folders}}
    conditions |= {c.name: {name: runs_in(c / name) for name in names} for c in under}
    found = rank(conditions, metric)
    lacking = [member.id for member in MEMBERS if member.id not in conditions]
    if metric in CRUSH and lacking and found["verdict"] == ROBUST:
        return _not_tried(found, lacking)
    return found


def _not_tried(found: Mapping[str, Any], lacking: Sequence[str]) -> dict[str, Any]:
    """A ranking by falls that was not tried under the robustness set is undecided."""
    why = f"not tried under {', '.join(lacking)}: `--robust` does"
    pairs = [{**pair, "verdict": UNDECIDED} for pair in found["pairs"]]
    sentence = f"undecided: {why}. So far: {found['sentence']}"
    changed = {"pairs": pairs, "ranking": None, "verdict": UNDECIDED, "sentence": sentence}
    return {**found, **changed}


def rank_text(document: Mapping[str, Any]) -> str:
    """Return the differences of all pairs under each condition, and the verdict."""
    lines = []
    for pair in document["pairs"]:
        lines.append(f"{pair['better']} before {pair['worse']}: {pair['verdict']}")
        for name, row in pair["under"].items():
            low, high = _number(row["low"]), _number(row["high"])
            lines.append(f"  {name:24} {_number(row['difference']):>10}  [{low}, {high}]")
    return "\n".join([*lines, document["sentence"]])


def compare_text(document: Mapping[str, Any]) -> str:
    """Return a table of metrics with the interval of the difference."""
    lines = [f"{'metric':32} {'A':>10} {'B':>10} {'B - A':>10}  interval"]
    for row in document["rows"]:
        low, high = _number(row["low"]), _number(row["high"])
        lines.append(
            f"{row['metric']:32} {_number(row['a']):>10} {_number(row['b']):>10} "
            f"{_number(row['difference']):>10}  [{low}, {high}]  better: {row['better']}"
        )
    return "\n".join([*lines, document["sentence"]])


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
