"""What people can perceive of the world: alarms they hear, smoke they see, signs they can read.

Turns ground truth into the crowd's `Conditions`, and only when something changed. Each cue names
the device that gave it and the command that caused it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from math import sqrt

from controller.interface.dismiss import BELL, DISMISS
from controller.interface.points import PointList
from devices.surroundings import Record
from evacuation import Conditions, Cue
from twin.asked import doors_asked, spaces_told
from twin.plan import Plan
from twin.sound import Sound
from twin.world import World

LEAVE = ("evacuate", "drill")
"""Voice messages that tell people to leave."""
SEEN_PER_M = 0.1
"""Extinction above which the crowd takes smoke for a reason to leave (10 %/m obscured)."""
THIN_PER_M = 0.01
"""Smoke thinner than this is left out: visibility above 300 m."""
EMITTING = 8.0
"""Visibility of light-emitting signs V = 8/K (Jin)."""


class Perception:
    """Works out `Conditions` from the world; records cues as they begin.

    `rooms` tells where each group sits that a voice may dismiss by its name; `led`: classes go with
    their teachers; `taught`: the groups that are classes, who go by the bell.
    """

    def __init__(
        self, plan: Plan, points: PointList, world: World, record: Record,
        rooms: Mapping[str, str], led: bool = False, taught: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._plan, self._world, self._record, self._rooms = plan, world, record, rooms
        self._led = led
        self._taught = frozenset(rooms[name] for name in taught)
        self._widths = dict(zip(plan.portals, plan.width_m.tolist(), strict=True))
        self._sound = Sound(plan)
        self._devices = points.devices
        self._covers = {
            device.id: tuple(s for s in plan.spaces if _matches(s, device.covers))
            for device in points.devices.values()
            if device.covers
        }
        self._onlookers = {
            device.id: _onlookers(plan, device.at)
            for device in points.devices.values()
            if device.kind == "exit-sign"
        }
        self._known: tuple[int, ...] = ()
        self._audible: tuple[tuple[int, int], tuple[Cue, ...]] = ((-1, -1), ())
        self._cues: tuple[Cue, ...] = ()
        self._heard: frozenset[tuple[str, str]] = frozenset()
        self._smoky: frozenset[str] = frozenset()
        self._conditions = Conditions(frozenset(), {}, {}, {}, ())

    def conditions(self) -> Conditions:
        """What people perceive now; the same object as before if nothing changed."""
        if self.stale:
            self._known = self._versions()
            self._conditions = self._perceive()
        return self._conditions

    @property
    def stale(self) -> bool:
        """Whether the world has changed since people last looked."""
        return self._known != self._versions()

    def _versions(self) -> tuple[int, ...]:
        world = self._world
        light = (int(world.mains), sum(world.lit.values()))
        known = (world.doors.version, world.hazards.version, world.alarms)
        return (*known, world.handled.version, *light)

    def _perceive(self) -> Conditions:
        smoke = {
            self._plan.spaces[index]: per_m
            for index, per_m in enumerate(self._world.hazards.extinction)
            if per_m >= THIN_PER_M
        }
        cues = self._alarms()
        self._announce(cues, smoke)
        barred, toward = self._signs(smoke)
        closed, air = self._world.doors.impassable, self._world.hazards.air
        world = self._world
        alarm = bool(world.sounding or self._smoky) or self._leaving(world.speaking)
        handling = world.handled.look(world.mains, world.lit, world.lamps, alarm)
        doors = doors_asked(world.showing, self._devices, self._widths, self._led)
        told = spaces_told(world.speaking, self._covers)
        if doors or told:
            handling = replace(
                handling, metered={**doors, **handling.metered}, told=handling.told | told
            )
        return Conditions(closed, smoke, barred, toward, cues, air=air, handling=handling)

    def _alarms(self) -> tuple[Cue, ...]:
        """Sounders where they are heard, voice where a speaking zone covers."""
        world, key = self._world, (self._world.doors.version, self._world.alarms)
        if self._audible[0] != key:
            place = self._plan.place
            sources = {name: place[self._devices[name].at] for name in world.sounding}
            heard = self._sound.heard(sources, world.doors.shut)
            sounders = (
                Cue(spaces, device, "sounder", world.sounding[device])
                for device, spaces in heard.items()
            )
            voices = (
                Cue(spaces, device, "voice", cause)
                for device, (message, cause) in sorted(world.speaking.items())
                if (spaces := self._told(device, message))
            )
            bell = (Cue(world.called, BELL, BELL, ""),) if world.called else ()
            self._audible = (key, (*voices, *sounders, *bell))
        return self._audible[1]

    def _leaving(self, speaking: Mapping[str, tuple[str, str]]) -> bool:
        """Whether a voice tells people to leave."""
        return any(message in LEAVE for message, _ in speaking.values())

    def _told(self, device: str, message: str) -> tuple[str, ...]:
        """The spaces whose people a voice tells to go: all that it covers, or rooms of classes."""
        covers = self._covers.get(device, ())
        if message in LEAVE:
            return covers
        word, *classes = message.split() or [""]
        if word == BELL:
            return tuple(space for space in covers if space in self._taught)
        rooms = {self._rooms.get(name, "") for name in classes if word == DISMISS}
        return tuple(space for space in covers if space in rooms)

    def _signs(
        self, smoke: Mapping[str, float]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """Portals that signs bar and point to, per space from which the sign can be read."""
        barred: dict[str, tuple[str, ...]] = {}
        toward: dict[str, tuple[str, ...]] = {}
        for name, shown in sorted(self._world.showing.items()):
            device = self._devices[name]
            table, portal = (
                (barred, device.near)
                if shown == "no-entry"
                else (toward, device.shows.get(shown, ""))
            )
            arrow = table is toward
            for space, away_m in self._onlookers[name] if portal else ():
                if arrow and space != device.at:
                    continue  # an arrow is meant for those who stand where the sign hangs
                if smoke.get(space, 0.0) * away_m <= EMITTING:
                    table[space] = (*table.get(space, ()), portal)
        return barred, toward

    def _announce(self, cues: tuple[Cue, ...], smoke: Mapping[str, float]) -> None:
        """Record each cue where it begins; smoke that people see is its space's own cue."""
        smoky = frozenset(space for space, per_m in smoke.items() if per_m > SEEN_PER_M)
        for space in sorted(smoky - self._smoky):
            self._begin(space, "smoke", space, "")
        self._smoky = smoky
        if cues is self._cues:
            return
        active = {(s, c.kind): c for c in reversed(cues) for s in c.spaces}
        for space, kind in sorted(active.keys() - self._heard):
            cue = active[space, kind]
            self._begin(space, kind, cue.source, cue.cause)
        self._heard, self._cues = frozenset(active), cues

    def _begin(self, space: str, kind: str, source: str, cause: str) -> None:
        now = self._world.now
        self._record(now, 1, "cue", space, what=kind, source=source, cause=cause)


def _matches(space: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(space, pattern) for pattern in patterns)


def _onlookers(plan: Plan, at: str) -> tuple[tuple[str, float], ...]:
    """Spaces that see a sign, and how far away it is: its own, and those with no leaf between."""
    index = plan.place[at]
    seen = [(at, sqrt(float(plan.area_m2[index])) / 2)]
    for gate, kind in enumerate(plan.kinds):
        ends = (int(plan.inner[gate]), int(plan.outer[gate]))
        if kind == "opening" and index in ends:
            other = ends[1] if ends[0] == index else ends[0]
            seen.append((plan.spaces[other], float(plan.reach_m[gate].sum())))
    return tuple(seen)
