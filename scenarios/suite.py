"""A suite of scenarios with verdicts: `twin test`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from controller.interface.files import nearest
from reports.junit import Suite as JunitSuite
from reports.junit import write_junit
from scenarios.catalog import find_scenarios
from scenarios.comparing import compare_folders
from scenarios.expect import ERROR, FAIL, INCONCLUSIVE, PASS
from scenarios.rig.failure import RigFailure
from scenarios.run import Order, run
from scenarios.schema import load_scenario

_CODES = ((ERROR, 3), (FAIL, 1), (INCONCLUSIVE, 4), (PASS, 0))


@dataclass(frozen=True, slots=True)
class Suite:
    """How a suite is run: rig, broker, filter by tag, where runs and results go."""

    rig: str
    broker: str
    tag: str
    out: Path | None
    baseline: Path | None
    junit: Path | None

    def run(self, paths: Sequence[str]) -> dict[str, Any]:
        """Run every scenario found; the worst verdict decides the exit code."""
        files = [file for given in paths for file in find_scenarios(given)]
        if self.tag:
            files = self._tagged(files)
        results = [self._one(file) for file in files]
        if self.junit is not None:
            write_junit(self.junit, [_case(item) for item in results])
        verdicts = [item["verdict"] for item in results] or [INCONCLUSIVE]
        verdict, code = next((name, code) for name, code in _CODES if name in verdicts)
        return {
            "rig": self.rig,
            "verdict": verdict,
            "exit_code": code,
            "passed": verdicts.count(PASS),
            "scenarios": results,
        }

    def _tagged(self, files: Sequence[Path]) -> list[Path]:
        """Those with the tag; where there are none the nearest tag is told."""
        tags = {file: load_scenario(file).tags for file in files}
        found = [file for file in files if self.tag in tags[file]]
        if not found:
            hint = nearest(self.tag, sorted({tag for some in tags.values() for tag in some}))
            near = f"; did you mean `{hint}`?" if hint else ""
            print(f"--tag {self.tag!r}: no scenario has this tag{near}", file=sys.stderr)
        return found

    def _one(self, file: Path) -> dict[str, Any]:
        print(f"{file.stem} ...", file=sys.stderr, flush=True)
        out = self.out / file.stem if self.out is not None else None
        try:
            result = run(Order(file, rig=self.rig, broker=self.broker, out=out))
        except RigFailure as failure:
            return {
                "scenario": file.stem,
                "say": load_scenario(file).say,
                "verdict": ERROR,
                "error": str(failure),
                "expectations": [],
                "exit_code": 3,
            }
        earlier = self.baseline / file.stem if self.baseline is not None else None
        if earlier is not None and earlier.is_dir():
            result.document["compared"] = compare_folders(earlier, result.folder)
        return result.document


def _case(document: dict[str, Any]) -> JunitSuite:
    """Return the JUnit suite of a run, or of a scenario whose rig could not be opened."""
    if "run_dir" in document:
        return JunitSuite.of(Path(document["run_dir"]))
    rerun = f"twin run {document['scenario']}"
    return JunitSuite(document["scenario"], (), rerun, error=document["error"])


def suite_text(document: dict[str, Any]) -> str:
    """Return the summary table."""
    table = Table(title=f"{document['passed']} of {len(document['scenarios'])} scenarios pass")
    for name, justify in (
        ("scenario", "left"),
        ("verdict", "left"),
        ("expectations", "right"),
        ("people out", "right"),
        ("time to clear", "right"),
        ("wall", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for item in document["scenarios"]:
        met = sum(part["verdict"] == PASS for part in item["expectations"])
        rset = item.get("rset_ms")
        table.add_row(
            item["scenario"],
            item["verdict"],
            f"{met}/{len(item['expectations'])}",
            f"{item.get('evacuated', '-')}/{item.get('people', '-')}",
            "-" if rset is None else f"{rset / 1_000:.1f} s",
            f"{item.get('wall_s', 0):.1f} s",
        )
    console = Console(width=110, no_color=not sys.stdout.isatty())
    with console.capture() as capture:
        console.print(table)
    failures = [
        f"{item['scenario']} {part['id']}: {part['say']} - {part['why']}"
        for item in document["scenarios"]
        for part in item["expectations"]
        if part["verdict"] != PASS
    ]
    failures += [
        f"{item['scenario']}: the rig failed: {item['error']}"
        for item in document["scenarios"]
        if item.get("error")
    ]
    compared = [
        f"{item['scenario']}: {item['compared']['sentence']}"
        for item in document["scenarios"]
        if "compared" in item
    ]
    return "\n".join([capture.get().rstrip(), *failures, *compared])
