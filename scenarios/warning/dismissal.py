"""Dismissals of a school, as its cameras tell them; the twin runs, and the controller may steer.

`calm`: the bell, and everybody leaves as usual. `trip`: people hurry, and one of them falls on the
lowest flight of each stair. `narrow`: the same with half of the foot's width. `dark`: the same, in
the evening, some time after the mains and the emergency lights failed. `blocked`: people hurry,
the foot of each stair is blocked for a while, the queue grows, and with its end one falls there.
`trip-steered`, `blocked-steered`: the same with the controller's decisions carried out by the
site's signs and voices; in the others it looks on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from controller.decider import Decider
from controller.interface.dismiss import BELL
from controller.interface.envelope import Order
from controller.interface.journal import Journal
from controller.interface.points import PointList, Sample
from controller.matrixvalues import Matrix
from evacuation.streams import stream
from scenarios.warning.feed import Feed, Picture
from twin.handled import DARK_LX
from twin.site import Site
from twin.twin import Twin

KINDS = ("calm", "trip", "narrow", "dark", "blocked", "trip-steered", "blocked-steered")
SLICE_MS = 500
LASTS_MS = 300_000
TRIPS_MS = (60_000, 180_000)
BLOCKS_MS = (15_000, 60_000)
"""How long before the fall the foot of the stair is blocked, or the mains fails (assumed)."""
LEAF = 0.5
"""What is left of a foot's width with one leaf bolted."""
HURRY = 1.5
"""Desired by usual speed of those who run home (assumed)."""
MISTAKEN_PER_H = 0.1
"""Pupils who bend and are taken for fallen, per person on a stair and hour (assumed): one in 250
bends on a flight of 14 s, and one in ten of them looks like somebody who lies."""
HURRIED = ("landing", "stair")
"""Kinds of spaces in which people hurry."""
OUTSIDE = ("yard", "street")
COMMAND_MS = 10_000
"""How long a command may take to arrive."""


@dataclass(frozen=True, slots=True)
class Fell:
    """Somebody fell: when, where, why (misstep, tripped, forced, fainted), and how long he lay;
    None: to the end.
    """

    t_ms: int
    space: str
    cause: str
    lay_ms: int | None = None


@dataclass(slots=True)
class Recorded:
    """A dismissal: what the cameras' points said in every slice, who truly fell, when which
    portal's sign began to ask people to wait, and how many were in the buildings at its end.
    """

    kind: str
    seed: int
    pictures: list[tuple[int, Picture]] = field(default_factory=list)
    falls: list[Fell] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    left: int = 0


def stairs(spaces: Mapping[str, str]) -> dict[str, list[str]]:
    """The watches (id -> space) of each stair, the lowest flight first: `a.sa.f1-f2` is of
    `a.sa`.
    """
    found: dict[str, list[str]] = {}
    for watch, space in sorted(spaces.items(), key=lambda pair: pair[1]):
        found.setdefault(space.rpartition(".")[0], []).append(watch)
    return found


def _watching(points: PointList, cameras: Collection[str]) -> PointList:
    """The I/O list without the cameras that watch no flight; the others make mistakes."""
    devices = {
        name: replace(one, settings={**one.settings, "mistaken": MISTAKEN_PER_H})
        if name in cameras else one
        for name, one in points.devices.items()
        if one.kind != "camera" or name in cameras
    }  # fmt: skip
    known = {name: one for name, one in points.points.items() if one.device in devices}
    return replace(points, devices=devices, points=known)


class Dismissal:
    """One dismissal under way; `spaces`: the space of each watch."""

    def __init__(
        self, site: Site, matrix: Matrix, spaces: Mapping[str, str], kind: str, seed: int
    ) -> None:
        self.found = Recorded(kind, seed)
        self._points = site.points
        steered = kind.endswith("-steered")
        self._decider = Decider(site.points, matrix, Journal(None, "0", {})) if steered else None
        self._waiting: frozenset[str] = frozenset()
        self._lying: dict[str, int] = {}
        watching = {watch.camera for watch in matrix.crowd.watches.values()}
        seen = replace(site, points=_watching(site.points, watching))
        self._twin = Twin(seen, site.people.timetable[0].id, seed, SLICE_MS, self._record)
        self._feed = Feed(self._twin, matrix.crowd, seed)
        self._widths = {p.id: p.width_m for p in site.floor_file.portals}
        self._inner = [s for s in site.floor_file.spaces if not s.safe and s.kind not in OUTSIDE]
        random = stream(seed, "dismissal")
        lowest = [spaces[watches[0]] for watches in stairs(spaces).values()]
        cameras = {spaces[name]: watch.camera for name, watch in matrix.crowd.watches.items()}
        self._feet = {space: site.points.devices[cameras[space]].portal for space in lowest}
        self._trips = {space: int(random.uniform(*TRIPS_MS)) for space in lowest}
        waits = {space: int(random.uniform(*BLOCKS_MS)) for space in lowest}
        waiting = kind.startswith(("blocked", "dark"))
        self._before = {s: at - waits[s] for s, at in self._trips.items()} if waiting else {}
        self._begin(kind)

    def run(self) -> Recorded:
        """Let it take place."""
        twin = self._twin
        for now in range(0, LASTS_MS + 1, SLICE_MS):
            twin.advance(now)
            twin.bank.advance(now)
            picture = self._feed.picture(now)
            self.found.pictures.append((now, picture))
            if self._decider is not None:
                self._steer(self._decider, picture, now)
            twin.bank.apply(now)
            self._disturb(now)
        inside = twin.world.people
        self.found.left = sum(inside.get(s.id, 0) for s in self._inner)
        return self.found

    def _begin(self, kind: str) -> None:
        """The bell rings everywhere; people hurry where the kind says so."""
        world = self._twin.world
        for device in self._points.devices.values():
            if device.kind == "pa-zone":
                world.actuate(f"voice:{device.id}", BELL, BELL, BELL)
        if kind == "calm":
            self._trips = {}
            return
        for space in self._inner:
            if space.kind in HURRIED:
                world.handled.hurry(space.id, HURRY)
        if kind == "narrow":
            for foot in self._feet.values():
                world.handled.width(foot, LEAF * self._widths[foot])

    def _disturb(self, now: int) -> None:
        """Blocks, darkness and falls whose time has come; a fall ends the block."""
        world = self._twin.world
        handled = world.handled
        for space in [s for s, at in self._before.items() if at <= now]:
            del self._before[space]
            if self.found.kind == "dark":
                world.mains = False
                handled.fall_night()
                handled.light(f"{space.rpartition('.')[0]}.*", DARK_LX)
            else:
                handled.hold(self._feet[space], True)
        for space in [s for s, at in self._trips.items() if at <= now]:
            del self._trips[space]
            handled.hold(self._feet[space], False)
            self._twin.stage.fall(now, space)

    def _steer(self, decider: Decider, picture: Mapping[str, Sample], now: int) -> None:
        """Let the controller decide on the picture, and hand its commands to signs and voices."""
        decider.intake.begin(now)
        for one in picture.values():
            decider.intake.reading(one.point, one.value, one.quality, one.t_ms)
        decider.decide(now)
        for demand in decider.outputs.due(now):
            command, station = demand.command, self._twin.bank.stations.get(demand.point.device)
            if station is not None:
                order = Order(command.id, command.value, command.priority, COMMAND_MS, now)
                station.orders.append((demand.point, order))
            decider.outputs.sent(demand, now, answers_itself=True)
            decider.outputs.answer(command.id, "ok")
        shown = self._twin.world.showing.items()
        waiting = frozenset(name for name, face in shown if face == "wait")
        for name in sorted(waiting - self._waiting):
            self.found.held.append((now, self._points.devices[name].near))
        self._waiting = waiting

    def _record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        if kind != "person":
            return
        if data.get("what") == "fall":
            self._lying[entity] = len(self.found.falls)
            self.found.falls.append(Fell(t_ms, str(data["space"]), str(data["cause"])))
        elif data.get("what") == "up" and entity in self._lying:
            at = self._lying.pop(entity)
            fall = self.found.falls[at]
            self.found.falls[at] = replace(fall, lay_ms=t_ms - fall.t_ms)
