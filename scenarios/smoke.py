"""Smoke that others computed and a scenario follows: a table or FDS output, read before the run."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from controller.interface.files import Finding
from evacuation import Floor
from evacuation.smoke.source import load_smoke
from evacuation.smoke.table import SmokeTable
from evacuation.smoke.tablefile import SmokeTableError
from scenarios.schema import Scenario, SmokeFrom


def smoke_tables(
    scenario: Scenario, floor: Floor, folder: Path
) -> tuple[dict[str, SmokeTable], list[Finding]]:
    """Read every `smoke_from` of a scenario, relative to its folder; return what is wrong too."""
    tables: dict[str, SmokeTable] = {}
    findings: list[Finding] = []
    for number, item in enumerate(scenario.happens):
        if not isinstance(item, SmokeFrom) or item.smoke_from in tables:
            continue
        try:
            tables[item.smoke_from] = load_smoke(folder / item.smoke_from, floor)
        except SmokeTableError as error:
            keys = ("happens", number, "smoke_from")
            findings += [Finding(keys, problem) for problem in error.problems]
    return tables, findings


def hashes_of(tables: Mapping[str, SmokeTable]) -> dict[str, str]:
    """Return a hash of what each table says, for the manifest: equal smoke, equal hash."""
    found = {}
    for name, table in tables.items():
        digest = sha256()
        for space, course in sorted(table.courses.items()):
            digest.update(space.encode() + b"\0" + course.times_s.tobytes())
            digest.update(course.values.tobytes())
        found[f"smoke {name}"] = digest.hexdigest()
    return found
