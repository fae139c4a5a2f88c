"""Every name that an event pattern may mean, by kind of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controller.interface.kinds import KINDS, PRESSED
from twin.site import Site


def names_of(site: Site, persons: Sequence[str] = ()) -> Mapping[str, Sequence[str]]:
    """Return kind of event -> names; persons only where they are given."""
    devices = list(site.points.devices)
    points = site.points.points
    writes = [name for name, point in points.items() if point.write]
    reads = [name for name, point in points.items() if not point.write]
    spaces, portals = list(site.floor.spaces), list(site.floor.portals)
    gateways = list(site.points.gateways)
    zones = sorted({item.zone for item in site.points.devices.values() if item.zone})
    desks = [name for name, item in site.points.devices.items() if item.kind == "duty-desk"]
    on_mqtt = [name for name, item in site.points.devices.items() if item.bus == "mqtt"]
    sensing = [n for n, item in site.points.devices.items() if KINDS[item.kind].senses]
    readers = [n for n, item in site.points.devices.items() if item.kind == "card-reader"]
    pressed = [n for n, item in site.points.devices.items() if item.kind in PRESSED]
    return {
        "hazard": spaces,
        "cue": spaces,
        "sample": ["crowd", *spaces],
        "press": [*pressed, *desks],
        "access": readers,
        "muster": ["site"],
        "sense": sensing,
        "fault": [*devices, *gateways],
        "reply": gateways,
        "link": [*on_mqtt, "controller"],
        "broker": ["broker"],
        "actuate": devices,
        "portal": portals,
        "crush": spaces,
        "handling": [*spaces, *portals, "mains"],
        "group": [group.id for group in site.people.groups],
        "person": list(persons),
        "callout": [duty.who for duty in site.people.duties],
        "shadow": [*gateways, *devices, *reads],
        "pace": ["rig"],
        "warning": [*devices, *spaces],
        **dict.fromkeys(("receive", "apply", "command", "ack", "feedback"), writes),
        "input": reads,
        "alarm": [*zones, *devices, "site"],
        "operation": [*zones, *devices, *writes, "site"],
        "comms": [*gateways, *devices, "broker"],
    }
