"""Dismissals of a school, as its cameras tell them; the twin runs, and the controller may steer.

`calm`: the bell, and everybody leaves as usual. `trip`: people hurry, and one of them falls on the
lowest flight of each stair. `steered`: the same with the controller's decisions carried out by the
site's signs and voices; in the others it only looks on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from controller.decider import Decider
from controller.interface.envelope import Order
from controller.interface.journal import Journal
from controller.interface.points import Quality, Sample
from controller.matrixvalues import Matrix
from evacuation.streams import stream
from twin.site import Site
from twin.twin import Twin

KINDS = ("calm", "trip", "steered")
SLICE_MS = 500
LASTS_MS = 300_000
TRIPS_MS = (40_000, 120_000)
HURRY = 1.5
"""Desired by usual speed of those who run home (assumed)."""
FAULTS = ("off", "lens-blocked")
FAULTY = 0.01
"""The share of cameras with each of these faults during a dismissal (assumed)."""
COMMAND_MS = 10_000
"""How long a command may take to arrive."""
GONE_MS = 3000
"""A camera that is off is lost to the controller after this: its link ends at once, a broker tells
of it within seconds (assumed)."""


@dataclass(frozen=True, slots=True)
class Fell:
    """Somebody fell: when, where, and why (misstep, tripped, forced, fainted)."""

    t_ms: int
    space: str
    cause: str


@dataclass(slots=True)
class Recorded:
    """A dismissal: what the cameras' points said at every second, who truly fell, and when which
    portal's sign began to ask people to wait.
    """

    kind: str
    seed: int
    pictures: list[tuple[int, dict[str, Sample]]] = field(default_factory=list)
    falls: list[Fell] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)


def stairs(spaces: Mapping[str, str]) -> dict[str, list[str]]:
    """The watches (id -> space) of each stair, the lowest flight first: `a.sa.f1-f2` is of
    `a.sa`.
    """
    found: dict[str, list[str]] = {}
    for watch, space in sorted(spaces.items(), key=lambda pair: pair[1]):
        found.setdefault(space.rpartition(".")[0], []).append(watch)
    return found


class Dismissal:
    """One dismissal under way; `spaces`: the space of each watch."""

    def __init__(
        self, site: Site, matrix: Matrix, spaces: Mapping[str, str], kind: str, seed: int
    ) -> None:
        self.found = Recorded(kind, seed)
        self._crowd, self._points = matrix.crowd, site.points
        steered = kind == "steered"
        self._decider = Decider(site.points, matrix, Journal(None, "0", {})) if steered else None
        self._waiting: frozenset[str] = frozenset()
        self._twin = Twin(site, site.people.timetable[0].id, seed, SLICE_MS, self._record)
        self._inner = [s.id for s in site.floor_file.spaces if not s.safe]
        random = stream(seed, "dismissal")
        self._faults = {
            watch.camera: str(random.choice(FAULTS))
            for watch in matrix.crowd.watches.values()
            if random.random() < FAULTY * len(FAULTS)
        }
        lowest = [spaces[watches[0]] for watches in stairs(spaces).values()]
        self._trips = {space: int(random.uniform(*TRIPS_MS)) for space in lowest}
        self._begin(kind)

    def run(self) -> Recorded:
        """Let it take place."""
        twin = self._twin
        for now in range(0, LASTS_MS + 1, SLICE_MS):
            twin.advance(now)
            twin.bank.advance(now)
            picture = self._picture(now)
            if now % 1000 == 0:
                self.found.pictures.append((now, picture))
            if self._decider is not None:
                self._steer(self._decider, picture, now)
            twin.bank.apply(now)
            self._disturb(now)
        return self.found

    def _begin(self, kind: str) -> None:
        """The bell rings everywhere; people hurry where the kind says so."""
        world = self._twin.world
        for device in self._points.devices.values():
            if device.kind == "pa-zone":
                world.actuate(f"voice:{device.id}", "drill", "bell", "bell")
        for camera, fault in self._faults.items():
            self._twin.bank.fault(0, camera, fault)
        if kind != "calm":
            for space in self._inner:
                world.handled.hurry(space, HURRY)
        if kind == "calm":
            self._trips = {}

    def _disturb(self, now: int) -> None:
        """Falls whose time has come."""
        for space in [s for s, at in self._trips.items() if at <= now]:
            del self._trips[space]
            self._twin.stage.fall(now, space)

    def _picture(self, now: int) -> dict[str, Sample]:
        """What the controller would have of every watched camera now."""
        found = {}
        for watch in self._crowd.watches.values():
            values = self._twin.bank.devices[watch.camera].wiring.values
            gone = self._faults.get(watch.camera) == "off" and now >= GONE_MS
            quality = Quality.STALE if gone else Quality.GOOD
            for point in watch.says:
                value = values.get(point.rpartition(".")[2], 0)
                found[point] = Sample(point, value, quality, now)
        return found

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
        if kind == "person" and data.get("what") == "fall":
            self.found.falls.append(Fell(t_ms, str(data["space"]), str(data["cause"])))


def record(
    site: Site, matrix: Matrix, spaces: Mapping[str, str], kinds: Sequence[str], seed: int
) -> list[Recorded]:
    """One dismissal of each kind with a seed."""
    return [Dismissal(site, matrix, spaces, kind, seed).run() for kind in kinds]
