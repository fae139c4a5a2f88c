"""What a Modbus device must have: by its profile alone, or by a site's I/O list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.interface.files import nearest
from controller.interface.kind import PointRole, Watchdog
from controller.interface.kinds import KINDS
from controller.interface.panels import PANELS
from controller.interface.points import Device, Gateway, Point, PointList
from devices.profile import PROFILES, Profile
from scenarios.conform.fit import FitFile, WatchdogEntry
from scenarios.conform.panelmap import PanelMap
from scenarios.conform.profiles import unknown_profile
from scenarios.conform.target import ModbusTarget

MARGIN_MS = 750
"""Beyond a declared time: polling, the network, and a drawn time at its upper end."""

LONGEST_MS = 60_000
"""Declared times above this (battery life) are no response times."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`listed` is the part of the I/O list behind this unit; None where none was given.

    `panel`: the map of a fire panel of another make.
    """

    name: str
    profile: Profile
    listed: tuple[Device, ...] | None
    points: Mapping[str, Point]
    dog: WatchdogEntry | None = None
    panel: PanelMap | None = None

    @classmethod
    def of(
        cls,
        name: str,
        target: ModbusTarget,
        site: PointList | None,
        device: str,
        fit: FitFile | None = None,
    ) -> Expected:
        """Return it; ValueError with the nearest name for what there is not."""
        if name not in PROFILES and name not in PANELS:
            raise ValueError(f"`--profile {name}`: {unknown_profile(name)}")
        dog = fit.watchdog if fit is not None else None
        if site is None:
            alone = Gateway(name, name, target.host, target.port, "", 0, 0, 0)
            panel = PanelMap.of(alone, (), target.unit) if name in PANELS else None
            return cls(name, _profile(name, panel), None, {}, dog, panel)
        gateway = _gateway(name, target, site, device)
        members = tuple(d for d in site.devices.values() if d.gateway == gateway)
        listed = tuple(d for d in members if d.unit == target.unit)
        if not listed:
            raise ValueError(f"{target}: the I/O list has nothing at unit {target.unit}")
        points = {point.id: point for one in listed for point in one.points}
        known = site.gateways[gateway]
        if known.profile != name:
            raise ValueError(f"`--profile {name}`: in the I/O list {gateway} is a {known.profile}")
        panel = PanelMap.of(known, members, target.unit) if name in PANELS else None
        return cls(name, _profile(name, panel), listed, points, dog, panel)

    @property
    def outputs(self) -> tuple[Point, ...]:
        """Outputs of the I/O list that a test may switch: those that say what shows it."""
        return tuple(p for p in self.points.values() if p.feedback and not _role(p).pulse)

    @property
    def areas(self) -> tuple[str, ...]:
        """Where outputs of kinds on this profile live, that are switched and stay."""
        roles = (
            role
            for kind in KINDS.values()
            if self.name in kind.boards
            for role in kind.points.values()
            if _switch(role)
        )
        return tuple(dict.fromkeys(role.area for role in roles))

    @property
    def switches(self) -> tuple[tuple[str, int], ...]:
        """Area and offset of the main switch of each kind on this profile that has one."""
        return tuple(dict.fromkeys((r.area, r.offset) for r in self._mains() if r is not None))

    @property
    def must_move(self) -> bool:
        """Whether there is no kind on this profile without a switch, so that something must."""
        return all(self._mains())

    def _mains(self) -> list[PointRole | None]:
        kinds = [k for k in KINDS.values() if self.name in k.boards and k.name != "io-board"]
        return [next((r for r in kind.points.values() if _switch(r)), None) for kind in kinds]

    @property
    def watchdogs(self) -> tuple[tuple[str, Watchdog], ...]:
        """Devices of the I/O list that watch their controller, and how."""
        if self.dog is not None:
            return ((self.dog.device, self.dog.declared),)
        found = ((d.id, KINDS[d.kind].watchdog) for d in self.listed or ())
        return tuple((name, dog) for name, dog in found if dog)

    def within_ms(self, kind: str) -> int:
        """By when an output of a kind is seen to have worked: its longest declared time."""
        times = [t.high_ms for t in KINDS[kind].timing.values() if t.high_ms <= LONGEST_MS]
        return max(times, default=1000) + MARGIN_MS

    @property
    def longest_ms(self) -> int:
        """By when any output of this profile is seen to have worked."""
        kinds = [kind.name for kind in KINDS.values() if self.name in kind.boards]
        return max((self.within_ms(kind) for kind in kinds), default=5000)

    def no_such_point(self, name: str) -> str:
        """Say that the I/O list has no such point here, and which is nearest."""
        if self.listed is None:
            return "say with --site where the I/O list is"
        close = nearest(name, self.points)
        return f"no such point at this unit: {name!r}" + (
            f"; did you mean `{close}`?" * bool(close)
        )

    def bound(self, area: str) -> frozenset[int]:
        """Addresses of an area that the I/O list uses."""
        return frozenset(
            point.binding.address + more
            for point in self.points.values()
            if point.binding.area == area
            for more in range(point.binding.width)
        )


def _switch(role: PointRole) -> bool:
    """Whether a point is a switch that stays as it is put."""
    binary = role.as_type == "bool" or role.range == (0, 1)
    return role.write and binary and not role.pulse and role.name != "reset"


def _profile(name: str, panel: PanelMap | None) -> Profile:
    return PROFILES[name] if panel is None else panel.profile


def _role(point: Point) -> PointRole:
    return KINDS[point.kind].points[point.name]


def _gateway(name: str, target: ModbusTarget, site: PointList, device: str) -> str:
    """Return the gateway that stands for the target: as told, by its address, or the only one."""
    if device:
        if device not in site.gateways:
            close = nearest(device, site.gateways)
            hint = f"; did you mean `{close}`?" if close else ""
            raise ValueError(f"`--device {device}`: the site has no such gateway{hint}")
        return device
    for gateway in site.gateways.values():
        if (gateway.host, gateway.port) == (target.host, target.port):
            return gateway.id
    same = [gateway.id for gateway in site.gateways.values() if gateway.profile == name]
    if len(same) != 1:
        known = ", ".join(same or site.gateways)
        raise ValueError(f"{target} is in no I/O list: say which gateway it is, `--device` {known}")
    return same[0]
