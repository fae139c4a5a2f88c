"""A run's folder: manifest, copies of what was used, journals, figures (DESIGN section 7)."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from controller import matrix
from controller.interface.cards import FILE as CARDS
from controller.interface.clock import iso_now
from controller.interface.files import BadFile, Problem, matrix_path
from controller.interface.release import FILE as RELEASE
from controller.matrixfile import as_yaml
from scenarios.hashes import file_sha256

OPERATORS = "operators.yaml"
"""Who may ask the controller for what; a site need not have it. Only its owner may read it."""

PLAN = "plan.yaml"
"""Who is told what, and by when; a site need not have one."""

_SITE_FILES = ("floor.yaml", "points.yaml", "people.yaml")
_PACKAGES = ("campus-twin", "simpy", "numpy", "numba", "scipy", "networkx", "paho-mqtt", "pydantic")
_JOURNALS = ("twin.jsonl", "controller.jsonl")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, as it stands in the manifest."""

    scenario: str
    site: str
    seed: int
    rig: str
    broker: str
    slice_ms: int
    people: int
    configuration: Mapping[str, Any]


class RunFolder:
    """Creates and fills the folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def make(cls, out: Path | None, stem: str) -> RunFolder:
        """Take `out`, or a new folder below `runs/`; an old run in `out` is replaced."""
        if out is None:
            out = _unused(Path("runs"), stem)
        if out.exists() and any(out.iterdir()) and not (out / "manifest.json").is_file():
            raise BadFile((Problem(str(out), 0, "", "the folder is not empty and no run", ""),))
        if out.exists():
            shutil.rmtree(out)
        out.mkdir(parents=True)
        return cls(out)

    @property
    def site(self) -> Path:
        """Where the copies of the site's files are."""
        return self.path / "site"

    @property
    def journals(self) -> list[Path]:
        """Both journals, the twin's first."""
        return [self.path / name for name in _JOURNALS]

    def copy_inputs(self, site: Path, scenario: Path) -> dict[str, str]:
        """Copy site and scenario; return their hashes by name. A spreadsheet is kept as YAML."""
        self.site.mkdir()
        table = matrix_path(site)
        hashes = {"scenario.yaml": file_sha256(scenario)}
        shutil.copyfile(scenario, self.path / "scenario.yaml")
        plans = [site / RELEASE] if (site / RELEASE).is_file() else []
        for source in [*(site / name for name in _SITE_FILES), table, *plans]:
            hashes[source.name] = file_sha256(source)
            if source.suffix == ".yaml":
                shutil.copyfile(source, self.site / source.name)
        for name in (OPERATORS, PLAN, CARDS):
            if (site / name).exists():
                hashes[name] = file_sha256(site / name)
                shutil.copy(site / name, self.site / name)
        if table.suffix != ".yaml":
            (self.site / "matrix.yaml").write_text(as_yaml(matrix.read(table)), "utf-8")
        return hashes

    def write_manifest(self, plan: Plan, inputs: Mapping[str, str]) -> dict[str, Any]:
        """Write and return manifest.json; the journals' hash chains start from its `chain`."""
        identity = {
            "scenario": plan.scenario,
            "site": plan.site,
            "seed": plan.seed,
            "rig": plan.rig,
            "broker": plan.broker,
            "slice_ms": plan.slice_ms,
            "people": plan.people,
            "versions": versions(),
            "inputs": dict(inputs),
            "configuration": dict(plan.configuration),
        }
        chain = sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]
        host = {
            "system": platform.platform(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        }
        manifest = {**identity, "host": host, "started_wall": iso_now(), "chain": chain}
        self.write_json("manifest.json", manifest)
        return manifest

    def write_wire_site(self, points: Mapping[str, Any]) -> None:
        """Write `wire/`: what the controller is given, with the endpoints of this run."""
        wire = self.path / "wire"
        wire.mkdir(exist_ok=True)
        (wire / "points.yaml").write_text(json.dumps(points, indent=0) + "\n", "utf-8")
        for name in ("people.yaml", "matrix.yaml", RELEASE, OPERATORS, PLAN, CARDS):
            if (self.site / name).exists():
                shutil.copy(self.site / name, wire / name)

    def write_json(self, name: str, document: Mapping[str, Any]) -> None:
        """Write one JSON document of the run, whole or not at all."""
        write_json(self.path / name, document)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    part.replace(path)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that can change a result."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _unused(parent: Path, stem: str) -> Path:
    path, number = parent / stem, 1
    while path.exists():
        number += 1
        path = parent / f"{stem}-{number}"
    return path
