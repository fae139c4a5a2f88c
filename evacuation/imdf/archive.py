"""The files of an IMDF venue: a folder, a zip, or one of its .geojson files."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from evacuation.bim.problem import ImportProblem

NEEDED = ("level", "unit", "opening")
USED = (*NEEDED, "building", "footprint", "venue", "navPath")
Feature = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """Features by file name without its ending; ``sha256`` (hex) over the files that were used."""

    path: Path
    features: Mapping[str, tuple[Feature, ...]]
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "Archive":
        """Read the files of ``path``; ImportProblem if one is missing, cut short or no GeoJSON."""
        texts = _zipped(path) if path.suffix.lower() == ".zip" else _folder(path)
        missing = [name for name in NEEDED if name not in texts]
        if missing:
            names = ", ".join(f"{name}.geojson" for name in missing)
            raise ImportProblem(f"{path} is no IMDF venue: it has no {names}.")
        features = {name: _features(path, name, text) for name, text in texts.items()}
        digest = hashlib.sha256()
        for name in sorted(texts):
            digest.update(name.encode() + b"\0" + texts[name])
        return cls(path, features, digest.hexdigest())

    def all(self, name: str) -> tuple[Feature, ...]:
        """The features of one file; none if there is no such file."""
        return self.features.get(name, ())


def _folder(path: Path) -> dict[str, bytes]:
    folder = path.parent if path.is_file() else path
    try:
        return {
            name: (folder / f"{name}.geojson").read_bytes()
            for name in USED
            if (folder / f"{name}.geojson").is_file()
        }
    except OSError as error:
        raise ImportProblem(f"{error.filename} cannot be read: {error.strerror}.") from error


def _zipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = {PurePosixPath(name).name: name for name in archive.namelist()}
            return {
                name: archive.read(inside[f"{name}.geojson"])
                for name in USED
                if f"{name}.geojson" in inside
            }
    except (OSError, zipfile.BadZipFile) as error:
        raise ImportProblem(f"{path} cannot be read as a zip: {error}.") from error


def _features(path: Path, name: str, text: bytes) -> tuple[Feature, ...]:
    where = f"{name}.geojson of {path}"
    try:
        content = json.loads(text)
    except ValueError as error:
        raise ImportProblem(f"{where} is cut short or no JSON: {error}.") from error
    found = content.get("features") if isinstance(content, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ImportProblem(f"{where} is no GeoJSON FeatureCollection.")
    for number, one in enumerate(found):
        if not isinstance(one.get("id"), str) or not isinstance(one.get("properties"), dict):
            raise ImportProblem(f"{where}: feature {number} has no id or no properties.")
    return tuple(found)
