"""Which part of a site is emulated: by globs of ids, by profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from controller.interface.files import BadFile, nearest
from controller.interface.points import Device, PointList
from scenarios.catalog import SITES, find_site


def find_points(given: str) -> Path:
    """Return points.yaml of a site given by name, by folder, or as the file itself."""
    path = Path(given)
    for candidate in (path, path / "points.yaml", SITES / given / "points.yaml"):
        if candidate.is_file():
            return candidate.resolve()
    try:
        return find_site(given) / "points.yaml"
    except BadFile:
        if path.is_dir():
            raise ValueError(f"{given}: there is no points.yaml in this folder") from None
        raise


def profile_of(points: PointList, device: Device) -> str:
    """Return the profile that a device is tested by: its gateway's; on MQTT its make's or kind."""
    return points.gateways[device.gateway].profile if device.gateway else _spoken(device)


def _spoken(device: Device) -> str:
    return device.dialect or device.kind


def is_real(points: PointList, device: Device) -> bool:
    """Whether a device is one of the field: by itself, or by the gateway that it is behind."""
    gateway = points.gateways.get(device.gateway)
    return device.real or (gateway is not None and gateway.real)


def select(points: PointList, only: Sequence[str], profile: str) -> PointList:
    """Return the I/O list cut down to devices (or gateways with all theirs) that match.

    Real devices are never emulated.
    ValueError with the nearest name for a glob or a profile that matches nothing.
    """
    _check(points, only, profile)
    chosen = {
        name: device
        for name, device in points.devices.items()
        if not is_real(points, device)
        and (not profile or profile_of(points, device) == profile)
        and (not only or any(fnmatchcase(w, glob) for glob in only for w in _names(device)))
    }
    gateways = {device.gateway for device in chosen.values()}
    return replace(
        points,
        devices=chosen,
        gateways={name: g for name, g in points.gateways.items() if name in gateways},
        points={p.id: p for device in chosen.values() for p in device.points},
        video=points.video if any(device.gb_id for device in chosen.values()) else None,
    )


def _names(device: Device) -> tuple[str, ...]:
    return (device.id, device.gateway) if device.gateway else (device.id,)


def _check(points: PointList, only: Sequence[str], profile: str) -> None:
    names = [*points.gateways, *points.devices]
    for glob in only:
        if not any(fnmatchcase(name, glob) for name in names):
            raise ValueError(f"`--only {glob}`: no such device or gateway{_hint(glob, names)}")
    profiles = sorted({profile_of(points, device) for device in points.devices.values()})
    if profile and profile not in profiles:
        text = f"`--profile {profile}`: the site has no device of this profile"
        raise ValueError(f"{text}{_hint(profile, profiles) or '; it has ' + ', '.join(profiles)}")


def _hint(word: str, known: Sequence[str]) -> str:
    close = nearest(word, known)
    return f"; did you mean `{close}`?" if close else ""
