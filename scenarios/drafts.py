"""What a file with problems still says, so that the files beside it can be checked all the same.

Nothing here judges: the models have already said what is wrong. A draft only holds names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from controller.interface.files import BadFile, read
from controller.interface.kinds import KINDS
from controller.interface.people import PeopleFile
from controller.interface.points import Binding, Device, Gateway, Point, PointList
from controller.interface.pointsfile import DeviceEntry, PointsFile
from twin.references import Names

NO_POINTS = PointList("", "", 0, {}, {}, {})
"""An I/O list that says nothing."""


def floor_draft(path: Path) -> dict[str, Any] | None:
    """The mapping of a floor file as far as it consists of rows; None if it does not."""
    try:
        raw = read(path)
    except BadFile:
        return None
    if not isinstance(raw, Mapping):
        return None
    draft: dict[str, Any] = dict(raw)
    for key in ("storeys", "spaces", "portals"):
        rows = draft.setdefault(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            return None
    return draft


def names_in(draft: Mapping[str, Any]) -> Names:
    """The names that a floor defines, whatever else is wrong with it."""
    safe = {str(row.get("id")): bool(row.get("safe")) for row in draft["spaces"]}
    ends = {str(row.get("id")): row.get("between") for row in draft["portals"]}
    exits = [name for name, between in ends.items() if _is_exit(between, safe)]
    uses = {str(row["use"]): None for row in draft["spaces"] if row.get("use")}
    return Names(tuple(safe), tuple(ends), tuple(exits), tuple(uses))


def areas_in(draft: Mapping[str, Any]) -> dict[str, float]:
    """Area in m2 of every space that is not safe ground and says how large it is."""
    sizes = (
        (str(row.get("id")), row.get("area_m2")) for row in draft["spaces"] if not row.get("safe")
    )
    return {name: float(size) for name, size in sizes if isinstance(size, int | float)}


def noted_in(draft: Mapping[str, Any]) -> frozenset[str]:
    """Spaces whose `notes` say that somebody has looked at what is odd about them."""
    return frozenset(str(row.get("id")) for row in draft["spaces"] if row.get("notes"))


def with_widths(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The floor as if every portal had a width: what leads where does not hang on it."""
    return {**draft, "portals": [_widened(row) for row in draft["portals"]]}


def _widened(row: Mapping[str, Any]) -> dict[str, Any]:
    width = row.get("width_m")
    wide = isinstance(width, int | float) and width > 0
    return {**row, "width_m": width if wide else 1.0}


def _is_exit(between: object, safe: Mapping[str, bool]) -> bool:
    return isinstance(between, list) and {safe.get(str(end)) for end in between} == {True, False}


def points_draft(path: Path) -> PointList | None:
    """An I/O list whose rows are well formed one by one; None if they are not."""
    try:
        file = PointsFile.model_validate(read(path))
    except (BadFile, ValidationError):
        return None
    devices = {entry.id: _device(entry) for entry in file.devices}
    points = {point.id: point for device in devices.values() for point in device.points}
    gateways = {entry.id: Gateway(**entry.model_dump()) for entry in file.gateways}
    return PointList(file.site, file.mqtt.host, file.mqtt.port, gateways, devices, points)


def people_draft(path: Path) -> PeopleFile | None:
    """A people file whose rows are well formed one by one; None if they are not."""
    try:
        return PeopleFile.model_validate(read(path))
    except (BadFile, ValidationError):
        return None


def _device(entry: DeviceEntry) -> Device:
    plain = entry.model_dump(exclude={"points", "bus"})
    return Device(bus=entry.bus or "modbus", points=_points(entry), **plain)


def _points(entry: DeviceEntry) -> tuple[Point, ...]:
    """Its points with direction and type, which is what a matrix needs to know of them."""
    kind = KINDS.get(entry.kind)
    roles = kind.points if kind else {}
    return tuple(
        Point(
            f"{entry.id}.{name}",
            entry.id,
            name,
            entry.kind,
            Binding(*point.place, as_type=point.type_for(roles[name].as_type)),
            roles[name].write,
        )
        for name, point in entry.points.items()
        if name in roles
    )
