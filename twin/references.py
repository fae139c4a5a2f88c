"""Do the files of a site mean the same building? Every identifier that leads from one to another.

Yields findings by file; where they are in the text is the loader's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from controller.interface.files import Finding, nearest
from controller.interface.people import PeopleFile
from controller.interface.points import Device, PointList
from twin.floorfile import FloorFile

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What a floor file defines: spaces, portals, and the portals that lead to safety."""

    spaces: tuple[str, ...]
    portals: tuple[str, ...]
    exits: tuple[str, ...]

    @classmethod
    def of(cls, floor: FloorFile) -> Names:
        """The names of a floor file."""
        safe = {space.id: space.safe for space in floor.spaces}
        return cls(
            tuple(safe),
            tuple(portal.id for portal in floor.portals),
            tuple(
                p.id for p in floor.portals if {safe.get(end) for end in p.between} == {True, False}
            ),
        )


def in_points(names: Names, points: PointList) -> Iterator[Finding]:
    """What points.yaml says of spaces and portals that the floor does not have."""
    for number, gateway in enumerate(points.gateways.values()):
        yield from _known(("gateways", number, "at"), "space", gateway.at, names.spaces)
    for number, device in enumerate(points.devices.values()):
        yield from _of_device(("devices", number), device, names)


def _of_device(keys: Keys, device: Device, names: Names) -> Iterator[Finding]:
    yield from _known((*keys, "at"), "space", device.at, names.spaces)
    yield from _known((*keys, "portal"), "portal", device.portal, names.portals)
    yield from _known((*keys, "near"), "portal", device.near, names.portals)
    for side, portal in device.shows.items():
        yield from _known((*keys, "shows", side), "portal", portal, names.portals)
    for key, patterns in (("covers", device.covers), ("sees", device.sees)):
        for number, pattern in enumerate(patterns):
            if not any(fnmatchcase(space, pattern) for space in names.spaces):
                yield Finding(
                    (*keys, key, number),
                    f"no space matches {pattern!r}",
                    nearest(pattern, names.spaces),
                )


def in_people(names: Names, people: PeopleFile) -> Iterator[Finding]:
    """What people.yaml says of rooms, assembly areas and exits that the floor does not have."""
    for number, group in enumerate(people.groups):
        keys: Keys = ("groups", number)
        if isinstance(group.at, str):
            yield from _known((*keys, "at"), "space", group.at, names.spaces)
        else:
            for period, space in group.at.items():
                yield from _known((*keys, "at", period), "space", space, names.spaces)
        yield from _known((*keys, "assembly"), "space", group.assembly, names.spaces)
        for entry, portal in enumerate(group.knows):
            yield from _known((*keys, "knows", entry), "exit", portal, names.exits)


def _known(keys: Keys, noun: str, word: str, known: Iterable[str]) -> Iterator[Finding]:
    names = tuple(known)
    if word and word not in names:
        yield Finding(keys, f"no such {noun} in floor.yaml: {word!r}", nearest(word, names))
