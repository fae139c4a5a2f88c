"""What can be wrong with a fire panel's gateway in the I/O list: settings, devices out of place.

`pointsfile` hands its entries in; they are known here by what is read of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from controller.interface.files import Finding, nearest
from controller.interface.kind import Plain
from controller.interface.panels import PANELS, SETTINGS, PanelProfile, usual

Keys = tuple[str | int, ...]
LOOP_KINDS = (
    "smoke-detector", "heat-detector", "beam-detector", "aspirating-detector", "call-point",
    "flow-switch", "fire-panel",
)  # fmt: skip
"""What hangs on a fire panel's loop, and the panel itself."""


class Placed(Protocol):
    """A point's entry."""

    bit: int | None

    @property
    def place(self) -> tuple[str, int]:
        """Area and address."""
        ...

    def type_for(self, usual: str) -> str:
        """The type it is read as."""
        ...


class Wired(Protocol):
    """A device's entry."""

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def gateway(self) -> str:
        """The id of its gateway."""
        ...

    @property
    def points(self) -> Mapping[str, Placed]:
        """Its points by name."""
        ...


class Behind(Protocol):
    """A gateway's entry."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def profile(self) -> str:
        """Its profile."""
        ...

    @property
    def settings(self) -> Mapping[str, Plain]:
        """How it is set."""
        ...


def gateway_findings(at: Keys, profile: str, settings: Mapping[str, Plain]) -> Iterator[Finding]:
    """Settings that a gateway of this profile does not have, or that cannot have this value."""
    known = SETTINGS.get(profile, {})
    for name, value in settings.items():
        one = known.get(name)
        if one is None:
            text = f"a {profile} gateway has no setting {name!r}"
            yield Finding((*at, name), text, nearest(name, known))
        elif not one.takes.fits(value):
            yield Finding((*at, name), f"{name} is {one.takes.say}, not {value!r}")


def panel_findings(at: Keys, device: Wired, gateways: Sequence[Behind]) -> Iterator[Finding]:
    """A device behind another make's gateway: whether it can be there, and stands in its map."""
    gateway = next((g for g in gateways if g.id == device.gateway), None)
    panel = PANELS.get(gateway.profile) if gateway is not None else None
    if gateway is None or panel is None:
        return
    if device.kind not in LOOP_KINDS:
        text = f"a {device.kind} does not hang on a fire panel's loop ({gateway.profile})"
        yield Finding((*at, "gateway"), text)
        return
    settings = usual(gateway.profile, gateway.settings)
    if any(not one.takes.fits(settings[name]) for name, one in panel.settings.items()):
        return
    for name, point in device.points.items():
        keys = (*at, "points", name)
        if name == "state":
            yield from _state_findings(keys, gateway.profile, panel, point, settings)
        elif not _stands(panel, point, settings):
            area, address = point.place
            yield Finding(keys, f"{panel.title} has no {area} {address} for this point")


def _state_findings(
    keys: Keys, profile: str, panel: PanelProfile, point: Placed, settings: Mapping[str, Plain]
) -> Iterator[Finding]:
    as_type = point.type_for("loop")
    area, address = point.place
    if as_type not in panel.states:
        text = f"{panel.title} says a state as {' or '.join(panel.states)}, not as {as_type}"
        yield Finding((*keys, "as"), text, nearest(as_type, panel.states))
    elif panel.states[as_type] != area:
        yield Finding(
            keys, f"{profile}: {as_type} stands in {panel.states[as_type]}, not in {area}"
        )
    elif panel.slot(area, address, -1 if point.bit is None else point.bit, settings) is None:
        yield Finding(keys, f"{panel.title} has no device at {area} {address}")


def _stands(panel: PanelProfile, point: Placed, settings: Mapping[str, Plain]) -> bool:
    area, address = point.place
    return any(address in places for places in panel.others(settings).get(area, ()))
