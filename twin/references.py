"""Do the files of a site mean the same building? Every identifier that leads from one to another.

Yields findings by file; where they are in the text is the loader's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from controller.interface.dutyentry import THERE
from controller.interface.files import Finding, nearest
from controller.interface.people import TABLE, AreaEntry, GroupEntry, PeopleFile
from controller.interface.points import Device, PointList
from controller.interface.release import ReleaseFile
from evacuation.delay import DELAYS
from evacuation.profiles import HELPED, MIXES, PROFILES
from twin.floorfile import FloorFile

Keys = tuple[str | int, ...]
HEARD = ("duty-desk", "notice-receiver")
"""Kinds of device on which a call comes up."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a floor file defines: spaces, portals, and the portals that lead to safety."""

    spaces: tuple[str, ...]
    portals: tuple[str, ...]
    exits: tuple[str, ...]
    uses: tuple[str, ...] = ()

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
            tuple({space.use: None for space in floor.spaces if space.use}),
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
    if device.kind == "fire-damper":
        end = str(device.settings.get("to", ""))
        yield from _known((*keys, "settings", "to"), "space", end, names.spaces)
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


def in_people(
    names: Names, people: PeopleFile, points: PointList | None = None
) -> Iterator[Finding]:
    """What people.yaml says of rooms, assembly areas, exits, tables and devices that do not
    exist.
    """
    for number, group in enumerate(people.groups):
        keys: Keys = ("groups", number)
        if isinstance(group.at, str):
            yield from _known((*keys, "at"), "space", group.at, names.spaces)
        else:
            for period, space in group.at.items():
                yield from _known((*keys, "at", period), "space", space, names.spaces)
        yield from _errands(keys, names, group)
        leader = (group.leader.profile,) if group.leader else ()
        yield from _tables((*keys, "leader", "profile"), leader, PROFILES)
    for number, duty in enumerate(people.duties):
        places = () if duty.at == THERE else (duty.at,)
        for place in (*places, *duty.via):
            yield from _known(("duties", number, "at"), "space", place, names.spaces)
        yield from _known(("duties", number, "portal"), "portal", duty.portal, names.portals)
    rows: list[tuple[Keys, GroupEntry | AreaEntry]] = [
        *((("groups", number), group) for number, group in enumerate(people.groups)),
        *((("areas", number), area) for number, area in enumerate(people.areas)),
    ]
    for keys, entry in rows:
        yield from _known((*keys, "assembly"), "space", entry.assembly, names.spaces)
        for place, portal in enumerate(entry.knows):
            yield from _known((*keys, "knows", place), "exit", portal, names.exits)
        sorts = [name for name in entry.profiles if name not in people.profiles]
        known = (*PROFILES, *MIXES) if isinstance(entry.profile, str) else PROFILES
        yield from _tables((*keys, "profile"), sorts, known)
        cues = [name for name in (entry.pre_movement,) if name not in people.pre_movement]
        yield from _tables((*keys, "pre_movement"), cues, DELAYS)
    yield from _own(names, people)
    if points is not None:
        yield from _heard(people, points)


def _heard(people: PeopleFile, points: PointList) -> Iterator[Finding]:
    """What duties say of devices that nobody has, or on which nothing comes up."""
    heard = [d.id for d in points.devices.values() if d.kind in HEARD]
    desks = [d.id for d in points.devices.values() if d.kind == "duty-desk"]
    for number, duty in enumerate(people.duties):
        device = duty.on.partition(" ")[0]
        if not any(fnmatchcase(name, device) for name in heard):
            text = f"no duty desk or receiver is called {device!r}"
            yield Finding(("duties", number, "on"), text, nearest(device, heard))
        yield from _known(("duties", number, "desk"), "duty desk", duty.desk, desks)


def in_posts(names: Names, plan: ReleaseFile) -> Iterator[Finding]:
    """What release.yaml says of spaces that the floor does not have."""
    for number, post in enumerate(plan.posts):
        yield from _known(("posts", number, "at"), "space", post.at, names.spaces)


def _own(names: Names, people: PeopleFile) -> Iterator[Finding]:
    """Tables and presets under the file's own names, and what areas match."""
    for name, profile in people.profiles.items():
        given = [profile.table] if profile.table else []
        yield from _tables(("profiles", name, "table"), given, (*PROFILES, *HELPED), always=True)
    for name, entry in people.pre_movement.items():
        given = [entry.preset] if entry.preset else []
        yield from _tables(("pre_movement", name, "preset"), given, DELAYS, always=True)
    for number, area in enumerate(people.areas):
        yield from _matched(("areas", number, "at"), area.at, names)
        yield from _matched(("areas", number, "but"), area.but, names)
        if area.use and area.use not in names.uses:
            text = f"no space of floor.yaml has the use {area.use!r}"
            yield Finding(("areas", number, "use"), text, nearest(area.use, names.uses))


def _errands(keys: Keys, names: Names, group: GroupEntry) -> Iterator[Finding]:
    """Where helpers meet, and where staff stand and what they sweep."""
    if group.help is not None:
        yield from _known((*keys, "help", "meet"), "space", group.help.meet, names.spaces)
        yield from _tables((*keys, "help", "how"), [group.help.how], HELPED)
    for number, task in enumerate(group.tasks):
        at = (*keys, "tasks", number)
        yield from _known((*at, "at"), "space", task.at, names.spaces)
        yield from _known((*at, "tells"), "portal", task.tells, names.portals)
        yield from _matched((*at, "rooms"), task.rooms, names)


def _matched(keys: Keys, patterns: Iterable[str], names: Names) -> Iterator[Finding]:
    for number, pattern in enumerate(patterns):
        if not any(fnmatchcase(space, pattern) for space in names.spaces):
            hint = nearest(pattern, names.spaces)
            yield Finding((*keys, number), f"no space matches {pattern!r}", hint)


def _tables(
    keys: Keys, words: Iterable[str], known: Iterable[str], always: bool = False
) -> Iterator[Finding]:
    """Names of published tables that are not shipped; a name of the file's own is not one."""
    tables = tuple(known)
    for word in words:
        if word not in tables and (always or TABLE in word):
            yield Finding(keys, f"no such table: {word!r}", nearest(word, tables))


def _known(keys: Keys, noun: str, word: str, known: Iterable[str]) -> Iterator[Finding]:
    names = tuple(known)
    if word and word not in names:
        yield Finding(keys, f"no such {noun} in floor.yaml: {word!r}", nearest(word, names))
