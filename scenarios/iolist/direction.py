"""Which points of a sheet the controller writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from controller.interface.kinds import KINDS


def is_output(row: Mapping[str, str], devices: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a row's point is written: as it says, else as the kind of its device does."""
    said = row.get("direction", "").lower()
    if said:
        return said == "out"
    name = row.get("device", "")
    kind = KINDS.get(next((d["kind"] for d in devices if d["id"] == name), ""))
    role = kind.points.get(row.get("point", "")) if kind is not None else None
    return role is not None and role.write
