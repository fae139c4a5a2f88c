"""The intrusion section compiled: what each zone listens to, in which hours, and whom it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.access.hours import Window, timetable, windows
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.intrusion.entry import IntrusionEntry

COUNTED = ("line-in", "line-out")
CAUSE = "intrusion-"
"""What a verified intruder is called among the causes that a plan's incidents may name."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A zone as the plan has it; see `ZoneEntry`. `sources`: point -> whether it counts upwards."""

    id: str
    detectors: tuple[str, ...]
    sources: Mapping[str, bool]
    hours: tuple[Window, ...]
    exit_ms: int
    entry_ms: int
    verify: int
    window_ms: int
    guards: tuple[str, ...]
    ack_ms: int


def compile_intrusion(
    entry: IntrusionEntry, points: PointList, people: PeopleFile
) -> tuple[Guarded, ...]:
    """The zones of a checked section; a mask or an open lid counts like an alarm."""
    periods, found = timetable(people), []
    for zone in entry.zones:
        bound = [
            f"{name}.{point.name}"
            for name in zone.detectors
            for point in points.devices[name].points
            if point.name in ("alarm", "mask", "tamper")
        ]
        sources = dict.fromkeys(bound, False)
        sources |= {point: point.partition(".")[2] in COUNTED for point in zone.cameras}
        hours = windows(zone.armed.from_, zone.armed.to, zone.armed.periods, periods)
        found.append(
            Guarded(
                zone.id, zone.detectors, sources, hours, _ms(zone.exit_s), _ms(zone.entry_s),
                zone.verify, _ms(zone.window_s), entry.guards, _ms(entry.ack_s),
            )
        )  # fmt: skip
    return tuple(found)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
