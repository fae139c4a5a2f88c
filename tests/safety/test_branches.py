"""Every branch of the decision code is taken by the tests of the decision code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DECISIONS = (
    "alarms", "alarmtable", "alarmzone", "arbitration", "causes", "coincidence", "crowdwatch",
    "decider", "desks", "faces", "image", "interlocks", "memory", "operations", "orders", "outputs",
    "reasons", "releaseplan", "releasing", "rules", "service", "steering",
    "plan/case", "plan/checking", "plan/dutycheck", "plan/incidents", "plan/levels", "plan/outbox",
    "plan/patrols", "plan/reporting", "plan/telling", "plan/work",
    "access/compiled", "access/deciding", "access/desk", "access/entry", "access/hours",
    "access/muster", "gate/desk", "gate/entry", "gate/gate", "intrusion/compiled",
    "intrusion/desk", "intrusion/entry", "intrusion/zone", "sections",
)  # fmt: skip
"""Modules of the controller that decide: what is left is links, files, records and time."""

TESTS = (
    "access", "alarm_rules", "alarms", "closing", "conflicts", "crowd", "crowd_falls", "epochs",
    "every_branch", "flow", "gate", "gateways", "intrusion", "messages", "muster", "operations",
    "plan", "plan_duties", "plan_reports", "releasing", "replay", "restart", "rules", "scan",
)  # fmt: skip


def test_every_branch_of_the_decision_code_is_taken(tmp_path: Path) -> None:
    data, report = tmp_path / "data", tmp_path / "report.json"
    include = ",".join(f"controller/{name}.py" for name in DECISIONS)
    tests = [f"tests/controller/test_{name}.py" for name in TESTS]
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    kept = [f"--data-file={data}"]
    _coverage("run", "--branch", f"--include={include}", *kept, *pytest)
    _coverage("json", *kept, "-o", str(report))
    files = json.loads(report.read_text())["files"]
    assert {name.removeprefix("controller/").removesuffix(".py") for name in files} == set(
        DECISIONS
    )
    missed = {
        name: (one["missing_lines"], one["missing_branches"])
        for name, one in files.items()
        if one["missing_lines"] or one["missing_branches"]
    }
    assert missed == {}


def _coverage(*words: str) -> None:
    command = [sys.executable, "-m", "coverage", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
