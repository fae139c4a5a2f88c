"""All that a run left behind, read once: everything in a report is computed from this."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile
from controller.interface.files import read as read_yaml
from reports import journals
from reports.building import Building
from reports.journals import Record
from reports.journeys import Journeys


@dataclass(frozen=True)
class Dossier:
    """A run's folder in memory; files that are missing are empty here and named in `missing`.

    The site's YAML files are slow to read and are read when first asked for.
    """

    folder: Path
    manifest: Mapping[str, Any]
    metrics: Mapping[str, Any]
    twin: Sequence[Record]
    controller: Sequence[Record]
    journeys: Journeys
    missing: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Dossier:
        """Read a run's folder; FileNotFoundError if it holds no journal at all."""
        if not any((folder / f"{source}.jsonl").exists() for source in journals.SOURCES):
            raise FileNotFoundError(f"{folder} is not a run's folder: it holds no journal")
        return cls(
            folder=folder,
            manifest=read_json(folder / "manifest.json"),
            metrics=read_json(folder / "metrics.json"),
            twin=journals.read(folder, "twin"),
            controller=journals.read(folder, "controller"),
            journeys=Journeys.load(folder / "journeys.parquet"),
            missing=tuple(_missing(folder)),
        )

    @cached_property
    def building(self) -> Building:
        """The building of the site as it was used."""
        return Building.load(self.folder / "site" / "floor.yaml")

    @cached_property
    def scenario(self) -> Mapping[str, Any]:
        """The plain content of the scenario."""
        return _yaml(self.folder / "scenario.yaml")

    @cached_property
    def devices(self) -> Mapping[str, Mapping[str, Any]]:
        """Device id -> its entry in the I/O list."""
        points = _yaml(self.folder / "site" / "points.yaml")
        return {str(item["id"]): item for item in points.get("devices") or ()}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Id of a cause or effect -> what the matrix calls it."""
        matrix = _yaml(self.folder / "site" / "matrix.yaml")
        entries = [*(matrix.get("causes") or ()), *(matrix.get("effects") or ())]
        return {str(item["id"]): str(item.get("say") or item["id"]) for item in entries}

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Record]]:
        """Kind -> records of both journals in one order."""
        found: dict[str, list[Record]] = {}
        for record in journals.merge(self.twin, self.controller):
            found.setdefault(record["k"], []).append(record)
        return found

    def of(self, kind: str, *whats: str) -> list[Record]:
        """Records of a kind, of given `what`s if any are named."""
        records = self.by_kind.get(kind, ())
        return [r for r in records if not whats or r.get("what") in whats]

    def first(self, event: str) -> Record | None:
        """The first record that an event pattern of the scenario (`kind entity state`) names."""
        kind, entity, state = [*(event.split() or [""]), "*", "*"][:3]
        for record in self.by_kind.get(kind, ()):
            states = [str(record.get(key)).lower() for key in ("what", "state", "value", "r")]
            known = state == "*" or any(fnmatchcase(word, state) for word in states)
            if known and fnmatchcase(str(record["e"]), entity):
                return record
        return None

    @cached_property
    def end_ms(self) -> int:
        """Time of the last record."""
        return max((r[-1]["t"] for r in (self.twin, self.controller) if r), default=0)

    def kind_of(self, device: str) -> str:
        """The kind of a device, `device` if the I/O list does not know it."""
        return str(self.devices.get(device, {}).get("kind", "device"))


_FILES = {
    "manifest.json": "what was run, with which versions and inputs",
    "twin.jsonl": "what happened in the building",
    "controller.jsonl": "what the controller saw and decided",
    "journeys.parquet": "who was where: no densities and no maps",
    "metrics.json": "the verdict on the expectations",
    "site/floor.yaml": "the building: no maps, exits or stairs",
    "site/points.yaml": "the I/O list: no kinds of devices",
}


def _missing(folder: Path) -> list[str]:
    return [f"{name} ({use})" for name, use in _FILES.items() if not (folder / name).exists()]


def read_json(path: Path) -> Mapping[str, Any]:
    """The mapping in a JSON file; empty if the file is missing, cut off or something else."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return raw if isinstance(raw, Mapping) else {}


def _yaml(path: Path) -> Mapping[str, Any]:
    try:
        raw = read_yaml(path)
    except BadFile:
        return {}
    return raw if isinstance(raw, Mapping) else {}
