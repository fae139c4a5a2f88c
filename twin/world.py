"""Ground truth of a campus: what is open, what burns, what sounds, speaks, shows and shines.

Implements what devices may sense and do (`devices.surroundings.Surroundings`). It knows devices
only by identifier and people only as counts per space.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from controller.interface.points import Device
from devices.surroundings import Probe, Record
from devices.vision.view import Look
from twin.doors import Doors
from twin.eyes import Eyes
from twin.handled import Handled
from twin.hazards import Hazards
from twin.plan import Plan

REAL = "real"
"""The cause of what a real device has done."""


RIDDEN = ("in-service", "recalled")
"""States in which a lift takes people: under its recall its crew brings them down."""


class World:
    """The state of everything physical; `now` and `phase` are set by whoever moves time.

    `alarms` grows with every change of a sounder, voice or sign; together with the versions of
    doors and hazards it tells when what people perceive has to be worked out again. `lamps` are the
    emergency lights of each space, `lifts` the doors of each lift that people may ride in; `trip`
    lets somebody in a space fall. `strangers` are people in a space whom the crowd does not
    move (`Walkers`); `animals` are animals in one. Wind blows in the spaces of `outside`.
    """

    def __init__(self, plan: Plan, doors: Doors, hazards: Hazards, record: Record) -> None:
        self.plan, self.doors, self.hazards = plan, doors, hazards
        self.eyes = Eyes(plan, self)
        self.handled = Handled(plan.spaces)
        self.trip: Callable[[str, float], str] = lambda space, bends_s: ""
        self._record = record
        self.now = 0
        self.phase = 2
        self.alarms = 0
        self.mains = True
        self.sounding: dict[str, str] = {}
        self.called: tuple[str, ...] = ()
        self.speaking: dict[str, tuple[str, str]] = {}
        self.showing: dict[str, str] = {}
        self.lit: dict[str, bool] = {}
        self.lamps: dict[str, Sequence[str]] = {}
        self.elements: dict[str, str] = {}
        self.lifts: dict[str, Sequence[str]] = {}
        self.followed: frozenset[str] = frozenset()
        self.people: Mapping[str, int] = {}
        self.passed: dict[str, int] = dict.fromkeys(plan.portals, 0)
        self.wind_m_s = 0.0
        self.outside: frozenset[str] = frozenset()
        self.strangers: Counter[str] = Counter()
        self.animals: Counter[str] = Counter()
        self.entered: dict[str, int] = dict.fromkeys(plan.portals, 0)

    def probe(self, place: str, quantity: str) -> Probe:
        """What tells a true value at a space (`passes`: people through a portal so far)."""
        return _PROBES[quantity](self, place)

    def look(self, camera: Device) -> Look:
        """What tells who is truly in a camera's field of view."""
        return self.eyes.look(camera)

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        """A device changes the world: `portal:`, `sound:`, `voice:`, `sign:` or `light:<id>`.

        `vent:` and `damper:` open and shut ways for smoke; a `lift:` that is on its way to its
        recall floor, or stopped, lets nobody in or out. `strobe:` has a state and no effect: nobody
        is warned by a flash (a limit). What a device of `followed` does counts only when the real
        one has done it (cause `REAL`).
        """
        if by in self.followed and cause != REAL:
            return
        kind, _, name = element.partition(":")
        match kind:
            case "portal":
                if self.doors.device(name, state):
                    self._moved(name, by, cause)
            case "sound":
                self._sound(name, state == "on", cause)
            case "voice":
                self._speak(name, state, cause)
            case "sign":
                self.alarms += self.showing.get(name, "off") != state
                self.showing[name] = state
            case "light":
                self.lit[name] = state == "on"
            case "vent" | "damper":
                self.hazards.gas.vents.move(name, state)
            case "lift":
                self._lift(name, state, by, cause)
            case "strobe":
                self.elements[element] = state
            case _:
                raise ValueError(f"no such element: {element!r}")

    def note(self, at: int, place: str, what: str) -> None:
        """Put something on record that befalls a place."""
        self._record(at, 1, "hazard", place, what=what)

    def tell(self, at: int, place: str, what: str, **data: object) -> None:
        """Put something on record that is done with people at a place."""
        self._record(at, 1, "handling", place, what=what, **data)

    def portal(self, portal: str, state: str, by: str) -> None:
        """Somebody puts a portal in a state by hand: open, closed, locked or blocked."""
        if self.doors.script(portal, state):
            self._moved(portal, by, "")

    def call(self, spaces: Sequence[str]) -> None:
        """Classes in some spaces may go; who was called before stays called."""
        self.called = (*self.called, *(s for s in spaces if s not in self.called))
        self.alarms += 1

    def _moved(self, portal: str, by: str, cause: str) -> None:
        self.hazards.shut(self.doors.shut)
        state = self.doors.state(portal)
        self._record(self.now, self.phase, "portal", portal, what=state, by=by, cause=cause)

    def _lift(self, device: str, state: str, by: str, cause: str) -> None:
        """Nobody gets in or out while a lift stands between floors, has no power or is recalled."""
        change = "free" if state in RIDDEN else "blocked"
        for portal in self.lifts.get(device, ()):
            if self.doors.device(portal, change):
                self._moved(portal, by, cause)

    def _sound(self, device: str, on: bool, cause: str) -> None:
        if on == (device in self.sounding):
            return
        self.alarms += 1
        if on:
            self.sounding[device] = cause
        else:
            del self.sounding[device]

    def _speak(self, device: str, message: str, cause: str) -> None:
        if message == self.speaking.get(device, ("", ""))[0]:
            return
        self.alarms += 1
        self.speaking[device] = (message, cause)


def _extinction(world: World, place: str) -> Probe:
    index, hazards = world.plan.place[place], world.hazards
    return lambda: hazards.sensed_per_m(index, world.now)


def _temperature(world: World, place: str) -> Probe:
    index, hazards = world.plan.place[place], world.hazards
    return lambda: hazards.celsius[index]


def _people(world: World, place: str) -> Probe:
    return lambda: float(world.people.get(place, 0) + world.strangers[place])


def _animals(world: World, place: str) -> Probe:
    return lambda: float(world.animals[place])


def _wind(world: World, place: str) -> Probe:
    """The same everywhere outside, none indoors."""
    return lambda: world.wind_m_s if place in world.outside else 0.0


def _density(world: World, place: str) -> Probe:
    area_m2 = float(world.plan.walking_m2[world.plan.place[place]])
    return lambda: world.people.get(place, 0) / area_m2


def _mains(world: World, place: str) -> Probe:
    return lambda: 1.0 if world.mains else 0.0


def _passes(world: World, portal: str) -> Probe:
    return lambda: float(world.passed[portal])


def _enters(world: World, portal: str) -> Probe:
    """Those who come in with cards: nobody comes back into a building that people leave (a limit
    of the crowd).
    """
    return lambda: float(world.entered[portal])


def _optical_depth(world: World, place: str) -> Probe:
    """Along the longer side of the space."""
    extinction = _extinction(world, place)
    length_m = float(world.plan.length_m[world.plan.place[place]])
    return lambda: extinction() * length_m


def _stairs(world: World, place: str) -> Probe:
    is_stair = float(place in world.plan.stairs)
    return lambda: is_stair


def _dark(world: World, place: str) -> Probe:
    lamps = world.lamps.get(place, ())
    return lambda: float(not world.mains and not any(world.lit.get(lamp) for lamp in lamps))


_PROBES: dict[str, Callable[[World, str], Probe]] = {
    "extinction_per_m": _extinction,
    "temperature_c": _temperature,
    "people": _people,
    "animals": _animals,
    "wind_m_s": _wind,
    "density_per_m2": _density,
    "mains": _mains,
    "passes": _passes,
    "enters": _enters,
    "optical_depth": _optical_depth,
    "stairs": _stairs,
    "dark": _dark,
}
