"""What the commands say to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports.summary import summary
from scenarios.crushrisk import falls_text

if TYPE_CHECKING:
    from scenarios.run import Result

_MARKS = {"pass": "PASS", "fail": "FAIL", "inconclusive": "OPEN", "error": "ERROR"}


def run_text(result: Result) -> str:
    """Return verdict, expectations, the reports' summary and where the report is."""
    document = result.document
    lines = [f"{_MARKS[document['verdict']]}  {document['scenario']}: {document['say'].strip()}"]
    if document["error"]:
        lines.append(f"The rig failed: {document['error']}")
    for item in document["expectations"]:
        role = "" if item["must"] else " (should)"
        lines.append(f"  {_MARKS[item['verdict']]:5} {item['id']}{role} {item['say']}")
        lines.append(f"        {item['why']}")
    for trigger in document["untriggered"]:
        lines.append(f"  OPEN  `when: {trigger}` never happened, so that part was not played")
    lines += summary(result.folder)
    lines += [said for said in [falls_text(document["falls"])] if said]
    slices = document["slices"]
    speed = document["sim_ms"] / 1_000 / max(document["wall_s"], 0.001)
    lines.append(
        f"{document['sim_ms'] / 1_000:.0f} s simulated in {document['wall_s']:.1f} s "
        f"({speed:.0f} x real time) on rig {document['rig']}, broker {document['broker']}: "
        f"{slices['run']} slices run, {slices['skipped']} skipped, "
        f"{document['messages']} messages, {document['requests']} Modbus requests"
    )
    lines += _real(document)
    lines.append(f"report: {result.folder / 'report.html'}")
    return "\n".join(lines)


def _real(document: Mapping[str, Any]) -> list[str]:
    """Return how the real devices of a run compared with their emulators, and how late it was."""
    lines = []
    if "shadow" in document:
        shadow = document["shadow"]
        count = len(shadow["differences"])
        lines.append(f"real devices: {shadow['points']} points compared, {count} differ")
        for item in shadow["differences"]:
            until = "the end" if item["to_ms"] is None else f"{item['to_ms'] / 1_000:.2f} s"
            lines.append(
                f"  {item['point']}: real {item['real']}, emulated {item['emulated']}, "
                f"from {item['from_ms'] / 1_000:.2f} s to {until}"
            )
    if "lateness_ms" in document:
        late = document["lateness_ms"]
        lines.append(f"lateness: p50 {late['p50']} ms, p99 {late['p99']} ms, worst {late['worst']}")
    return lines


def list_text(document: Mapping[str, Any]) -> str:
    """Return the names of sites and scenarios, one a line."""
    lines = ["sites:", *(f"  {name}" for name in document["sites"])]
    return "\n".join([*lines, "scenarios:", *(f"  {name}" for name in document["scenarios"])])
