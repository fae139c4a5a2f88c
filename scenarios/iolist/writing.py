"""Plain content of an I/O list as points.yaml: a line per gateway, a few lines per device."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq


def points_yaml(content: Mapping[str, Any], source: str) -> str:
    """Return the file's text; `source` names the sheet that it was made from."""
    document = CommentedMap()
    for key in ("points", "site"):
        document[key] = content[key]
    document["mqtt"] = _flow(content["mqtt"])
    if "gb28181" in content:
        document["gb28181"] = _flow(content["gb28181"])
    document["gateways"] = CommentedSeq(_flow(entry) for entry in content["gateways"])
    document["devices"] = CommentedSeq(_device(entry) for entry in content["devices"])
    yaml = YAML()
    yaml.width = 200
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(document, text)
    return f"# The I/O list, from {source}; addresses count from 0.\n{text.getvalue()}"


def write_points(path: Path, content: Mapping[str, Any], source: str) -> Path | None:
    """Write points.yaml; what stood there is kept beside it, and that path returned."""
    kept = None
    if path.is_file():
        kept = path.with_name(f"{path.name}.before")
        path.replace(kept)
    path.write_text(points_yaml(content, source), encoding="utf-8")
    return kept


def _flow(content: Mapping[str, Any]) -> CommentedMap:
    found = CommentedMap(
        (key, _flow(value) if isinstance(value, Mapping) else value)
        for key, value in content.items()
        if value not in ("", [])
    )
    found.fa.set_flow_style()
    return found


def _device(entry: Mapping[str, Any]) -> CommentedMap:
    found = CommentedMap(
        (key, _flow(value) if isinstance(value, Mapping) else _list(value))
        for key, value in entry.items()
        if key != "points"
    )
    found["points"] = CommentedMap((name, _flow(point)) for name, point in entry["points"].items())
    return found


def _list(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    found = CommentedSeq(value)
    found.fa.set_flow_style()
    return found
