"""`twin matrix`: the cause-and-effect matrix of a site, told, and written in another form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from controller import matrix, matrixsheet
from controller.interface import spreadsheet
from controller.interface.files import MATRIX_FORMS, matrix_path, nearest
from controller.interface.points import PointList
from controller.matrixfile import as_yaml
from scenarios.coverage import coverage, coverage_text


def matrix_document(site: Path, to: Path | None, runs: Sequence[Path] = ()) -> dict[str, Any]:
    """The compiled rules of a site's matrix, which is also written to `to` if that is given, and
    under `coverage` which of them these runs have fired.

    Raises BadFile for a matrix with problems, and ValueError for a form that nobody reads or a
    folder without runs.
    """
    path = matrix_path(site)
    points = PointList.load(site / "points.yaml")
    compiled = matrix.load(path, points)
    if to is not None:
        _write(path, to)
    rules = [
        {
            "id": rule.id,
            "cause": rule.cause,
            "effect": rule.effect,
            "mode": rule.mode,
            "delay_ms": rule.delay_ms,
            "priority": rule.priority,
        }
        for rule in compiled.rules
    ]
    return {
        "matrix": str(path),
        "causes": {cause.id: cause.say for cause in compiled.causes.values()},
        "effects": {effect.id: effect.say for effect in compiled.effects.values()},
        "rules": rules,
        "written": str(to) if to is not None else None,
        "coverage": coverage([r.id for r in compiled.rules], points, site.name, runs)
        if runs
        else None,
    }


def matrix_text(document: dict[str, Any]) -> str:
    """The document as a page for a terminal: each cause with what it does."""
    if document["coverage"] is not None:
        return coverage_text(document["coverage"])
    lines = []
    for cause, say in document["causes"].items():
        cells = [_cell(rule) for rule in document["rules"] if rule["cause"] == cause]
        lines += [f"{cause}: {say}", f"    {', '.join(cells) or 'nothing'}"]
    lines.append(f"{len(document['rules'])} rules from {document['matrix']}.")
    if document["written"]:
        lines.append(f"Written: {document['written']}.")
    return "\n".join(lines)


def _cell(rule: dict[str, Any]) -> str:
    delay = f" after {rule['delay_ms'] / 1000:g} s" if rule["delay_ms"] else ""
    return f"{rule['effect']} {rule['mode']}{delay}"


def _write(path: Path, to: Path) -> None:
    if to.suffix not in MATRIX_FORMS:
        hint = nearest(to.suffix, MATRIX_FORMS) or ".xlsx"
        raise ValueError(f"{to}: a matrix is written as one of {', '.join(MATRIX_FORMS)}; {hint}?")
    file = matrix.read(path)
    if to.suffix == ".yaml":
        to.write_text(as_yaml(file), "utf-8")
    else:
        spreadsheet.write(to, matrixsheet.rows(file))
