"""The floor plan of a run: floor.yaml and points.yaml as the page draws them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile, Problem, read
from reports.web_models import Device, Plan, Portal, Space, Storey

_START = {"locked": "locked", "closed-fire": "open", "open": "open", "": "open"}


def load_plan(site: Path) -> Plan:
    """Read the plan of a site folder; BadFile names the place that cannot be read."""
    path = site / "floor.yaml"
    content = read(path)
    if not isinstance(content, Mapping):
        raise BadFile((Problem(path.name, 1, "", "a floor file is a mapping"),))
    try:
        return _plan(content, _devices(site / "points.yaml"))
    except (KeyError, TypeError, ValueError) as error:
        text = f"cannot be drawn: {type(error).__name__} {error}"
        raise BadFile((Problem(path.name, 1, "", text),)) from error


def _plan(content: Mapping[str, Any], devices: tuple[Device, ...]) -> Plan:
    spaces = tuple(_space(item) for item in content["spaces"])
    safe = {space.id for space in spaces if space.safe}
    return Plan(
        name=str(content.get("name", "")),
        source=str(content.get("source", "")),
        storeys=tuple(
            Storey(id=str(item["id"]), name=str(item.get("name", item["id"])), z_m=item["z_m"])
            for item in content["storeys"]
        ),
        spaces=spaces,
        portals=tuple(_portal(item, safe) for item in content["portals"]),
        devices=devices,
    )


def _space(item: Mapping[str, Any]) -> Space:
    return Space(
        id=str(item["id"]),
        name=str(item.get("name") or item["id"]),
        kind=str(item.get("kind", "room")),
        storey=str(item.get("storey", "")),
        safe=bool(item.get("safe", False)),
        area_m2=float(item.get("area_m2") or 0.0),
        outline=tuple((float(x), float(y)) for x, y in item.get("outline") or ()),
    )


def _portal(item: Mapping[str, Any], safe: set[str]) -> Portal:
    inner, outer = (str(side) for side in item["between"])
    at = item.get("at")
    return Portal(
        id=str(item["id"]),
        name=str(item.get("name") or item["id"]),
        kind=str(item.get("kind", "door")),
        between=(inner, outer),
        width_m=float(item.get("width_m") or 0.0),
        at=(float(at[0]), float(at[1])) if at else None,
        exit=(inner in safe) != (outer in safe),
        state=_START.get(str(item.get("normally", "")), "open"),
    )


def _devices(path: Path) -> tuple[Device, ...]:
    """The devices of an I/O list; none if the run has no such file."""
    if not path.is_file():
        return ()
    content = read(path)
    listed = content.get("devices") if isinstance(content, Mapping) else None
    return tuple(_device(item) for item in listed or () if isinstance(item, Mapping))


def _device(item: Mapping[str, Any]) -> Device:
    return Device(
        id=str(item.get("id", "")),
        kind=str(item.get("kind", "")),
        at=str(item.get("at") or ""),
        portal=str(item.get("portal") or item.get("near") or ""),
        gateway=str(item.get("gateway") or item.get("bus") or ""),
    )
